"""One card of the grid: its header with the table behind it, and how the cards stand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.elements.lib.grid_container import GridContainer

from core.roster.formulas import as_text
from core.ui.text import escape_label
from core.ui.usage.spans import spans_without_holes
from core.ui.usage.tables import Table

TILE_PX = 285
HEADER_PX = 40


@dataclass(frozen=True)
class Tile:
    """`draw` fills the card below its header; `columns` is how wide it wants to be."""

    title: str
    table: Table
    draw: Callable[[], None]
    columns: int = 1


def draw_tiles(tiles: Sequence[Tile]) -> None:
    grid = st.grid(3, min_column_width=TILE_PX)
    for tile, span in zip(tiles, spans_without_holes([tile.columns for tile in tiles]), strict=True):
        with _card(grid, span):
            draw_tile_header(tile.title, tile.table)
            tile.draw()


def _card(grid: GridContainer, span: int) -> DeltaGenerator:
    """Only what is a cell itself stretches to its row's height; a wide chart is the highest of its row anyway."""
    if span == 1:
        filling: DeltaGenerator = grid.container(border=True, height="stretch")
        return filling
    return grid.cell(column_span=span).container(border=True)


@st.fragment
def draw_tile_header(title: str, table: Table) -> None:
    """The title, and the table behind it, sent once someone opens it: all of them weigh as much as the charts."""
    with st.container(
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        height=HEADER_PX,
        border=False,
        wrap=False,
        gap="xsmall",
    ):
        st.markdown(f"**{escape_label(title)}**", width="content")
        if table.rows:
            key = f"table_{slug(title)}"
            behind = st.popover("Table", icon=":material/table_rows:", type="tertiary", key=key, on_change="rerun")
            if behind.open:
                with behind:
                    draw_table(table, width="content")


def draw_table(
    table: Table, *, height: int | Literal["auto", "content"] = "auto", width: Literal["stretch", "content"] = "stretch"
) -> None:
    st.dataframe(
        frame(table),
        hide_index=True,
        placeholder="",
        height=height,
        width=width,
        alt=f"{table.name}: {', '.join(table.columns)}",
    )


def frame(table: Table) -> pd.DataFrame:
    """A spreadsheet may open the table's own download."""
    rows = [[as_text(cell) if isinstance(cell, str) else cell for cell in row] for row in table.rows]
    return pd.DataFrame(rows, columns=list(table.columns))


def slug(title: str) -> str:
    return title.lower().replace(" ", "_")
