"""The stage for looking at pages: rows that give every page much to show, and readers at every point of a way in."""

import re
from datetime import time, timedelta
from types import SimpleNamespace

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from engagement.models import Level, Mail
from matching import keeping, refreshing, tickets, vocabulary
from matching.models import Intermediary, Match
from organisations import links
from organisations.models import NeededLanguage, Opportunity
from tests.factories import (
    FieldFactory,
    LanguageFactory,
    MatchFactory,
    NeighbourhoodFactory,
    OpportunityFactory,
    PostcodeFactory,
    ProofFactory,
    SavedSearchFactory,
    SkillFactory,
    SuggestionFactory,
    UserFactory,
    VolunteerFactory,
)
from volunteers import consents
from volunteers.models import Consent

PASSWORD = "correct horse battery"
# Around the middle of Vingst, as the factory has it.
BORDERS = {"type": "Polygon", "coordinates": [[[7.0, 50.92], [7.04, 50.92], [7.03, 50.95], [7.0, 50.92]]]}


class Stage:
    def __init__(self, cast):
        self.cast = cast
        self.language, self.skill, self.proof = LanguageFactory(autonym="العربية"), SkillFactory(), ProofFactory()
        self.place = NeighbourhoodFactory(geometry=BORDERS)
        self.day = timezone.localdate() + timedelta(days=9)
        PostcodeFactory()
        FieldFactory(descriptions={"de": "Kinder bei den Hausaufgaben unterstützen."})
        self.notice = self.set_notice()
        OpportunityFactory(host=cast.agency, title="Freundschaftsbesuchsdienstkoordinationsgruppe")
        self.mso = cast.mso
        self.published = OpportunityFactory(host=self.mso, agency=cast.agency)
        self.draft = OpportunityFactory(host=self.mso, agency=cast.agency, status=Opportunity.Status.DRAFT)
        self.set_samira()
        self.ticket = SimpleNamespace(pk=self.say_yes())
        self.save_search()
        self.to_keep = SimpleNamespace(pk=self.ask_whether_to_keep())
        self.guarded = UserFactory()
        self.passkey = hold_everything(self.guarded)

    def set_notice(self):
        notice = OpportunityFactory(
            title="Hausaufgaben-Hilfe",
            neighbourhoods=[self.place],
            german_needed=Level.A2,
            times=[1, 4, 20],
            frequency="once",
            day=self.day,
            valid_until=self.day,
            begins_at=time(14),
            has_trial_visit=True,
            gives_certificate=True,
            min_age=16,
            contact_name="Elif Yildiz",
            contact_phone="0221 4710011",
        )
        notice.proofs.add(self.proof)
        notice.skills_required.add(self.skill)
        NeededLanguage.objects.create(opportunity=notice, language=self.language, level=Level.B2)
        return notice

    def set_samira(self):
        """She has told a little, can be matched, gets an idea, is asked one thing and has said yes and no to others."""
        samira, agency = self.cast.samira, self.cast.agency
        samira.max_load = 5
        samira.save()
        samira.refused_fields.add(FieldFactory(code="SPORT"))
        samira.spoken_languages.create(language=self.language, level=7)
        samira.competences.create(skill=self.skill)
        for state in [Match.State.PROPOSED, Match.State.TRIAL]:
            match = MatchFactory(volunteer=samira, state=state, opportunity=OpportunityFactory(host=agency))
            match.events.create(side="staff", to_state=Match.State.PROPOSED)
        SuggestionFactory(volunteer=samira, opportunity=self.notice)
        Intermediary.objects.create(volunteer=samira, organisation=self.mso)
        consents.record(samira, Consent.Purpose.THROUGH)
        refreshing.refresh("volunteer", samira.pk, vocabulary.current())
        no = {"state": Match.State.DECLINED, "declined_by": "host", "reason": "taken"}
        match = MatchFactory(volunteer=samira, opportunity=OpportunityFactory(host=agency), **no)
        match.events.create(side="candidate", to_state=Match.State.INTERESTED)
        match.events.create(side="host", from_state=Match.State.INTERESTED, to_state=no["state"], reason="taken")

    def say_yes(self):
        """Rana, who has no account, said yes to the notice; returns her ticket."""
        rana = VolunteerFactory(first_name="Rana", phone="0221 4710012", agreed_to=Consent.Purpose.CONTACT)
        match = MatchFactory(volunteer=rana, opportunity=self.notice, state=Match.State.INTERESTED, ticket="0" * 32)
        match.events.create(side="candidate", to_state=Match.State.INTERESTED)
        return tickets.issue(match)

    def ask_whether_to_keep(self):
        """Nour told about herself a year ago; returns the word of the mail that asks her."""
        nour = VolunteerFactory(first_name="Nour", asked_at=timezone.now() + timedelta(days=1))
        return keeping.issue(nour)

    def save_search(self):
        """Somebody without an account was asked whether the search is theirs."""
        saved = SavedSearchFactory(query="text=hilfe&german=2", confirmed_at=None)
        self.to_confirm = SimpleNamespace(pk=links.token_for(links.CONFIRM, saved))
        self.to_stop = SimpleNamespace(pk=links.token_for(links.STOP, saved))


def enter(name, stage):
    """The session of one reader: the name of somebody in the cast, or of a way in below."""
    client = Client()
    if name in WAYS_IN:
        WAYS_IN[name](client, stage)
    elif name != "anonymous":
        client.force_login(stage.cast.samira.user if name == "samira" else getattr(stage.cast, name))
    return client


def send(client, page, **fields):
    """What somebody types into a page of the account."""
    response = client.post(reverse(page), fields)
    assert response.status_code == 302, response.context["form"].errors


def mailed_code(to):
    text = Mail.objects.filter(to=to).latest("created_at").text
    return re.search(r"^[A-Z0-9]{3,5}-?[A-Z0-9]{3,5}$", text, re.MULTILINE)[0]


def newcomer(client, stage):
    """Typed address and password; the code is under way."""
    send(client, "account_signup", email="newcomer@example.org", password1=PASSWORD)


def by_code(client, stage):
    """Asked for a code instead of the password."""
    send(client, "account_request_login_code", email=stage.cast.samira.user.email)


def forgetful(client, stage):
    """Asked for a new password."""
    send(client, "account_reset_password", email=stage.cast.samira.user.email)


def reminded(client, stage):
    """Asked for a new password, and typed the code."""
    forgetful(client, stage)
    send(client, "account_confirm_password_reset_code", code=mailed_code(stage.cast.samira.user.email))


def without_password(client, stage):
    user = UserFactory()
    user.set_unusable_password()
    user.save()
    client.force_login(user)


def careful(client, stage):
    """Typed the password once more, as the pages that guard the account want it."""
    client.force_login(stage.cast.samira.user)
    send(client, "account_reauthenticate", password=PASSWORD)


def guarded(client, stage):
    """The same with an authenticator app, recovery codes and a passkey."""
    client.force_login(stage.guarded)
    send(client, "account_reauthenticate", password=PASSWORD)


def half_way(client, stage):
    """Typed the password, and is asked for the second factor."""
    send(client, "account_login", login=stage.guarded.email, password=PASSWORD)


WAYS_IN = {
    way.__name__: way for way in [newcomer, by_code, forgetful, reminded, without_password, careful, guarded, half_way]
}


def hold_everything(user):
    """An authenticator app, recovery codes and the passkey that is returned."""
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    data = {"name": "Laptop", "credential": credential()}
    return Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)


def credential():
    """What a browser answers that made a passkey."""
    number = b"laptop"
    key = AttestedCredentialData.create(bytes(16), number, ES256({1: 2, 3: -7, -1: 1, -2: bytes(32), -3: bytes(32)}))
    present = AuthenticatorData.FLAG.AT | AuthenticatorData.FLAG.UP
    seen = AuthenticatorData.create(bytes(32), present, 0, key)
    told = CollectedClientData.create("webauthn.create", b"challenge", "http://localhost")
    return {
        "id": websafe_encode(number),
        "rawId": websafe_encode(number),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(told),
            "attestationObject": websafe_encode(AttestationObject.create("none", seen, {})),
        },
        "clientExtensionResults": {"credProps": {"rk": True}},
    }
