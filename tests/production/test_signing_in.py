"""The ways in, by password and by the school's own accounts."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from core.accounts.person import Person
from core.accounts.sessions import SESSION_COOKIE
from tests.production.schools import School
from tests.production.visitor import NewVisitor, Visitor, expect_asked_to_sign_in, fill_in, settle


def by_provider(visitor: Visitor, school: School, member: Person) -> None:
    """Clicks; the provider knows who sits there."""
    visitor.deployment.oidc.subject = str(member.staff_id)
    visitor.deployment.oidc.email = school.email(member)
    visitor.page.get_by_role("link", name="Sign in with your school account").click()


def test_a_password_leads_to_the_page_that_was_asked_for(visitor: Visitor, contoso: School) -> None:
    member = contoso.hire(teaches=True)
    asked = f"{visitor.deployment.first}/Student_roster?class={contoso.choir.id}&view=table"
    page = visitor.page
    page.goto(asked)
    expect(page).to_have_url(re.compile("/sign-in"))

    fill_in(page, contoso.email(member))

    expect(page).to_have_url(asked)
    settle(page)
    expect(page.get_by_text(member.full_name)).to_be_visible()
    expect(page.get_by_text(f"{contoso.choir.name} ·")).to_be_visible()
    visitor.note_session()


def test_the_school_s_account_leads_to_the_page_that_was_asked_for(visitor: Visitor, fabrikam: School) -> None:
    member = fabrikam.hire(teaches=True)
    asked = f"{visitor.deployment.second}/Class_photos?class={fabrikam.choir.id}"
    visitor.page.goto(asked)

    by_provider(visitor, fabrikam, member)

    expect(visitor.page).to_have_url(asked)
    settle(visitor.page)
    expect(visitor.page.get_by_text(member.full_name)).to_be_visible()
    visitor.note_session()


def test_a_wrong_password_and_an_unknown_e_mail_read_the_same(visitor: Visitor, contoso: School) -> None:
    page, read = visitor.page, []
    for email in (contoso.email(contoso.hire()), "nobody.at.all@contoso.school"):
        page.goto(f"{visitor.deployment.first}/sign-in")
        fill_in(page, email, "wrong wrong wrong")
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.get_by_label("E-mail")).to_have_value(email)
        read.append(page.content().replace(email, ""))

    assert read[0] == read[1]
    assert visitor.session == ""


def test_the_session_s_cookie_is_out_of_reach_of_scripts_and_other_sites(visitor: Visitor, contoso: School) -> None:
    visitor.sign_in(contoso, contoso.hire())

    (cookie,) = visitor.context.cookies()

    assert cookie["name"] == SESSION_COOKIE
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["secure"], cookie["path"]) == (True, "Lax", False, "/")
    # Gone when the browser is closed.
    assert cookie["expires"] == -1
    visitor.open("/")
    assert visitor.page.evaluate("document.cookie").find(SESSION_COOKIE) == -1


@pytest.mark.parametrize("wanted", ["//evil.example", "/\\evil.example"])
def test_a_link_to_sign_in_leads_nowhere_else(visitor: Visitor, contoso: School, wanted: str) -> None:
    page, first = visitor.page, visitor.deployment.first
    page.goto(f"{first}/sign-in?next={quote(wanted, safe='')}")

    fill_in(page, contoso.email(contoso.hire()))

    expect(page).to_have_url(f"{first}/")
    visitor.note_session()


def test_a_session_planted_before_sign_in_is_nobody_s_afterwards(
    visitors: NewVisitor, contoso: School, fabrikam: School
) -> None:
    thief, victim = visitors(), visitors()
    thief.sign_in(contoso, contoso.hire())
    planted = thief.session
    victim.context.add_cookies([{"name": SESSION_COOKIE, "value": planted, "url": victim.deployment.first}])
    victim.sign_in(fabrikam, fabrikam.hire())

    assert victim.session != planted
    thief.page.goto(f"{thief.deployment.second}/Usage")
    expect_asked_to_sign_in(thief.page)


def test_an_answer_of_the_provider_is_good_once_and_in_its_own_browser(visitors: NewVisitor, contoso: School) -> None:
    visitor, other = visitors(), visitors()
    answers: list[str] = []
    visitor.page.on("request", lambda request: answers.append(request.url) if "/callback?" in request.url else None)
    visitor.page.goto(f"{visitor.deployment.first}/sign-in")
    by_provider(visitor, contoso, contoso.hire())
    expect(visitor.page).to_have_url(f"{visitor.deployment.first}/")
    visitor.note_session()
    visitor.context.request.post(f"{visitor.deployment.first}/sign-out", headers={"Origin": visitor.deployment.first})

    for browser in (visitor, other):
        browser.page.goto(answers[0])
        expect(browser.page.get_by_role("link", name="Start again")).to_be_visible()
        assert browser.session == ""


def test_an_answer_to_nobody_s_question_is_refused(visitor: Visitor) -> None:
    callback = f"{visitor.deployment.first}/sign-in/oidc/callback"
    visitor.page.goto(f"{callback}?code=made-up&state=made-up&iss={quote(visitor.deployment.oidc.address)}")

    expect(visitor.page.get_by_role("link", name="Start again")).to_be_visible()
    assert visitor.session == ""
