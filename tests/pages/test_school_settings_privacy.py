from streamlit.testing.v1 import AppTest

from core.bootstrap import App
from core.meetings.records import RecordKind
from tests.pages.conftest import Demo, Open

PAGE = "pages/5_School_settings.py"
SURE = "Yes, cases of our students may leave the school for the model's provider"


def opened(open_page: Open) -> AppTest:
    page = open_page(PAGE, **{"as": "siti", "section": "privacy"})
    assert not page.exception
    return page


def said(page: AppTest) -> str:
    main = page.main
    return "\n".join(one.value for one in (*main.markdown, *main.caption, *main.success, *main.warning, *main.error))


def press_save(page: AppTest) -> AppTest:
    next(one for one in page.main.button if one.label == "Save what may leave").click().run()
    assert not page.exception
    return page


def flip(page: AppTest, label: str) -> AppTest:
    toggle = next(one for one in page.main.toggle if one.label == label)
    toggle.set_value(not toggle.value).run()
    return page


def test_a_switch_holds_once_it_is_saved_and_says_who_did_it(open_page: Open, demo: Demo, app: App) -> None:
    page = opened(open_page)
    assert [one.label for one in page.main.toggle if one.value] == [
        "Attendance",
        "Results",
        "Observations",
        "Notes for meetings",
    ]
    assert "Nobody changed this yet." in said(page)

    flip(flip(page, "Observations"), "Notes for meetings")
    press_save(page)

    assert "Saved. From the next question on attendance and results may leave." in said(page)
    assert "Last changed by Siti Rahim on" in said(page)
    assert not next(one for one in page.main.button if one.label == "Save what may leave").disabled
    assert app.administration.letting_out.view(demo.siti).kinds == {RecordKind.ATTENDANCE, RecordKind.RESULT}


def test_cases_leave_only_after_a_confirmation_of_their_own(open_page: Open, demo: Demo, app: App) -> None:
    page = flip(opened(open_page), "Cases")
    press_save(page)
    assert "Confirm that cases may leave the school" in said(page)
    assert RecordKind.CASE not in app.administration.letting_out.view(demo.siti).kinds

    next(one for one in page.main.checkbox if one.label == SURE).check().run()
    press_save(page)

    assert RecordKind.CASE in app.administration.letting_out.view(demo.siti).kinds
    assert not [one for one in page.main.checkbox if one.label == SURE]
