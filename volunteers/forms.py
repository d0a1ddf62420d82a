"""The profile: what a person tells about themselves, in one page or in parts."""

import unicodedata

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db.models import Q
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from engagement.choices import MailLanguageField, name_unknown
from engagement.forms import TimesField
from engagement.keys import key_of
from engagement.languages import pick
from engagement.models import Field, Postcode, Proof
from engagement.places import find_places

from . import consents
from .models import Channel, Consent, Motive, Volunteer

FIRST_YEAR = 1900
MOST_PLACES = 12
A_NUMBER = r"^[+(]?[0-9](?:[\s()/.–-]*[0-9]){4,}$"


class PhoneField(forms.CharField):
    """A phone number as people write it. Digits of other scripts become the ones that a phone dials."""

    def __init__(self, **kwargs):
        message = _("Please write a phone number, such as 0221 4710011.")
        super().__init__(max_length=40, validators=[RegexValidator(A_NUMBER, message)], **kwargs)

    def to_python(self, value):
        return "".join(str(unicodedata.decimal(sign, sign)) for sign in super().to_python(value))


class TermsField(forms.ModelMultipleChoiceField):
    """Words of the vocabulary to tick, each with its explanation in easy words."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj):
        easy = "de-simple" if get_language() == "de" else None
        language, text = pick(obj.descriptions, easy)
        if not text:
            return obj.name
        return format_html('<span><b>{}</b><br><bdi lang="{}">{}</bdi></span>', obj.name, language, text)


class Part(forms.ModelForm):
    """One part of the profile. Parts can be stacked into one form, so each says only what it adds."""

    class Meta:
        model = Volunteer
        fields = []
        field_classes = {"fields": TermsField, "proofs": TermsField}
        labels = {
            "reach_km": _("How far would you go?"),
            "fields": _("What would you like to do?"),
            "refused_fields": _("What would you never like to do?"),
            "rhythms": _("How often would you like to help?"),
            "company": _("Alone or in a team?"),
            "with_whom": _("With whom would you like to do something? With whom not?"),
            "doubts": _("What makes you unsure?"),
            "proofs": _("Which papers do you have already?"),
            "channel": _("How may we reach you?"),
            "email": _("Your e-mail address"),
            "address": _("Your postal address"),
            "call_times": _("When may we call you?"),
        }
        help_texts = {
            "proofs": _("You need none to begin. We never ask for a copy."),
            "call_times": _("For example: in the afternoon, not on Friday."),
            "with_whom": _("For example: children, older people."),
        }
        widgets = {
            "fields": forms.CheckboxSelectMultiple,
            "proofs": forms.CheckboxSelectMultiple,
            "channel": forms.RadioSelect,
            "email": forms.EmailInput({"autocomplete": "email", "dir": "ltr"}),
            "address": forms.Textarea({"rows": 3, "autocomplete": "street-address"}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        name_unknown(self)


class AboutForm(Part):
    first_name = forms.CharField(
        label=_("What is your first name?"),
        help_text=_("A nickname is enough."),
        max_length=80,
        widget=forms.TextInput({"autocomplete": "given-name"}),
    )
    last_name = forms.CharField(
        label=_("What is your last name?"),
        max_length=80,
        required=False,
        widget=forms.TextInput({"autocomplete": "family-name"}),
    )
    birth_year = forms.IntegerField(
        label=_("In which year were you born?"),
        help_text=_("Some opportunities have a minimum age. Only for this we ask."),
        required=False,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "bday-year"}),
    )
    gender = forms.ChoiceField(
        label=_("I am"),
        help_text=_("Some opportunities are only for women, such as a women's group. Only for this we ask."),
        choices=[("", _("I would rather not say")), *Volunteer.Gender.choices],
        required=False,
        widget=forms.RadioSelect,
    )
    consent = forms.BooleanField(
        label=consents.TEXTS[Consent.Purpose.PROFILE],
        error_messages={"required": _("Without your yes we may not keep your answers. Please tick the box.")},
    )

    class Meta(Part.Meta):
        fields = ["first_name", "last_name", "birth_year", "gender"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if consents.has(self.instance, Consent.Purpose.PROFILE):
            del self.fields["consent"]
        this_year = timezone.localdate().year
        message = _("Please write a year, such as 1985.")
        self.fields["birth_year"].validators += [
            MinValueValidator(FIRST_YEAR, message),
            MaxValueValidator(this_year, message),
        ]

    def save(self, commit=True):
        volunteer = super().save(commit)
        self.record_consents(volunteer)
        return volunteer

    def record_consents(self, volunteer):
        if self.cleaned_data.get("consent"):
            consents.record(volunteer, Consent.Purpose.PROFILE)


class WhereForm(Part):
    place = forms.CharField(
        label=_("Where do you live?"),
        help_text=_("Your neighbourhood or your postcode, such as Köln-Vingst or 51103."),
        max_length=100,
        required=False,
        widget=forms.TextInput({"autocomplete": "postal-code"}),
    )
    place_choice = forms.ChoiceField(label=_("Which one do you mean?"), required=False, widget=forms.RadioSelect)
    times = TimesField(label=_("When do you have time?"), required=False)

    class Meta(Part.Meta):
        fields = ["reach_km", "times"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["place"].initial = str(self.instance.postcode or self.instance.neighbourhood or "")
        self.found = self._find() if self.is_bound else []
        if 1 < len(self.found) <= MOST_PLACES:
            self.fields["place_choice"].choices = [(key_of(place), str(place)) for place in self.found]
        else:
            del self.fields["place_choice"]

    def _find(self):
        typed = str(self["place"].value() or "").strip()
        is_new = typed and typed != self.fields["place"].initial
        # One more than are offered, to know whether there are too many.
        return find_places(typed, limit=MOST_PLACES + 1) if is_new else []

    def clean(self):
        cleaned = super().clean()
        typed = cleaned.get("place")
        if typed == "":
            self._live_in(None)
        elif typed and typed != self.fields["place"].initial:
            self._choose_place()
        return cleaned

    def _choose_place(self):
        chosen = self.cleaned_data.get("place_choice")
        places = {key_of(place): place for place in self.found}
        if not places:
            self.add_error("place", _("We do not know this place. Please try the neighbourhood or the postcode."))
        elif len(places) > MOST_PLACES:
            self.add_error("place", _("This is a large place. Please write the neighbourhood or the postcode, too."))
        elif len(places) == 1 or chosen in places:
            self._live_in(places.get(chosen) or self.found[0])
        elif "place_choice" not in self.errors:
            self.add_error("place_choice", _("There are several places like this. Please choose one."))

    def _live_in(self, place):
        is_postcode = isinstance(place, Postcode)
        self.instance.postcode = place if is_postcode else None
        self.instance.neighbourhood = place.neighbourhood if is_postcode else place


class WishesForm(Part):
    motives = forms.MultipleChoiceField(
        label=_("Why do you want to help?"),
        choices=Motive.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta(Part.Meta):
        fields = ["motives", "fields", "proofs"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offered = {"fields": Field.objects.in_use(), "proofs": Proof.objects.in_use().papers()}
        for name, terms in offered.items():
            # A word that is no longer offered stays with whoever has chosen it.
            chosen = getattr(self.instance, name).values("pk") if self.instance.pk else []
            field = self.fields[name]
            field.queryset = field.queryset.filter(Q(pk__in=terms) | Q(pk__in=chosen))

    def _save_m2m(self):
        super()._save_m2m()
        # Whoever wishes for it has changed their mind.
        self.instance.refused_fields.remove(*self.cleaned_data["fields"])


# What each channel needs, and how that is said.
NEEDED = {
    Channel.PHONE: ("phone", _("For a call we need a phone number.")),
    Channel.MESSENGER: ("phone", _("For a messenger we need a phone number.")),
    Channel.EMAIL: ("email", _("For an e-mail we need an address.")),
    Channel.LETTER: ("address", _("For a letter we need a postal address.")),
}


def check_channel(form):
    """The way somebody wants to be reached has what it needs."""
    name, message = NEEDED.get(form.cleaned_data.get("channel"), ("", ""))
    if name and not form.cleaned_data.get(name) and name not in form.errors:
        form.add_error(name, message)


class ContactForm(Part):
    phone = PhoneField(
        label=_("Your phone number"),
        required=False,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel", "dir": "ltr"}),
    )
    language = MailLanguageField()

    class Meta(Part.Meta):
        fields = ["channel", "phone", "email", "address", "call_times", "language"]

    def clean(self):
        cleaned = super().clean()
        check_channel(self)
        return cleaned


class LanguagesForm(Part):
    """Only rows (see ``rows.py``)."""


class SkillsForm(Part):
    """Only rows (see ``rows.py``)."""


class ProfileForm(AboutForm, WhereForm, WishesForm, ContactForm):
    """Everything on one page."""

    class Meta(Part.Meta):
        fields = [name for part in [AboutForm, WhereForm, WishesForm, ContactForm] for name in part.Meta.fields]
