"""What becomes of an open page when the school or the clock changes what its person may do."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, expect

from core.accounts.person import Person, Role
from tests.e2e.assistant import box
from tests.production.deployment import Deployment
from tests.production.schools import PASSWORD, School
from tests.production.visitor import (
    NewVisitor,
    Visitor,
    expect_asked_to_sign_in,
    expect_signed_out,
    fill_in,
    look_again,
    settle,
)


@pytest.fixture
def admin(visitors: NewVisitor, contoso: School) -> Visitor:
    """At the page where a school keeps its people."""
    visitor = visitors()
    visitor.sign_in(contoso, contoso.hire(Role.ADMIN))
    return visitor


def open_member(admin: Visitor, member: Person) -> Locator:
    admin.open(f"/School_settings?section=people&member={member.staff_id}", server=admin.deployment.first)
    return admin.page.get_by_role("dialog", name=member.full_name)


def do(drawer: Locator, step: str, said: str) -> None:
    """Asks for it, and confirms."""
    drawer.get_by_role("button", name=step).click()
    drawer.get_by_test_id("stBaseButton-primary").filter(has_text=step).click()
    expect(drawer.get_by_text(said)).to_be_visible()


def test_an_admin_who_becomes_a_teacher_loses_the_settings_and_the_school_s_usage(
    visitor: Visitor, admin: Visitor, contoso: School
) -> None:
    member = contoso.hire(Role.ADMIN)
    visitor.sign_in(contoso, member)
    visitor.own_time()
    page = visitor.open("/Usage", page=visitor.other_tab())
    expect(page.get_by_role("link", name="School settings")).to_be_visible()
    expect(page.get_by_text("Compare with the invoice")).to_be_visible()

    do(open_member(admin, member), "Make teacher", "is a teacher now")
    look_again(page)

    expect(page.get_by_role("link", name="School settings")).to_have_count(0)
    expect(page.get_by_text("What you used yourself")).to_be_visible()
    expect(page.get_by_text("Compare with the invoice")).to_have_count(0)
    expect(visitor.open("/School_settings", page=page).get_by_text("This page is for admins.")).to_be_visible()


def test_a_member_who_is_taken_out_is_out_of_every_page_and_of_photos(
    visitor: Visitor, admin: Visitor, deployment: Deployment, contoso: School
) -> None:
    member = contoso.hire(teaches=True)
    visitor.sign_in(contoso, member)
    visitor.own_time()
    page = visitor.open(f"/Student_roster?class={contoso.choir.id}", page=visitor.other_tab())
    portrait = f"{deployment.second}/app/static/photos/{contoso.choir.photos[0]}"
    assert visitor.context.request.get(portrait).status == 200

    do(open_member(admin, member), "Deactivate", "is deactivated and signed out")
    look_again(page)

    expect_signed_out(page)
    assert all(name not in page.content() for name in contoso.choir.students.values())
    assert visitor.context.request.get(portrait).status == 404
    for path in ("/", "/Class_photos", "/Assistant", "/Usage"):
        page.goto(deployment.first + path)
        expect_asked_to_sign_in(page)
    fill_in(page, contoso.email(member))
    expect(page.get_by_role("alert")).to_contain_text("Ask an admin")


def test_whoever_is_invited_chooses_a_password_and_is_in(
    visitor: Visitor, admin: Visitor, deployment: Deployment
) -> None:
    email, page = f"{uuid4().hex[:8]}@contoso.school", admin.open("/School_settings?section=people")
    page.get_by_role("button", name="Add member").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Full name").fill("Nadia Rossi")
    dialog.get_by_label("E-mail", exact=True).fill(email)
    dialog.get_by_role("button", name="Add member").click()
    expect(page.get_by_text("The invitation is on its way.")).to_be_visible()
    (mail,) = [one for one in deployment.supabase.mails if one["account"].email == email]

    visitor.page.goto(f"{mail['redirect_to']}?token_hash={mail['token_hash']}&type=invite")
    visitor.page.get_by_label("New password").fill(PASSWORD)
    visitor.page.get_by_role("button", name="Set the new password").click()

    settle(visitor.page)
    visitor.note_session()
    expect(visitor.page.get_by_role("heading", name="Nadia Rossi")).to_be_visible()


def test_a_session_that_ran_out_keeps_what_was_typed_and_leads_back(
    visitor: Visitor, deployment: Deployment, contoso: School
) -> None:
    member = contoso.hire(teaches=True)
    visitor.sign_in(contoso, member)
    page = visitor.open("/Assistant")
    typed = "What did I want to tell the choir about their concert"
    deployment.sql(
        "update sessions set last_seen_at = now() - interval '9 hours' where staff_id = :id", id=member.staff_id
    )

    box(page).fill(typed)
    box(page).press("Enter")

    expect_signed_out(page)
    expect(page.get_by_text(typed)).to_be_visible()
    # A click may still count that comes seconds after the end.
    expect(page.get_by_text("it may not have been saved")).to_be_visible()
    page.get_by_role("link", name="Sign in").click()
    fill_in(page, contoso.email(member))
    expect(page).to_have_url(re.compile(r"/Assistant"))
    expect(box(page)).to_be_visible()
    visitor.note_session()
