from django import forms
from django.template.loader import render_to_string

from engagement.forms import TimesField


class WeekForm(forms.Form):
    name = forms.CharField(label="Your name", help_text="A nickname is enough.")
    times = TimesField(label="When?", required=False)


def test_times_are_sorted_numbers():
    form = WeekForm({"name": "Samira", "times": ["7", "1"]})
    assert form.is_valid()
    assert form.cleaned_data["times"] == [1, 7]


def test_no_times_are_an_empty_list():
    form = WeekForm({"name": "Samira"})
    assert form.is_valid()
    assert form.cleaned_data["times"] == []


def test_times_outside_the_week_are_refused():
    for hostile in ["21", "-1", "x", "\0"]:
        assert "times" in WeekForm({"name": "Samira", "times": [hostile]}).errors


def test_times_are_a_table_of_seven_days_with_three_boxes_each():
    html = str(WeekForm(initial={"times": [4]})["times"])
    assert html.count('scope="row"') == 7
    assert html.count('type="checkbox"') == 21
    assert html.count(" checked") == 1
    assert 'value="4" id="id_times_4" checked' in html


def test_field_shows_label_hint_error_and_input_in_this_order():
    html = WeekForm({}).as_div()
    places = [html.index(part) for part in ("<label", "A nickname", "errorlist", "<input")]
    assert places == sorted(places)
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_summary_of_errors_leads_to_the_fields():
    html = render_to_string("engagement/errors.html", {"form": WeekForm({"times": ["99"]})})
    assert 'href="#id_name"' in html
    assert 'href="#id_times_0"' in html


def test_summary_of_errors_is_absent_without_errors():
    assert "section" not in render_to_string("engagement/errors.html", {"form": WeekForm()})
