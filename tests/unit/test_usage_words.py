import inspect
from datetime import date, timedelta
from decimal import Decimal

import pytest

from core import errors
from core.errors import ProviderError
from core.ui.usage import palette
from core.ui.usage.failure_words import words_of
from core.ui.usage.figures import bars, cost_line, cut, heat_map, stacked_days, weekly_bars
from core.ui.usage.label_room import room_for
from core.ui.usage.ranges import Range, custom_span, days_line, length, span_of
from core.ui.usage.words import amount, change_in_percent, dollars, short_count, with_others
from core.usage.report import DaySum, Hour, Series, Slice, Span, Sum

TODAY = date(2026, 11, 12)


@pytest.mark.parametrize(
    ("chosen", "first"),
    [
        (Range.TODAY, TODAY),
        (Range.WEEK, date(2026, 11, 6)),
        (Range.DAYS, date(2026, 10, 14)),
        (Range.QUARTER, date(2026, 8, 15)),
        (Range.MONTH, date(2026, 11, 1)),
        (Range.YEAR, date(2026, 1, 1)),
        (Range.CUSTOM, date(2026, 10, 14)),
    ],
)
def test_a_range_ends_today(chosen: Range, first: date) -> None:
    assert span_of(chosen, TODAY) == Span(first, TODAY)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (None, TODAY),
        (TODAY, None),
        (TODAY, TODAY - timedelta(1)),
        (TODAY, TODAY + timedelta(1)),
        (date(2020, 1, 1), TODAY),
    ],
)
def test_custom_days_that_make_no_sense_are_none(first: date | None, last: date | None) -> None:
    assert custom_span(first, last, TODAY) is None


def test_days_are_said_as_short_as_they_can_be() -> None:
    assert days_line(Span(TODAY, TODAY)) == "12 Nov 2026"
    assert days_line(Span(date(2026, 10, 14), TODAY)) == "14 Oct to 12 Nov 2026"
    assert days_line(Span(date(2025, 12, 31), TODAY)) == "31 Dec 2025 to 12 Nov 2026"
    assert length(Span(TODAY, TODAY)) == "on this day"


@pytest.mark.parametrize(
    ("total", "said"),
    [
        (Sum(cost_usd=Decimal("1234.5")), "$1,234.50"),
        (Sum(cost_usd=Decimal("0.0131")), "$0.013"),
        (Sum(requests=2, cost_usd=Decimal("0.5"), unpriced=1), "at least $0.50"),
        (Sum(requests=1, unpriced=1), "not priced"),
        (Sum(), "$0.00"),
    ],
)
def test_an_amount_says_what_is_not_known(total: Sum, said: str) -> None:
    assert amount(total) == said


def test_changes_and_counts_are_short() -> None:
    assert change_in_percent(Decimal("1.12"), Decimal(1)) == "12 %"
    assert change_in_percent(Decimal(1), Decimal(0)) == "none before"
    assert change_in_percent(Decimal(1), Decimal(1)) == "as before"
    assert short_count(2_940_000) == "2.9 M"
    assert dollars(Decimal("0.41")) == "$0.41"


def test_the_smaller_ones_are_summed_as_others() -> None:
    slices = [Slice(str(n), f"Teacher {n}", Sum(requests=1, cost_usd=Decimal(n))) for n in (9, 8, 7, 6, 5, 4)]

    shown = with_others(slices)

    assert [name for name, _ in shown] == ["Teacher 9", "Teacher 8", "Teacher 7", "Teacher 6", "2 others"]
    assert shown[-1][1].cost_usd == 9


@pytest.mark.parametrize(
    "code",
    sorted(
        error.code
        for _, error in inspect.getmembers(errors, inspect.isclass)
        if issubclass(error, ProviderError) and error.code != "error"
    ),
)
def test_whatever_a_paid_call_may_end_in_has_plain_words(code: str) -> None:
    for series in Series:
        assert code not in words_of(code, series).sentence
        assert words_of(code, series).to_do


def test_a_code_without_words_is_shown_itself() -> None:
    assert words_of("gremlins", Series.CHAT).sentence == "A message failed (gremlins)"


def test_streamlits_private_placeholders_are_all_there_and_differ() -> None:
    colors = [*palette.OF_SERIES.values(), palette.TEXT, palette.GRID, palette.BACKGROUND, *palette.SCALE]

    assert len(set(colors)) == len(colors) == 16
    assert all(color.startswith("#0000") for color in colors)


def test_every_chart_keeps_the_rules_that_all_share() -> None:
    day = DaySum(TODAY, {Series.CHAT: Sum(requests=1, cost_usd=Decimal("0.1"))})
    charts = [
        stacked_days([day]),
        bars([("Mei Tan", 1.0, "$1.00")]),
        heat_map([Hour(0, 15, 3)]),
        cost_line({TODAY: Decimal("0.013")}),
        weekly_bars({TODAY: 3}),
    ]

    for chart in charts:
        assert chart.layout.title.text == ""
        assert chart.layout.xaxis.fixedrange
        assert chart.layout.yaxis.fixedrange
        # Whatever Plotly has to measure is drawn twice.
        assert not chart.layout.xaxis.automargin
        assert not chart.layout.yaxis.automargin
        assert (chart.layout.yaxis.tickfont.size, chart.layout.yaxis.tickfont.color) == (12, palette.TEXT)
        assert chart.layout.height in {250, 290}


def test_types_are_stacked_in_one_order_with_their_colours() -> None:
    both = {Series.IMAGE: Sum(requests=1, cost_usd=Decimal(1)), Series.CHAT: Sum(requests=1, cost_usd=Decimal(1))}

    chart = stacked_days([DaySum(TODAY, both)])

    assert [(part.name, part.marker.color) for part in chart.data] == [
        ("Assistant", palette.OF_SERIES[Series.CHAT]),
        ("Single portraits", palette.OF_SERIES[Series.IMAGE]),
    ]


def test_the_longest_bar_leaves_room_for_its_value() -> None:
    assert bars([("Mei Tan", 2.0, "$2.00")]).layout.xaxis.range == (0, 2.64)


def test_names_are_cut_on_axes_and_are_no_markup() -> None:
    assert cut("Muhammad Faizal bin Abdullah") == "Muhammad Faizal bin…"
    assert cut("<b>P5") == "&lt;b>P5"


def test_a_single_week_has_a_bar_that_can_be_seen() -> None:
    assert weekly_bars({TODAY: 3}).data[0].width > timedelta(days=3).total_seconds() * 1000


@pytest.mark.parametrize(
    ("label", "px"),
    [("gpt-image-2.5-flare", 108), ("Grace Lim Hui Ying", 103), ("Other questions", 90), ("$0.0000", 50), ("5", 7)],
)
def test_the_room_beside_an_axis_is_as_wide_as_its_longest_word(label: str, px: int) -> None:
    """As Chromium measures them."""
    assert px + 8 <= room_for(["", label]) <= px + 16
