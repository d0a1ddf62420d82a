"""The form of the desk for an opportunity: one page, with chips for what is quickly answered."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..forms import OpportunityForm

# Names of the buttons that look at what was typed, without storing it, and of the language to look in.
CHECK, PREVIEW, LANGUAGE = "_check", "_preview", "_language"

CHIPS = ["status", "place", "german_needed", "frequency", "reimbursement", "insured_by"]


class Chips(forms.RadioSelect):
    """A question with a few answers, all of them to be seen at once."""

    template_name = "admin/organisations/opportunity/chips.html"

    def __init__(self, field, choices):
        super().__init__(choices=choices)
        self.label = field.label

    def get_context(self, name, value, attrs):
        return {**super().get_context(name, value, attrs), "label": self.label}


class YesNoChips(Chips):
    """Yes, no, and not known yet: three answers, and the last one is never a "no"."""

    def __init__(self, field):
        super().__init__(field, [("unknown", _("not known yet")), ("true", _("Yes")), ("false", _("No"))])

    def format_value(self, value):
        return [{True: "true", False: "false"}.get(value, value if value in ("true", "false") else "unknown")]


class OpportunityAdminForm(OpportunityForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.NullBooleanField):
                field.widget = YesNoChips(field)
            elif name in CHIPS:
                field.widget = Chips(field, field.choices)

    @property
    def is_check(self) -> bool:
        """Whether everything shall be looked at and nothing stored."""
        return CHECK in self.data

    def is_valid(self):
        return super().is_valid() and not self.is_check

    def clean(self):
        cleaned = super().clean()
        host, coordinator = cleaned.get("host"), cleaned.get("coordinator")
        if host and coordinator and "coordinator" in self.changed_data:
            agency = host.agency or host
            if not (coordinator.is_superuser or coordinator.memberships.filter(organisation=agency).exists()):
                self.add_error("coordinator", gettext("Choose somebody of the agency that looks after it."))
        return cleaned
