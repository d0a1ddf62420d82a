"""The texts of an opportunity in a form: title, text and times in words, in each language of the interface."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from engagement.languages import direction

from .models import OpportunityText
from .plain_language import Finding, advise

# Einfache Sprache is a language of its own, and the only one that is looked at.
PLAIN = "de-simple"
# The parts of an OpportunityText, each with its label, its widget and the attributes of that.
TEXT_PARTS = {
    "title": (_("Title ({language})"), forms.TextInput, {}),
    "body": (_("Text ({language})"), forms.Textarea, {"rows": 5}),
    "schedule": (_("Times in words ({language})"), forms.TextInput, {}),
}


def text_names(language: str) -> list[str]:
    return [f"{part}_{language}" for part in TEXT_PARTS]


def longest(part: str) -> int:
    return OpportunityText._meta.get_field(part).max_length


def text_field(part, language, name):
    """One part of the text in one language; the input itself says which language it is in."""
    label, widget, attrs = TEXT_PARTS[part]
    return forms.CharField(
        label=format_lazy(label, language=name),
        required=False,
        max_length=longest(part),
        widget=widget(attrs={"lang": language, "dir": direction(language), **attrs}),
    )


# Declared fields, because the admin accepts no others. The languages of the interface are settings.
TextFields: Any = type(
    "TextFields",
    (forms.ModelForm,),
    {f"{part}_{code}": text_field(part, code, name) for code, name in settings.LANGUAGES for part in TEXT_PARTS},
)


class TextsForm(TextFields):
    """An opportunity with its texts side by side, one for each language of the interface."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        texts = self.instance.texts.all() if self.instance.pk else []
        for text in texts:
            for part in TEXT_PARTS:
                self.initial.setdefault(f"{part}_{text.language}", getattr(text, part))

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        texts = self.texts()
        for language, parts in texts.items():
            if any(parts.values()) and not parts["title"]:
                self.add_error(f"title_{language}", gettext("Write a title in this language as well."))
        if not any(any(parts.values()) for parts in texts.values()):
            self.add_error(f"title_{settings.LANGUAGE_CODE}", gettext("Write a title in at least one language."))
        return cleaned

    def texts(self) -> dict[str, dict[str, str]]:
        """The parts of each text by language."""
        return {
            language: {part: self.cleaned_data.get(f"{part}_{language}", "") for part in TEXT_PARTS}
            for language, _name in settings.LANGUAGES
        }

    def titles(self) -> dict[str, str]:
        return {language: parts["title"] for language, parts in self.texts().items() if parts["title"]}

    def _save_m2m(self):
        super()._save_m2m()
        texts = self.texts()
        for language in self.titles():
            self.instance.texts.update_or_create(language=language, defaults=texts[language])
        self.instance.texts.filter(language__in=texts.keys() - self.titles().keys()).delete()

    def advice(self) -> dict[str, list[Finding]]:
        """What is hard to read in Einfache Sprache, as it is typed at the moment, by the name of the field."""
        typed = {part: str(self[f"{part}_{PLAIN}"].value() or "") for part in TEXT_PARTS}
        return advice_on(typed)


def advice_on(typed: dict[str, str]) -> dict[str, list[Finding]]:
    """The same for what was typed into each part; what is longer than a text may be is not read to its end."""
    parts = {part: text[: longest(part)] for part, text in typed.items()}
    found = advise(parts)
    return {f"{part}_{PLAIN}": [finding for finding in found if finding.part == part] for part in parts}
