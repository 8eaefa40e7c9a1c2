"""The days that a look at the page is about."""

from datetime import date, timedelta
from enum import StrEnum

from core.ui.formats import counted, day
from core.usage.report import Span

LONGEST_DAYS = 731


class Range(StrEnum):
    """What can be chosen; the value stands in the address bar."""

    TODAY = "today"
    WEEK = "7"
    DAYS = "30"
    QUARTER = "90"
    MONTH = "month"
    YEAR = "year"
    CUSTOM = "custom"

    @property
    def label(self) -> str:
        return _LABELS[self]


USUAL = Range.DAYS
_LABELS = {
    Range.TODAY: "Today",
    Range.WEEK: "7 days",
    Range.DAYS: "30 days",
    Range.QUARTER: "90 days",
    Range.MONTH: "Month",
    Range.YEAR: "Year",
    Range.CUSTOM: "Custom",
}


def span_of(chosen: Range, today: date, custom: Span | None = None) -> Span:
    """Up to today; a custom range without days is the usual one."""
    if chosen is Range.CUSTOM:
        return custom or span_of(USUAL, today)
    if chosen is Range.MONTH:
        return Span(today.replace(day=1), today)
    if chosen is Range.YEAR:
        return Span(today.replace(month=1, day=1), today)
    days = 1 if chosen is Range.TODAY else int(chosen)
    return Span(today - timedelta(days=days - 1), today)


def custom_span(first: date | None, last: date | None, today: date) -> Span | None:
    """None where the two make no sense: one is missing, they are the wrong way round, or too far apart."""
    if first is None or last is None or not first <= last <= today:
        return None
    span = Span(first, last)
    return span if span.days <= LONGEST_DAYS else None


def days_line(span: Span) -> str:
    """25 Oct to 23 Nov 2026, or the one day."""
    if span.days == 1:
        return day(span.last)
    first = f"{span.first.day} {span.first:%b}" if span.first.year == span.last.year else day(span.first)
    return f"{first} to {day(span.last)}"


def length(span: Span) -> str:
    """As it stands at the end of a sentence: in these 7 days, on this day."""
    return "on this day" if span.days == 1 else f"in these {counted(span.days, 'day')}"
