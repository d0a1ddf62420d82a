"""By what the list of people is narrowed at the desk."""

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagement.admin import RelatedFilter
from engagement.keys import key_in
from engagement.models import Language, Neighbourhood
from engagement.sidebar import TaskFilter

from . import consents
from .models import Consent, SpokenLanguage, Volunteer


class WordFilter(admin.SimpleListFilter):
    """Words of the vocabulary: those that somebody on the list has, and none where they would be endless."""

    def lookups(self, request, model_admin):
        words = list(self.told(model_admin.get_queryset(request))[: RelatedFilter.LONGEST + 1])
        return [(str(word.pk), str(word)) for word in words] if len(words) <= RelatedFilter.LONGEST else []

    def queryset(self, request, queryset):  # noqa: ARG002 (Django's signature)
        key = key_in(self.value() or "")
        return queryset.filter(pk__in=self.having(key)) if key else queryset

    def told(self, people):
        raise NotImplementedError  # Each filter has words of its own.

    def having(self, key):
        raise NotImplementedError  # And its own way from a word to people.


class LanguageFilter(WordFilter):
    title = _("language")
    parameter_name = "speaks"

    def told(self, people):
        spoken = SpokenLanguage.objects.filter(language=OuterRef("pk"), volunteer__in=people.values("pk"))
        return Language.objects.filter(Exists(spoken))

    def having(self, key):
        return SpokenLanguage.objects.filter(language=key).values("volunteer")


class NeighbourhoodFilter(WordFilter):
    title = _("neighbourhood")
    parameter_name = "lives_in"

    def told(self, people):
        living = people.order_by().filter(neighbourhood=OuterRef("pk"))
        return Neighbourhood.objects.filter(Exists(living)).select_related("city").defer("geometry")

    def having(self, key):
        return Volunteer.objects.filter(neighbourhood=key).values("pk")


class RuleFilter(admin.SimpleListFilter):
    """A few questions with a name each; ``rules`` says what each of them asks of the list."""

    rules = {}

    def lookups(self, request, model_admin):  # noqa: ARG002 (Django's signature)
        return [(name, label) for name, (label, _rule) in self.rules.items()]

    def queryset(self, request, queryset):  # noqa: ARG002 (Django's signature)
        _label, rule = self.rules.get(self.value(), ("", None))
        return rule(queryset) if rule else queryset


def agreed(purpose, **more):
    rows = Consent.objects.in_force().filter(volunteer=OuterRef("pk"), purpose=purpose, **more)
    return Exists(rows)


def without_consent(people):
    return people.filter(~agreed(Consent.Purpose.PROFILE))


def with_older_text(people):
    current = agreed(Consent.Purpose.PROFILE, text_version=consents.VERSION)
    return people.filter(agreed(Consent.Purpose.PROFILE), ~current)


def without_guardian(people):
    youngest = timezone.localdate().year - Volunteer.ADULT
    return people.filter(~agreed(Consent.Purpose.GUARDIAN), birth_year__gte=youngest)


class ConsentFilter(RuleFilter):
    title = _("consent")
    parameter_name = "consent"
    rules = {
        "missing": (_("missing"), without_consent),
        "older": (_("to an older text"), with_older_text),
        "guardian": (_("of a guardian is missing"), without_guardian),
    }


def in_a_break():
    return Q(is_paused=True) | Q(paused_until__gt=timezone.localdate())


class BreakFilter(RuleFilter):
    title = _("break")
    parameter_name = "break"
    rules = {
        "yes": (_("in a break"), lambda people: people.filter(in_a_break())),
        "no": (_("not in a break"), lambda people: people.exclude(in_a_break())),
    }


class VolunteerTaskFilter(TaskFilter):
    tasks = {"with_proofs_to_recheck": (_("with a proof to look at again"), "recheck_on")}
