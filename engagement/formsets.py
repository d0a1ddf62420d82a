"""Rows inside a form, such as a language with its level, for browsers without JavaScript.

A page has a form and any number of ``Rows``; ``Together`` handles them as one::

    page = Together(request, ProfileForm, LanguageRows, SkillRows, instance=volunteer)
    if page.is_ready():
        page.save(announce=lambda volunteer: volunteer_saved.send(Volunteer, volunteer=volunteer, by=request.user))
        return redirect(…)
    return render(request, "…", {"page": page})

In the template stand ``{{ page.form }}`` and, for each of ``page.rows``, ``{% include "engagement/rows.html" %}``. The
button "add a row" shows the same page with more rows and everything that was typed, and complains about nothing yet;
so does a button named ``CHECK``, for a page that has something to say about what was typed so far.
"""

from django import forms
from django.db import transaction
from django.forms.formsets import TOTAL_FORM_COUNT, BaseFormSet, ManagementForm
from django.forms.renderers import get_default_renderer
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from .choices import LanguageField, TermField, name_unknown

# The name of the button that asks for more rows; its value is the relation of the rows.
MORE = "more"
# The name of the button that only looks at what was typed.
CHECK = "check"


class Rows(BaseFormSet):
    """The rows of one parent. A subclass names a ModelForm, the relation and the field that each row has for itself.

    The rows that are sent are the rows that stay: one that is left empty, or ticked to be removed, is deleted. So
    two equal posts at the same time end in the same rows, and there is no hidden primary key to forge.
    """

    form: type[forms.ModelForm]
    relation: str
    key: str
    legend = ""
    hint = ""
    more_label = _("Add a row")
    missing_message = _("Please choose one, or leave the whole row empty.")
    duplicate_message = _("This is already in another row. Please remove one of the two.")

    min_num = 0
    max_num = absolute_max = 60
    can_order = validate_min = False
    can_delete = can_delete_extra = validate_max = True
    # As many empty rows are offered at first, or asked for with one press.
    offered_rows = 3

    def __init__(self, data=None, *, instance):
        self.instance = instance
        self.renderer = get_default_renderer()
        stored = list(getattr(instance, self.relation).all()) if instance.pk else []
        self.extra = max(1, self.offered_rows - len(stored))
        self.offered = {
            name: field.offered(keep={getattr(row, f"{name}_id") for row in stored})
            for name, field in self.form.base_fields.items()
            if isinstance(field, TermField)
        }
        super().__init__(data, prefix=self.relation, initial=None if data is not None else self.first_shown(stored))

    def first_shown(self, stored) -> list[dict]:
        """What stands in the rows before anybody has typed."""
        return [forms.model_to_dict(row, self.form.base_fields) for row in stored]

    def initial_form_count(self):
        # What was sent is looked at as if it were new: an emptied row is an empty row.
        return 0 if self.is_bound else super().initial_form_count()

    def add_fields(self, form, index):
        super().add_fields(form, index)
        name_unknown(form)
        for name, choices in self.offered.items():
            form.fields[name].choices = choices
        form.fields[self.key].error_messages["required"] = self.missing_message
        form.fields["DELETE"].label = _("Remove this row")
        form.is_filled = bool(form[self.key].value())

    def clean(self):
        seen = set()
        for row in self.filled():
            value = row.cleaned_data[self.key]
            if value in seen:
                row.add_error(self.key, self.duplicate_message)
            seen.add(value)

    def filled(self):
        rows = [row for row in self.forms if row.is_valid() and row.cleaned_data.get(self.key)]
        return [row for row in rows if not row.cleaned_data["DELETE"]]

    def save(self):
        """Make the stored rows of the parent those that were sent."""
        manager = getattr(self.instance, self.relation)
        sent = {row.cleaned_data[self.key]: row.cleaned_data for row in self.filled()}
        manager.exclude(**{f"{self.key}__in": list(sent)}).delete()
        for value, cleaned in sent.items():
            row = {name: cleaned[name] for name in self.form.base_fields}
            manager.update_or_create(defaults=row, **{self.key: value})


class LanguageForm(forms.ModelForm):
    """A row with a language; a subclass names the model, and what is told of the language."""

    language = LanguageField(label=_("Language"))


class LanguageRows(Rows):
    """One language a row."""

    form: type[LanguageForm]
    key = "language"
    more_label = _("Add a language")


class Together:
    """A form and its rows as one page: checked together, stored in one transaction, then announced."""

    def __init__(self, request, form_class, *rows_classes, instance, **form_kwargs):
        data = request.POST if request.method == "POST" else None
        self.is_unfinished = data is not None and (MORE in data or CHECK in data)
        if self.is_unfinished:
            data = with_more_rows(data, {rows.relation: rows for rows in rows_classes})
        self.form = form_class(data, instance=instance, **form_kwargs)
        self.rows = [rows(data, instance=self.form.instance) for rows in rows_classes]
        if self.is_unfinished:
            self._leave_unchecked()

    def _leave_unchecked(self):
        for form in [self.form, *(row for rows in self.rows for row in rows.forms)]:
            form._errors = ErrorDict()
        for rows in self.rows:
            rows._errors, rows._non_form_errors = [row.errors for row in rows.forms], rows.error_class()

    def is_ready(self) -> bool:
        """Whether everything was sent to be stored, and all of it is right."""
        return (
            self.form.is_bound and not self.is_unfinished and all(part.is_valid() for part in [self.form, *self.rows])
        )

    def save(self, announce=None):
        """Store everything or nothing; ``announce`` is called with the instance before the transaction ends."""
        with transaction.atomic():
            instance = self.form.save()
            for rows in self.rows:
                rows.save()
            if announce:
                announce(instance)
        return instance


def with_more_rows(data, rows_classes):
    """What was typed, as if there had been more empty rows of the kind that the button named."""
    rows = rows_classes.get(data.get(MORE))
    if rows is None:
        return data
    management = ManagementForm(data, prefix=rows.relation)
    management.is_valid()
    count = management.cleaned_data[TOTAL_FORM_COUNT] + rows.offered_rows
    data = data.copy()
    data[f"{rows.relation}-{TOTAL_FORM_COUNT}"] = min(count, rows.max_num)
    return data
