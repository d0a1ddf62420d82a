"""The rows of a profile: languages with their level, skills with a person's own words."""

from django import forms
from django.utils.translation import gettext_lazy as _

from engagement.choices import SkillField
from engagement.formsets import LanguageForm, LanguageRows, Rows

from .models import Competence, SpokenLanguage


class SpokenLanguageForm(LanguageForm):
    class Meta:
        model = SpokenLanguage
        fields = ["language", "level"]
        labels = {"level": _("How well do you speak it?")}


class SpokenLanguageRows(LanguageRows):
    form = SpokenLanguageForm
    relation = "spoken_languages"
    legend = _("Your languages")
    hint = _("Please tell us German, too. A little is fine.")
    more_label = _("Add another language")
    missing_message = _("Which language? Please choose one, or leave the whole row empty.")
    duplicate_message = _("You have told us this language already. Please remove one of the two rows.")


class CompetenceForm(forms.ModelForm):
    skill = SkillField(label=_("I can …"))

    class Meta:
        model = Competence
        fields = ["skill", "own_words", "has_evidence"]
        labels = {
            "own_words": _("In your own words"),
            "has_evidence": _("I have learned this, or have done it for a long time"),
        }


class CompetenceRows(Rows):
    form = CompetenceForm
    relation = "competences"
    key = "skill"
    legend = _("What you can do")
    hint = _("It does not need a certificate. What you learned in another country counts, too.")
    more_label = _("Add another skill")
    missing_message = _("Which skill? Please choose one, or leave the whole row empty.")
    duplicate_message = _("You have told us this skill already. Please remove one of the two rows.")
