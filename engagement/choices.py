"""Words of the vocabulary as choices in a form."""

from itertools import groupby

from django import forms
from django.db.models import Q
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils.translation import gettext_lazy as _

from .languages import autonym, interface_languages
from .models import Language, Skill

DASHES = BLANK_CHOICE_DASH[0]
NOT_TOLD = _("Not told yet")


def name_unknown(form):
    """The empty choice says what it means: not "no", and not a row of dashes."""
    for field in form.fields.values():
        if not isinstance(field, forms.ModelChoiceField) and hasattr(field, "choices"):
            field.choices = [(key, NOT_TOLD if (key, label) == DASHES else label) for key, label in field.choices]


class MailLanguageField(forms.ChoiceField):
    """The language of letters and mails. Whoever reads no German finds their own under its own name."""

    def __init__(self, **kwargs):
        label = _("In which language should we write to you?")
        super().__init__(**{"label": label, "choices": self.names, **kwargs})

    @staticmethod
    def names():
        return [(code, autonym(code)) for code, _name in interface_languages()]


class TermField(forms.ModelChoiceField):
    """One word of the vocabulary.

    Any word is valid, only those in use are offered: a word that left the file stays with the rows that have it.
    """

    def offered(self, keep=()):
        """The choices, those of the primary keys ``keep`` among them even when they are no longer in use."""
        terms = self.queryset.filter(Q(is_active=True) | Q(pk__in=keep))
        return [("", self.empty_label), *self.options(terms)]

    def options(self, terms):
        return [(term.pk, self.label_from_instance(term)) for term in terms]


class LanguageField(TermField):
    """A language, the frequent ones first, each under its own name and the reader's."""

    def __init__(self, **kwargs):
        languages = Language.objects.order_by("tier", "position", "code")
        super().__init__(**{"queryset": languages, "empty_label": _("Choose a language"), **kwargs})

    def label_from_instance(self, obj):
        return " – ".join(dict.fromkeys(filter(None, [obj.autonym, obj.name])))


class SkillField(TermField):
    """A skill, under the heading of its group."""

    def __init__(self, **kwargs):
        skills = Skill.objects.select_related("group").order_by("group__position", "group__code", "position", "code")
        super().__init__(**{"queryset": skills, "empty_label": _("Choose a skill"), **kwargs})

    def options(self, terms):
        groups = groupby(terms, key=lambda skill: skill.group)
        return [(group.name, super(SkillField, self).options(skills)) for group, skills in groups]
