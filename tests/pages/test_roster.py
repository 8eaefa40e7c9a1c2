from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, text
from streamlit.testing.v1 import AppTest

from core.bootstrap import App
from core.photos.board import Card, Standing
from core.photos.prompt import Style
from core.settings import CHECKOUT, Mode
from core.ui import roster_address, roster_page
from core.ui.photo_source import PhotoRoute
from core.ui.roster_toolbar import picker_px
from core.ui.text import escape_label
from tests.pages.conftest import Demo
from tests.pages.conftest import Open as OpenPage
from tests.pages.roster_fakes import (
    STARTS_AT,
    FakeClassPhotos,
    FakeMeetings,
    FakePeople,
    FakePhotos,
    FakeRoster,
    a_card,
    a_class,
    a_job,
    a_version,
)

Open = Callable[..., AppTest]

THREE = [
    a_card("Aaliyah Nur binte Hamzah", Standing.PHOTO, index_no=1),
    a_card("Ho Wei Jie", Standing.UNCONFIRMED, index_no=2),
    a_card("Rui Kang", index_no=3),
]


class School:
    """What the page asks; its cards are those that it shows next."""

    def __init__(self, cards: list[Card]) -> None:
        self.photos = FakePhotos(cards)
        self.roster = FakeRoster([a_class()], cards)
        self.class_photos = FakeClassPhotos()
        self.meetings = FakeMeetings()
        self.people = FakePeople()
        self.settings = SimpleNamespace(mode=Mode.DEMO, uses_stand_in=True, demo_per_visit=False)
        self.sessions = None

    def open(self, **query: str) -> AppTest:
        page = AppTest.from_file(str(CHECKOUT / "Home.py"), default_timeout=60)
        page.switch_page("pages/1_Student_roster.py")
        for name, value in query.items():
            page.query_params[name] = value
        return page.run()


@pytest.fixture
def school_of(monkeypatch: pytest.MonkeyPatch) -> Callable[[list[Card]], School]:
    def build(cards: list[Card]) -> School:
        school = School(cards)
        monkeypatch.setattr("core.ui.page.current_app", lambda: school)
        monkeypatch.setattr(PhotoRoute, "is_served", True)
        return school

    return build


Schools = Callable[[list[Card]], School]


def names_on(page: AppTest) -> list[str]:
    return [button.label.strip("*") for button in page.button if button.label.startswith("**")]


def labels_on(page: AppTest) -> list[str]:
    return [button.label for button in page.button if not button.label.startswith("**")]


def test_every_student_of_the_first_class_stands_there_in_register_order(school_of: Schools) -> None:
    page = school_of(THREE).open()

    assert names_on(page) == [card.full_name for card in THREE]
    assert "P5 Integrity · Primary 5 · 3 students · 1 has a photo" in [caption.value for caption in page.caption]


@pytest.mark.parametrize(
    ("card", "footer"),
    [
        (a_card("A"), "Generate photo"),
        (a_card("B", Standing.WAITING, starts_at=STARTS_AT), "Cancel"),
        (a_card("C", Standing.MAKING), ":blue-badge[:material/hourglass_top: Making]"),
        (a_card("D", Standing.NOT_MADE, message="Refused by the safety filter. Nothing was paid."), "Try again"),
        (a_card("E", Standing.UNCONFIRMED), "Decide"),
        (a_card("F", Standing.NOT_MADE, photo_id=uuid4()), ":orange-badge[:material/error: Not made]"),
        (a_card("G", Standing.WAITING), ":blue-badge[:material/schedule: Waiting]"),
        (a_card("H", Standing.WAITING, batch_state="running"), "Cancel"),
        (a_card("I", Standing.MAKING, batch_state="running"), ":blue-badge[:material/hourglass_top: Making]"),
    ],
)
def test_each_state_offers_its_own_next_step(school_of: Schools, card: Card, footer: str) -> None:
    page = school_of([card]).open()

    assert labels_on(page) == ["Import class list", footer]


def test_a_waiting_card_says_when_it_starts_in_the_schools_time(school_of: Schools) -> None:
    page = school_of([a_card("B", Standing.WAITING, starts_at=datetime(2126, 11, 12, 2, 42, 10, tzinfo=UTC))]).open()

    assert [text for text in page.markdown if "starts at 10:42:10" in text.value]


def test_a_time_that_is_over_is_not_shown_as_the_start(school_of: Schools) -> None:
    page = school_of([a_card("B", Standing.WAITING, starts_at=datetime.now(UTC))]).open()

    assert [text for text in page.markdown if "starts soon" in text.value]


@pytest.mark.parametrize("starts_at", [None, STARTS_AT])
def test_one_of_a_paused_class_says_so_and_can_be_cancelled(
    school_of: Schools, monkeypatch: pytest.MonkeyPatch, starts_at: datetime | None
) -> None:
    looks: list[bool] = []
    monkeypatch.setattr(roster_page, "watch", lambda *_, is_at_rest, **__: looks.append(is_at_rest))
    card = a_card("B", Standing.WAITING, starts_at=starts_at, batch_state="paused")
    school = school_of([card])
    page = school.open()
    assert [text for text in page.markdown if "class paused" in text.value]
    assert looks == [True]

    next(button for button in page.button if button.label == "Cancel").click().run()

    assert school.photos.cancelled == [card.job_id]


def test_the_drawer_of_one_of_a_paused_class_says_so_and_cancels(school_of: Schools) -> None:
    card = a_card("B", Standing.WAITING, batch_state="paused")
    school = school_of([card])
    school.photos.job = replace(a_job(Standing.WAITING), batch_state="paused")

    page = school.open(student=str(card.student_id))

    assert [text for text in page.markdown if "Paused with the class's photos" in text.value]
    page.button(key="drawer_cancel").click().run()
    assert school.photos.cancelled == [school.photos.job.id]


def test_a_card_that_failed_says_why_in_its_first_sentence(school_of: Schools) -> None:
    card = a_card("D", Standing.NOT_MADE, message="Refused by the safety filter. Nothing was paid.")

    page = school_of([card]).open()

    (shown,) = [text.value for text in page.markdown if "Not made" in text.value]
    assert "Refused by the safety filter]" in shown


def test_a_photo_stays_on_show_while_its_newest_job_failed(school_of: Schools) -> None:
    photo_id = uuid4()

    page = school_of([a_card("F", Standing.NOT_MADE, photo_id=photo_id)]).open()

    (image,) = page.image
    assert image.proto.imgs[0].url == f"/app/static/photos/{photo_id}?size=thumbnail"
    assert image.proto.imgs[0].alt == "AI-generated portrait of F"


NOT_ALLOWED = ":gray-badge[:material/block: Photo not allowed]"


@pytest.mark.parametrize("standing", [Standing.NONE, Standing.PHOTO, Standing.NOT_MADE])
def test_no_photo_allowed_is_a_quiet_badge_instead_of_a_button_that_asks(
    school_of: Schools, standing: Standing
) -> None:
    page = school_of([a_card("A", standing, portraits_allowed=False)]).open()

    assert labels_on(page) == ["Import class list", NOT_ALLOWED]


def test_no_photo_allowed_stands_in_the_table_and_the_drawer(school_of: Schools) -> None:
    cards = [a_card("A", portraits_allowed=False), a_card("B", Standing.PHOTO, portraits_allowed=False)]

    page = school_of(cards).open(view="table", student=str(cards[0].student_id))

    (table,) = page.dataframe
    assert [list(words) for words in table.value["state"]] == [
        ["Photo not allowed"],
        ["Has a photo", "Photo not allowed"],
    ]
    assert NOT_ALLOWED in [text.value for text in page.markdown]


@pytest.mark.parametrize("name", ["D'Souza, Ryan *Emmanuel*", "Siti $5 [x](y)", "1. Tan"])
def test_a_name_is_shown_as_written(school_of: Schools, name: str) -> None:
    page = school_of([a_card(name)]).open()

    (label,) = [button.label for button in page.button if button.label.startswith("**")]
    assert label == f"**{escape_label(name)}**"


def test_a_click_asks_for_a_portrait_and_the_card_says_so(school_of: Schools) -> None:
    school = school_of(THREE)
    page = school.open()

    next(button for button in page.button if button.label == "Generate photo").click().run()

    assert school.photos.asked == [THREE[2].student_id]
    assert ":blue-badge[:material/schedule: Waiting]" in labels_on(page)


def test_over_the_limit_is_one_sentence_over_the_page_which_stays_as_it_is(school_of: Schools) -> None:
    school = school_of(THREE)
    school.photos.is_full = True
    page = school.open()
    before = number_of_nodes(page.main)

    next(button for button in page.button if button.label == "Generate photo").click().run()

    (toast,) = page.toast
    assert toast.value.startswith("5 portraits are already waiting. The first starts at")
    assert "02\\:42\\:10" in toast.value
    assert number_of_nodes(page.main) == before
    assert not page.run().toast


def test_the_second_click_of_a_double_click_does_not_cancel(school_of: Schools) -> None:
    school = school_of([a_card("Rui Kang")])
    page = school.open()
    page.button[-1].click().run()
    (waiting,) = school.photos.on_board
    school.photos.on_board = [a_card("Rui Kang", Standing.WAITING, student_id=waiting.student_id, starts_at=STARTS_AT)]
    page.run()

    page.button[-1].click().run()

    assert page.button[-1].label == "Cancel"
    assert school.photos.cancelled == []


def test_cancel_gives_up_what_waits(school_of: Schools) -> None:
    card = a_card("Rui Kang", Standing.WAITING, starts_at=STARTS_AT)
    school = school_of([card])
    page = school.open()

    page.button[-1].click().run()

    assert school.photos.cancelled == [card.job_id]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "hamzah nur"}, ["Aaliyah Nur binte Hamzah"]),
        ({"q": "3"}, ["Rui Kang"]),
        ({"show": "without"}, ["Ho Wei Jie", "Rui Kang"]),
        ({"show": "check"}, ["Ho Wei Jie"]),
        ({"show": "nonsense", "view": "nonsense", "student": "nonsense"}, [card.full_name for card in THREE]),
    ],
)
def test_the_address_says_who_is_shown(school_of: Schools, query: dict[str, str], expected: list[str]) -> None:
    page = school_of(THREE).open(**query)

    assert names_on(page) == expected


def test_what_the_address_says_without_sense_is_taken_out(school_of: Schools) -> None:
    nonsense = {"class": "x", "show": "x", "view": "x", "student": "x", "as": "nobody"}

    page = school_of(THREE).open(**nonsense, q="rui")

    assert list(page.query_params) == ["q"]
    assert names_on(page) == ["Rui Kang"]


@pytest.mark.parametrize(("name", "width"), [("P5 Integrity", 170), ("Mathematics Foundation", 260)])
def test_a_long_class_name_gets_a_wider_picker(name: str, width: int) -> None:
    assert picker_px([a_class(), a_class(name, 6)]) == width


def test_who_was_on_show_stays_until_another_choice_is_made(school_of: Schools) -> None:
    school = school_of(THREE)
    page = school.open(show="without")
    school.photos.on_board = [THREE[0], THREE[1], a_card("Rui Kang", Standing.PHOTO, student_id=THREE[2].student_id)]

    assert names_on(page.run()) == ["Ho Wei Jie", "Rui Kang"]

    page.text_input(key="roster_search").input("rui").run()
    assert names_on(page) == []


def test_who_was_on_show_is_forgotten_with_the_page(school_of: Schools) -> None:
    school = school_of(THREE)
    page = school.open(show="without")
    school.photos.on_board = [THREE[0], THREE[1], a_card("Rui Kang", Standing.PHOTO, student_id=THREE[2].student_id)]
    del page.query_params["show"]
    page.run()

    page.query_params["show"] = "without"

    assert names_on(page.run()) == ["Ho Wei Jie"]


def test_a_choice_goes_into_the_address_and_the_usual_one_out_of_it(school_of: Schools) -> None:
    page = school_of(THREE).open()

    page.text_input(key="roster_search").input("rui").run()
    assert page.query_params["q"] == "rui"
    page.text_input(key="roster_search").input("").run()

    assert "q" not in page.query_params


def test_another_class_is_chosen_in_the_address(school_of: Schools) -> None:
    school = school_of(THREE)
    school.roster.all_classes.append(a_class("P5 Art", 6))
    page = school.open()

    page.selectbox(key="roster_class").select_index(1).run()

    assert page.query_params["class"] == str(UUID(int=6))


def test_the_way_to_class_photos_leads_to_the_same_class(school_of: Schools) -> None:
    page = school_of(THREE).open()

    links = {link.proto.label: link.proto.query_string for link in page.main.get("page_link")}
    assert links["Class photos"] == f"class={UUID(int=5)}"
    assert links["What they cost"] == f"class={UUID(int=5)}&feature=portrait"


def test_somebody_elses_class_is_refused_and_ones_own_are_offered(school_of: Schools) -> None:
    page = school_of(THREE).open(**{"class": str(uuid4())})

    assert [warning.value for warning in page.warning] == ["You may not open this class. Choose one of your own."]
    assert page.selectbox(key="roster_class").options == ["P5 Integrity"]
    assert names_on(page) == []


@pytest.mark.parametrize("by_stand_in", [True, False])
def test_a_portrait_is_called_a_demo_only_where_no_model_was_asked(school_of: Schools, by_stand_in: bool) -> None:
    school = school_of(THREE)
    school.photos.versions = (a_version(is_current=True, by_stand_in=by_stand_in),)

    page = school.open(student=str(THREE[0].student_id))

    marks = [mark.value for mark in page.markdown if "not a likeness" in mark.value]
    assert ["Demo" in mark for mark in marks] == [by_stand_in]


@pytest.mark.parametrize("is_allowed", [True, False])
def test_a_photo_can_be_removed_even_where_none_may_be_made(school_of: Schools, is_allowed: bool) -> None:
    card = a_card("A", Standing.PHOTO, portraits_allowed=is_allowed)
    school = school_of([card])
    school.photos.versions = (a_version(is_current=True), a_version(is_current=False))

    page = school.open(student=str(card.student_id))

    keys = [button.key for button in page.button]
    assert "drawer_remove" in keys
    assert ("drawer_make" in keys) == is_allowed
    assert any(key.startswith("use") for key in keys if key) == is_allowed
    assert "It stays among the earlier photos, and its address still opens it." in [one.value for one in page.caption]


@pytest.mark.parametrize("is_allowed", [True, False])
def test_an_unconfirmed_portrait_can_be_left_as_it_is(school_of: Schools, is_allowed: bool) -> None:
    card = a_card("A", Standing.UNCONFIRMED, portraits_allowed=is_allowed)
    school = school_of([card])
    school.photos.job = a_job(Standing.UNCONFIRMED)

    school.open(student=str(card.student_id)).button(key="drawer_leave").click().run()

    assert school.class_photos.left == [school.photos.job.id]
    assert school.photos.asked == []


@pytest.mark.parametrize("standing", [Standing.WAITING, Standing.MAKING, Standing.NOT_MADE])
def test_only_an_unconfirmed_portrait_can_be_left(school_of: Schools, standing: Standing) -> None:
    card = a_card("A", standing)
    school = school_of([card])
    school.photos.job = a_job(standing)

    page = school.open(student=str(card.student_id))

    assert "drawer_make" in [button.key for button in page.button]
    assert "drawer_leave" not in [button.key for button in page.button]


def test_one_that_was_left_unconfirmed_is_nothing_to_check(
    demo: Demo, open_page: OpenPage, app: App, owner: Connection
) -> None:
    job_id = app.photos.request(demo.mei, demo.ana, style=Style.PHOTO)
    for state in ("reserved", "calling", "unconfirmed"):
        owner.execute(text("update photo_jobs set state = :state where id = :id"), {"state": state, "id": job_id})

    app.class_photos.leave(demo.mei, job_id)

    page = open_page("pages/1_Student_roster.py")
    assert "Generate photo" in [button.label for button in page.button]
    assert any("To check 0" in str(choice.proto) for choice in page.get("button_group"))


def test_an_unknown_student_in_the_address_is_one_sentence_above_the_class(school_of: Schools) -> None:
    page = school_of(THREE).open(student=str(uuid4()))

    assert [warning.value for warning in page.warning] == [
        "This student is not in your classes. Look for the name in the roster."
    ]
    assert len(names_on(page)) == 3


def test_without_a_class_there_is_one_thing_to_do(school_of: Schools) -> None:
    school = school_of([])
    school.roster.all_classes.clear()

    page = school.open()

    assert [info.value for info in page.info] == ["No class yet. Import a class list to begin."]
    assert labels_on(page) == ["Import class list"]


@pytest.mark.parametrize(
    ("cards", "query", "sentence"),
    [
        ([], {}, "No student is in this class yet. Import its class list to begin."),
        (
            THREE,
            {"q": "nobody"},
            "No student matches the search. Look for another part of the name, or for the number.",
        ),
        (THREE[:1], {"show": "without"}, "Everyone in P5 Integrity has a photo."),
        (THREE[:1], {"show": "check"}, "Nothing to check."),
    ],
)
def test_an_empty_list_says_why(school_of: Schools, cards: list[Card], query: dict[str, str], sentence: str) -> None:
    page = school_of(cards).open(**query)

    assert [info.value for info in page.info] == [sentence]


def test_a_look_for_news_that_is_late_does_not_undo_what_was_typed(school_of: Schools) -> None:
    page = school_of(THREE).open()
    page.text_input(key="roster_search").input("rui").run()
    del page.query_params["q"]

    page.run()

    assert page.text_input(key="roster_search").value == "rui"
    assert page.query_params["q"] == "rui"


def test_back_brings_the_former_address_back(school_of: Schools, monkeypatch: pytest.MonkeyPatch) -> None:
    page = school_of(THREE).open()
    page.text_input(key="roster_search").input("rui").run()
    monkeypatch.setattr(roster_address, "LATE_S", 0)
    del page.query_params["q"]

    page.run()

    assert page.text_input(key="roster_search").value == ""


def test_the_price_stands_before_the_first_click(school_of: Schools) -> None:
    page = school_of(THREE).open()

    costs = "A portrait costs about \\$0.013 (gpt-image-2.5-flare, medium)."
    captions = [caption.value for caption in page.caption]
    assert f"{costs} You can make 5 a minute here; for more, use Class photos." in captions


def test_an_unknown_price_is_said_to_be_unknown(school_of: Schools) -> None:
    school = school_of(THREE)
    school.photos.price = None

    page = school.open()

    assert [caption for caption in page.caption if caption.value.startswith("A portrait is not priced")]


def test_the_table_holds_number_name_level_and_state(school_of: Schools) -> None:
    page = school_of(THREE).open(view="table")

    (table,) = page.dataframe
    assert list(table.value["student"]) == [card.full_name for card in THREE]
    assert [list(words) for words in table.value["state"]] == [["Has a photo"], ["Unconfirmed"], ["No photo"]]


def test_more_than_forty_students_are_shown_forty_at_a_time(school_of: Schools) -> None:
    page = school_of([a_card(f"Student {number}") for number in range(41)]).open()

    assert len(names_on(page)) == 40


def test_forty_cards_stay_within_what_a_rerun_may_send(school_of: Schools) -> None:
    cards = [a_card(f"Student {number}", Standing.PHOTO, index_no=number) for number in range(20)]
    cards += [a_card(f"Student {number}", index_no=number) for number in range(20, 40)]

    page = school_of(cards).open()

    assert number_of_nodes(page._tree) <= 260


def number_of_nodes(block: object) -> int:
    return 1 + sum(map(number_of_nodes, getattr(block, "children", {}).values()))
