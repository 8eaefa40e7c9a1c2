from sqlalchemy import Connection, text

from tests.pages.conftest import Demo, Open

PAGE = "pages/5_School_settings.py"


def test_a_change_stands_there_in_plain_words(open_page: Open, demo: Demo, owner: Connection) -> None:
    owner.execute(
        text("select private.write_audit(:school, :actor, 'remove photo', :object, null, null)"),
        {"school": demo.siti.school_id, "actor": demo.mei.staff_id, "object": f"student {demo.ana}"},
    )

    page = open_page(PAGE, **{"as": "siti", "section": "audit"})

    assert not page.exception
    assert "**Took the photo of Ana Lim away**" in [one.value for one in page.main.markdown]


def test_a_teacher_is_told_that_this_is_for_admins(open_page: Open) -> None:
    page = open_page(PAGE, **{"as": "mei"})

    assert [one.value for one in page.main.warning] == [
        "This page is for admins. Ask one of yours, or choose another page."
    ]
