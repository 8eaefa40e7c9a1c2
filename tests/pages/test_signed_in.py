from collections.abc import Callable

import pytest
from sqlalchemy import Connection, text
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from core.accounts.identity import Identity
from core.accounts.person import Person
from core.accounts.sessions import SESSION_COOKIE, StartedSession
from core.bootstrap import App
from core.settings import CHECKOUT
from core.ui.session_watch import LOOK_EVERY_S, _is_another_matter
from tests.cast import found_school, hire

SITE = "https://staffroom.example"
Hold = Callable[[str | None], None]


@pytest.fixture
def environment() -> dict[str, str]:
    return {
        "STAFFROOM_MODE": "production",
        "STAFFROOM_SECRET_KEY": "a key of the school that is long enough",
        "OIDC_ISSUER": "https://accounts.example",
        "OIDC_CLIENT_ID": "staffroom",
    }


@pytest.fixture
def mei(owner: Connection) -> Person:
    return hire(owner, found_school(owner, "North Primary"), "Mei Tan")


@pytest.fixture
def started(app: App, mei: Person) -> StartedSession:
    account = Identity("https://accounts.example", "mei", "mei.tan@north.school", email_verified=True)
    started = app.sessions.start(account, "Firefox")
    assert started.person == mei
    return started


@pytest.fixture
def hold(monkeypatch: pytest.MonkeyPatch) -> Hold:
    """Gives the tab a cookie, as its connection brought it along."""
    monkeypatch.setattr(ContextProxy, "url", f"{SITE}/Usage")

    def hold(token: str | None) -> None:
        monkeypatch.setattr(ContextProxy, "cookies", {} if token is None else {SESSION_COOKIE: token})

    return hold


def opened(file: str = "Home.py") -> AppTest:
    page = AppTest.from_file(str(CHECKOUT / "Home.py"), default_timeout=60)
    if file != "Home.py":
        page.switch_page(file)
    return page.run()


def is_signed_out(page: AppTest) -> bool:
    return [title.value for title in page.title] == ["You are signed out"] and not page.sidebar.markdown


def test_a_member_s_page_says_who_is_here_and_how_to_leave(started: StartedSession, hold: Hold) -> None:
    hold(started.token)

    page = opened()

    assert not page.exception
    assert [one.value for one in page.sidebar.markdown] == ["**Mei Tan**"]
    assert page.sidebar.caption[-1].value == "North Primary"


@pytest.fixture
def elsewhere(app: App, started: StartedSession) -> StartedSession:  # noqa: ARG001 -- the first sign-in links the account
    """The same member on another machine."""
    account = Identity("https://accounts.example", "mei", "mei.tan@north.school", email_verified=True)
    return app.sessions.start(account, "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/605.1")


def test_a_member_sees_where_they_are_signed_in_and_ends_it_there(
    app: App, started: StartedSession, elsewhere: StartedSession, hold: Hold
) -> None:
    hold(started.token)

    page = opened()
    page.sidebar.button(key="own_sessions").click().run()

    assert not page.exception
    devices = [one.value for one in page.markdown if one.value in {"**Firefox**", "**Safari on an iPhone**"}]
    assert sorted(devices) == ["**Firefox**", "**Safari on an iPhone**"]
    (end,) = [one for one in page.button if one.label == "Sign out there"]
    end.click().run()
    assert app.sessions.person(elsewhere.token) is None
    assert app.sessions.person(started.token) is not None


def test_everywhere_else_leaves_this_browser_signed_in(
    app: App, started: StartedSession, elsewhere: StartedSession, hold: Hold
) -> None:
    hold(started.token)
    page = opened()
    page.sidebar.button(key="own_sessions").click().run()

    page.button(key="own_sessions_all").click().run()

    assert app.sessions.person(elsewhere.token) is None
    assert not is_signed_out(page)


@pytest.mark.parametrize(
    ("file", "token"),
    [
        ("Home.py", None),
        ("Home.py", "made up"),
        ("pages/1_Student_roster.py", None),
        ("pages/3_Assistant.py", None),
        ("pages/4_Usage.py", None),
    ],
)
def test_nobody_sees_a_page_without_a_session(app: App, hold: Hold, file: str, token: str | None) -> None:
    hold(token)

    assert app.settings.mode == "production"
    assert is_signed_out(opened(file))


@pytest.mark.parametrize(
    "ended",
    [
        "update sessions set revoked_at = now()",
        "update sessions set last_seen_at = now() - interval '9 hours'",
        "update sessions set expires_at = now()",
        "update staff set active = false",
    ],
)
def test_the_next_run_after_the_end_shows_the_way_back(
    owner: Connection, started: StartedSession, hold: Hold, ended: str
) -> None:
    hold(started.token)
    page = opened()
    owner.execute(text(ended))

    page.query_params["span"] = "a b"
    page.run()

    assert is_signed_out(page)
    (link,) = page.get("html")
    assert 'href="/sign-in?said=over&amp;next=%2FUsage%3Fspan%3Da%2Bb"' in link.proto.body


def typing(started: StartedSession, hold: Hold) -> AppTest:
    hold(started.token)
    page = opened()
    page.session_state["box"] = "Ana read aloud very well."
    page.session_state["choice"] = "all"
    return page


def test_sentences_that_were_typed_are_still_there_to_copy_once_time_is_up(
    owner: Connection, started: StartedSession, hold: Hold
) -> None:
    page = typing(started, hold)
    owner.execute(text("update sessions set last_seen_at = now() - interval '9 hours'"))

    page.run()

    assert [code.value for code in page.code] == ["Ana read aloud very well."]


def test_whoever_signs_out_leaves_nothing_typed_in_another_tab(app: App, started: StartedSession, hold: Hold) -> None:
    page = typing(started, hold)
    app.sessions.end(started.token)

    page.run()

    assert is_signed_out(page)
    assert not page.code
    assert "box" not in page.session_state


def test_a_change_of_role_counts_from_the_next_run(owner: Connection, started: StartedSession, hold: Hold) -> None:
    hold(started.token)
    opened()
    owner.execute(text("update staff set role = 'admin'"))

    page = opened()

    assert not is_signed_out(page)


def test_a_tab_that_becomes_somebody_else_s_keeps_nothing(
    app: App, owner: Connection, started: StartedSession, mei: Person, hold: Hold
) -> None:
    arjun = hire(owner, found_school(owner, "South Primary"), "Arjun Nair")
    other = app.sessions.start(Identity("https://x.example", "a", "arjun.nair@south.school", email_verified=True), "")
    hold(started.token)
    page = opened()
    page.session_state["typed"] = "something of Mei's own"
    page.query_params["q"] = "Ana"
    page.run()
    assert "typed" in page.session_state

    hold(other.token)
    page.run()

    assert is_signed_out(page)
    assert "typed" not in page.session_state
    assert page.query_params == {}
    page.run()
    assert page.sidebar.markdown[0].value == f"**{arjun.full_name}**"
    assert mei != arjun


def clicking_page() -> None:
    from typing import Any

    import streamlit as st

    from core.ui.page import run_page

    def act(person: Any, app: Any) -> None:
        with app.database.as_person(person) as session:
            session.execute(st.session_state["statement"])

    def body(person: Any, app: Any) -> None:
        st.button("Act", on_click=act, args=(person, app))

    run_page(body, title="Home")


def test_a_click_after_the_end_does_nothing(
    app: App, owner: Connection, started: StartedSession, hold: Hold, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.ui.frame.menu_for", lambda *_: [])
    hold(started.token)
    page = AppTest.from_function(clicking_page, default_timeout=60)
    page.session_state["statement"] = text(
        "insert into chat_threads (school_id, staff_id, title)"
        " select private.my_school_id(), private.me(), 'Written by a click'"
    )
    page.run().button[0].click().run()
    assert owner.scalar(text("select count(*) from chat_threads")) == 1
    app.sessions.end(started.token)

    page.button[0].click().run()

    assert owner.scalar(text("select count(*) from chat_threads")) == 1
    assert is_signed_out(page.run())


def test_what_goes_on_without_a_page_is_not_asked_for_a_session(app: App, started: StartedSession, hold: Hold) -> None:
    hold(started.token)
    opened()
    app.sessions.end(started.token)

    with app.database.as_person(started.person) as session:
        assert session.scalar(text("select private.me()")) == started.person.staff_id


@pytest.mark.parametrize(
    ("change", "is_redrawn"),
    [
        ("select 1", False),
        ("update sessions set last_seen_at = now() - interval '9 hours'", False),
        ("update sessions set revoked_at = now()", True),
        ("update staff set active = false", True),
        ("update staff set role = 'admin'", True),
        ("delete from staff_sign_ins", True),
    ],
)
def test_an_open_page_is_taken_from_whoever_was_taken_out_and_not_from_whoever_was_idle(
    app: App, owner: Connection, started: StartedSession, hold: Hold, change: str, is_redrawn: bool
) -> None:
    hold(started.token)
    owner.execute(text(change))

    assert _is_another_matter(started.person, app) is is_redrawn
    assert LOOK_EVERY_S < 60
