"""The section People where people sign in: sessions, invitations and the last admin."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, text
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from core import bootstrap
from core.accounts.identity import Identity
from core.accounts.person import Person, Role
from core.accounts.sessions import SESSION_COOKIE, StartedSession
from core.bootstrap import App
from core.errors import SignInBusy
from core.settings import CHECKOUT
from tests.cast import School, found_school, hire

ISSUER = "https://accounts.example"


@pytest.fixture
def environment() -> dict[str, str]:
    return {
        "STAFFROOM_MODE": "production",
        "STAFFROOM_SECRET_KEY": "a key of the school that is long enough",
        "PUBLIC_URL": "https://staffroom.example",
        "OIDC_ISSUER": ISSUER,
        "OIDC_CLIENT_ID": "staffroom",
    }


class FakeInvitations:
    """Takes the place of sign-in by password."""

    may_invite = True

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.is_busy = False

    def invite(self, email: str, redirect_to: str) -> bool:
        if self.is_busy:
            raise SignInBusy
        self.sent.append((email, redirect_to))
        return True


@pytest.fixture
def invitations(app: App, monkeypatch: pytest.MonkeyPatch) -> FakeInvitations:
    fake = FakeInvitations()
    changed: dict[str, Any] = {"passwords": fake}
    with_them = replace(app, sign_in=replace(app.sign_in, **changed))
    monkeypatch.setattr(bootstrap, "_current", [with_them])
    return fake


@pytest.fixture
def north(owner: Connection) -> School:
    return found_school(owner, "North Primary")


@pytest.fixture
def mei(owner: Connection, north: School) -> Person:
    return hire(owner, north, "Mei Tan")


@pytest.fixture
def siti(app: App, owner: Connection, north: School, monkeypatch: pytest.MonkeyPatch) -> Person:
    """An admin who is signed in here."""
    siti = hire(owner, north, "Siti Rahim", Role.ADMIN)
    token = signed_in(app, "siti.rahim", "Firefox").token
    monkeypatch.setattr(ContextProxy, "url", "https://staffroom.example/School_settings")
    monkeypatch.setattr(ContextProxy, "cookies", {SESSION_COOKIE: token})
    return siti


def signed_in(app: App, name: str, user_agent: str) -> StartedSession:
    return app.sessions.start(Identity(ISSUER, name, f"{name}@north.school", email_verified=True), user_agent)


def opened(**query: str) -> AppTest:
    page = AppTest.from_file(str(CHECKOUT / "Home.py"), default_timeout=60)
    for name, value in query.items():
        page.query_params[name] = value
    page.switch_page("pages/5_School_settings.py")
    page.run()
    assert not page.exception
    return page


def press(page: AppTest, label: str) -> AppTest:
    (button,) = [one for one in page.button if one.label == label]
    return button.click().run()


@pytest.mark.usefixtures("siti")
def test_an_admin_sees_a_members_sessions_and_ends_one(app: App, mei: Person) -> None:
    old, new = (signed_in(app, "mei.tan", agent) for agent in ("Chrome/142 (Windows NT 10.0)", "Safari/605 (iPad)"))

    page = opened(member=str(mei.staff_id))
    assert {"Chrome on Windows", "Safari on an iPad"} <= {one.value for one in page.markdown}
    first = next(one for one in page.button if one.label == "Sign out there")
    first.click().run()
    alive = [app.sessions.person(one.token) is not None for one in (old, new)]
    assert sorted(alive) == [False, True]
    signed_in(app, "mei.tan", "Firefox")
    press(opened(member=str(mei.staff_id)), "Sign out everywhere")

    assert app.sessions.person(old.token) is None
    assert app.sessions.person(new.token) is None


@pytest.mark.usefixtures("siti")
def test_unlinking_asks_first_and_lets_the_next_account_in(app: App, mei: Person) -> None:
    token = signed_in(app, "mei.tan", "Firefox").token
    page = press(opened(member=str(mei.staff_id)), "Unlink account")
    assert app.sessions.person(token) is not None

    page = press(page, "Unlink account")

    assert app.sessions.person(token) is None
    assert [one.value for one in page.success] == ["Unlinked. The next sign-in links an account anew."]


def test_the_last_admin_can_not_give_up_the_role(owner: Connection, siti: Person) -> None:
    page = press(opened(member=str(siti.staff_id)), "Make teacher")

    page = press(page, "Give up the role")

    assert "this is the last one" in page.warning[0].value
    assert owner.scalar(text("select role from staff where id = :id"), {"id": siti.staff_id}) == "admin"


@pytest.mark.usefixtures("siti")
def test_a_member_is_invited_and_after_a_while_again(
    mei: Person, invitations: FakeInvitations, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = press(opened(member=str(mei.staff_id)), "Invite")
    assert "on its way" in page.success[0].value
    page = press(page, "Invite again")
    assert invitations.sent == [("mei.tan@north.school", "https://staffroom.example/sign-in/new-password")]
    monkeypatch.setattr("core.ui.school_settings.people_invitation._DOUBLE_CLICK_S", 0)
    press(page, "Invite again")
    assert len(invitations.sent) == 2
    invitations.is_busy = True

    page = press(page, "Invite again")

    assert "busy" in page.warning[0].value


def test_a_new_member_is_invited_at_once_and_stays_when_that_fails(
    app: App, siti: Person, invitations: FakeInvitations
) -> None:
    invitations.is_busy = True
    page = press(opened(), "Add member")
    page.text_input(key="people_new_name").set_value("Omar Aziz")
    page.text_input(key="people_new_email").set_value("omar@north.school")

    page = [one for one in page.button if one.label == "Add member"][-1].click().run()

    assert "busy" in page.warning[0].value
    assert "Omar Aziz" in [one.full_name for one in app.administration.members.all(siti)]
