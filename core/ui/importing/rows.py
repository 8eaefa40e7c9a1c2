"""A plan's rows as a table: what is to be mended first, what stays as it is last."""

from collections.abc import Iterable, Sequence
from typing import Final

import pandas as pd
import streamlit as st

from core.roster.formulas import as_text
from core.roster.importing.plan import Outcome, PlannedRow
from core.ui.text import escape_label

AT_MOST: Final = 2000
AS_TEXT: Final = 5
ROW_PX: Final = 38
TABLE_PX: Final = 430
ROWS_IN_TABLE: Final = TABLE_PX // ROW_PX - 1
COLORS: Final = {
    Outcome.REFUSED: "orange",
    Outcome.CREATED: "green",
    Outcome.CHANGED: "blue",
    Outcome.MOVED: "violet",
    Outcome.IGNORED: "gray",
    Outcome.UNCHANGED: "gray",
}
_ORDER: Final = list(COLORS)


def in_order(rows: Iterable[PlannedRow]) -> list[PlannedRow]:
    """Refused ones first, else as in the file."""
    return sorted(rows, key=lambda row: _ORDER.index(row.outcome))


def draw_rows(rows: Sequence[PlannedRow], *, is_class_list: bool) -> None:
    if not rows:
        st.info("No row of the file is among these.")
        return
    column, with_files = st.column_config, len({row.source.file for row in rows}) > 1
    st.dataframe(
        _frame(rows[:AT_MOST], with_files=with_files),
        hide_index=True,
        height=TABLE_PX if len(rows) > ROWS_IN_TABLE else "content",
        row_height=ROW_PX,
        placeholder="",
        alt="Rows of the file with what happens to each",
        column_config={
            "result": column.MultiselectColumn(
                "Result", options=[word(one) for one in COLORS], color=list(COLORS.values()), width=95
            ),
            "name": column.TextColumn("Student" if is_class_list else "Name", width=180),
            "what": column.TextColumn("What happens", width=410 if with_files else 560),
            "row": column.NumberColumn("Row", width=50, format="%d"),
            "column": column.TextColumn("Column", width=95),
            "file": column.TextColumn("File", width=150),
        },
    )
    if len(rows) > AT_MOST:
        st.caption(f"The table shows the first {AT_MOST:,} of these {len(rows):,} rows.")


def draw_to_mend(rows: Iterable[PlannedRow]) -> None:
    """A few refused rows as text, since a table's cells don't wrap and a phone shows the first columns alone."""
    refused = [row for row in rows if row.outcome is Outcome.REFUSED]
    if 0 < len(refused) <= AS_TEXT:
        st.markdown("\n".join(f"- {_to_mend(row)}" for row in refused))


def _to_mend(row: PlannedRow) -> str:
    column = f", {row.column}" if row.column else ""
    return f"**{escape_label(f'Row {row.source.row}{column}:')}** {escape_label(row.what)}"


def word(outcome: Outcome) -> str:
    return outcome.value.capitalize()


def _frame(rows: Sequence[PlannedRow], *, with_files: bool) -> pd.DataFrame:
    """The table has a download of its own, so its cells are as harmless as those of ours."""
    frame = pd.DataFrame(
        {
            "result": [[word(row.outcome)] for row in rows],
            "name": [as_text(row.name) for row in rows],
            "what": [row.what for row in rows],
            "row": [row.source.row for row in rows],
            "column": [as_text(row.column or "") for row in rows],
        }
    )
    return frame.assign(file=[as_text(row.source.file) for row in rows]) if with_files else frame
