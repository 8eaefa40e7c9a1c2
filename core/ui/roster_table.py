"""The class as a table, for reading and sorting."""

import base64
from collections.abc import Sequence
from uuid import UUID

import pandas as pd
import streamlit as st

from core.photos.board import Card
from core.photos.service import Photos
from core.roster.formulas import as_text
from core.ui import photo_actions
from core.ui.formats import level_name
from core.ui.photo_source import photo_source
from core.ui.photo_states import CHECK_NAME, LOOKS, NOT_ALLOWED, looks_of

ROW_PX = 44
_CLICK = "roster_table_open"
_WORDS = {look.word: look.color for look in [*LOOKS.values(), NOT_ALLOWED, CHECK_NAME]}


def draw_table(cards: Sequence[Card], photos: Photos) -> None:
    column = st.column_config
    students = [card.student_id for card in cards]
    st.dataframe(
        _frame(cards, photos),
        hide_index=True,
        height="content",
        row_height=ROW_PX,
        placeholder="",
        alt="Class list: number, student, level and state of the photo",
        column_config={
            "photo": column.ImageColumn("", width=70),
            "number": column.NumberColumn("No.", width=70, format="%d"),
            "student": column.TextColumn("Student", width="large"),
            "level": column.TextColumn("Level", width=100),
            "state": column.MultiselectColumn("Photo state", options=list(_WORDS), color=list(_WORDS.values())),
            "open": column.ButtonColumn("", width=90, key=_CLICK, on_click=_open, args=(students,)),
        },
    )


def _frame(cards: Sequence[Card], photos: Photos) -> pd.DataFrame:
    """A spreadsheet may open the table's own download."""
    return pd.DataFrame(
        {
            "photo": [_picture(card, photos) for card in cards],
            "number": pd.array([card.index_no for card in cards], dtype="Int64"),
            "student": [as_text(card.full_name) for card in cards],
            "level": [as_text(level_name(card.level) or "") for card in cards],
            "state": [[look.word for look in looks_of(card)] for card in cards],
            "open": ["Open"] * len(cards),
        }
    )


def _picture(card: Card, photos: Photos) -> str | None:
    if card.photo_id is None:
        return None
    source = photo_source(card.photo_id, picture_of=photos.picture)
    return source if isinstance(source, str) else f"data:image/webp;base64,{base64.b64encode(source).decode()}"


def _open(students: list[UUID]) -> None:
    photo_actions.open_student(students[st.session_state[_CLICK].row])
