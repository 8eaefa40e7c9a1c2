"""The students beside an answer: who is shown, in which order, and what opens."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import Connection, text
from streamlit.testing.v1 import AppTest

from core.bootstrap import App
from core.errors import UnknownStudent
from core.meetings.choice import Show, Sort
from core.ui.assistant import cards
from tests.cast import enrol
from tests.pages.conftest import Demo

Draw = Callable[..., AppTest]


def page_with_cards(kind: str, subject_id: str, name: str) -> None:
    from uuid import UUID

    from core.assistant.message import Subject
    from core.assistant.whom import About
    from core.bootstrap import current_app
    from core.ui.assistant.cards import draw_cards

    app = current_app()
    draw_cards(app.people.demo_person("mei"), app, Subject(About(kind), UUID(subject_id), name))


@pytest.fixture
def draw(app: App) -> Draw:  # noqa: ARG001 -- the page finds it by itself
    def draw(kind: str, subject_id: UUID, name: str = "P5 Integrity") -> AppTest:
        given = (kind, str(subject_id), name)
        return AppTest.from_function(page_with_cards, args=given, default_timeout=60).run()

    return draw


def names(page: AppTest) -> list[str]:
    firsts = (one.value.split("  \n:small[") for one in page.markdown if one.value.startswith("**"))
    return [parts[0].strip("*") for parts in firsts if len(parts) > 1]


def words(page: AppTest) -> str:
    return "\n".join(one.value for one in page.markdown).replace("\u00a0", " ")


def pills(page: AppTest) -> list[str]:
    (found,) = page.get("button_group")
    return [option.content for option in found.proto.options]


def observe(owner: Connection, demo: Demo, student: UUID, kind: str, words: str) -> None:
    owner.execute(
        text(
            "insert into observations (school_id, student_id, author_id, happened_at, kind, text)"
            " values (:school, :student, :author, now(), :kind, :words)"
        ),
        {
            "school": demo.mei.school_id,
            "student": student,
            "author": demo.mei.staff_id,
            "kind": kind,
            "words": words,
        },
    )


@pytest.fixture
def three(owner: Connection, demo: Demo) -> dict[str, UUID]:
    """Ana has nothing on record, Bo a concern, Cai two."""
    bo, cai = (enrol(owner, demo.integrity, name) for name in ("Bo Tan", "Cai Lin"))
    observe(owner, demo, bo, "concern", "Quiet in class")
    observe(owner, demo, cai, "concern", "Tired")
    observe(owner, demo, cai, "concern", "Tired again")
    return {"ana": demo.ana, "bo": bo, "cai": cai}


@pytest.mark.usefixtures("three")
def test_who_is_to_be_talked_about_comes_first_and_empty_filters_are_absent(demo: Demo, draw: Draw) -> None:
    page = draw("class", demo.integrity)

    assert pills(page) == [":gray[Something to discuss 2]", ":gray[No data 1]", ":gray[All 3]"]
    assert names(page) == ["Bo Tan", "Cai Lin"]


def test_where_nothing_is_to_discuss_everybody_is_shown(demo: Demo, draw: Draw) -> None:
    page = draw("class", demo.integrity)

    assert names(page) == ["Ana Lim"]
    assert "Attendance no data · Results no data" in words(page)


@pytest.mark.usefixtures("three")
def test_a_chosen_filter_says_who_is_shown(demo: Demo, draw: Draw) -> None:
    page = draw("class", demo.integrity)

    page.session_state[f"cards_show_{demo.integrity.hex}"] = Show.ALL
    page.run()

    assert names(page) == ["Ana Lim", "Bo Tan", "Cai Lin"]


@pytest.mark.usefixtures("three")
def test_the_order_goes_by_the_one_chosen_factor_which_is_told(demo: Demo, draw: Draw) -> None:
    page = draw("class", demo.integrity)

    page.selectbox[0].select(Sort.CONCERNS).run()

    assert names(page) == ["Cai Lin", "Bo Tan"]
    assert "2 concerns noted" in words(page)


@pytest.mark.usefixtures("three")
def test_a_filter_that_came_to_nothing_is_given_up(demo: Demo, draw: Draw, owner: Connection) -> None:
    page = draw("class", demo.integrity)
    assert names(page) == ["Bo Tan", "Cai Lin"]

    owner.execute(text("delete from observations"))
    page.run()

    assert names(page) == ["Ana Lim", "Bo Tan", "Cai Lin"]


def test_open_names_the_student_in_the_address_for_the_page_to_open(
    demo: Demo, draw: Draw, three: dict[str, UUID]
) -> None:
    page = draw("class", demo.integrity)

    page.button(key=f"card_{three['bo'].hex}").click().run()

    assert page.query_params["student"] == str(three["bo"])


def test_one_student_has_one_card_without_filters(draw: Draw, three: dict[str, UUID]) -> None:
    page = draw("student", three["cai"], "Cai Lin")

    assert names(page) == ["Cai Lin"]
    assert page.get("button_group") == []


def test_a_student_of_others_is_refused_in_a_sentence(demo: Demo, draw: Draw, owner: Connection) -> None:
    dan = enrol(owner, demo.courage, "Dan Goh")

    page = draw("student", dan, "Dan Goh")

    assert [one.value for one in page.warning] == [str(UnknownStudent())]


def test_a_class_without_students_says_so(demo: Demo, draw: Draw, owner: Connection) -> None:
    owner.execute(text("update students set status = 'left'"))

    page = draw("class", demo.integrity)

    assert [one.value for one in page.caption] == ["No student is in this class yet."]


def test_names_and_notes_are_shown_as_they_are_written(demo: Demo, draw: Draw, owner: Connection) -> None:
    odd = enrol(owner, demo.integrity, "*Eve* :red[A] $x$")
    observe(owner, demo, odd, "concern", "![x](https://elsewhere.example/x)")

    shown = words(draw("class", demo.integrity, "*6* :red[A]"))

    assert r"**\*Eve\* \:red\[A\] \$x\$**" in shown
    assert r"!\[x\](https\://elsewhere.example/x)" in shown


def test_a_face_is_named_and_an_absent_one_is_said(demo: Demo, draw: Draw) -> None:
    page = draw("class", demo.integrity)

    assert [image.proto.imgs[0].alt for image in page.image] == ["No photo yet"]


def test_a_phone_s_list_scrolls_with_the_page(
    demo: Demo, draw: Draw, owner: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(cards.FEW + 1):
        enrol(owner, demo.integrity, f"Student {number}")

    def heights(page: AppTest) -> set[int]:
        return {block.proto.height_config.pixel_height for block in page.get("flex_container")}

    desktop = heights(draw("class", demo.integrity))
    monkeypatch.setattr(cards, "is_phone", lambda: True)
    phone = heights(draw("class", demo.integrity))

    assert cards.CARDS_PX in desktop
    assert cards.CARDS_PX not in phone
