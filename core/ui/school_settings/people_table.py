"""The people of the school as a table, for reading and sorting."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from core.accounts.member import Member
from core.roster.formulas import as_text
from core.ui.school_settings.people_address import open_member
from core.ui.school_settings.people_words import account_words, last_seen_words, role_word

ROW_PX = 40
MOST_IN_FULL, TALLEST_PX = 15, 640
_CLICK = "people_table_open"


def draw_people_table(members: Sequence[Member], zone: ZoneInfo, *, has_sign_in: bool) -> None:
    column = st.column_config
    ids = [one.id for one in members]
    frame = _frame(members, zone)
    st.dataframe(
        frame if has_sign_in else frame.drop(columns=["account", "seen"]),
        hide_index=True,
        height="content" if len(members) <= MOST_IN_FULL else TALLEST_PX,
        row_height=ROW_PX,
        placeholder="",
        alt="People of the school: name, role, e-mail, classes, account and when last seen",
        column_config={
            "name": column.TextColumn("Name", width="medium"),
            "open": column.ButtonColumn("", width=80, key=_CLICK, on_click=_open, args=(ids,)),
            "role": column.TextColumn("Role", width=90),
            "email": column.TextColumn("E-mail", width="medium"),
            "classes": column.TextColumn("Classes", width="medium"),
            "account": column.TextColumn("Account", width=150),
            "seen": column.TextColumn("Last seen", width=120),
        },
    )


def _frame(members: Sequence[Member], zone: ZoneInfo) -> pd.DataFrame:
    """A spreadsheet may open the table's own download."""
    now = datetime.now(UTC)
    return pd.DataFrame(
        {
            "name": [as_text(one.full_name) for one in members],
            "open": ["Open"] * len(members),
            "role": [role_word(one) for one in members],
            "email": [as_text(one.email or "") for one in members],
            "classes": [as_text(", ".join(one.classes)) for one in members],
            "account": [account_words(one, zone, now) for one in members],
            "seen": [last_seen_words(one, zone, now) for one in members],
        }
    )


def _open(ids: list[UUID]) -> None:
    open_member(ids[st.session_state[_CLICK].row])
