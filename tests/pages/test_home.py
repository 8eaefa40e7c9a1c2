from datetime import date, time
from decimal import Decimal

import pytest
from sqlalchemy import Connection, text
from streamlit.testing.v1 import AppTest

from core.bootstrap import App
from core.photos.prompt import Style
from core.ui.home import greeting, today_line
from core.ui.home_month import counts_line, difference_in_short, difference_line, rise, total
from core.usage.reads import MonthSummary
from tests.cast import enrol, open_class
from tests.pages.conftest import Demo, Open

TODAY = date(2026, 11, 12)


def month(cost: str | None = "1.23", before: str | None = "0.92", **other: int) -> MonthSummary:
    counts = {"photos": 24, "answers": 61, "unconfirmed": 0, **other}
    return MonthSummary(
        cost_usd=None if cost is None else Decimal(cost),
        is_at_least=cost is None,
        before_usd=None if before is None else Decimal(before),
        by_day=(Decimal(cost or 0),),
        **counts,
    )


def words(page: AppTest) -> list[str]:
    """Every text, caption and bar of the page's own, without the sidebar's."""
    bars = [bar.proto.text for bar in page.main.get("progress")]
    return [element.value for element in (*page.main.markdown, *page.main.caption)] + bars


def links(page: AppTest) -> dict[str, str]:
    """Where the links of the page's own lead."""
    return {link.proto.label: f"{link.proto.page}?{link.proto.query_string}" for link in page.main.get("page_link")}


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (time(0, 0), "Good morning, Mei Tan"),
        (time(11, 59), "Good morning, Mei Tan"),
        (time(12, 0), "Good afternoon, Mei Tan"),
        (time(18, 0), "Good evening, Mei Tan"),
    ],
)
def test_the_greeting_follows_the_clock(at: time, said: str) -> None:
    assert greeting("Mei Tan", at) == said


def test_the_day_is_told_with_its_week_of_term_and_the_school(demo: Demo) -> None:
    assert today_line(demo.mei, TODAY) == "Thursday 12 November 2026 · Term 4, week 9 · Demo Primary"


@pytest.mark.parametrize(
    ("cost", "before", "said"),
    [
        ("1.23", "0.92", r"\$0.31 more than October so far"),
        ("0.92", "1.23", r"\$0.31 less than October so far"),
        ("1.23", "1.23", "As much as October so far"),
        ("0.0004", "0", "As much as October so far"),
        ("0.005", "0", r"\$0.005 more than October so far"),
        (None, "0", "No price to compare with October so far"),
        ("0.04", None, "No price to compare with October so far"),
    ],
)
def test_the_month_stands_beside_the_same_days_of_the_last(cost: str | None, before: str | None, said: str) -> None:
    assert difference_line(month(cost, before), TODAY) == said


@pytest.mark.parametrize(
    ("cost", "before", "said"),
    [
        ("1.23", "0.92", r"+\$0.31 on October"),
        ("0.92", "1.23", r"−\$0.31 on October"),
        ("1.23", "1.2304", "As much as October"),
        (None, "0", "No price for October"),
    ],
)
def test_beside_the_sum_the_difference_is_short(cost: str | None, before: str | None, said: str) -> None:
    assert difference_in_short(month(cost, before), TODAY) == said


@pytest.mark.parametrize(
    ("cost", "shown"),
    [("0", r"\$0.00"), ("0.0004", r"\$0.0004"), ("0.28", r"\$0.28"), ("1234.5", r"\$1,234.50")],
)
def test_a_sum_never_reads_as_nothing_unless_it_is(cost: str, shown: str) -> None:
    assert total(Decimal(cost)) == shown


def test_what_was_made_is_counted_in_words() -> None:
    assert counts_line(month()) == "24 photos · 61 answers · nothing unconfirmed"
    assert counts_line(month(photos=1, answers=1, unconfirmed=2)) == "1 photo · 1 answer · 2 unconfirmed"


def test_the_line_rises_from_nothing_to_the_sum() -> None:
    assert rise((Decimal("0.5"), Decimal(0), Decimal("0.25"))) == [0.0, 0.5, 0.5, 0.75]


def test_a_teacher_finds_their_own_class_and_the_way_to_its_roster(demo: Demo, open_page: Open) -> None:
    page = open_page()

    assert "**P5 Integrity**" in words(page)
    assert "**P4 Courage**" not in words(page)
    assert "1 student · none have a photo" in words(page)
    assert links(page)["Open roster"] == f"Student_roster?class={demo.integrity}"


def test_an_admin_finds_every_class_of_the_school(open_page: Open) -> None:
    page = open_page(**{"as": "siti"})

    assert {"**P4 Courage**", "**P5 Integrity**", "No students yet"} <= set(words(page))


def test_a_school_with_many_classes_shows_them_page_by_page(demo: Demo, open_page: Open, owner: Connection) -> None:
    for number in range(12):
        open_class(owner, demo.arjun, f"P1 Class {number}")

    page = open_page(**{"as": "siti"})

    assert len(page.main.get("progress")) == 12


def test_links_keep_who_looks(demo: Demo, open_page: Open) -> None:
    page = open_page(**{"as": "arjun"})

    assert links(page)["Open roster"] == f"Student_roster?as=arjun&class={demo.courage}"
    assert links(page)["See where it went"] == "Usage?as=arjun&range=month"


def test_without_a_class_the_way_to_import_one_is_offered(demo: Demo, open_page: Open, owner: Connection) -> None:
    owner.execute(text("update classes set archived_at = now() where id = :id"), {"id": demo.integrity})

    page = open_page()

    assert "No class yet. Import a class list to begin." in words(page)
    assert links(page)["Import class list"] == "Student_roster?view=import"


def test_names_are_shown_as_they_are_written(demo: Demo, open_page: Open, owner: Connection) -> None:
    enrol(owner, open_class(owner, demo.mei, "*6* :red[A] $x$"), "Bo")

    assert r"**\*6\* \:red\[A\] \$x\$**" in words(open_page())


def test_work_under_way_is_counted_with_a_way_to_watch_it(demo: Demo, open_page: Open, app: App) -> None:
    app.photos.request(demo.mei, demo.ana, style=Style.PHOTO)

    page = open_page()

    assert ":material/photo_library: **Portraits** · 1 waiting" in words(page)
    assert links(page)["Watch"] == f"Student_roster?class={demo.integrity}"


def test_an_admin_finds_a_card_for_each_class_with_work(
    demo: Demo, open_page: Open, app: App, owner: Connection
) -> None:
    for student in (demo.ana, enrol(owner, demo.courage, "Bala s/o Kumar")):
        app.photos.request(demo.siti, student, style=Style.PHOTO)

    said = [line for line in words(open_page(**{"as": "siti"})) if "even when you close" in line]

    assert said == [f"{name}. They are made even when you close this page." for name in ("P4 Courage", "P5 Integrity")]


def test_work_on_others_students_stays_out_of_sight(demo: Demo, open_page: Open, app: App) -> None:
    app.photos.request(demo.mei, demo.ana, style=Style.PHOTO)

    assert "Nothing is running." in words(open_page(**{"as": "arjun"}))


def test_a_classs_photos_have_a_card_of_their_own(demo: Demo, open_page: Open, app: App, owner: Connection) -> None:
    bala, cara = (enrol(owner, demo.integrity, name) for name in ("Bala s/o Kumar", "Cara Wong"))
    batch_id = app.class_photos.start(demo.mei, demo.integrity, [demo.ana, bala, cara], style=Style.PHOTO)
    owner.execute(text("update photo_jobs set state = 'failed' where student_id = :id"), {"id": demo.ana})
    app.class_photos.pause(demo.mei, batch_id)

    page = open_page()

    assert ":material/photo_library: **Class photos · P5 Integrity**" in words(page)
    assert "1 of 3 finished · 1 not made, 2 waiting" in words(page)
    assert "Paused by a person. You can close this page." in words(page)
    assert links(page)["Watch"] == f"Class_photos?class={demo.integrity}&batch={batch_id}"
    assert "Nothing is running." not in words(page)


def test_single_portraits_are_not_counted_with_the_classs(demo: Demo, open_page: Open, app: App) -> None:
    app.class_photos.start(demo.mei, demo.integrity, [demo.ana], style=Style.PHOTO)

    assert not any("**Portraits**" in line for line in words(open_page()))


@pytest.mark.parametrize(("more", "label"), [(0, "Add 1 photo"), (2, "Add 3 photos")])
def test_a_class_in_which_some_lack_a_photo_leads_to_class_photos(
    demo: Demo, open_page: Open, owner: Connection, more: int, label: str
) -> None:
    for number in range(more):
        enrol(owner, demo.integrity, f"Student {number}")

    page = open_page()

    assert links(page)[label] == f"Class_photos?class={demo.integrity}"


def test_a_class_without_students_needs_no_photos(open_page: Open) -> None:
    assert not any(label.startswith("Add") for label in links(open_page(**{"as": "arjun"})))


def test_without_work_nothing_is_running(open_page: Open) -> None:
    page = open_page()

    assert "Nothing is running." in words(page)
    assert "Watch" not in links(page)


@pytest.mark.parametrize(
    ("costs", "said"),
    [([None], ("What it cost", "Not priced")), ([None, "0.04"], ("What it cost at least", r"\$0.04"))],
)
def test_a_cost_that_nobody_knows_makes_the_sum_the_least_it_can_be(
    demo: Demo, open_page: Open, owner: Connection, costs: list[str | None], said: tuple[str, str]
) -> None:
    for cost in costs:
        owner.execute(
            text(
                "insert into openai_usage (school_id, user_id, type, model, state, cost_source, estimated_cost,"
                " feature) values (:school, :user, 'image', 'new-model', 'settled', :source, :cost, 'portrait')"
            ),
            {
                "school": demo.mei.school_id,
                "user": demo.mei.staff_id,
                "source": "reported" if cost else "unpriced",
                "cost": cost,
            },
        )

    (metric,) = open_page().metric

    assert (metric.label, metric.value) == said


@pytest.mark.parametrize(
    ("who", "label", "cost"),
    [("mei", "What it cost", r"\$0.20"), ("siti", "What it cost the school", r"\$0.30")],
)
def test_a_teacher_finds_their_own_cost_and_an_admin_the_schools(
    demo: Demo, open_page: Open, owner: Connection, who: str, label: str, cost: str
) -> None:
    for person, amount in ((demo.mei, "0.2"), (demo.arjun, "0.1")):
        owner.execute(
            text(
                "insert into openai_usage"
                " (school_id, user_id, type, model, state, estimated_cost, cost_source, feature)"
                " values (:school, :user, 'image', 'any', 'settled', :amount, 'reported', 'portrait')"
            ),
            {"school": person.school_id, "user": person.staff_id, "amount": amount},
        )

    page = open_page(**{"as": who})

    (metric,) = page.metric
    assert (metric.label, metric.value) == (label, cost)
    assert f"{1 if who == 'mei' else 2} photo" in " ".join(words(page))


def test_the_demo_row_says_that_nothing_is_paid(open_page: Open) -> None:
    said = [line for line in words(open_page()) if line.startswith("You are looking")]

    assert said == ["You are looking at a made-up school as **Mei Tan, form teacher**. Nothing is paid."]


@pytest.mark.parametrize("environment", [{"OPENAI_API_KEY": "sk-test"}])
def test_with_a_real_key_the_demo_row_says_what_costs_money(open_page: Open) -> None:
    assert any(line.endswith("Portraits and answers cost real money.") for line in words(open_page()))
