"""Changing what counts how much: a new version of the weights, after which everything is scored anew."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from . import tasks
from .judging import FACTORS, RULE_VERSION
from .models import Rule

HUNDRED = 100


class RuleForm(forms.ModelForm):
    """The next version, filled in with the weights in force.

    ``follows`` is the version that was in force when the page was opened: of two people at the same time, the second
    is told.
    """

    follows = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Rule
        fields = [*FACTORS, "note"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for factor in FACTORS:
            self.fields[factor] = forms.IntegerField(label=label(factor), min_value=0, max_value=HUNDRED)
        self.compare_with(Rule.objects.newest())

    def compare_with(self, rule):
        """Say beside each weight what is in force, and follow that version."""
        for factor in FACTORS:
            self.fields[factor].help_text = _("In force: %(points)s") % {"points": getattr(rule, factor)}
            self.initial.setdefault(factor, getattr(rule, factor))
        self.initial.setdefault("follows", rule.version)

    def clean(self):
        super().clean()
        if not self.errors:
            self.check_weights([self.cleaned_data[factor] for factor in FACTORS])
            self.check_turn()

    def check_weights(self, weights):
        """The message stands above the first weight, and so above all six."""
        if sum(weights) != HUNDRED:
            message = _("Together the six weights make %(total)s. They must make exactly %(hundred)s.")
            self.add_error(FACTORS[0], message % {"total": sum(weights), "hundred": HUNDRED})
        elif max(weights) == HUNDRED:
            self.add_error(FACTORS[0], _("At least two weights must be more than 0."))

    def check_turn(self):
        # Whoever stores a version holds the one before it until then, so that the second of two waits and sees it.
        Rule.objects.select_for_update().filter(version=self.cleaned_data["follows"]).first()
        newest = Rule.objects.newest()
        if newest.version != self.cleaned_data["follows"]:
            self.add_error(None, _("Meanwhile somebody else changed the weights. Compare, then save once more."))
            self.data = self.data.copy()
            self.data["follows"] = newest.version
            self.compare_with(newest)


def label(factor: str) -> str:
    return capfirst(Rule._meta.get_field(factor).verbose_name)


def put_in_force(rule: Rule, *, by) -> None:
    """Store ``rule`` as the newest version; after the commit everything is scored anew with it."""
    rule.before = Rule.objects.newest()
    rule.version, rule.text_version, rule.changed_by = rule.before.version + 1, RULE_VERSION, by
    rule.save()
    tasks.request_full_rescoring()
