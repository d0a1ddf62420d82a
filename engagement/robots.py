"""Forms that anybody may send: hard for robots, without a puzzle for people."""

from allauth.account.adapter import get_adapter
from django import forms
from django.core.cache import cache
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.utils.crypto import get_random_string, salted_hmac
from django.utils.translation import gettext_lazy as _

# Nobody reads and fills in a form faster than this; a page that was open for longer gets a new stamp.
LEAST_SECONDS = 2
MOST_SECONDS = 24 * 60 * 60


class GuardedForm(forms.Form):
    """A form with a trap and a signed hour; what it refuses it says, and a second press goes through."""

    website = forms.CharField(
        label=_("Please leave this empty"),
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"}),
    )
    stamp = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, **kwargs):
        self.signer = TimestampSigner(salt=type(self).__qualname__)
        self.refusal = self._refusal(data.get("stamp", "")) if data is not None else ""
        if self.refusal:
            data = data.copy()
            data["stamp"] = self._new_stamp()
        super().__init__(data, **kwargs)
        self.fields["stamp"].initial = self._new_stamp()

    def _new_stamp(self):
        return self.signer.sign(get_random_string(22))

    @property
    def sheet(self) -> str:
        """Which copy of the page a valid form came from: two presses of one button are the same sheet."""
        return self.signer.unsign(self.cleaned_data["stamp"])

    def _refusal(self, stamp):
        try:
            self.signer.unsign(stamp, max_age=MOST_SECONDS)
        except SignatureExpired:
            return _("This page was open for a long time. Please press the button again.")
        except BadSignature:
            return _("Please press the button again.")
        return ""

    def _is_too_fast(self):
        try:
            self.signer.unsign(self.data.get("stamp", ""), max_age=LEAST_SECONDS)
        except BadSignature:
            return False
        return True

    def clean_website(self):
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("Please leave this field empty."))

    def clean(self):
        cleaned = super().clean()
        if self.refusal:
            self.add_error(None, self.refusal)
        elif self._is_too_fast():
            self.add_error(None, _("That was very fast. Please wait a moment and press the button again."))
        return cleaned


def too_often(request, deed, *, most=20, seconds=3600) -> bool:
    """Count one more ``deed`` from the address of ``request``; whether there were too many within ``seconds``.

    The cache, which all processes share, keeps a hash of the address for that time. While it is away nobody is refused.
    """
    address = get_adapter().get_client_ip(request)
    key = f"{deed}:{salted_hmac('too_often', address).hexdigest()}"
    cache.add(key, 0, seconds)
    return cache.incr(key) > most
