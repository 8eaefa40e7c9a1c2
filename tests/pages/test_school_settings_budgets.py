"""The section "Budgets" of School settings, and what Home, Usage and Class photos show of budgets, over a database."""

import re
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Connection, text
from streamlit.testing.v1 import AppTest

from tests.integration.db.test_budgets import hold, spend
from tests.pages.conftest import Demo, Open

PAGE = "pages/5_School_settings.py"


@pytest.fixture
def section(open_page: Open) -> Any:
    return lambda **query: open_page(PAGE, **{"as": "siti", "section": "budgets", **query})


def words(page: AppTest) -> str:
    """Of dialogs, too."""
    parts = [page.markdown, page.caption, page.info, page.warning, page.success, page.toast]
    said = [one.value for part in parts for one in part] + [one.proto.text for one in page.get("progress")]
    return "\n".join(said).replace("\\", "")


def budget(owner: Connection, demo: Demo, amount: object = "5", **changes: Any) -> None:
    usual: dict[str, Any] = {"school": demo.siti.school_id, "class": None, "staff": None, "hard": True}
    owner.execute(
        text(
            "insert into budgets (school_id, class_id, staff_id, amount_usd, hard)"
            " values (:school, :class, :staff, :amount, :hard)"
        ),
        {**usual, "amount": amount, **changes},
    )


def field(page: AppTest, name: str) -> Any:
    """Of the form that is open, whatever its number."""
    kinds = ("number_input", "radio", "selectbox", "multiselect", "checkbox", "button_group", "button")
    found = [one for kind in kinds for one in page.get(kind) if re.fullmatch(rf"budgets\d+_{name}", one.key or "")]
    return found[-1]


def kept(owner: Connection) -> list[tuple[Any, ...]]:
    rows = owner.execute(
        text(
            "select coalesce(c.name, s.full_name), b.amount_usd, b.hard from budgets as b"
            " left join classes as c on c.id = b.class_id left join staff as s on s.id = b.staff_id order by 1"
        )
    )
    return [tuple(row) for row in rows]


def test_an_admin_sets_one_for_the_school_changes_and_removes_it(section: Any, owner: Connection) -> None:
    page = section()
    assert "No budget is set. Nothing is refused" in words(page)

    page.button(key="budgets_new").click().run()
    field(page, "amount").set_value(12.5)
    field(page, "hard").set_value(True)
    field(page, "save").click().run()
    assert kept(owner) == [(None, Decimal("12.50"), True)]
    assert "Saved. The school's budget is $12.50, every month, hard." in words(page)

    page.button(key=f"budgets_change_{owner.scalar(text('select id from budgets'))}").click().run()
    assert field(page, "amount").value == 12.5
    field(page, "amount").set_value(20)
    field(page, "save").click().run()
    assert kept(owner) == [(None, Decimal("20.00"), True)]

    page.button(key=f"budgets_change_{owner.scalar(text('select id from budgets'))}").click().run()
    field(page, "remove").click().run()
    assert kept(owner) != []
    field(page, "do").click().run()
    assert kept(owner) == []
    assert not page.exception
    acts = owner.scalars(text("select action from audit_log order by created_at")).all()
    assert acts == ["budget.added", "budget.corrected", "budget.removed"]


def test_everyone_gets_one_at_once_and_chosen_classes_one_of_their_own(
    section: Any, owner: Connection, demo: Demo
) -> None:
    page = section()
    page.button(key="budgets_new").click().run()
    field(page, "of").set_value("person").run()
    field(page, "all_person").set_value(True).run()
    field(page, "save").click().run()
    assert kept(owner) == [(name, Decimal(5), False) for name in ("Arjun Nair", "Mei Tan", "Siti Rahim")]
    assert "Saved. 3 people have a budget of $5.00 each, every month, soft." in words(page)

    page.button(key="budgets_new").click().run()
    field(page, "of").set_value("class").run()
    field(page, "save").click().run()
    assert "Choose whom the budget is for." in words(page)
    field(page, "some_class").set_value([str(demo.integrity)])
    field(page, "save").click().run()

    assert ("P5 Integrity", Decimal(5), False) in kept(owner)
    assert len(kept(owner)) == 4


def test_a_hard_budget_below_what_is_spent_says_that_it_refuses_at_once(
    section: Any, owner: Connection, demo: Demo
) -> None:
    spend(owner, demo.mei, "4.1", class_id=demo.integrity)
    page = section()
    page.button(key="budgets_new").click().run()
    field(page, "of").set_value("person").run()
    field(page, "all_person").set_value(True).run()
    field(page, "amount").set_value(4)
    field(page, "hard").set_value(True)
    field(page, "save").click().run()

    assert "1 of them is used up already this month: new paid work is refused from now on." in words(page)


def test_what_is_no_amount_reaches_the_service_which_says_why_not(section: Any, owner: Connection) -> None:
    page = section()
    page.button(key="budgets_new").click().run()
    # With bounds the browser would turn it red and send nothing.
    assert (field(page, "amount").min, field(page, "amount").max) == (None, None)

    for typed in (5.005, 0.0, 1_000_000.0):
        field(page, "amount").set_value(typed)
        field(page, "save").click().run()

        assert "A budget is an amount from $0.01 to $100,000.00" in words(page)
    assert kept(owner) == []


def test_each_budget_says_what_is_used_held_and_left_and_can_be_found(
    section: Any, owner: Connection, demo: Demo
) -> None:
    for of_whom in ({"class": demo.integrity}, {"staff": demo.mei.staff_id}, {"staff": demo.arjun.staff_id}):
        budget(owner, demo, **of_whom)
    spend(owner, demo.mei, "4.1", class_id=demo.integrity)
    hold(owner, demo.mei, "0.05")

    page = section()
    said = words(page)
    assert ":orange-badge[:material/warning: 82 % used]" in said
    assert "**$4.10 of $5.00** · $0.90 left" in said
    assert "**$4.15 of $5.00** · $0.85 left · $0.05 held for calls under way" in said
    assert "Person · hard · every month" in said
    assert "Arjun" not in words(section(budgets="nearly"))
    assert "Mei Tan" in words(section(budgets="people", holder="tan"))
    assert "No budget is set for a name like this." in words(section(holder="nobody"))


def test_what_is_under_a_cent_is_said_so_on_the_cards(section: Any, owner: Connection, demo: Demo) -> None:
    budget(owner, demo)
    spend(owner, demo.mei, "0.0027")
    hold(owner, demo.mei, "0.004")

    said = words(section())

    assert "**less than $0.01 of $5.00**" in said
    assert "less than $0.01 held for calls under way" in said
    assert "$0.00" not in said


def test_of_an_archived_class_and_of_who_left_a_budget_can_only_be_removed(
    section: Any, owner: Connection, demo: Demo
) -> None:
    budget(owner, demo, **{"class": demo.integrity})
    budget(owner, demo, staff=demo.arjun.staff_id)
    owner.execute(text("update classes set archived_at = now() where id = :id"), {"id": demo.integrity})
    owner.execute(text("update staff set active = false where id = :id"), {"id": demo.arjun.staff_id})

    page = section()
    acts = [one for one in page.button if (one.key or "").startswith("budgets_change_")]
    assert [one.label for one in acts] == ["Remove", "Remove"]
    acts[0].click().run()
    assert "remove it?" in words(page)
    field(page, "keep").click().run()
    assert len(kept(owner)) == 2
    assert "remove it?" not in words(page)

    page.button(key=acts[0].key).click().run()
    field(page, "do").click().run()
    assert len(kept(owner)) == 1


def test_home_and_usage_tell_whom_it_concerns_how_much_of_it_is_left(
    open_page: Open, owner: Connection, demo: Demo
) -> None:
    budget(owner, demo, staff=demo.mei.staff_id)
    budget(owner, demo, "20", hard=False)
    spend(owner, demo.mei, "4.1")
    # As the call that passed the marks did.
    owner.execute(text("select private.hold_in_budgets(:school, null, :mei, 0)"), {
        "school": demo.mei.school_id, "mei": demo.mei.staff_id,
    })  # fmt: skip

    mei, siti, arjun = (words(open_page(**{"as": name})) for name in ("mei", "siti", "arjun"))

    assert "Your budget: **$4.10 of $5.00**" in mei
    assert "The school's budget: **$4.10 of $20.00**" in siti
    assert "budget:" not in arjun
    banner = "**The budget of Mei Tan is 82 % used**: $4.10 of $5.00 this month, hard. What does not fit is refused."
    assert banner in siti
    assert "82 %" not in mei + arjun
    usage = {name: open_page("pages/4_Usage.py", **{"as": name}) for name in ("mei", "siti", "arjun")}
    assert banner in words(usage["siti"])
    headings = {name: [one.value.replace("\\", "") for one in page.main.subheader] for name, page in usage.items()}
    assert headings == {"mei": ["$4.10 of $5.00"], "siti": ["$4.10 of $20.00"], "arjun": []}
    alts = [chart.proto.alt for chart in usage["mei"].main.get("plotly_chart")]
    assert any(alt.startswith("Your budget: $4.10 of $5.00 used in ") for alt in alts)


def test_class_photos_tell_what_they_leave_of_each_budget(open_page: Open, owner: Connection, demo: Demo) -> None:
    budget(owner, demo, staff=demo.mei.staff_id)
    budget(owner, demo, "0.01", **{"class": demo.integrity})

    said = words(open_page("pages/2_Class_photos.py", **{"as": "mei"}))

    assert re.search(r"Your budget: \$5\.00 of \$5\.00 left, \$4\.9\d after this", said)
    assert "The budget of P5 Integrity: $0.01 of $0.01 left, $0.00 after this" in said
    assert "The budget of P5 Integrity has no room for a portrait. The batch pauses then" in said


def test_a_portrait_without_room_is_refused_at_the_click_with_whom_to_ask(
    open_page: Open, owner: Connection, demo: Demo
) -> None:
    budget(owner, demo, "0.01", staff=demo.mei.staff_id)

    page = open_page("pages/1_Student_roster.py", **{"as": "mei", "student": str(demo.ana)})
    next(
        one for one in page.button if one.label == "Generate photo" and "drawer" in (one.key or "drawer")
    ).click().run()

    said = words(page)
    assert "Your budget has no room for this" in said
    assert "Siti Rahim can raise it." in said
    assert owner.scalar(text("select count(*) from photo_jobs")) == 0
