from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Connection, text
from streamlit.testing.v1 import AppTest

from core.accounts.person import Person
from core.bootstrap import App
from core.errors import AppError, KeyRejected, ModelRetired, NoAnswer
from core.photos.prompt import Style
from core.ui import home_work, work_line
from tests.cast import enrol, open_class
from tests.pages.conftest import Demo, Open

WAY_TO_DONE = ("reserved", "calling", "received", "done")


def start(app: App, person: Person, class_id: UUID, *students: UUID) -> UUID:
    return app.class_photos.start(person, class_id, students, style=Style.PHOTO)


def bring(owner: Connection, student: UUID, *states: str) -> None:
    """The student's waiting job through these states, one after the other."""
    for state in states:
        owner.execute(
            text(
                "update photo_jobs set state = :state where student_id = :student"
                " and state not in ('done', 'failed', 'cancelled', 'unconfirmed')"
            ),
            {"state": state, "student": student},
        )


def bars(page: AppTest) -> list[tuple[str, int]]:
    return [(bar.proto.text, bar.proto.value) for bar in page.sidebar.get("progress")]


def captions(page: AppTest) -> list[str]:
    """The work's, without the demo box's own."""
    return [caption.value for caption in page.sidebar.caption][:-1]


def watch_links(page: AppTest) -> list[str]:
    links = page.sidebar.get("page_link")
    return [f"{link.proto.page}?{link.proto.query_string}" for link in links if link.proto.label == "Watch"]


def toasts(page: AppTest) -> list[str]:
    return [toast.value for toast in page.toast]


def test_without_class_photos_under_way_there_is_no_line(demo: Demo, open_page: Open, app: App) -> None:
    app.photos.request(demo.mei, demo.ana, style=Style.PHOTO)

    page = open_page()

    assert bars(page) == []
    assert captions(page) == []


@pytest.mark.parametrize("file", ["Home.py", "pages/1_Student_roster.py", "pages/2_Class_photos.py"])
def test_every_page_shows_what_is_under_way(
    demo: Demo, open_page: Open, app: App, owner: Connection, file: str
) -> None:
    bala = enrol(owner, demo.integrity, "Bala s/o Kumar")
    batch_id = start(app, demo.mei, demo.integrity, demo.ana, bala)
    bring(owner, bala, *WAY_TO_DONE)

    began = datetime.now(demo.mei.zone)

    page = open_page(file)

    assert bars(page) == [("Class photos · P5 Integrity", 50)]
    (caption,) = captions(page)
    waited_s = (datetime.now(demo.mei.zone) - began).seconds
    soon = {f"{began + timedelta(seconds=seconds):%H:%M}" for seconds in range(waited_s + 31)}
    assert caption in {f"1 of 2 finished · ready at about {at}" for at in soon}
    assert watch_links(page) == [f"Class_photos?class={demo.integrity}&batch={batch_id}"]


def test_the_line_keeps_who_looks(demo: Demo, open_page: Open, app: App) -> None:
    batch_id = start(app, demo.mei, demo.integrity, demo.ana)

    page = open_page(**{"as": "siti"})

    assert watch_links(page) == [f"Class_photos?as=siti&class={demo.integrity}&batch={batch_id}"]


def test_others_classes_stay_out_of_sight(demo: Demo, open_page: Open, app: App) -> None:
    start(app, demo.mei, demo.integrity, demo.ana)

    assert bars(open_page(**{"as": "arjun"})) == []


def test_of_many_the_newest_two_are_shown(demo: Demo, open_page: Open, app: App, owner: Connection) -> None:
    for number in range(4):
        one = open_class(owner, demo.mei, f"P{number} One")
        start(app, demo.mei, one, enrol(owner, one, "Bo"))

    page = open_page()

    assert [title for title, _ in bars(page)] == ["Class photos · P3 One", "Class photos · P2 One"]
    assert captions(page)[-1] == "and 2 more"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (None, "0 of 1 finished · paused by a person"),
        (KeyRejected(), "0 of 1 finished · paused: OpenAI did not accept the key"),
        (NoAnswer(), "0 of 1 finished · paused: OpenAI gave no answer three times in a row"),
        (ModelRetired("gpt-image-1.5", None), "0 of 1 finished · paused: The model gpt-image-1.5 has been retired"),
    ],
)
def test_a_paused_one_says_why_and_no_time(
    demo: Demo, open_page: Open, app: App, owner: Connection, error: AppError | None, said: str
) -> None:
    batch_id = start(app, demo.mei, demo.integrity, demo.ana)
    app.class_photos.pause(demo.mei, batch_id)
    if error is not None:
        because = {"reason": error.code, "message": str(error), "id": batch_id}
        owner.execute(
            text("update photo_batches set pause_reason = :reason, message = :message where id = :id"), because
        )

    assert captions(open_page()) == [said]


def test_a_cancelled_one_stays_until_what_is_being_made_is_over(
    demo: Demo, open_page: Open, app: App, owner: Connection
) -> None:
    bala = enrol(owner, demo.integrity, "Bala s/o Kumar")
    batch_id = start(app, demo.mei, demo.integrity, demo.ana, bala)
    bring(owner, bala, "reserved", "calling")
    app.class_photos.cancel(demo.mei, batch_id)

    assert captions(open_page()) == ["1 of 2 finished · cancelled, what is being made finishes"]


def test_names_are_shown_as_they_are_written(demo: Demo, open_page: Open, app: App, owner: Connection) -> None:
    one = open_class(owner, demo.mei, "*6* $x$")
    start(app, demo.mei, one, enrol(owner, one, "Bo"))

    assert bars(open_page()) == [(r"Class photos · \*6\* \$x\$", 0)]


def test_the_end_is_told_once(demo: Demo, open_page: Open, app: App, owner: Connection) -> None:
    bala = enrol(owner, demo.integrity, "Bala s/o Kumar")
    start(app, demo.mei, demo.integrity, demo.ana, bala)
    page = open_page()
    bring(owner, demo.ana, *WAY_TO_DONE)
    bring(owner, bala, "failed")

    page.run()

    assert toasts(page) == ["The photos of P5 Integrity are ready: 1 of 2 done"]
    assert bars(page) == []
    assert toasts(page.run()) == []


def test_a_cancelled_one_is_not_called_ready(demo: Demo, open_page: Open, app: App) -> None:
    batch_id = start(app, demo.mei, demo.integrity, demo.ana)
    page = open_page()
    app.class_photos.cancel(demo.mei, batch_id)

    assert toasts(page.run()) == ["The photos of P5 Integrity were cancelled: 0 of 1 done"]


def test_one_that_made_nothing_is_over_and_not_ready(demo: Demo, open_page: Open, app: App, owner: Connection) -> None:
    start(app, demo.mei, demo.integrity, demo.ana)
    page = open_page()
    bring(owner, demo.ana, "failed")

    assert toasts(page.run()) == ["The photos of P5 Integrity are over: 0 of 1 done"]


def test_class_photos_shows_the_end_itself(demo: Demo, open_page: Open, app: App, owner: Connection) -> None:
    start(app, demo.mei, demo.integrity, demo.ana)
    page = open_page("pages/2_Class_photos.py")
    bring(owner, demo.ana, *WAY_TO_DONE)

    assert toasts(page.run()) == []
    assert toasts(page.switch_page("Home.py").run()) == []


def test_an_earlier_visits_work_is_not_told_to_the_next_person(
    demo: Demo, open_page: Open, app: App, owner: Connection
) -> None:
    start(app, demo.mei, demo.integrity, demo.ana)
    page = open_page()
    bring(owner, demo.ana, *WAY_TO_DONE)

    page.sidebar.selectbox[0].select_index(1).run()

    assert toasts(page) == []


@pytest.fixture(params=[work_line, home_work])
def looks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each drawing of the line, or of Home's cards, called the work at rest."""
    found: list[bool] = []
    monkeypatch.setattr(request.param, "watch", lambda *_, is_at_rest, **__: found.append(is_at_rest))
    return found


def test_only_while_all_are_paused_and_none_is_being_made_it_looks_seldom(
    demo: Demo, open_page: Open, app: App, owner: Connection, looks: list[bool]
) -> None:
    batch_id = start(app, demo.mei, demo.integrity, demo.ana)
    bring(owner, demo.ana, "reserved", "calling")
    app.class_photos.pause(demo.mei, batch_id)
    page = open_page()
    bring(owner, demo.ana, "queued")
    page.run()
    other = open_class(owner, demo.mei, "P6 One")
    start(app, demo.mei, other, enrol(owner, other, "Bo"))
    page.run()

    assert looks == [False, True, False]


def test_home_looks_often_for_a_single_one_beside_a_paused_class(
    demo: Demo, open_page: Open, app: App, owner: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[bool] = []
    monkeypatch.setattr(home_work, "watch", lambda *_, is_at_rest, **__: looks.append(is_at_rest))
    app.class_photos.pause(demo.mei, start(app, demo.mei, demo.integrity, demo.ana))
    app.photos.request(demo.mei, enrol(owner, demo.integrity, "Bala s/o Kumar"), style=Style.PHOTO)

    open_page()

    assert looks == [False]
