"""The rows beside the forms: the languages that members speak, and those that a task needs."""

from django.utils.translation import gettext_lazy as _

from engagement.formsets import LanguageForm, LanguageRows

from .models import MemberLanguage, NeededLanguage


class NeededLanguageForm(LanguageForm):
    class Meta:
        model = NeededLanguage
        fields = ["language", "level", "role"]


class NeededLanguageRows(LanguageRows):
    form = NeededLanguageForm
    relation = "needed_languages"
    legend = _("Languages besides German")
    hint = _("Which languages does the task itself need? Leave the rows empty if it needs none.")


class MemberLanguageForm(LanguageForm):
    class Meta:
        model = MemberLanguage
        fields = ["language", "level"]
        labels = {"level": _("How well do those speak it who speak it best?")}


class MemberLanguageRows(LanguageRows):
    form = MemberLanguageForm
    relation = "member_languages"
    legend = _("Languages of your members")
    hint = _("Please tell us German, too. A little is fine.")
