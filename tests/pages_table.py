"""Every page outside the desk, as the checks of whole pages open it: the browser, and the HTML checker.

A URL of ours that leads to no page of this table turns ``test_pages_table.py`` red, so that no new page is forgotten.
The pages of the desk need no table: ``browser/test_desk.py`` finds them in the registry.
"""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import translation


@dataclass(frozen=True)
class Page:
    url: str  # the name of a URL, or a path behind the language
    query: str = ""
    reader: str = "anonymous"  # somebody of the cast, or a way in of ``stage.py``
    row: str = ""  # the attribute of the stage whose number stands in the address
    status: int = 200

    def address(self, stage, language):
        with translation.override(language):
            if self.url.endswith("/"):
                return f"/{language}/{self.url}"
            numbers = [getattr(stage, self.row).pk] if self.row else []
            return reverse(self.url, args=numbers) + self.query

    def __str__(self):
        return f"{self.url}{self.query} ({self.reader})"


PUBLIC = [
    Page("organisations:browse_opportunities"),
    Page("organisations:browse_opportunities", "?place=Vingst&language=ar&german=2&text=hilfe"),
    Page("organisations:browse_opportunities", "?text=nothing-like-that&place=Nowhere"),
    Page("organisations:save_search", "?text=hilfe"),
    Page("organisations:confirm_search", row="to_confirm"),
    Page("organisations:stop_search", row="to_stop"),
    Page("organisations:show_opportunity", row="notice"),
    Page("organisations:show_opportunity", row="draft", status=404),
    Page("organisations:register_organisation"),
    Page("matching:find_opportunities", "?place=Nowhere&foo=1"),
    Page("matching:find_opportunities", "?german=2&step=4"),
    Page("matching:find_opportunities", "?place=Vingst&german=2&step=5"),
    Page("matching:show_rule"),
    Page("matching:express_interest", row="notice"),
    Page("matching:interest_sent", row="notice"),
    Page("matching:follow_interest", row="ticket"),
    Page("matching:keep_profile", row="to_keep"),
    Page("interest/nothing/", status=404),
    Page("nothing-here/", status=404),
    Page("account_login"),
    Page("account_signup"),
    Page("account_request_login_code"),
    Page("account_reset_password"),
    Page("account_password_reset_completed"),
    Page("account_inactive"),
    Page("show_imprint"),
    Page("show_privacy"),
    Page("show_accessibility"),
]

OWN = [
    *(Page("volunteers:edit_profile", f"?step={step}", "samira") for step in [1, 2, 3, 4, 5, 6, "all"]),
    Page("volunteers:edit_preferences", reader="samira"),
    Page("organisations:browse_opportunities", reader="samira"),
    Page("matching:my_page", reader="samira"),
    Page("matching:my_page", reader="contact"),
    Page("matching:my_data", reader="samira"),
    Page("matching:my_members", reader="contact"),
    Page("matching:express_interest", reader="samira", row="notice"),
    Page("matching:express_interest", reader="contact", row="notice"),
    Page("organisations:my_organisation", reader="contact"),
    Page("organisations:my_organisation", reader="samira"),
    Page("organisations:register_organisation", reader="samira"),
    Page("organisations:edit_organisation", reader="contact", row="mso"),
    Page("organisations:edit_potential", reader="contact", row="mso"),
    Page("organisations:post_opportunity", reader="contact", row="mso"),
    Page("organisations:report_need", reader="contact", row="mso"),
    Page("organisations:edit_opportunity", reader="contact", row="draft"),
    Page("organisations:edit_opportunity", reader="contact", row="published"),
    Page("organisations:preview_opportunity", reader="contact", row="draft"),
    # The desk refuses: the only place where somebody who is signed in may not see a page.
    Page("admin:engagement_mail_changelist", reader="staff", status=403),
]

ACCOUNT = [
    Page("account_email_verification_sent", reader="newcomer"),
    Page("account_confirm_login_code", reader="by_code"),
    Page("account_confirm_password_reset_code", reader="forgetful"),
    Page("account_complete_password_reset", reader="reminded"),
    Page("account_set_password", reader="without_password"),
    Page("account_email", reader="samira"),
    Page("account_change_password", reader="samira"),
    Page("account_reauthenticate", reader="samira"),
    Page("account_logout", reader="samira"),
    Page("mfa_index", reader="samira"),
    Page("mfa_list_webauthn", reader="samira"),
    Page("mfa_activate_totp", reader="careful"),
    Page("mfa_add_webauthn", reader="careful"),
    Page("mfa_index", reader="guarded"),
    Page("mfa_list_webauthn", reader="guarded"),
    Page("mfa_edit_webauthn", reader="guarded", row="passkey"),
    Page("mfa_remove_webauthn", reader="guarded", row="passkey"),
    Page("mfa_deactivate_totp", reader="guarded"),
    Page("mfa_view_recovery_codes", reader="guarded"),
    Page("mfa_generate_recovery_codes", reader="guarded"),
    Page("mfa_reauthenticate", reader="guarded"),
    Page("mfa_reauthenticate_webauthn", reader="guarded"),
    Page("mfa_authenticate", reader="half_way"),
]

PAGES = PUBLIC + OWN + ACCOUNT

# The way to a first yes: what somebody sees who reads no German, in every language of the interface.
FIRST_STEPS = [
    Page("organisations:browse_opportunities"),
    Page("organisations:show_opportunity", row="notice"),
    Page("matching:express_interest", row="notice"),
]

LANGUAGES = list(dict(settings.LANGUAGES))
# Every page is looked at in these, one for each direction.
ALWAYS = ["de", "ar"]
IN_TURN = [language for language in LANGUAGES if language not in ALWAYS]


def languages_of(page, config):
    """In which languages a run looks at a page: with ``--all-languages`` in all, as at the first steps always.

    Else in two, and in one of the others in turn, so that each run sees every language on some pages. The desk speaks
    fewer.
    """
    if page.url.startswith("admin:"):
        return settings.DESK_LANGUAGES
    if page in FIRST_STEPS or config.getoption("all_languages"):
        return LANGUAGES
    return [*ALWAYS, IN_TURN[PAGES.index(page) % len(IN_TURN)]]


# The only pages with a script: it talks to the passkey, asks again before an address goes, prints codes, renews the
# board in place, or passes a link on. All other pages are the same with and without JavaScript.
SCRIPTED = {
    *(str(page).split()[0] for page in PUBLIC if page.url == "organisations:browse_opportunities"),
    "organisations:show_opportunity",
    "organisations:preview_opportunity",
    "account_login",
    "account_email",
    "mfa_add_webauthn",
    "mfa_authenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_view_recovery_codes",
}

# What answers without a page of HTML, and why no browser looks at it.
NO_PAGES = {
    "show_process": "JSON for monitors",
    "show_readiness": "JSON for monitors",
    "view": "robots.txt",
    "show_sitemap": "XML for search engines",
    "organisations:show_feed": "an Atom feed",
    "organisations:show_day": "a file for calendars",
    "organisations:pause_organisation": "takes a POST and leads to one's own page",
    "matching:answer_proposal": "takes a POST and leads to one's own page",
    "matching:export_my_data": "JSON for the person",
    "matching:erase_my_data": "takes a POST and leads to the board",
    "matching:answer_idea": "takes a POST and leads to one's own page",
    "mfa_download_recovery_codes": "a text file",
    "mfa_login_webauthn": "JSON for the script of the log-in",
}
