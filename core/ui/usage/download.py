"""The menu that gives the page as a file."""

from collections.abc import Sequence

import streamlit as st

from core.accounts.person import Person
from core.ui.usage.files import as_csv, as_xlsx
from core.ui.usage.tables import Table, failures_table, figures_table, last_failures_table
from core.ui.usage.tile import Tile
from core.usage.report import Report, Span

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def draw_download(tables: Sequence[Table], span: Span) -> None:
    with st.popover("Download", icon=":material/download:", key="download"):
        st.download_button(
            "Download CSV",
            lambda: as_csv(tables),
            file_name=file_name(span, "csv"),
            mime="text/csv",
            on_click="ignore",
            width="stretch",
        )
        st.download_button(
            "Download XLSX",
            lambda: as_xlsx(tables),
            file_name=file_name(span, "xlsx"),
            mime=XLSX,
            on_click="ignore",
            width="stretch",
        )


def all_tables(report: Report, tiles: Sequence[Tile], person: Person, filtered_by: Sequence[str]) -> list[Table]:
    """Everything that the page shows, in its order."""
    zone = person.zone
    failures = [
        *([failures_table(report.failures, zone)] if report.failures else []),
        *([last_failures_table(report.last_failures, zone)] if report.last_failures else []),
    ]
    return [figures_table(report, filtered_by), *(tile.table for tile in tiles), *failures]


def file_name(span: Span, ending: str) -> str:
    return f"usage-{span.first}-to-{span.last}.{ending}"
