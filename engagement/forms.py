"""What the forms of all floors share."""

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.dates import WEEKDAYS

from . import times


class HouseRenderer(TemplatesSetting):
    """Every field looks the same: label, hint, error, input, in this order (``templates/engagement/field.html``)."""

    field_template_name = "engagement/field.html"


class TimesGrid(forms.CheckboxSelectMultiple):
    """The week as a table: a row for each day, a box for each part of it."""

    template_name = "engagement/times_grid.html"

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        options = [option for _, group, _ in context["widget"]["optgroups"] for option in group]
        width = len(times.PARTS)
        context["parts"] = times.PARTS
        context["days"] = [
            (WEEKDAYS[day], times.short_day(day), options[times.slot(day, 0) :][:width]) for day in times.DAYS
        ]
        return context


class TimesField(forms.TypedMultipleChoiceField):
    """The slots of ``times.py`` somebody ticked, as a sorted list of numbers. None ticked means "not told yet"."""

    widget = TimesGrid

    def __init__(self, **kwargs):
        super().__init__(choices=times.choices, coerce=int, empty_value=[], **kwargs)

    def clean(self, value):
        return sorted(super().clean(value))
