"""One text in several languages, as a form asks for it: an input for each language."""

import re

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language_info

from .languages import direction, interface_languages, written_first

CODE = r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*"
LONGEST = 1000


class TextsInput(forms.Widget):
    """An input for each language of the interface, and for every other one that has a text; most are folded away."""

    template_name = "engagement/texts.html"
    use_fieldset = True

    def __init__(self, attrs=None, *, is_long=False):
        super().__init__(attrs)
        self.is_long = is_long

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        # A group is neither right nor wrong: the message beside it says what is.
        context["widget"]["attrs"].pop("aria-invalid", None)
        context["is_long"] = self.is_long
        texts = [
            {"name": f"{name}_{code}", "language": code, "direction": direction(code), "label": label, "text": text}
            for code, label, text in self.rows(value or {})
        ]
        context["at_once"] = [text for text in texts if text["language"] in written_first()]
        context["folded"] = [text for text in texts if text["language"] not in written_first()]
        return context

    def rows(self, texts: dict[str, str]):
        names = dict(interface_languages())
        for code in dict.fromkeys([*names, *texts]):
            yield code, names.get(code) or name_of(code), texts.get(code, "")

    def value_from_datadict(self, data, files, name):  # noqa: ARG002 (Django's signature)
        start = f"{name}_"
        codes = [key.removeprefix(start) for key in data if key.startswith(start)]
        return {code: data[start + code] for code in codes if re.fullmatch(CODE, code)}

    def value_omitted_from_data(self, data, files, name):
        return not self.value_from_datadict(data, files, name)

    def id_for_label(self, id_):  # noqa: ARG002 (Django's signature)
        # Each input has a label of its own.
        return ""

    def use_required_attribute(self, initial):  # noqa: ARG002 (Django's signature)
        return False


class TextsField(forms.Field):
    """Texts by language code, without the empty ones. Who must tell something tells it in German at least."""

    widget = TextsInput

    def widget_attrs(self, widget):  # noqa: ARG002 (Django's signature)
        return {"aria-label": self.label}

    def to_python(self, value):
        text = forms.CharField(required=False, max_length=LONGEST)
        return {code: cleaned for code, written in (value or {}).items() if (cleaned := text.clean(written))}

    def validate(self, value):
        if self.required and settings.LANGUAGE_CODE not in value:
            raise ValidationError(self.error_messages["required"], code="required")


def name_of(code: str) -> str:
    """What the reader calls a language that is none of the interface."""
    try:
        return get_language_info(code)["name_translated"]
    except KeyError:
        return code
