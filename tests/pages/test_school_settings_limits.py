from decimal import Decimal

import pytest
from streamlit.testing.v1 import AppTest

from core.bootstrap import App
from core.usage.limits_by_hand import Rule
from core.usage.report import Series
from tests.pages.conftest import Demo, Open

PAGE = "pages/5_School_settings.py"


@pytest.fixture(autouse=True)
def _quick_clicks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here clicks follow faster than anybody's."""
    monkeypatch.setattr("core.ui.school_settings.choices_desk._DOUBLE_CLICK_S", 0)


def opened(open_page: Open) -> AppTest:
    page = open_page(PAGE, **{"as": "siti", "section": "limits"})
    assert not page.exception
    return page


def said(page: AppTest) -> str:
    main = page.main
    return "\n".join(one.value for one in (*main.markdown, *main.caption, *main.success, *main.warning, *main.error))


def press(page: AppTest, label: str, which: int = 0) -> AppTest:
    [one for one in page.main.button if one.label == label][which].click().run()
    assert not page.exception
    return page


def test_limits_are_said_in_sentences_changed_and_put_back(open_page: Open, demo: Demo, app: App) -> None:
    page = opened(open_page)
    assert "10 messages in any 60 seconds for each person." in said(page)
    assert "50 portraits in any 60 minutes for each person, and at least 2 seconds from one to the next." in said(page)

    next(one for one in page.main.number_input if one.label == "At most").set_value(3)
    before = next(one for one in page.main.button if one.label == "Save limit").id
    press(page, "Save limit")
    assert next(one for one in page.main.button if one.label == "Save limit").id == before
    assert "Saved. It holds from now on." in said(page)
    assert "3 messages in any 60 seconds for each person." in said(page)
    assert app.administration.limits.view(demo.siti).of(Series.CHAT).rule == Rule(3, Decimal(60), Decimal(0))

    press(page, "Back to the usual limit")
    assert "10 messages in any 60 seconds for each person." in said(page)
    assert "Back to the usual limit" not in [one.label for one in page.main.button]


def test_one_person_gets_an_exception_which_can_be_removed(open_page: Open, demo: Demo) -> None:
    page = opened(open_page)
    assert "The limits above hold for everyone." in said(page)
    next(one for one in page.main.selectbox if one.label == "Who").select(demo.mei.staff_id).run()
    next(one for one in page.main.selectbox if one.label == "What").select(Series.IMAGE).run()
    [*_, at_most] = [one for one in page.main.number_input if one.label == "At most"]
    assert at_most.value == 5
    at_most.set_value(20)
    press(page, "Save exception")
    assert "Save exception" in [one.label for one in page.main.button]

    assert "Saved for Mei Tan. It holds from now on." in said(page)
    assert "Single portraits: 20 portraits in any 60 seconds for **Mei Tan**." in said(page)
    press(page, "Remove exception")
    assert "The school's limit holds for Mei Tan again." in said(page)


def test_the_second_click_of_a_double_click_leaves_what_the_first_one_said(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.ui.school_settings.choices_desk._DOUBLE_CLICK_S", 60)
    page = opened(open_page)
    next(one for one in page.main.number_input if one.label == "At most").set_value(3)
    press(page, "Save limit")

    next(one for one in page.main.number_input if one.label == "At most").set_value(4)
    press(page, "Save limit")

    assert "Saved. It holds from now on." in said(page)
    assert "3 messages in any 60 seconds for each person." in said(page)


def test_a_pause_longer_than_the_window_is_refused_in_a_sentence(open_page: Open) -> None:
    page = opened(open_page)
    next(one for one in page.main.selectbox if one.label == "In any").select(Decimal(10))
    next(one for one in page.main.number_input if one.label == "Seconds from one to the next").set_value(30.0)

    press(page, "Save limit")

    assert "no longer than the window" in said(page)
    assert "10 messages in any 60 seconds for each person." in said(page)


@pytest.mark.parametrize(
    ("label", "typed", "reason"),
    [
        ("At most", 0, "At least 1 and at most"),
        ("At most", 1_000_000, "At least 1 and at most"),
        ("Seconds from one to the next", -1.0, "The pause between two starts lasts from 0 to"),
        ("Seconds from one to the next", 1e9, "The pause between two starts lasts from 0 to"),
    ],
)
def test_what_is_out_of_range_reaches_the_service_which_says_why_not(
    open_page: Open, label: str, typed: float, reason: str
) -> None:
    page = opened(open_page)
    figure = next(one for one in page.main.number_input if one.label == label)
    # With bounds the browser would turn it red and send nothing.
    assert (figure.min, figure.max) == (None, None)

    figure.set_value(typed)
    press(page, "Save limit")

    assert reason in said(page)
    assert "10 messages in any 60 seconds for each person." in said(page)
