"""What an import asks: the file, and what is decided about it."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .. import posting, verification
from ..exchange import preparing, storing
from ..exchange.comparing import Preview, State
from ..exchange.reading import Fault, check_size
from ..models import Opportunity

# As many conflicts, words and vanished offers are asked about at once.
MOST_ASKED = 300
MOST_WORDS = 40


class FileForm(forms.Form):
    """The file; and the agency, where somebody works for several."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "The XML of Freinet-Online, or a table (CSV): ours, or one with a line of column names above the offers. "
            "Nothing is stored before you have seen what would change."
        ),
    )

    def __init__(self, data=None, files=None, *, user):
        super().__init__(data, files)
        self.agencies = verification.agencies_of(user)
        if user.is_superuser or self.agencies.count() > 1:
            self.fields["agency"] = forms.ModelChoiceField(self.agencies, label=_("Agency"))

    def clean(self):
        cleaned = super().clean()
        file, agency = cleaned.get("file"), self.agency()
        if file and agency and not self.errors:
            try:
                check_size(file.size)
                self.content = preparing.read(file.read(), agency)
            except Fault as fault:
                self.add_error("file", str(fault))
        return cleaned

    def agency(self):
        return self.cleaned_data.get("agency") if "agency" in self.fields else self.agencies.first()


class TakeOverForm(forms.Form):
    """What staff decide about a file as a whole, and about each conflict."""

    status = forms.ChoiceField(
        label=_("New opportunities"),
        widget=forms.RadioSelect,
        choices=[("draft", _("come in as drafts")), ("published", _("are published, where nothing is missing for it"))],
    )

    def __init__(self, data=None, *, preview: Preview):
        super().__init__(data, initial={"status": "published" if can_be_published(preview) else "draft"})
        self.conflicts = preview.conflicts
        pairs = [(f"{row.number}:{change.column}", "") for row in self.conflicts for change in row.conflicts]
        self.fields["theirs"] = forms.MultipleChoiceField(choices=pairs[:MOST_ASKED], required=False)
        self.vanished = preview.vanished()[:MOST_ASKED]
        gone = [(origin.opportunity_id, "") for origin in self.vanished]
        self.fields["close"] = forms.TypedMultipleChoiceField(choices=gone, coerce=int, required=False)
        self.add_fields_of_engagement(preview)

    def add_fields_of_engagement(self, preview):
        """A question for each word that is none of ours, and one for all others."""
        self.words = {f"field_{number}": word for number, (word, _n) in enumerate(asked(preview))}
        codes = [(field.code, field.name) for field in preview.words.terms["field"]]
        numbers = preview.asked_fields()
        for name, word in self.words.items():
            label = f"{word} ({numbers[word]})"
            choices = [("", gettext("see below")), *nearest(word, preview, codes)]
            self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False)
        if preview.without_field():
            self.words["field_others"] = ""
            self.fields["field_others"] = forms.ChoiceField(
                label=_("All others"), choices=[("", gettext("Choose a field")), *codes]
            )

    def field_questions(self):
        return [self[name] for name in self.words]

    def choices(self) -> storing.Choices:
        cleaned = self.cleaned_data
        number_and_column = (pair.partition(":") for pair in cleaned["theirs"])
        return storing.Choices(
            publish=cleaned["status"] == "published",
            theirs={(int(number), column) for number, _colon, column in number_and_column},
            fields={word: cleaned[name] for name, word in self.words.items() if cleaned[name]},
            close=set(cleaned["close"]),
        )


def asked(preview):
    return preview.asked_fields().most_common(MOST_WORDS)


def nearest(word, preview, codes):
    """The fields to choose from; those that Freinet files under this word come first."""
    near = {field.code for field in preview.words.terms["field"] if field.category == word}
    return [*(pair for pair in codes if pair[0] in near), *(pair for pair in codes if pair[0] not in near)]


def can_be_published(preview) -> bool:
    """Whether nothing keeps any of the new ones from being published: then that is what is meant."""
    hosts = storing.Hosts(preview.agency, preview.places)
    rows = [row for row in preview.rows if row.state == State.NEW]
    return bool(rows) and not any(keeps_back(row, preview, hosts) for row in rows)


def keeps_back(row, preview, hosts) -> bool:
    values = row.offer.values
    host = hosts.find(values.get("host", ""), {}, preview.agency.city_id)
    place, hoods = values.get("place") or Opportunity.Place.NEIGHBOURHOOD, values.get("neighbourhoods")
    opportunity = Opportunity(host=host, place=place, city_id=preview.places.town(values.get("city", "")))
    return not host.is_verified or bool(posting.obstacles(opportunity, neighbourhoods=hoods))
