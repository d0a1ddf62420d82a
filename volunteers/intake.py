"""The first conversation at the desk: a whole profile on one page, asked in the words of the site and of the sheet."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engagement.choices import NOT_TOLD, SkillField
from engagement.models import Field, Language, Skill

from . import consents
from .forms import ProfileForm
from .models import Channel, Company, Consent, Rhythm
from .rows import SpokenLanguageForm, SpokenLanguageRows

AT_THE_DESK = [Consent.Given.IN_PERSON, Consent.Given.PHONE, Consent.Given.PAPER]
GIVEN_CHOICES = [(given.value, given.label) for given in AT_THE_DESK]


# The form of the attic knows of associations.
WAYS = ["channel", "phone", "email", "address", "association", "association_may_know", "call_times"]


class SkillBoxes(forms.CheckboxSelectMultiple):
    """All skills in their groups; ``intake.js`` finds them while somebody types."""

    template_name = "admin/volunteers/volunteer/skills.html"

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["groups"] = [
            {"name": group, "options": options, "is_open": any(option["selected"] for option in options)}
            for group, options, _index in context["widget"]["optgroups"]
        ]
        return context


class IntakeForm(ProfileForm):
    """Only a first name, the consent and one way to be reached are needed; all else may wait."""

    consent = forms.ChoiceField(label=_("How did the person agree?"), choices=GIVEN_CHOICES, widget=forms.RadioSelect)
    guardian = forms.ChoiceField(
        label=_("Under 18: how did a parent or guardian agree?"),
        choices=[("", NOT_TOLD), *GIVEN_CHOICES],
        required=False,
        widget=forms.RadioSelect,
    )
    channel = forms.ChoiceField(
        label=ProfileForm.Meta.labels["channel"], choices=Channel.choices, widget=forms.RadioSelect
    )
    skills = forms.ModelMultipleChoiceField(
        Skill.objects.all(), label=_("What you can do"), required=False, widget=SkillBoxes
    )
    rhythms = forms.MultipleChoiceField(
        label=ProfileForm.Meta.labels["rhythms"],
        choices=Rhythm.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    company = forms.ChoiceField(
        label=ProfileForm.Meta.labels["company"],
        choices=[("", NOT_TOLD), *Company.choices],
        required=False,
        widget=forms.RadioSelect,
    )
    is_mostly_optional = True

    class Meta(ProfileForm.Meta):
        fields = [*ProfileForm.Meta.fields, "refused_fields", "rhythms", "company", "with_whom", "doubts"]
        # While somebody tells, nobody reads explanations: only names.
        field_classes = {}
        help_texts = {
            "with_whom": ProfileForm.Meta.help_texts["with_whom"],
            "doubts": _("Please write nothing about health, religion or residence."),
        }
        widgets = {
            **ProfileForm.Meta.widgets,
            "reach_km": forms.RadioSelect,
            "refused_fields": forms.CheckboxSelectMultiple,
            "email": forms.EmailInput({"dir": "ltr", "autocomplete": "off"}),
            "address": forms.Textarea({"rows": 3, "autocomplete": "off"}),
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        known = self.instance.pk is not None
        skills = self.instance.competences.values_list("skill", flat=True) if known else []
        self.initial["skills"] = list(skills)
        self.fields["skills"].choices = SkillField().offered(keep=skills)[1:]
        refused = self.instance.refused_fields.values("pk") if known else []
        self.fields["refused_fields"].queryset = Field.objects.filter(Q(is_active=True) | Q(pk__in=refused))
        if known and consents.has(self.instance, Consent.Purpose.GUARDIAN):
            del self.fields["guardian"]
        # Whoever has an account is reached by it.
        self.fields["channel"].required = self.instance.user_id is None
        if not self.is_bound:
            self.fields["first_name"].widget.attrs["autofocus"] = True
        # The browser of the office would fill in the names of those who work there.
        for name in ["first_name", "last_name", "birth_year", "place", "phone"]:
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def clean(self):
        cleaned = super().clean()
        wished, refused = (set(cleaned.get(name) or []) for name in ["fields", "refused_fields"])
        if wished & refused:
            names = ", ".join(sorted(str(field) for field in wished & refused))
            self.add_error("refused_fields", _("Either wished or never: %(fields)s.") % {"fields": names})
        return cleaned

    def record_consents(self, volunteer):
        for purpose, name in [(Consent.Purpose.PROFILE, "consent"), (Consent.Purpose.GUARDIAN, "guardian")]:
            if how := self.cleaned_data.get(name):
                consents.record(volunteer, purpose, how=how, by=self.user)

    def _save_m2m(self):
        super()._save_m2m()
        skills = self.cleaned_data["skills"]
        self.instance.competences.exclude(skill__in=skills).delete()
        for skill in skills:
            self.instance.competences.get_or_create(skill=skill)


class IntakeLanguageForm(SpokenLanguageForm):
    is_mostly_optional = True


class IntakeLanguageRows(SpokenLanguageRows):
    """German stands there already, and two more are ready."""

    form = IntakeLanguageForm
    offered_rows = 2

    def first_shown(self, stored):
        german = Language.objects.filter(code="de").values_list("pk", flat=True).first()
        return super().first_shown(stored) or ([{"language": german}] if german else [])


def sections(page):
    """The page in the order of a conversation: title and fields of each part, or rows that name themselves."""
    [languages] = page.rows
    parts = [
        (_("Who is it?"), ["first_name", "last_name", "consent"], None),
        (_("How to reach the person"), [*WAYS, "language"], None),
        ("", [], languages),
        (_("What the person can do"), ["skills"], None),
        (_("Where and when"), ["place", "place_choice", "reach_km", "times", "rhythms"], None),
        (_("What the person wants"), ["fields", "refused_fields"], None),
        (_("Why, and with whom?"), ["motives", "company", "with_whom", "doubts"], None),
        (_("Papers, and what only some opportunities ask for"), ["proofs", "birth_year", "guardian", "gender"], None),
    ]
    return [
        {"title": title, "fields": [page.form[name] for name in names if name in page.form.fields], "rows": rows}
        for title, names, rows in parts
    ]
