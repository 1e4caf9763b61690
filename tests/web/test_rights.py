"""Every address × every role: what is not declared here, or not by the page, fails."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import URLPattern

from tests.web.world import World
from voronka.config.addresses import urlpatterns
from voronka.web.pages import ANONYMOUS, EVERYBODY

pytestmark = pytest.mark.django_db
# olga owns all rows; lev leads her team; oleg is another manager of the department.
WHO = ("vera", "lev", "olga", "oleg", "anna", "audit", "")
ROLES = {
    "vera": "head", "lev": "lead", "olga": "manager", "oleg": "manager",
    "anna": "administrator", "audit": "auditor",
}  # fmt: skip
ALL, HEADS, RULERS = "all", "heads", "rulers"
SELL, ADMIN, OPEN, OWN = "sell", "admin", "open", "own"
RULERS_READ = "rulers read"
OWN_SELL = "own and sells"
OWN_ONLY = "the one it is for"
GROUPS: dict[str, set[str]] = {
    ALL: {"vera", "lev", "olga", "oleg", "anna", "audit"},
    SELL: {"vera", "lev", "olga", "oleg", "anna"},
    HEADS: {"vera", "lev", "anna", "audit"},
    RULERS: {"vera", "anna"},
    RULERS_READ: {"vera", "anna", "audit"},
    ADMIN: {"anna"},
    OWN: {"vera", "lev", "olga", "anna", "audit"},
    OWN_SELL: {"vera", "lev", "olga", "anna"},
    OWN_ONLY: {"olga"},
}
NONE_THERE = (
    "job-retry",
    "telegram-put",
    "letter-way",
    "mfa_view_recovery_codes",
    "deals-bulk-undo",
    "regulation-what-if",
    "regulation-version",
)
# Address name -> who may open it, or act by it where it only takes POST.
TABLE: dict[str, str] = {
    "today": ALL, "search": ALL, "account": ALL, "signout": ALL,
    "mfa_activate_totp": ALL, "mfa_view_recovery_codes": ALL,
    "mfa_generate_recovery_codes": ALL, "account_reauthenticate": ALL,
    "mfa_reauthenticate": ALL,
    "account_login": OPEN, "mfa_authenticate": OPEN, "demo-signin": OPEN, "first-run": OPEN,
    "invitation": OPEN, "from-site": OPEN, "from-site-embed": OPEN,
    "exchanges": ADMIN, "exchange": ADMIN, "exchange-watch": ADMIN,
    "dial": SELL, "live-ticket": ALL, "notices": ALL, "notices-seen": ALL, "notice": OWN_ONLY,
    "api-inquiries": OPEN, "api-route": OPEN, "programs": RULERS, "program-revoke": RULERS,
    "board": ALL, "board-column": ALL, "deals": ALL, "deals-keep": ALL,
    "deals-bulk": SELL, "deals-bulk-write": SELL, "deals-bulk-undo": SELL,
    "deal": OWN, "deal-edit": OWN_SELL, "deal-move": OWN_SELL, "deal-move-undo": OWN_SELL,
    "deal-closure": OWN_SELL, "deal-refusal": OWN_SELL, "deal-reopening": OWN_SELL,
    "deal-handover": OWN_SELL, "deal-step": OWN_SELL, "step-finish": OWN_SELL,
    "step-move": OWN_SELL, "step-cancel": OWN_SELL,
    "clients": ALL, "client-new": SELL, "client-twins": SELL, "client": OWN,
    "client-likely-twins": OWN, "client-consents": OWN, "client-personal": OWN,
    "client-consent": OWN_SELL, "client-withdrawal": OWN_SELL, "client-held": RULERS,
    "client-erasure": RULERS, "consent-texts": RULERS, "client-touches": OWN,
    "deal-touches": OWN, "sources": ALL, "source-rows": ALL,
    "client-edit": OWN_SELL, "client-contact": OWN_SELL, "client-drop": OWN_SELL,
    "client-note": OWN_SELL, "client-step": OWN_SELL, "client-handover": OWN_SELL,
    "deal-new": OWN_SELL, "client-merge": OWN_SELL, "merge-undo": OWN_SELL,
    "not-twins": OWN_SELL,
    "unread": RULERS, "unread-settle": RULERS, "inquiry-file": OWN,
    "inquiries": ALL, "inquiry-new": SELL, "inquiry": OWN, "inquiry-act": OWN_SELL,
    "routing-rules": ALL, "routing-rule-put": RULERS,
    "routing-rehearsal": RULERS, "shifts": ALL, "duty-put": RULERS,
    "pause": OWN_SELL,
    "unregistered": ALL, "stranger-register": OWN_SELL, "stranger-dismiss": SELL,
    "stranger-return": OWN_SELL,
    "calls": ALL, "calls-export": RULERS, "calls-to-hear": HEADS,
    "mailboxes": RULERS, "mailbox": RULERS,
    "letter-new": OWN_SELL, "letter": OWN, "letter-file": OWN, "letter-again": OWN_SELL,
    "letters-setup": RULERS, "letter-way": RULERS, "letter-template": RULERS,
    "letter-starters": RULERS,
    "inquiry-telegram": OWN_SELL, "telegram-put": ADMIN,
    "call": OWN, "call-sound": OWN_SELL, "call-note": OWN_SELL, "call-note-drop": OWN_ONLY,
    "recordings": RULERS,
    "call-outcome": OWN_SELL, "after-talks": SELL,
    "slips": ALL, "slip": OWN, "slip-accept": OWN_SELL, "figures": ALL, "figure": ALL,
    "people": HEADS, "invite": RULERS, "team": RULERS, "person": RULERS,
    "settings": RULERS, "settings-put": RULERS, "setup": RULERS,
    "import": RULERS, "load": RULERS, "load-preview": RULERS, "load-write": RULERS,
    "load-undo": RULERS, "load-progress": RULERS, "load-rows": RULERS,
    "regulation": ALL, "regulation-put": RULERS, "regulation-draft": RULERS,
    "regulation-plan": RULERS, "regulation-publish": RULERS, "regulation-version": ALL,
    "regulation-what-if": RULERS_READ,
    "deal-demands": OWN, "deal-move-reason": OWN_SELL,
    "deal-indicator": OWN_SELL, "indicator": ALL,
    "discovery": RULERS, "discovery-ask": RULERS, "discovery-publish": RULERS,
    "jobs": ADMIN, "job-retry": ADMIN,
}  # fmt: skip


def whole_form(world: World) -> dict[str, str]:
    """What any form may hold, so that nothing but the right decides."""
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    return {
        "due": tomorrow, "kind": "task", "title": "Звонок", "stage": str(world.stage),
        "to": str(world.person), "version": "1", "row": "1", "table": "phones", "name": "Имя",
        "outcome": "won", "reason": "x", "text": "Слово", "phone": "", "what": "answer",
        "purpose": "letters", "how": "voice", "on": "2026-01-12",
        "address": world.stranger, "second": "0:07",
    }  # fmt: skip


def patterns() -> Iterator[URLPattern]:
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern), pattern
        yield pattern


def address(pattern: URLPattern, world: World) -> str:
    values = {
        "client_id": world.client, "other_id": world.other, "deal_id": world.deal,
        "inquiry_id": world.inquiry, "step_id": world.step, "slip_id": world.slip,
        "stage_id": world.stage, "merge_id": world.merge, "person_id": world.person,
        "token": world.token, "key": "none", "code": "K15", "what": "funnel", "load_id": 1,
        "job_id": 1, "version": 1, "edit_id": 1,
        "demand_id": 1, "version_id": 1, "received_id": world.unread, "key_id": world.key,
        "file_id": world.file, "notice_id": world.notice,
        "mark_id": world.mark,
        "mailbox_id": world.mailbox, "call_id": world.call, "note_id": world.call_note,
        "exchange_id": world.exchange, "letter_id": world.letter, "channel": "mail",
        "template_id": world.template, "attached_id": world.attached,
    }  # fmt: skip
    text = str(pattern.pattern)
    for name, value in values.items():
        for kind in ("int", "str"):
            text = text.replace(f"<{kind}:{name}>", str(value))
    assert "<" not in text, text
    return f"/{text}"


def test_every_address_is_declared_here_and_by_its_page() -> None:
    names = [pattern.name for pattern in patterns()]
    assert sorted(names, key=str) == sorted(TABLE)
    for pattern in patterns():
        roles = getattr(pattern.callback, "open_to", None)
        assert roles, pattern.name
        assert roles <= EVERYBODY | ANONYMOUS


@pytest.mark.parametrize("name", sorted(name for name, who in TABLE.items() if who != OPEN))
def test_only_who_may_gets_in(
    name: str, world: World, enter: Callable[..., Client], cast: SimpleNamespace
) -> None:
    pattern = next(one for one in patterns() if one.name == name)
    for who in WHO:
        browser, where = enter(who), address(pattern, world)
        answer = browser.get(where)
        if answer.status_code == 405:
            answer = browser.post(where, whole_form(world))
        if not who:
            assert answer.status_code == 302, name
            assert answer.headers["Location"].startswith("/signin/"), name
        elif who not in GROUPS[TABLE[name]]:
            assert answer.status_code in (403, 404), (name, who, answer.status_code)
        elif name.startswith("load") or name in NONE_THERE:
            # There is no such load, job or code: whoever may come hears just that.
            assert answer.status_code in (303, 404), (name, who, answer.status_code)
        else:
            assert answer.status_code in (200, 204, 302, 303), (name, who, answer.status_code)


def test_a_stranger_cannot_even_tell_a_page_from_nothing(
    world: World, enter: Callable[..., Client]
) -> None:
    assert enter("").get("/form/none/").status_code == 404
    assert enter("").get("/start/none/").status_code == 404
    assert enter("").post(f"/signin/demo/{world.person}/").status_code == 404


def test_an_auditor_changes_nothing(world: World, enter: Callable[..., Client]) -> None:
    browser = enter("audit")
    for pattern in patterns():
        if TABLE[str(pattern.name)] in (OPEN, ALL):
            continue
        answer = browser.post(address(pattern, world), {})
        assert answer.status_code in (200, 403, 404, 405), pattern.name


def test_missing_and_forbidden_look_the_same(
    world: World, enter: Callable[..., Client]
) -> None:
    browser = enter("oleg")
    for kind, there in (
        ("deals", world.deal), ("clients", world.client), ("inquiries", world.inquiry),
        ("slips", world.slip), ("calls", world.call),
    ):  # fmt: skip
        forbidden = browser.get(f"/{kind}/{there}/")
        missing = browser.get(f"/{kind}/999999/")
        assert forbidden.status_code == missing.status_code == 404
        shown = [_without_token(answer.content.decode()) for answer in (forbidden, missing)]
        assert shown[0] == shown[1]


def _without_token(page: str) -> str:
    return re.sub(r'X-CSRFToken":"[^"]+"', "", page)


def test_a_head_without_the_second_factor_is_sent_to_set_it(
    cast: SimpleNamespace,
) -> None:
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(cast.vera)
    answer = browser.get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/account/second-factor/")
    assert browser.get("/account/second-factor/").status_code in (200, 302)
