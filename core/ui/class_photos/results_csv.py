"""The results as a file for a spreadsheet."""

import csv
import io
import re
from decimal import Decimal

import streamlit as st

from core.accounts.person import Person
from core.photos.batches.batch import Batch, Result
from core.roster.formulas import as_text
from core.ui.class_photos.results import reason, word
from core.ui.formats import NOT_PRICED, local_day

COLUMNS = (
    "Student",
    "Number",
    "State",
    "Reason",
    "Cost in USD",
    "Of it may have been charged, USD",
    "Calls not priced",
    "Time in seconds",
)


def draw_download(person: Person, batch: Batch) -> None:
    st.download_button(
        "Download CSV",
        # Excel takes a file without this mark for another alphabet.
        lambda: results_csv(batch).encode("utf-8-sig"),
        file_name=file_name(batch, person),
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def results_csv(batch: Batch) -> str:
    """A row a student, in register order; no cell is taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for result in batch.results:
        number = "" if result.index_no is None else str(result.index_no)
        costs = (_cost(result), _amount(result.possible_usd), str(result.unpriced))
        cells = (result.full_name, number, word(result), reason(result), *costs, _seconds(result))
        writer.writerow([as_text(cell) for cell in cells])
    return out.getvalue()


def file_name(batch: Batch, person: Person) -> str:
    """With class and day, and nothing that a file's name can't hold."""
    words = re.sub(r"[\W_]+", "-", (batch.class_name or "class").lower()).strip("-")
    return f"class-photos-{words}-{local_day(batch.started_at, person.zone)}.csv"


def _cost(result: Result) -> str:
    """The batch's tries for one student together, so that the column sums to what the batch cost."""
    return NOT_PRICED if result.unpriced and not result.spent_usd else _amount(result.spent_usd)


def _amount(amount: Decimal) -> str:
    return f"{amount.normalize():f}" if amount else "0"


def _seconds(result: Result) -> str:
    return "" if result.took is None else f"{result.took.total_seconds():.1f}"
