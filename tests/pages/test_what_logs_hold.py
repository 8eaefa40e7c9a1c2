"""A morning at a school, with everything that may go wrong, and what the log keeps of it."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from core.accounts.person import Person
from core.accounts.sessions import SESSION_COOKIE
from core.assistant import settling
from core.bootstrap import App
from core.roster.importing.incoming import incoming_from
from core.roster.importing.plan import Outcome
from core.roster.importing.service import Choice
from core.roster.importing.uploads import pasted
from core.server.app import app_options
from core.settings import CHECKOUT
from core.ui import home
from tests.cast import enrol, found_school, hire, open_class
from tests.integration.accounts.loopback import served
from tests.integration.accounts.supabase_stand_in import PUBLISHABLE, SECRET, Account, SupabaseStandIn

SITE = "http://127.0.0.1:8501"
KEY = "a key of the school that is long enough"
PASSWORD, WRONG = "correct horse battery", "staple 7 paperclips"
NAMES = ("Mei Tan", "Ana Lim", "Zulkifli Bin Osman", "North Primary", "P5 Integrity")
BAD_LIST = "Student name,Class,Level\nZulkifli Bin Osman,P5 Integrity,P5\n,P5 Integrity,Primary Ninety\n"
QUESTION = "What shall I tell the parents of Ana Lim about her grandmother's illness?"


@pytest.fixture
def supabase() -> Iterator[SupabaseStandIn]:
    stand_in = SupabaseStandIn()
    with served(stand_in) as stand_in.address:
        yield stand_in


@pytest.fixture
def environment(supabase: SupabaseStandIn) -> dict[str, str]:
    return {
        "STAFFROOM_MODE": "production",
        "STAFFROOM_SECRET_KEY": KEY,
        "SUPABASE_URL": supabase.address,
        "SUPABASE_PUBLISHABLE_KEY": PUBLISHABLE,
        "SUPABASE_SECRET_KEY": SECRET,
        "PUBLIC_URL": SITE,
        "LOG_LEVEL": "debug",
    }


@pytest.fixture
def class_id(owner: Connection) -> UUID:
    mei = hire(owner, found_school(owner, "North Primary"), "Mei Tan")
    class_id = open_class(owner, mei, "P5 Integrity")
    enrol(owner, class_id, "Ana Lim")
    return class_id


@pytest.fixture
def browser(app: App) -> Iterator[TestClient]:
    options = app_options(app.settings, may_be_framed=False)
    server = Starlette(routes=options["routes"], middleware=options["middleware"])
    with TestClient(server, base_url=SITE, headers={"Origin": SITE}, follow_redirects=False) as browser:
        yield browser


def sign_in(browser: TestClient, account: Account, password: str) -> int:
    form = {"email": account.email, "password": password}
    return browser.post("/sign-in", params={"next": f"/?of={account.email}"}, data=form).status_code


def fail(*_arguments: Any, **_more: Any) -> None:
    """With the words of a database's complaint."""
    raise RuntimeError(f"duplicate key (mei.tan@north.school) of {NAMES}")


def opened_with_a_fault(monkeypatch: pytest.MonkeyPatch, token: str) -> AppTest:
    monkeypatch.setattr(ContextProxy, "cookies", {SESSION_COOKIE: token})
    monkeypatch.setattr(home, "draw_classes", fail)
    return AppTest.from_file(str(CHECKOUT / "Home.py"), default_timeout=60).run()


def import_a_list_with_a_bad_row(app: App, mei: Person, class_id: UUID) -> int:
    incoming, choice = incoming_from([pasted(BAD_LIST)]), Choice(into_class=class_id)
    preview = app.imports.preview(mei, incoming, choice)
    app.imports.apply(mei, incoming, choice, seen=preview.digest)
    return len(preview.of(Outcome.REFUSED))


def test_the_log_of_a_whole_morning_holds_no_name_no_secret_and_nothing_that_anyone_wrote(
    app: App,
    browser: TestClient,
    supabase: SupabaseStandIn,
    class_id: UUID,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    account = Account("mei.tan@north.school", PASSWORD)
    supabase.accounts.append(account)

    statuses = [sign_in(browser, account, WRONG), sign_in(browser, account, PASSWORD)]
    browser.get("/sign-in/new-password", params={"code": "a-code-of-the-mail", "token_hash": "a-hash-of-the-mail"})
    browser.get(f"/app/static/photos/{uuid4()}")
    browser.get("/readyz")
    token = browser.cookies[SESSION_COOKIE]
    mei = app.sessions.person(token)
    assert mei is not None
    page = opened_with_a_fault(monkeypatch, token)
    refused = import_a_list_with_a_bad_row(app, mei, class_id)
    monkeypatch.setattr(settling, "ended", fail)
    answer = app.assistant.ask(mei, QUESTION)
    "".join(app.assistant.tail(mei, answer.message_id))

    assert statuses == [401, 303]
    assert "Something went wrong here" in page.error[0].value
    assert refused == 1
    log = capsys.readouterr().err
    events = [json.loads(line)["event"] for line in log.splitlines()]
    assert {"request", "sign_in_refused", "signed_in", "page_failed", "an answer failed"} <= set(events)
    issued = [family.current for family in supabase.families]
    for secret in (
        *NAMES,
        *issued,
        account.email,
        PASSWORD,
        WRONG,
        token,
        KEY,
        PUBLISHABLE,
        SECRET,
        "eyJ",
        "of-the-mail",
        "grandmother",
        "Ninety",
        "duplicate",
        app.settings.database_url or "",
    ):
        assert secret not in log
