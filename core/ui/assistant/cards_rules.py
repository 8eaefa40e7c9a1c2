"""How it is decided what to discuss, in plain words, from the very figures that decide it."""

import streamlit as st

from core.meetings.readiness import CLEAR_CHANGE, LOW_ATTENDANCE, MANY_LATE, RECENT
from core.meetings.service import LOOKS_BACK

ICON = ":material/help:"


def draw_rules() -> None:
    with st.popover("How is this decided?", type="tertiary", icon=ICON):
        st.markdown(rules())


def rules() -> str:
    share, recently = f"{100 * LOW_ATTENDANCE:.0f}\u00a0%", f"noted in the last {RECENT.days} days"
    return f"""
**Something to discuss**: an open case; less than {share} of the days attended; late {MANY_LATE} times or more; a
subject down by {CLEAR_CHANGE} points of a hundred or more since the assessment before; a concern {recently}.

**Strength**: present and on time on all days; a subject up by {CLEAR_CHANGE} points or more; a strength {recently}.

**What counts**: attendance and results of the last {LOOKS_BACK.days} days. An official absence is not counted as
absence. What nobody recorded is “no data”.

**Your word goes first**: what you set for a student stands, whatever the records say.

Nobody gets a score or a rank. Cards stand in register order, or by the one factor that you choose.
"""
