"""Who acts for an organisation, as rows within its page."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from engagement.admin import HouseStackedInline
from engagement.models import User

from .. import staffing
from ..models import Membership, Organisation


class MembershipForm(forms.ModelForm):
    """Who joins is named by their e-mail, so that nobody can leaf through the accounts of others."""

    email = forms.EmailField(label=_("e-mail of the account"))

    class Meta:
        model = Membership
        fields = ["role"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["email"] = self.instance.user.email
            self.fields["email"].disabled = True

    def clean_email(self):
        user = User.objects.filter(email=self.cleaned_data["email"].strip().lower(), is_active=True).first()
        if user is None:
            raise ValidationError(gettext("There is no account with this e-mail. The person has to sign up first."))
        self.instance.user = user
        return user.email


class MembershipFormSet(forms.BaseInlineFormSet):
    def clean(self):
        super().clean()
        is_agency = self.instance.kind == Organisation.Kind.AGENCY
        emails = set()
        for form in self.forms:
            role, email = (form.cleaned_data.get(name) for name in ("role", "email"))
            if role == (Membership.Role.CONTACT if is_agency else Membership.Role.STAFF):
                form.add_error("role", gettext("This role belongs to another kind of organisation."))
            if email and email in emails:
                form.add_error("email", gettext("This account is in another row already."))
            emails.add(email)
        if is_agency and not any(self.errors):
            self.check_that_somebody_stays()

    def check_that_somebody_stays(self):
        """Who leads decides who comes and goes: without a lead an agency could help itself no longer."""
        was_led = self.instance.memberships.filter(role=Membership.Role.LEAD).exists()
        staying = [form for form in self.forms if form not in self.deleted_forms and form.cleaned_data.get("role")]
        leads = [form for form in staying if form.cleaned_data["role"] == Membership.Role.LEAD]
        if was_led and not leads:
            raise ValidationError(gettext("Somebody has to lead the agency. Please name another lead first."))
        if self.initial_forms and not staying:
            raise ValidationError(gettext("Somebody has to stay, or nobody answers for this agency."))


class MembershipInline(HouseStackedInline):
    model = Membership
    form = MembershipForm
    formset = MembershipFormSet
    fields = [("email", "role")]

    def is_allowed(self, request, deed, obj=None):
        decides = deed == "view" or obj is None or staffing.may_change_members(request.user, obj)
        return decides and super().is_allowed(request, deed, obj)

    # What is shown to those who may only read.
    @admin.display(description=_("e-mail of the account"))
    def email(self, membership):
        return membership.user.email

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("user")
