"""Which students a teacher looks at and in which order; the order by register is the usual one."""

from collections.abc import Callable, Sequence
from enum import StrEnum

from core.meetings.readiness import Readiness


class Show(StrEnum):
    """The filter pills."""

    ALL = "all"
    TO_DISCUSS = "to_discuss"
    OPEN_CASE = "open_case"
    NO_DATA = "no_data"


class Sort(StrEnum):
    """One named factor at a time, and never a sum of them."""

    REGISTER = "register"
    ATTENDANCE = "attendance"
    RESULTS = "results"
    CONCERNS = "concerns"


_SHOWN: dict[Show, Callable[[Readiness], bool]] = {
    Show.ALL: lambda _: True,
    Show.TO_DISCUSS: lambda one: one.is_to_discuss,
    Show.OPEN_CASE: lambda one: one.open_cases > 0,
    Show.NO_DATA: lambda one: not one.has_data,
}


def shown(students: Sequence[Readiness], show: Show, sort: Sort) -> list[Readiness]:
    """Whoever has no data for the factor comes last, in register order."""
    chosen = [one for one in students if _SHOWN[show](one)]
    return chosen if sort is Sort.REGISTER else sorted(chosen, key=lambda one: _place(one, sort))


def counts(students: Sequence[Readiness]) -> dict[Show, int]:
    return {show: sum(map(is_shown, students)) for show, is_shown in _SHOWN.items()}


def _place(one: Readiness, sort: Sort) -> tuple[bool, float]:
    factor = _factor(one, sort)
    return factor is None, factor or 0.0


def _factor(one: Readiness, sort: Sort) -> float | None:
    """The least first: attendance, the largest fall of a subject, the most concerns."""
    if sort is Sort.ATTENDANCE:
        return one.attendance.share if one.attendance else None
    if sort is Sort.RESULTS:
        return min((float(trend.change) for trend in one.trends if trend.change is not None), default=None)
    return -one.concerns or None
