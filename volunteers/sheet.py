"""The first conversation on paper: empty to take along, or with what a person has told; in one language or in two."""

from dataclasses import dataclass, field

from django.conf import settings
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from engagement import times
from engagement.languages import pick
from engagement.models import Field, Language, Level, SkillGroup

from . import consents, forms
from .models import Channel, Company, Consent, Motive, Reach, Rhythm, Volunteer
from .steps import STEPS

LABELS = forms.Part.Meta.labels
ABOUT, WHERE, WISHES, CONTACT = (
    form.base_fields for form in [forms.AboutForm, forms.WhereForm, forms.WishesForm, forms.ContactForm]
)
# As many lines as there is room for.
LANGUAGES = 4


@dataclass
class Words:
    """The same words in German and, below, in the other language of the sheet."""

    german: str
    theirs: str = ""


@dataclass
class Question:
    words: Words
    answer: str = ""
    # What can be ticked: the words, and whether it is.
    boxes: list[tuple[Words, bool]] = field(default_factory=list)
    # A number for each empty line to write on; none where an answer stands.
    lines: range = range(0)


class Sheet:
    """All questions for one language beside German; ``volunteer``: whose answers stand there, or nobody's."""

    def __init__(self, language: str, volunteer: Volunteer | None = None):
        self.language = "" if language == settings.LANGUAGE_CODE else language
        self.person = volunteer or Volunteer(language="")
        self.is_empty = volunteer is None

    def words(self, text) -> Words:
        """A sentence of the catalogues in both languages; once where they say the same."""
        return self.pair(*(self.said(text, code) for code in [settings.LANGUAGE_CODE, self.language] if code))

    @staticmethod
    def said(text, code):
        with override(code):
            return str(text)

    @staticmethod
    def pair(german, theirs=""):
        return Words(german, "" if theirs == german else theirs)

    def term(self, word) -> Words:
        """A word of the vocabulary in both languages."""
        names = (pick(word.names, code)[1] or word.code for code in [settings.LANGUAGE_CODE, self.language] if code)
        return self.pair(*names)

    # --- Questions ---

    def line(self, label, answer="", lines=1) -> Question:
        return Question(self.words(label), str(answer or ""), lines=range(0 if answer else lines))

    def choice(self, label, choices, chosen) -> Question:
        boxes = [(self.words(text), value in chosen) for value, text in choices]
        return Question(self.words(label), boxes=boxes)

    def terms(self, label, words, chosen) -> Question:
        return Question(self.words(label), boxes=[(self.term(word), word.pk in chosen) for word in words])

    def keys(self, relation) -> set:
        return set() if self.is_empty else set(getattr(self.person, relation).values_list("pk", flat=True))

    # --- The parts of the sheet, in the order of a conversation ---

    def about(self):
        person = self.person
        return [
            self.line(ABOUT["first_name"].label, person.first_name),
            self.line(ABOUT["last_name"].label, person.last_name),
            self.line(ABOUT["birth_year"].label, person.birth_year),
        ]

    def reach(self):
        person = self.person
        return [
            self.choice(LABELS["channel"], Channel.choices, [person.channel]),
            self.line(CONTACT["phone"].label, person.phone),
            self.line(LABELS["email"], person.email),
            self.line(LABELS["address"], person.address, lines=2),
            self.line(LABELS["call_times"], person.call_times),
        ]

    def languages(self):
        """The rows of the table: name of the language, and its level or None."""
        spoken = [] if self.is_empty else self.person.spoken_languages.select_related("language")
        rows = [(self.term(row.language), row.level) for row in spoken]
        if self.is_empty:
            rows = [(self.term(german), None) for german in Language.objects.filter(code="de")]
        return rows + [(Words(""), None)] * (LANGUAGES - len(rows))

    def levels(self):
        return [(level.value, self.words(level.label)) for level in Level]

    def skills(self):
        own = [] if self.is_empty else list(self.person.competences.select_related("skill__group"))
        groups = {row.skill.group_id for row in own}
        named = [(self.term(row.skill).german, row.own_words) for row in own]
        told = ", ".join(f"{name} ({words})" if words else name for name, words in named)
        return [
            self.terms(_("What you can do"), SkillGroup.objects.in_use(), groups),
            self.line(_("In your own words"), told, lines=2),
        ]

    def where(self):
        person = self.person
        return [
            self.line(WHERE["place"].label, person.postcode or person.neighbourhood),
            self.choice(LABELS["reach_km"], Reach.choices, [person.reach_km]),
            self.choice(LABELS["rhythms"], Rhythm.choices, person.rhythms),
        ]

    def week(self):
        """The grid of times: the days, and for each part of the day its name and what is ticked."""
        rows = [
            (self.words(name), [times.slot(day, part) in self.person.times for day in times.DAYS])
            for part, name in enumerate(times.PARTS)
        ]
        days = [self.words(WEEKDAYS_ABBR[day]) for day in times.DAYS]
        return {"question": self.words(WHERE["times"].label), "days": days, "rows": rows}

    def wishes(self):
        person = self.person
        fields = Field.objects.in_use()
        refused = [] if self.is_empty else person.refused_fields.all()
        return [
            self.terms(LABELS["fields"], fields, self.keys("fields")),
            self.choice(WISHES["motives"].label, Motive.choices, person.motives),
            self.choice(LABELS["company"], Company.choices, [person.company]),
            self.line(LABELS["with_whom"], person.with_whom),
            self.line(LABELS["refused_fields"], ", ".join(self.term(field).german for field in refused)),
            self.line(LABELS["doubts"], person.doubts),
        ]

    def parts(self):
        """The headings of the site with what belongs under each of them."""
        told = [self.about(), [], self.skills(), self.where(), self.wishes(), self.reach()]
        titles = [step.title for step in STEPS]
        return [
            {"title": self.words(title), "questions": questions} for title, questions in zip(titles, told, strict=True)
        ]

    def slip(self):
        return self.words(_("This is for you. Please call us: we like to help."))

    def consent(self):
        """The sentence, and on which day it was said yes to."""
        given = (
            None if self.is_empty else self.person.consents.in_force().filter(purpose=Consent.Purpose.PROFILE).first()
        )
        day = date_format(timezone.localtime(given.given_at), "SHORT_DATE_FORMAT") if given else ""
        return {"words": self.words(consents.TEXTS[Consent.Purpose.PROFILE]), "day": day, "version": consents.VERSION}
