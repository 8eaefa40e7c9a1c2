"""Every student of a batch with state, reason, cost and time."""

import base64
from collections.abc import Callable

import pandas as pd
import streamlit as st

from core.photos.batches.batch import Batch, Result
from core.photos.job import JobState
from core.photos.service import Photos
from core.roster.formulas import as_text
from core.ui.class_photos import costs
from core.ui.class_photos.words import CANCELLED, DONE, RESULT_LOOKS, duration
from core.ui.photo_source import photo_source
from core.ui.photo_states import first_sentence
from core.ui.roster_table import ROW_PX

_COLORS = {look.word: look.color for look in [*RESULT_LOOKS.values(), DONE, CANCELLED]}
NO_TIME = "–"
LEFT = "Left as it is."


def draw_results(batch: Batch, photos: Photos, *, beside: Callable[[], None] | None = None) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader("All results", anchor=False, width="content")
        if beside is not None:
            beside()
    column = st.column_config
    st.dataframe(
        _frame(batch, photos),
        hide_index=True,
        height="content",
        row_height=ROW_PX,
        placeholder="",
        alt="Students of these class photos: photo, name, state, reason, cost, what of it is unconfirmed, and time",
        column_config={
            "photo": column.ImageColumn("", width=70),
            "student": column.TextColumn("Student", width=230),
            "state": column.MultiselectColumn("State", options=list(_COLORS), color=list(_COLORS.values()), width=120),
            "reason": column.TextColumn("Reason", width=280),
            "cost": column.TextColumn("Cost", width=100, alignment="right"),
            "possible": column.TextColumn("Of it unconfirmed", width=130, alignment="right"),
            "time": column.TextColumn("Time", width=70, alignment="right"),
        },
    )


def word(result: Result) -> str:
    return RESULT_LOOKS[result.state].word


def reason(result: Result) -> str:
    """Why there is no portrait; empty where there is one."""
    if result.state is JobState.CANCELLED:
        return "Not started: it was cancelled."
    if result.state is JobState.QUEUED:
        return "Not started yet."
    said = result.message or ""
    return f"{said} {LEFT}" if result.is_decided else said


def short_reason(result: Result) -> str:
    """Without the advice, which a decision has answered."""
    said = first_sentence(reason(result))
    return f"{said}. {LEFT}" if result.is_decided else said


def _frame(batch: Batch, photos: Photos) -> pd.DataFrame:
    """A spreadsheet may open the table's own download."""
    results = batch.results
    return pd.DataFrame(
        {
            "photo": [_picture(result, photos) for result in results],
            "student": [as_text(result.full_name) for result in results],
            "state": [[word(result)] for result in results],
            "reason": [as_text(short_reason(result)) for result in results],
            "cost": [costs.in_cell(result) for result in results],
            "possible": [costs.unconfirmed_in_cell(result) for result in results],
            "time": [NO_TIME if result.took is None else duration(result.took) for result in results],
        }
    )


def _picture(result: Result, photos: Photos) -> str | None:
    if result.photo_id is None:
        return None
    source = photo_source(result.photo_id, picture_of=photos.picture)
    return source if isinstance(source, str) else f"data:image/webp;base64,{base64.b64encode(source).decode()}"
