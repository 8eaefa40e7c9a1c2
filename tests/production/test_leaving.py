"""After signing out nothing of the former person is left in the browser."""

import re

from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from tests.e2e.assistant import box
from tests.production.schools import School
from tests.production.visitor import (
    NewVisitor,
    Visitor,
    expect_asked_to_sign_in,
    expect_signed_out,
    fill_in,
    look_again,
    settle,
)

# Without going on to where the picture is.
ANSWER = "address => fetch(address, {redirect: 'manual'}).then(reply => `${reply.type} ${reply.status}`)"
KEPT = "JSON.stringify([{...localStorage}, {...sessionStorage}])"


def open_choir(visitor: Visitor, school: School, page: Page | None = None) -> Page:
    page = visitor.open(f"/Student_roster?class={school.choir.id}", page=page)
    expect(student(page, school)).to_be_visible()
    return page


def student(page: Page, school: School) -> Locator:
    return page.get_by_role("button", name=next(iter(school.choir.students.values())), exact=True)


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()


def sign_in_again(visitor: Visitor, email: str) -> None:
    page = visitor.page
    fill_in(page, email)
    settle(page)
    visitor.note_session()


def test_back_after_signing_out_brings_nothing_back(visitor: Visitor, contoso: School) -> None:
    visitor.sign_in(contoso, contoso.teacher)
    page = open_choir(visitor, contoso)
    sign_out(page)
    visitor.received.clear()

    page.go_back()

    expect_signed_out(page)
    assert visitor.sees_of(contoso.names) == []


def test_a_tab_that_stands_open_is_taken_away_by_itself(visitor: Visitor, contoso: School) -> None:
    visitor.sign_in(contoso, contoso.teacher)
    visitor.own_time()
    left_open = open_choir(visitor, contoso, visitor.other_tab())
    sign_out(visitor.open("/"))

    look_again(left_open)

    expect_signed_out(left_open)
    expect(student(left_open, contoso)).to_have_count(0)


def test_a_tab_that_stands_open_obeys_no_click_and_its_reload_shows_the_form(visitor: Visitor, contoso: School) -> None:
    visitor.sign_in(contoso, contoso.teacher)
    left_open = open_choir(visitor, contoso, visitor.other_tab())
    sign_out(visitor.open("/"))
    visitor.received.clear()

    left_open.get_by_role("radio", name="table").click()

    expect_signed_out(left_open)
    assert visitor.sees_of(frozenset(contoso.choir.students.values())) == []
    left_open.reload()
    expect_asked_to_sign_in(left_open)


def test_whoever_signs_in_next_finds_nothing_of_the_former_person(visitor: Visitor, contoso: School) -> None:
    visitor.sign_in(contoso, contoso.teacher)
    page = open_choir(visitor, contoso)
    page.get_by_label("Search by name or number").fill("Ora")
    expect(page).to_have_url(re.compile("q=Ora"))
    box(visitor.open("/Assistant")).fill("A half-written question about Ora")
    portrait = f"{visitor.deployment.second}/app/static/photos/{contoso.choir.photos[0]}"
    assert page.evaluate(ANSWER, portrait) == "opaqueredirect 0"
    sign_out(page)
    former = contoso.names - {contoso.name} | {contoso.choir.name, "half-written", str(contoso.choir.id)}
    next_person = contoso.hire()

    sign_in_again(visitor, contoso.email(next_person))
    visitor.received.clear()

    page = visitor.open("/Student_roster")
    expect(page.get_by_text("No class yet.")).to_be_visible()
    assert "q=" not in page.url
    expect(box(visitor.open("/Assistant"))).to_have_value("")
    assert visitor.sees_of(former - {next_person.full_name}) == []
    assert not any(value in page.evaluate(KEPT) for value in former)
    assert page.evaluate(ANSWER, portrait) == "basic 404"


def test_a_tab_that_connects_anew_after_another_person_signed_in_shows_nothing_of_the_former(
    visitor: Visitor, contoso: School, fabrikam: School
) -> None:
    sockets: list[tuple[WebSocketRoute, WebSocketRoute]] = []

    def keep(socket: WebSocketRoute) -> None:
        sockets.append((socket, socket.connect_to_server()))

    visitor.sign_in(contoso, contoso.teacher)
    tab = visitor.other_tab()
    tab.route_web_socket(re.compile("/_stcore/stream"), keep)
    open_choir(visitor, contoso, tab)
    tab.get_by_label("Search by name or number").fill("Ora")
    expect(tab).to_have_url(re.compile("q=Ora"))
    sign_out(visitor.open("/"))
    sign_in_again(visitor, fabrikam.email(fabrikam.teacher))

    for end in sockets[-1]:
        end.close(code=3001)

    expect_signed_out(tab)
    assert "Ora" not in tab.content()
    assert "q=" not in tab.url
    tab.get_by_role("link", name="Sign in").click()
    expect(tab.get_by_text(fabrikam.teacher.full_name)).to_be_visible()


def test_signing_out_on_every_device_reaches_the_other_browser(visitors: NewVisitor, contoso: School) -> None:
    member = contoso.hire(teaches=True)
    here, there = visitors(), visitors()
    for visitor in (here, there):
        visitor.sign_in(contoso, member)
    there.own_time()
    left_open = open_choir(there, contoso, there.other_tab())

    here.page.goto(f"{here.deployment.first}/sign-out")
    here.page.get_by_role("button", name="Sign out on every device").click()
    expect(here.page.get_by_text("You are signed out on every device.")).to_be_visible()

    look_again(left_open)
    expect_signed_out(left_open)
