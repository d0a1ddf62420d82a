"""What a notice says, in words. What nobody has told is left out or marked as open; it is never a "no"."""

from django.conf import settings
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagement import times
from engagement.languages import isolated
from engagement.models import Level, Proof, Skill

from .models import NeededLanguage, Opportunity

PICTURES = {
    "book": ["ALPHABETISIERUNG", "LERNHILFE", "LESEPATE", "BERUF", "DIGITAL"],
    "ball": ["SPORT"],
    "pot": ["KOCHEN"],
    "play": ["KINDERBETREUUNG", "JUGEND", "ELTERNARBEIT"],
    "talk": ["SPRACHMITTLUNG", "SPRACHCAFE"],
    "paper": ["BEHOERDENBEGLEITUNG", "FORMULARHILFE", "VERWALTUNG", "MSO_VEREIN"],
    "people": ["INTEGRATIONSLOTSE", "PATENSCHAFT", "SENIOREN", "NACHBARSCHAFT", "FRAUEN", "MULTIPLIKATION"],
}


def picture_of(field) -> str:
    """The name of the picture that stands for a field of engagement."""
    return next((name for name, codes in PICTURES.items() if field.code in codes), "leaf")


class Facts:
    """One opportunity as its notice and its page tell it."""

    def __init__(self, opportunity: Opportunity, origin=None):
        """``origin``: from where ``distance`` was measured, named in the words about it, or None: a search says it."""
        self.opportunity = opportunity
        self.origin = origin
        self.text = opportunity.text

    def __getattr__(self, name):
        return getattr(self.opportunity, name)

    @property
    def picture(self):
        return picture_of(self.field)

    @property
    def phone(self):
        return self.contact_phone or self.agency.phone

    @property
    def address(self):
        """That of its page, for links that leave the site."""
        return settings.SITE_URL + reverse("organisations:show_opportunity", args=[self.pk])

    @property
    def tongues(self):
        """The languages that it has a text in."""
        return [text.language for text in self.texts.all()]

    @property
    def is_short(self):
        """Whether the text fits into the head of its page."""
        return len(self.text.body) <= 240

    # --- Where ----------------------------------------------------------------------------------------------------
    @property
    def whereabouts(self):
        """Where it is, as short words."""
        city = self.opportunity.city
        if self.place == Opportunity.Place.REMOTE:
            return [_("from home")]
        if self.place == Opportunity.Place.MOBILE and city:
            return [_("at changing places in %(city)s") % {"city": city}]
        named = [str(neighbourhood) for neighbourhood in self.neighbourhoods.all()]
        return named or ([_("everywhere in %(city)s") % {"city": city}] if city else [])

    @property
    def away(self):
        """How far it is, once a visitor has told a place."""
        kilometres = getattr(self.opportunity, "distance", None)
        return "" if kilometres is None else how_far_from(kilometres, self.origin)

    # --- When -----------------------------------------------------------------------------------------------------
    @property
    def schedule(self):
        """The times in words. Where there is a day, that says it (see ``slots``)."""
        return self.text.schedule if self.text and not self.day else ""

    @property
    def date(self):
        """The one day of what happens once, with its hours: "Saturday, 5 December 2026, 2 p.m.–5 p.m."."""
        if self.day is None:
            return ""
        hours = [time_format(hour) for hour in (self.begins_at, self.ends_at) if hour]
        return ", ".join([times.long_day(self.day), *filter(None, ["–".join(hours)])])

    @property
    def slots(self):
        """The times as sentences, days with the same parts together: "Monday, Wednesday: afternoon"; or the one day."""
        if self.day:
            return [self.date]
        days = {}
        for day in times.DAYS:
            parts = tuple(part for part in range(len(times.PARTS)) if times.slot(day, part) in self.times)
            if parts:
                days.setdefault(parts, []).append(day)
        return [
            _("%(days)s: %(parts)s")
            % {
                "days": ", ".join(str(WEEKDAYS[day]) for day in together),
                "parts": ", ".join(str(times.PARTS[part]) for part in parts),
            }
            for parts, together in days.items()
        ]

    @property
    def rhythm(self):
        """How often and how long, as sentences."""
        lines = [self.get_frequency_display()] if self.frequency else []
        if self.hours_per_week:
            lines.append(
                ngettext("About %(number)d hour a week.", "About %(number)d hours a week.", self.hours_per_week)
                % {"number": self.hours_per_week}
            )
        if self.minimum_weeks:
            lines.append(
                ngettext(
                    "Please for at least %(number)d week.", "Please for at least %(number)d weeks.", self.minimum_weeks
                )
                % {"number": self.minimum_weeks}
            )
        return lines

    # --- Languages ------------------------------------------------------------------------------------------------
    def asked(self, role):
        return [needed for needed in self.needed_languages.all() if needed.role == role]

    @property
    def required(self):
        return self.asked(NeededLanguage.Role.REQUIRED)

    @property
    def one_of(self):
        return self.asked(NeededLanguage.Role.ONE_OF)

    @property
    def wanted(self):
        return self.asked(NeededLanguage.Role.WANTED)

    @property
    def little_german(self):
        """Good news for whoever is still learning."""
        if self.german_needed is None or self.german_needed > Level.A2:
            return ""
        if self.german_needed == Opportunity.GermanNeeded.NONE:
            return _("You do not need German")
        return (
            _("A few words of German are enough") if self.german_needed == Level.A1 else _("A little German is enough")
        )

    # --- With whom, what for ----------------------------------------------------------------------------------------
    @property
    def company(self):
        lines = []
        if self.is_in_team:
            lines.append(_("You are in a team."))
        if self.is_accompanied:
            lines.append(_("One person is always there for you."))
        if self.places:
            lines.append(
                ngettext("%(number)d person is wanted.", "%(number)d people are wanted.", self.places)
                % {"number": self.places}
            )
        return lines

    @property
    def gains(self):
        """Reimbursement and insurance as they are stated, and never more than that."""
        lines = [self.paid, self.insured]
        if self.gives_certificate:
            lines.append(_("You get a paper about what you did. It can help when you look for work."))
        return lines

    @property
    def paid(self):
        return {
            Opportunity.Reimbursement.EXPENSES: _("Your costs are paid, for example for bus and train."),
            Opportunity.Reimbursement.ALLOWANCE: _("You get a small amount of money."),
            Opportunity.Reimbursement.FEE: _("You get a fee."),
            Opportunity.Reimbursement.NONE: _("There is no money for it."),
        }.get(self.reimbursement, _("Money for your costs: not known yet. Please ask."))

    @property
    def insured(self):
        return {
            Opportunity.Insurance.ORGANISATION: _("You are insured through the organisation."),
            Opportunity.Insurance.STATE: _("You are insured through the state of North Rhine-Westphalia."),
        }.get(self.insured_by, _("Insurance: not known yet. Please ask."))

    # --- Words of the vocabulary, for the page of one opportunity (see ``showing.told_at_length``) --------------------
    @property
    def skills_needed(self):
        return [Skill(**word) for word in self.words_of_skills_required]

    @property
    def skills_wished(self):
        return [Skill(**word) for word in self.words_of_skills_wanted]

    @property
    def papers(self):
        return [Proof(**word) for word in self.words_of_proofs]

    # --- What is not needed: only what the facts say --------------------------------------------------------------
    @property
    def not_needed(self):
        lines = [_("an account"), _("to promise anything today")]
        if self.german_needed == Opportunity.GermanNeeded.NONE:
            lines.insert(0, _("German"))
        elif self.german_needed and self.german_needed <= Level.B1:
            lines.insert(0, _("perfect German"))
        # Whoever gets a fee may need one; the unpaid never do.
        if self.reimbursement in (Opportunity.Reimbursement.NONE, Opportunity.Reimbursement.EXPENSES):
            lines.append(_("a work permit"))
        return lines

    @property
    def contact(self):
        """Name and phone of the contact person, as far as there are any."""
        return ", ".join(filter(None, [self.contact_name or self.agency.name, self.phone]))

    @property
    def initials(self):
        return "".join(word[0] for word in self.contact_name.split()[:2]).upper()


def how_far(kilometres: float) -> str:
    """A distance in words, as exactly as it is of use."""
    return _("about %(number)d km") % {"number": round(kilometres)} if kilometres >= 1 else _("less than 1 km")


def how_far_from(kilometres: float, origin) -> str:
    """The same with the place that it was measured from, where a search does not say it; one without a name is home."""
    far = how_far(kilometres)
    if origin is None:
        return far
    if not origin.name:
        return _("%(distance)s from your home") % {"distance": far}
    return _("%(distance)s from %(place)s") % {"distance": far, "place": isolated(origin.name)}
