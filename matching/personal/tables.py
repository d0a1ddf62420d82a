"""Every table and every field of the house: why it is kept, what a person gets of it, and what erasing does to it.

A field that is not declared here turns ``tests/matching/test_personal.py`` red. What is told about purposes and
grounds is the builders' reading of the GDPR; the operator's counsel decides.
"""

from dataclasses import dataclass

CONSENT = "consent, Article 6 (1) a GDPR"
CONTRACT = "the account that was asked for, Article 6 (1) b GDPR"
INTEREST = "legitimate interest of those who run the house, Article 6 (1) f GDPR"


@dataclass(frozen=True)
class Table:
    """Fields are named in one string. ``told`` are handed out to the person; ``withheld`` are keys, secrets, numbers
    that only machines read, and names of others.

    ``user``, ``volunteer`` and ``address`` say how a row leads to its person: a lookup of an account, of a profile or
    of an e-mail address. Such a row is erased with them. ``cut`` are links to an account in a row that stays: they are
    emptied. A table with none of these is about nobody.
    """

    told: str = ""
    withheld: str = ""
    user: str = ""
    volunteer: str = ""
    address: str = ""
    cut: str = ""
    purpose: str = ""
    ground: str = CONSENT
    kept: str = "until the profile is deleted"

    @property
    def fields(self) -> list[str]:
        return f"{self.told} {self.withheld}".split()

    @property
    def is_personal(self) -> bool:
        return bool(self.user or self.volunteer or self.address)


def of_account(**more) -> Table:
    return Table(**{"user": "user", "ground": CONTRACT, "kept": "until the account is deleted", **more})


def of_profile(**more) -> Table:
    return Table(**{"volunteer": "volunteer", **more})


TERM = "id code names descriptions position is_active loaded_from"
RECORD = "id region record vocabulary"
TABLES = {
    # --- The account
    "engagement.User": of_account(
        purpose="to log in",
        user="pk",
        told="email name language last_login date_joined is_active is_staff is_superuser",
        withheld="id password folded_name groups user_permissions",
    ),
    "account.EmailAddress": of_account(
        purpose="to know that the address is right", told="email verified primary", withheld="id user"
    ),
    "account.EmailConfirmation": of_account(
        purpose="to know that the address is right",
        user="email_address__user",
        told="created sent",
        withheld="id email_address key",
    ),
    "mfa.Authenticator": of_account(
        purpose="to log in safely", told="type created_at last_used_at", withheld="id user data"
    ),
    "organisations.Membership": of_account(
        purpose="to know who acts for an organisation", told="organisation role", withheld="id user"
    ),
    "organisations.SavedSearch": of_account(
        purpose="to tell about new opportunities",
        address="email",
        ground=CONSENT,
        kept="until the search is stopped",
        told="query language email text_version created_at confirmed_at seen_until",
        withheld="id user key",
    ),
    "engagement.Mail": Table(
        purpose="to deliver mails, each once",
        address="to",
        ground=CONTRACT,
        kept="30 days after it was sent",
        told="to language subject text state created_at due_at sent_at",
        withheld="id key html stop_url message_id tries error",
    ),
    "engagement.Upload": of_account(
        purpose="to show what a file would change before it does",
        kept="until the file is taken over, a day at most",
        told="purpose file_name created_at",
        withheld="id user content",
    ),
    "admin.LogEntry": of_account(
        purpose="to know who changed what at the desk",
        ground=INTEREST,
        told="action_time content_type action_flag",
        withheld="id user object_id object_repr change_message",
    ),
    # It knows rows by their numbers only: with the row its number tells nothing.
    "engagement.Look": Table(withheld="id at by content_type page row rows is_search", cut="by"),
    # --- The profile
    "volunteers.Volunteer": of_profile(
        purpose="to find something that suits, and to reach the person",
        volunteer="pk",
        told="first_name last_name birth_year gender neighbourhood postcode reach_km times motives fields "
        "refused_fields proofs rhythms company with_whom doubts channel phone email address call_times language "
        "max_load is_paused paused_until created_at changed_at asked_at",
        withheld="id user folded_name",
    ),
    "volunteers.SpokenLanguage": of_profile(
        purpose="to find something that suits", told="language level", withheld="id volunteer"
    ),
    "volunteers.Competence": of_profile(
        purpose="to find something that suits", told="skill own_words has_evidence", withheld="id volunteer"
    ),
    "volunteers.ProofInspection": of_profile(
        purpose="to know that a proof was seen",
        told="proof issued_on seen_on recheck_on",
        withheld="id volunteer seen_by",
        cut="seen_by",
    ),
    "volunteers.Consent": of_profile(
        purpose="to prove what was agreed to",
        told="purpose text_version given_at given_how withdrawn_at",
        withheld="id volunteer recorded_by",
        cut="recorded_by",
    ),
    "matching.Accompaniment": of_profile(
        purpose="to know which agency accompanies the person", told="agency since", withheld="id volunteer"
    ),
    "matching.Intermediary": of_profile(
        purpose="to know through which association the person is reached",
        told="organisation",
        withheld="id volunteer",
    ),
    "matching.HandOver": of_profile(
        purpose="to know which agency accompanies the person, and since when",
        told="from_agency to_agency at is_shared welcomed_at",
        withheld="id volunteer consent by",
        cut="by",
    ),
    # --- What came of it
    "matching.Match": of_profile(
        purpose="to bring the person and an opportunity together",
        told="opportunity state origin parked_until declined_by reason trial_on candidate_says host_says begins_on "
        "hours_per_week contact_name ends_on is_thanked checkin_due created_at changed_at",
        withheld="id volunteer organisation ticket responsible checkin_lapses unreached",
        cut="responsible",
    ),
    "matching.MatchEvent": of_profile(
        purpose="to bring the person and an opportunity together",
        volunteer="match__volunteer",
        told="match at kind side from_state to_state reason word until day note undoes",
        withheld="id by person before",
        cut="by person",
    ),
    "matching.Postponement": of_profile(
        purpose="not to ask again too soon", told="opportunity until", withheld="id volunteer organisation"
    ),
    "matching.Suggestion": of_profile(
        purpose="to suggest what suits; arithmetic, see the page “How we suggest”",
        kept="until it is computed anew, each night at the latest",
        told="opportunity score standing appeal language skills neighbourhood time field motive rule_version "
        "computed_at",
        withheld="id volunteer organisation region open_points",
    ),
    "matching.CandidateRecord": of_profile(
        purpose="the profile once more, packed for arithmetic",
        kept="until the profile changes",
        withheld=f"{RECORD} volunteer organisation reach",
    ),
    "matching.PendingRescoring": of_profile(
        purpose="to compute suggestions anew",
        kept="some seconds",
        told="since",
        withheld="id volunteer organisation opportunity region",
    ),
    # --- Organisations: what they tell about themselves is theirs, the links to accounts are cut
    "organisations.Organisation": Table(
        withheld="id kind name description city neighbourhood contact_name phone email website agency verified_at "
        "verified_by group_size times max_load is_paused created_at changed_at skills reached fields",
        cut="verified_by",
    ),
    "organisations.MemberLanguage": Table(withheld="id organisation language level"),
    "organisations.Opportunity": Table(
        withheld="id host agency status field place city meeting_point german_needed min_age only_for only_for_reason "
        "day begins_at ends_at insured_by "
        "times frequency hours_per_week minimum_weeks places valid_until has_trial_visit is_in_team is_accompanied "
        "gives_certificate serves_newcomers reimbursement contact_name contact_phone coordinator created_by created_at "
        "published_at confirmed_at changed_at neighbourhoods skills_required skills_wanted proofs",
        cut="coordinator created_by",
    ),
    "organisations.Need": Table(
        withheld="id organisation neighbourhood field text is_covered reported_by created_at", cut="reported_by"
    ),
    "organisations.Course": Table(withheld="id agency title begins_on place proof language level skill is_open"),
    "organisations.NeededLanguage": Table(withheld="id opportunity language level role"),
    "organisations.Origin": Table(withheld="id opportunity agency source external_id values record taken_at"),
    "organisations.OpportunityText": Table(withheld="id opportunity language title body schedule"),
    "matching.OpportunityRecord": Table(withheld=f"{RECORD} opportunity area price nightly_price expected floor"),
    # --- About nobody
    "matching.Rule": Table(
        withheld="id version before text_version language skills neighbourhood time field motive note changed_by "
        "created_at",
        cut="changed_by",
    ),
    "matching.Erasure": Table(withheld="id table row at"),
    "matching.Region": Table(withheld="id city priced_at demand"),
    "matching.NightlyFigures": Table(withheld="id region day numbers groups measured_at"),
    "engagement.Language": Table(withheld=f"{TERM} autonym direction tier"),
    "engagement.SkillGroup": Table(withheld=TERM),
    "engagement.Skill": Table(withheld=f"{TERM} group synonyms esco_uri esco_match"),
    "engagement.Proof": Table(withheld=f"{TERM} basis recheck_months is_inspection_only"),
    "engagement.Field": Table(withheld=f"{TERM} category usual_min_age typical_skills typical_proofs"),
    "engagement.City": Table(withheld="id name ags"),
    "engagement.Neighbourhood": Table(
        withheld="id code name city district level latitude longitude area_km2 population geometry source attribution "
        "licence is_active loaded_from neighbours"
    ),
    "engagement.Adjacency": Table(withheld="id one other relation distance_km crosses_rhine"),
    "engagement.Postcode": Table(withheld="id code city latitude longitude neighbourhood"),
    "auth.Permission": Table(withheld="id name content_type codename"),
    "auth.Group": Table(withheld="id name permissions"),
    "contenttypes.ContentType": Table(withheld="id app_label model"),
    # A session knows the number of an account, and ends with it.
    "sessions.Session": Table(withheld="session_key session_data expire_date"),
}
