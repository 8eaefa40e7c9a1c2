"""One line of the audit log: in the list cut to a line or two, in its drawer whole."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import streamlit as st

from core.accounts.audit import AuditLine
from core.ui.formats import clock, day, hour_and_minute, local_day
from core.ui.school_settings.audit_fields import NOTHING, FieldChange, changes
from core.ui.text import escape_label

DRAWER_PX = 520
LONGEST_BRIEF = 140
_OPEN = "audit_open"


def day_words(when: date, today: date) -> str:
    words = f"{when:%A}, {day(when)}"
    return f"Today, {words}" if when == today else words


def draw_line(line: AuditLine, zone: ZoneInfo) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(gap=None):
            st.markdown(f"**{escape_label(line.sentence)}**")
            st.caption(_without_links(escape_label(_beneath(line, zone))))
        st.button(
            "Details",
            key=f"audit_{line.id.hex}",
            type="tertiary",
            width="content",
            on_click=_open,
            args=(line.id,),
        )


def _beneath(line: AuditLine, zone: ZoneInfo) -> str:
    brief = "; ".join(one.in_brief for one in changes(line, zone))
    cut = brief if len(brief) <= LONGEST_BRIEF else f"{brief[:LONGEST_BRIEF].rstrip()} …"
    return " · ".join(part for part in (hour_and_minute(line.happened_at, zone), line.actor, cut) if part)


def _without_links(text: str) -> str:
    """Markdown makes a link of every e-mail, which a line to be clicked on beside it has no use for."""
    return text.replace("@", "\N{WORD JOINER}@")


def draw_open_line(lines: list[AuditLine], zone: ZoneInfo) -> None:
    """The drawer of the line that was clicked, while the page shows it."""
    line = next((one for one in lines if one.id == st.session_state.get(_OPEN)), None)
    if line is not None:
        dialog = st.dialog(escape_label(line.sentence), width=DRAWER_PX, position="right", on_dismiss=_close)
        dialog(_draw)(line, zone)


def _draw(line: AuditLine, zone: ZoneInfo) -> None:
    st.markdown(f"By **{escape_label(line.actor)}**")
    when = local_day(line.happened_at, zone)
    st.caption(f"{day_words(when, datetime.now(zone).date())}, {clock(line.happened_at, zone)}")
    rows = changes(line, zone)
    if rows:
        _draw_changes(line, rows)
    else:
        st.write("Nothing more was noted.")
    st.caption(escape_label(f"In the log: {line.action}, {line.object}"))


def _draw_changes(line: AuditLine, rows: Sequence[FieldChange]) -> None:
    columns = {"Field": [escape_label(one.label) for one in rows]}
    if line.before is not None:
        columns["Before"] = [escape_label(one.before or NOTHING) for one in rows]
    if line.after is not None:
        columns["After"] = [escape_label(one.after or NOTHING) for one in rows]
    st.table(columns, hide_index=True)


def _open(line_id: UUID) -> None:
    st.session_state[_OPEN] = line_id


def _close() -> None:
    st.session_state.pop(_OPEN, None)
