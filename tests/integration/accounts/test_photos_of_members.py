"""A portrait's address in production: for whoever is signed in and may see the student at this moment."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.accounts.person import Person, Role
from core.accounts.sessions import SESSION_COOKIE
from core.photos.service import Photos
from core.photos.storage import LocalPhotoStorage
from core.server.photo_route import ASK_AGAIN_S, by_session, photo_route
from core.usage.model_choice import ImageChoice
from tests.cast import assign, enrol, found_school, open_class
from tests.integration.accounts.school import SignInSchool

_PHOTO = """
    with job as (
        insert into photo_jobs (id, school_id, student_id, state)
        select :photo, school_id, id, 'done' from students where id = :student returning *
    )
    insert into photos (id, school_id, student_id, storage_key, thumb_key, address, width, height, sha256, model,
        style, prompt, cost_source, is_current)
    select id, school_id, student_id, 'full', :thumb, 'a', 1, 1, repeat('0', 64), 'm', 's', 'p', 'reported', :current
    from job
"""


@dataclass
class Shown:
    """The photo of a student in `mei`'s form class, and what was read of it; the store is behind this, too."""

    school: SignInSchool
    mei: Person
    class_id: UUID
    photo_id: UUID
    was_read: list[str] = field(default_factory=list)
    lies_elsewhere: bool = False
    beside: set[str] = field(default_factory=set)

    @property
    def address(self) -> str:
        return f"/app/static/photos/{self.photo_id}"

    def browser(self, token: str | None) -> TestClient:
        choice = ImageChoice(model="m", size="1024x1024", quality="low")
        photos = Photos(database=self.school.database, storage=LocalPhotoStorage(Path("unused")), choice=choice)
        route = photo_route(by_session(lambda: self.school.sessions, lambda: photos), self)
        return TestClient(Starlette(routes=[route]), cookies={} if token is None else {SESSION_COOKIE: token})

    def as_(self, person: Person) -> TestClient:
        return self.browser(self.school.signed_in(person).token)

    def photograph(self, student: UUID, thumb: str, *, photo_id: UUID | None = None, is_current: bool = False) -> None:
        self.school.run(_PHOTO, photo=photo_id or uuid4(), student=student, thumb=thumb, current=is_current)

    def link(self, key: str, beside: Callable[[], Collection[str]]) -> str | None:
        if not self.lies_elsewhere:
            return None
        self.beside = set(beside())
        return f"https://photos.example/{key}"

    def read(self, key: str) -> bytes:
        self.was_read.append(key)
        return key.encode()


@pytest.fixture
def shown(school: SignInSchool) -> Shown:
    mei = school.hire()
    class_id, photo_id = open_class(school.owner, mei, f"P5 {uuid4().hex[:8]}"), uuid4()
    shown = Shown(school, mei, class_id, photo_id)
    shown.photograph(enrol(school.owner, class_id, "Ana Lim"), "small", photo_id=photo_id)
    return shown


def test_those_who_teach_the_student_and_the_school_s_admins_see_the_photo(shown: Shown) -> None:
    devi = shown.school.hire()
    assign(shown.school.owner, devi, shown.class_id, "subject")

    for person in (shown.mei, devi, shown.school.siti):
        browser = shown.as_(person)
        assert browser.get(shown.address).content == b"full"
        assert browser.get(shown.address, params={"size": "thumbnail"}).content == b"small"


@pytest.mark.parametrize("lies_elsewhere", [False, True])
def test_nobody_else_learns_that_there_is_a_photo(shown: Shown, lies_elsewhere: bool) -> None:
    school, shown.lies_elsewhere = shown.school, lies_elsewhere
    south = found_school(school.owner, f"South {uuid4().hex[:8]}")
    others = [school.hire(), school.hire(Role.ADMIN, school=south), school.hire(school=south)]
    browsers = [shown.browser(None), shown.browser("made up"), *(shown.as_(other) for other in others)]

    replies = [browser.get(shown.address) for browser in browsers]

    unknown = shown.as_(shown.mei).get(f"/app/static/photos/{uuid4()}")
    for reply in replies:
        assert (reply.status_code, reply.content) == (unknown.status_code, unknown.content) == (404, b"")
        assert dict(reply.headers) == dict(unknown.headers)
    assert shown.was_read == []


@pytest.mark.parametrize(
    "ended",
    [
        "update sessions set revoked_at = now() where staff_id = :mei",
        "update sessions set expires_at = now() where staff_id = :mei",
        "update sessions set last_seen_at = now() - interval '9 hours' where staff_id = :mei",
        "update staff set active = false where id = :mei",
        "delete from class_staff where staff_id = :mei",
        "update photos set removed_at = now() where id = :photo",
    ],
)
def test_what_ends_the_right_to_see_it_ends_it_for_a_browser_that_kept_it(shown: Shown, ended: str) -> None:
    browser = shown.as_(shown.mei)
    etag = browser.get(shown.address).headers["etag"]

    shown.school.run(ended, mei=shown.mei.staff_id, photo=shown.photo_id)

    again = browser.get(shown.address, headers={"If-None-Match": etag})
    assert (again.status_code, again.headers["cache-control"]) == (404, "no-store")


def test_a_browser_asks_again_before_a_minute_is_over_and_is_not_sent_it_twice(shown: Shown) -> None:
    browser = shown.as_(shown.mei)
    first = browser.get(shown.address)

    again = browser.get(shown.address, headers={"If-None-Match": first.headers["etag"]})

    assert first.headers["cache-control"] == f"private, max-age={ASK_AGAIN_S}, must-revalidate"
    assert ASK_AGAIN_S < 60
    assert (again.status_code, again.content) == (304, b"")
    assert first.headers["vary"] == again.headers["vary"] == "Cookie"
    assert shown.was_read == ["full"]


def test_looking_at_pictures_keeps_no_session_alive(shown: Shown) -> None:
    browser = shown.as_(shown.mei)
    seen = "select last_seen_at from sessions where staff_id = :mei"
    shown.school.run(
        "update sessions set last_seen_at = now() - interval '1 hour' where staff_id = :mei", mei=shown.mei.staff_id
    )
    before = shown.school.value(seen, mei=shown.mei.staff_id)

    browser.get(shown.address)

    assert shown.school.value(seen, mei=shown.mei.staff_id) == before


def test_the_way_to_a_photo_that_lies_elsewhere_is_asked_for_again_as_soon_as_the_photo_would_be(shown: Shown) -> None:
    shown.lies_elsewhere = True

    reply = shown.as_(shown.mei).get(shown.address, follow_redirects=False)

    assert (reply.status_code, reply.headers["location"]) == (302, "https://photos.example/full")
    assert reply.headers["cache-control"] == f"private, max-age={ASK_AGAIN_S}, must-revalidate"
    assert (reply.headers["vary"], "etag" in reply.headers, shown.was_read) == ("Cookie", False, [])


def test_with_one_photo_the_class_s_and_the_student_s_own_are_looked_up_as_far_as_the_person_may_see_them(
    shown: Shown,
) -> None:
    owner, devi, admin = shown.school.owner, shown.school.hire(), shown.school.hire(Role.ADMIN)
    beside = enrol(owner, shown.class_id, "Ben Ong")
    shown.photograph(beside, "of_ben_now", is_current=True)
    shown.photograph(beside, "of_ben_before")
    ana = UUID(str(shown.school.value("select student_id from photos where id = :photo", photo=shown.photo_id)))
    shown.photograph(ana, "of_ana_now", is_current=True)
    club = open_class(owner, devi, f"Choir {uuid4().hex[:8]}")
    shown.school.run(
        "insert into enrolments (school_id, class_id, student_id) select school_id, :club, id from students"
        " where id = :ana",
        club=club,
        ana=ana,
    )
    shown.photograph(enrol(owner, club, "Cai Tan"), "of_the_choir", is_current=True)
    shown.lies_elsewhere = True

    seen = {}
    for person in (shown.mei, devi, admin):
        shown.as_(person).get(shown.address, follow_redirects=False)
        seen[person] = shown.beside

    anas = {"small", "of_ana_now"}
    assert seen == {
        shown.mei: anas | {"of_ben_now"},
        devi: anas | {"of_the_choir"},
        admin: anas | {"of_ben_now", "of_the_choir"},
    }
