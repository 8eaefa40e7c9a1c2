from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Connection, text
from streamlit.testing.v1 import AppTest

from core import bootstrap
from core.bootstrap import App
from core.ui.formats import local_day
from core.ui.usage.ranges import Range
from core.usage.report import Booked, Report, Retiring, Span
from tests.pages.conftest import Demo, Open
from tests.pages.usage_fakes import (
    AT,
    CLASS_ID,
    TEACHER_ID,
    FakeUsageReports,
    a_failure,
    a_report,
    a_slice,
    a_sum,
    an_uncertain,
    nothing_used,
)

PAGE = "pages/4_Usage.py"


@pytest.fixture
def reports(app: App, monkeypatch: pytest.MonkeyPatch) -> FakeUsageReports:
    fake = FakeUsageReports(a_report())
    changed: dict[str, Any] = {"usage_reports": fake}
    monkeypatch.setattr(bootstrap, "_current", [replace(app, **changed)])
    return fake


def open_as(open_page: Open, reports: FakeUsageReports, who: str, shows: Report, **query: str) -> AppTest:
    reports.shows = shows
    return open_page(PAGE, **{"as": who, **query})


def words(page: AppTest) -> str:
    main = page.main
    return "\n".join(one.value for one in (*main.markdown, *main.caption, *main.info, *main.warning))


def in_address(page: AppTest, name: str) -> str | None:
    """As it was opened with, or as the page set it."""
    value = page.query_params.get(name)
    return value[0] if isinstance(value, list) else value


def tiles(page: AppTest) -> list[str]:
    """The titles of the cards with a chart, which are bold."""
    return [one.value.strip("*") for one in page.main.markdown if one.value.startswith("**") and "\n" not in one.value]


def metrics(page: AppTest) -> dict[str, str]:
    return {one.label: one.value for one in page.main.metric}


def alts(page: AppTest) -> list[str]:
    return [chart.proto.alt for chart in page.main.get("plotly_chart")]


def test_an_admin_sees_the_schools_figures(open_page: Open, reports: FakeUsageReports) -> None:
    page = open_as(open_page, reports, "siti", a_report())

    assert metrics(page) == {
        "Spend": r"\$5.79",
        "Forecast, Nov": r"\$4.90",
        "Requests": "1,284",
        "Tokens": "128,400",
        "Photos": "96",
        "Errors": "7",
    }
    assert [one.delta for one in page.main.metric] == ["12 %", r"± \$0.60", "9 %", "9 %", "41", "3"]


def test_the_forecasts_help_says_how_it_is_worked_out(open_page: Open, reports: FakeUsageReports) -> None:
    page = open_as(open_page, reports, "siti", a_report())

    forecast = page.main.metric[1].proto.help
    assert "mean of its kind, school day or weekend, over the last 28 days" in forecast
    assert r"between \$4.30 and \$5.50" in forecast


def test_an_admins_tiles_stand_in_their_order(open_page: Open, reports: FakeUsageReports) -> None:
    page = open_as(open_page, reports, "siti", a_report())

    assert tiles(page) == [
        "Spend by day",
        "By teacher",
        "By class",
        "What it was used for",
        "Topics of questions",
        "When it is used",
        "Limits right now",
        "By model",
        "Cost of one photo",
        "Cost of one message",
        "Portraits made and kept",
        "Active teachers",
        "What went wrong",
    ]


def test_a_teacher_sees_topics_in_place_of_teachers(open_page: Open, reports: FakeUsageReports) -> None:
    page = open_as(open_page, reports, "mei", a_report(is_school=False))

    assert tiles(page)[:2] == ["Spend by day", "Topics of questions"]
    assert "By teacher" not in tiles(page)
    assert "Active teachers" not in tiles(page)
    assert "What you used yourself" in words(page)
    assert "Compare with the invoice" not in [button.label for button in page.main.button]


def test_every_chart_says_what_it_shows(open_page: Open, reports: FakeUsageReports) -> None:
    page = open_as(open_page, reports, "siti", a_report())

    assert len(alts(page)) == 11
    assert all(alts(page))
    assert "Topics of questions: Meetings 412, Lessons 318." in alts(page)
    assert "When it is used: busiest on Mondays at 15:00 with 23 of 35 requests." in alts(page)


def test_a_tile_without_data_is_absent(open_page: Open, reports: FakeUsageReports) -> None:
    page = open_as(open_page, reports, "siti", a_report(cost_per_photo={}, hours=(), portraits=None))

    assert not {"Cost of one photo", "When it is used", "Portraits made and kept"} & set(tiles(page))


def test_where_nothing_was_used_one_sentence_stands_for_the_charts(open_page: Open, reports: FakeUsageReports) -> None:
    page = open_as(open_page, reports, "mei", nothing_used(is_school=False), range="7")

    assert [one.value for one in page.main.info] == ["Nothing was used in these 7 days."]
    assert tiles(page) == []
    assert metrics(page)["Spend"] == r"\$0.00"


def test_one_day_and_one_teacher_can_be_looked_at(open_page: Open, reports: FakeUsageReports) -> None:
    one = a_report(days=1, by_teacher=(a_slice("Mei Tan"),), active_teachers={})

    page = open_as(open_page, reports, "siti", one, range="today")

    assert not page.exception
    assert "By teacher: Mei Tan $0.40." in alts(page)


def test_an_unknown_price_makes_a_sum_at_least_that(open_page: Open, reports: FakeUsageReports) -> None:
    page = open_as(open_page, reports, "siti", a_report(total=a_sum("5.79", unpriced=2)))

    assert metrics(page)["Spend, at least"] == r"\$5.79"
    assert "For 2 requests no price is known, so it is at least that." in words(page)


def test_possible_and_estimated_parts_are_said_with_their_amounts(open_page: Open, reports: FakeUsageReports) -> None:
    unsure = a_sum("5.79", possible_usd=Decimal("0.12"), estimated_usd=Decimal("0.034"))

    page = open_as(open_page, reports, "siti", a_report(total=unsure))

    assert r"Of the \$5.79, \$0.12 may have been charged" in words(page)
    assert r"\$0.034 is our own count" in words(page)


def test_a_retiring_model_is_told_with_its_day_and_successor(open_page: Open, reports: FakeUsageReports) -> None:
    ends = Retiring("gpt-4o-mini", date(2100, 1, 14), "gpt-6-luna")

    page = open_as(open_page, reports, "siti", a_report(retiring=(ends,)))

    (warning,) = (one.value for one in page.main.warning)
    assert "**gpt-4o-mini** stops answering on 14 Jan 2100" in warning
    assert "Its successor is **gpt-6-luna**" in warning


def test_what_went_wrong_is_said_plainly_with_what_to_do(open_page: Open, reports: FakeUsageReports) -> None:
    page = open_as(open_page, reports, "siti", a_report(failures=(a_failure(), a_failure("key_rejected", 1))))

    said = words(page)
    assert "A portrait was refused by the safety filter" in said
    assert "3 times  \n:gray[last 12 Nov, 10:25, Mei Tan]" in said
    assert r"An admin sets a new OPENAI\_API\_KEY" in said
    assert "4 errors of 2 kinds" in said


def test_the_limits_say_who_used_what_and_when_a_slot_is_free(open_page: Open, reports: FakeUsageReports) -> None:
    page = open_as(open_page, reports, "siti", a_report())

    bars = [bar.proto.text for bar in page.main.get("progress")]
    assert bars == ["Mei Tan · portraits: **3 of 5** · oldest ends at 10:26:03"]


def test_the_address_says_which_days_and_filters(open_page: Open, reports: FakeUsageReports) -> None:
    chosen = {"range": "7", "teacher": str(TEACHER_ID), "class": str(CLASS_ID), "feature": "ptm", "model": "gpt-6-luna"}

    page = open_as(open_page, reports, "siti", a_report(), **chosen)

    asked = reports.asked[-1]
    assert asked.span.days == 7
    assert (asked.staff_id, asked.class_id, asked.feature, asked.model) == (TEACHER_ID, CLASS_ID, "ptm", "gpt-6-luna")
    assert "only Mei Tan, P5 Integrity, Meetings, gpt-6-luna" in words(page)


@pytest.mark.parametrize(
    "senseless",
    [
        {"range": "fortnight"},
        {"from": "2026-11-01", "to": "2026-11-02"},
        {"range": "custom", "from": "2026-11-02", "to": "2026-11-01"},
        {"teacher": "mei"},
        {"class": "9b1f8a7e-0000-4000-8000-000000000000"},
        {"feature": "gossip"},
        {"model": "gpt-2"},
        {"view": "bill"},
    ],
    ids=str,
)
def test_what_makes_no_sense_leaves_the_address(
    open_page: Open, reports: FakeUsageReports, senseless: dict[str, str]
) -> None:
    page = open_as(open_page, reports, "siti", a_report(), **senseless)

    assert not page.exception
    assert set(page.query_params) - {"range"} == {"as"}
    assert in_address(page, "range") in {None, "custom"}


def test_a_teacher_can_ask_neither_for_a_colleague_nor_for_the_invoice(
    open_page: Open, reports: FakeUsageReports
) -> None:
    own = a_report(is_school=False)

    page = open_as(open_page, reports, "mei", own, teacher=str(TEACHER_ID), view="invoice")

    assert reports.asked[-1].staff_id is None
    assert set(page.query_params) == {"as"}
    assert page.title[0].value == "Usage"


def test_choosing_a_range_and_a_filter_moves_the_address(open_page: Open, reports: FakeUsageReports) -> None:
    page = open_as(open_page, reports, "siti", a_report())

    page.main.segmented_control(key="usage_range").set_value(Range.QUARTER).run()
    page.main.selectbox(key="usage_model").set_value("gpt-6-luna").run()

    assert in_address(page, "range") == "90"
    assert in_address(page, "model") == "gpt-6-luna"
    assert reports.asked[-1].span.days == 90
    assert reports.asked[-1].model == "gpt-6-luna"


def test_custom_begins_with_the_days_that_were_shown(open_page: Open, reports: FakeUsageReports) -> None:
    page = open_as(open_page, reports, "siti", a_report(), range="7")
    shown = reports.asked[-1].span

    page.main.segmented_control(key="usage_range").set_value(Range.CUSTOM).run()

    assert in_address(page, "from") == shown.first.isoformat()
    assert reports.asked[-1].span == shown


def test_the_invoice_is_compared_with_the_ledger(open_page: Open, reports: FakeUsageReports, demo: Demo) -> None:
    today = datetime.now(demo.siti.zone).date()
    reports.booked_lines = [Booked(today, "gpt-6-luna", a_sum("0.41", possible_usd=Decimal("0.02")))]
    reports.uncertain_rows = [an_uncertain()]
    page = open_as(open_page, reports, "siti", a_report(), view="invoice")

    page.text_area[0].set_value(f"{today}, gpt-6-luna, $0.40\nnonsense").run()

    assert metrics(page) == {"Ledger": r"\$0.41", "Invoice": r"\$0.40", "Difference": r"−\$0.01"}
    assert "that explains it" in words(page)
    assert "1 line could not be read and is left out." in words(page)
    refused, compared, uncertain = (one.value for one in page.main.dataframe)
    assert refused["Row"].tolist() == [2]
    assert [float(one) for one in compared["Difference, USD"]] == [-0.01]
    assert uncertain["Why it is not sure"].tolist() == ["May have been charged"]


def test_the_page_of_the_real_school_shows_its_ledger(open_page: Open, app: App, demo: Demo, owner: Connection) -> None:
    owner.execute(
        text(
            "insert into openai_usage (school_id, user_id, type, model, attempt, state, estimated_cost, cost_source,"
            " feature, class_id, prompt_tokens, completion_tokens, total_tokens) values (:school, :user, 'chat',"
            " 'gpt-6-luna', 1, 'settled', 0.25, 'reported', 'ptm', :class, 100, 20, 120)"
        ),
        {"school": demo.mei.school_id, "user": demo.mei.staff_id, "class": demo.integrity},
    )

    app.usage_reports.choices(demo.mei)
    own, others = open_page(PAGE, **{"as": "mei"}), open_page(PAGE, **{"as": "arjun"})
    schools = open_page(PAGE, **{"as": "siti", "range": "today"})

    assert metrics(own)["Spend"] == metrics(schools)["Spend"] == r"\$0.25"
    assert [one.value for one in others.main.info] == ["Nothing was used in these 30 days."]
    today = local_day(AT, demo.mei.zone)
    assert app.usage_reports.booked(demo.siti, Span(today, date(2100, 1, 1)))[0].sum.cost_usd == Decimal("0.25")
