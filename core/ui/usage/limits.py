"""How much of the limits is used at this moment, and when a slot is free again."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import streamlit as st

from core.ui.formats import clock
from core.ui.text import escape_label
from core.usage.report import LimitNow, Report, Series

MOST_SHOWN = 4
WHAT_STANDS_HERE = "What is used of a limit stands here, with the time at which the next slot is free."
_NAMES = {Series.CHAT: "assistant", Series.BATCH_IMAGE: "class photos", Series.IMAGE: "portraits"}
_WHAT = {Series.CHAT: "message", Series.BATCH_IMAGE: "class photo", Series.IMAGE: "portrait"}


def draw_limits(report: Report, zone: ZoneInfo) -> None:
    """The fullest first; what is not used at all is left to the table."""
    used = in_order(report.limits)
    for one in used[:MOST_SHOWN]:
        st.progress(
            min(1.0, one.used / one.at_most) if one.at_most else 1.0, line(one, zone, with_name=report.is_school)
        )
    if len(used) > MOST_SHOWN:
        st.caption(f"{len(used) - MOST_SHOWN} more stand in the table.")
    if not used:
        st.markdown("Nothing is used up right now." if report.is_school else "All of yours are free right now.")
    st.caption(rules(report.limits) or WHAT_STANDS_HERE)


def in_order(limits: Sequence[LimitNow]) -> list[LimitNow]:
    return sorted((one for one in limits if one.used), key=lambda one: -one.used / max(one.at_most, 1))


def line(one: LimitNow, zone: ZoneInfo, *, with_name: bool) -> str:
    """Such as "Mei Tan · portraits: 3 of 5 · free again at 10:42:13"."""
    who = f"{escape_label(one.person)} · " if with_name else ""
    what = _NAMES[one.series] if with_name else _NAMES[one.series].capitalize()
    free = f" · {_free(one)} {clock(one.free_at, zone)}" if one.free_at else ""
    return f"{who}{what}: **{one.used} of {one.at_most}**{free}"


def _free(one: LimitNow) -> str:
    return "one more at" if one.used >= one.at_most else "oldest ends at"


def rules(limits: Sequence[LimitNow]) -> str:
    """What each person may, where it is the same for all who are shown."""
    found: dict[Series, set[tuple[int, float]]] = {}
    for one in limits:
        found.setdefault(one.series, set()).add((one.at_most, one.per_seconds))
    said = [
        f"{at_most} {_WHAT[series]}{'' if at_most == 1 else 's'} {_per(per_seconds)}"
        for series in Series
        for at_most, per_seconds in sorted(found.get(series, set()))
        if len(found[series]) == 1
    ]
    return f"Per person: {', '.join(said)}." if said else ""


def _per(seconds: float) -> str:
    words = {1: "a second", 60: "a minute", 3600: "an hour", 86400: "a day"}
    return words.get(int(seconds), f"in {seconds:g} seconds")
