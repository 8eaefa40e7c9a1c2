"""The page's second view: what the ledger holds beside what the provider's invoice says."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pandas as pd
import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.ui.formats import counted
from core.ui.frame import draw_header
from core.ui.roster_address import go_to
from core.ui.text import escape_label
from core.ui.usage.address import VIEW, UsageAddress
from core.ui.usage.comparison import Compared, compare, verdict
from core.ui.usage.download import draw_download
from core.ui.usage.invoice import Invoice, parse_invoice
from core.ui.usage.invoice_lines import InvoiceLine
from core.ui.usage.invoice_tables import comparison_table, refused_table, uncertain_table
from core.ui.usage.ranges import days_line, length
from core.ui.usage.tables import Table
from core.ui.usage.tile import draw_table
from core.ui.usage.toolbar import draw_range
from core.ui.usage.words import added, amount, dollars, sureness
from core.usage.reading.bills import MOST_ROWS
from core.usage.report import Booked, Span

TITLE = "Compare with the invoice"
PASTED, HOW = "invoice_pasted", "invoice_how"
PASTE, TYPE = "Paste", "Type"
EXAMPLE = "2026-11-12, gpt-6-luna, $0.41\n2026-11-12, gpt-image-2.5-flare, $1.08"
HOW_DAYS_COUNT = (
    "Here a day begins at midnight UTC, as on OpenAI's invoice, and not in the school's time. "
    "What you paste or type is not stored: it is gone when you close or reload this page."
)
METRIC_PX = 150


def draw_invoice(person: Person, app: App, address: UsageAddress, today: date) -> None:
    span = address.filters.span
    booked = app.usage_reports.booked(person, span)
    uncertain = uncertain_table(app.usage_reports.uncertain(person, span))
    draw_header(TITLE, f"{person.school_name} · {days_line(span)}", actions=_back)
    draw_range(address, today)
    st.caption(HOW_DAYS_COUNT)
    if not booked:
        st.info(f"The ledger holds nothing {length(span)}.")
    invoice = _read(booked, span)
    lines = compare(booked, invoice.lines)
    comparison = comparison_table(lines)
    _draw_refused(invoice)
    _draw_sums(booked, invoice)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader("Line by line", anchor=False, width="content")
        draw_download([comparison, *([uncertain] if uncertain.rows else [])], span)
    _draw_lines(comparison, lines)
    _draw_uncertain(uncertain)


def _back() -> None:
    st.button("Back to usage", icon=":material/arrow_back:", on_click=go_to, args=(VIEW, ""))


def _read(booked: Sequence[Booked], span: Span) -> Invoice:
    how = st.segmented_control(
        "How the invoice comes in",
        [PASTE, TYPE],
        default=PASTE,
        format_func=lambda one: f":gray[{one}]",
        key=HOW,
        required=True,
        label_visibility="collapsed",
    )
    return _typed(booked, f"{span.first}_{span.last}") if how == TYPE else _pasted(span)


def _pasted(span: Span) -> Invoice:
    text = st.text_area(
        "Lines of the invoice: day, model and amount",
        key=PASTED,
        height=140,
        placeholder=EXAMPLE,
        help="From a spreadsheet or a CSV export, with or without headings. Without days, models are compared alone.",
    )
    return parse_invoice(text, span)


def _typed(booked: Sequence[Booked], key: str) -> Invoice:
    """Beside each line of the ledger; an empty amount is one that the invoice doesn't have."""
    rows = pd.DataFrame(
        {
            "day": [one.day for one in booked],
            "model": [one.model for one in booked],
            "ledger": [amount(one.sum) for one in booked],
            "invoice": pd.Series([None] * len(booked), dtype="float64"),
        }
    )
    column = st.column_config
    edited = st.data_editor(
        rows,
        hide_index=True,
        disabled=["day", "model", "ledger"],
        key=f"invoice_typed_{key}",
        placeholder="",
        alt="The ledger's lines with a column for what the invoice says",
        column_config={
            "day": column.DateColumn("Day (UTC)", format="D MMM YYYY"),
            "model": column.TextColumn("Model"),
            "ledger": column.TextColumn("Ledger", alignment="right"),
            "invoice": column.NumberColumn("Invoice, USD", min_value=0.0, format="$%.4f"),
        },
    )
    typed = zip(booked, edited["invoice"], strict=True)
    lines = [InvoiceLine(one.day, one.model, Decimal(str(usd))) for one, usd in typed if pd.notna(usd)]
    return Invoice(tuple(lines))


def _draw_refused(invoice: Invoice) -> None:
    count = len(invoice.refused)
    if count:
        st.warning(f"{counted(count, 'line')} could not be read and {'is' if count == 1 else 'are'} left out.")
        draw_table(refused_table(invoice.refused))


def _draw_sums(booked: Sequence[Booked], invoice: Invoice) -> None:
    ledger = added([one.sum for one in booked])
    billed = sum((one.amount_usd for one in invoice.lines), Decimal(0))
    grid = st.grid(3, min_column_width=METRIC_PX)
    grid.metric(
        "Ledger, at least" if ledger.is_at_least else "Ledger", escape_label(dollars(ledger.cost_usd)), border=True
    )
    grid.metric("Invoice", escape_label(dollars(billed)) if invoice.lines else "–", border=True)
    difference = escape_label(signed(billed - ledger.cost_usd)) if invoice.lines else "–"
    grid.metric("Difference", difference, border=True)
    if invoice.lines:
        st.markdown(f"**{escape_label(verdict(ledger, billed))}**")
    if said := sureness(ledger):
        st.caption(said)


def signed(more: Decimal) -> str:
    """+$0.04, −$0.04, $0.00."""
    sign = "+" if more > 0 else "−" if more < 0 else ""
    return f"{sign}{dollars(abs(more))}"


def _draw_lines(table: Table, lines: Sequence[Compared]) -> None:
    if lines:
        draw_table(table, height="content" if len(lines) <= 12 else 460)


def _draw_uncertain(table: Table) -> None:
    if not table.rows:
        st.caption("Every request in the ledger has the cost that OpenAI reported, so the two should agree.")
        return
    st.subheader("What may differ", anchor=False)
    st.caption(
        "**May have been charged**: sent, and no answer came that tells; the price that was set aside counts. "
        "**Our own count**: an answer was cut off, so we counted its tokens. "
        "**No price known**: it adds nothing here and may stand on the invoice."
    )
    if len(table.rows) >= MOST_ROWS:
        st.caption(f"These are the newest {MOST_ROWS}; the sums above count all of them.")
    draw_table(table)
