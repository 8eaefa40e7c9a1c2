"""What begins on one server goes on on the other, and outlives a worker."""

import re
import time
from uuid import UUID, uuid4

from playwright.sync_api import expect

from tests.cast import enrol, open_class
from tests.e2e.assistant import answer, ask, stop_button, writing
from tests.production.deployment import Deployment
from tests.production.schools import School
from tests.production.visitor import Visitor

IN_HAND = "select count(*) from photo_jobs where class_id = :id and worker_id like :worker and state = 'calling'"
STUDENTS = 6


def class_of(school: School, students: int) -> UUID:
    """With names that no other school has."""
    class_id = open_class(school.deployment.owner, school.teacher, f"Trip {uuid4().hex[:6]}")
    for number in range(students):
        enrol(school.deployment.owner, class_id, f"Traveller {class_id.hex[:6]} {number:02}")
    return class_id


def test_a_portrait_asked_of_one_server_appears_on_the_other(visitor: Visitor, contoso: School) -> None:
    class_id = class_of(contoso, 1)
    visitor.sign_in(contoso, contoso.teacher)
    there = visitor.open(f"/Student_roster?class={class_id}", page=visitor.other_tab())
    here = visitor.open(f"/Student_roster?class={class_id}", server=visitor.deployment.first)

    here.get_by_role("button", name="Generate photo").click()

    portrait = re.compile("^AI-generated portrait of Traveller")
    expect(here.get_by_role("img", name=portrait)).to_be_visible()
    there.reload()
    expect(there.get_by_role("img", name=portrait)).to_be_visible()
    assert there.get_by_role("img", name=portrait).evaluate("image => image.naturalWidth") > 0


def test_an_answer_begun_on_one_server_is_followed_and_stopped_on_the_other(visitor: Visitor, contoso: School) -> None:
    first, second = visitor.deployment.first, visitor.deployment.second
    visitor.sign_in(contoso, contoso.hire(teaches=True))
    page = visitor.open("/Assistant", server=first)
    ask(page, "/lesson a warm-up for the choir")
    expect(page).to_have_url(re.compile("chat="))
    expect(writing(page)).to_be_visible()

    page.goto(page.url.replace(first, second))

    expect(writing(page)).to_be_visible()
    before = answer(page).inner_text()
    expect(answer(page)).not_to_have_text(before)
    stop_button(page).click()
    expect(writing(page)).to_have_count(0)
    expect(answer(page)).to_contain_text("Stopped")


def test_a_class_is_finished_when_one_of_two_workers_is_killed(
    visitor: Visitor, deployment: Deployment, fabrikam: School
) -> None:
    class_id = class_of(fabrikam, STUDENTS)
    visitor.sign_in(fabrikam, fabrikam.teacher)
    page = visitor.open(f"/Class_photos?class={class_id}", server=deployment.first)
    killed = deployment.workers[0]
    of_it = {"id": class_id, "worker": f"%-{killed.pid}-%"}
    try:
        page.get_by_role("button", name=f"Generate photos for {STUDENTS} students").click()
        give_up_at = time.monotonic() + 20
        while not deployment.value(IN_HAND, **of_it):
            assert time.monotonic() < give_up_at
        killed.kill()
        killed.wait()

        page.goto(page.url.replace(deployment.first, deployment.second))

        expect(page.get_by_text(re.compile(rf"\d+ of {STUDENTS} students have a new photo"))).to_be_visible(
            timeout=80_000
        )
        assert (
            deployment.value("select count(*) from photo_jobs where finished_at is null and class_id = :id", **of_it)
            == 0
        )
    finally:
        deployment.keep_working()
