"""What went wrong: each kind in plain words with what to do, and the last ten."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import streamlit as st

from core.ui.formats import counted, day_and_time
from core.ui.text import escape_label
from core.ui.usage.failure_words import words_for
from core.ui.usage.ranges import length
from core.ui.usage.tables import last_failures_table
from core.ui.usage.tile import draw_table
from core.ui.usage.words import OPERATOR
from core.usage.report import Failure, Report

LAST_PX = 230
SENTENCE_PX = 620


def draw_failures(report: Report, zone: ZoneInfo) -> None:
    with st.container(border=True):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown("**What went wrong**", width="content")
            st.caption(summary(report), width="content")
        for failure in report.failures:
            _draw_kind(failure, zone, is_school=report.is_school)
        if report.last_failures:
            _draw_last(report.last_failures, zone)


@st.fragment
def _draw_last(failures: Sequence[Failure], zone: ZoneInfo) -> None:
    title = f"The last {len(failures)}" if len(failures) > 1 else "The last one"
    last = st.expander(title, icon=":material/history:", type="compact", key="last_failures", on_change="rerun")
    if last.open:
        with last:
            draw_table(last_failures_table(failures, zone))


def summary(report: Report) -> str:
    if not report.failures:
        return f"Nothing {length(report.filters.span)}."
    errors = sum(one.count for one in report.failures)
    said = counted(errors, "error")
    return said if len(report.failures) == 1 else f"{said} of {len(report.failures)} kinds"


def _draw_kind(failure: Failure, zone: ZoneInfo, *, is_school: bool) -> None:
    words = words_for(failure)
    with st.container(horizontal=True, wrap=False, vertical_alignment="top"):
        st.markdown(f":gray[:material/{words.icon}:]", width="content")
        # On a phone the count wraps under its sentence, beside the icon.
        with st.container(horizontal=True, horizontal_alignment="distribute", gap="xsmall"):
            st.markdown(f"{escape_label(words.sentence)}  \n:gray[{escape_label(words.to_do)}]", width=SENTENCE_PX)
            st.markdown(
                f"{counted(failure.count, 'time')}  \n:gray[{last(failure, zone, is_school=is_school)}]",
                width=LAST_PX,
            )


def last(failure: Failure, zone: ZoneInfo, *, is_school: bool) -> str:
    """The last time, for an admin with whom it happened to."""
    at = f"last {day_and_time(failure.last_at, zone)}" if failure.count > 1 else day_and_time(failure.last_at, zone)
    return f"{at}, {escape_label(failure.last_person or OPERATOR)}" if is_school else at
