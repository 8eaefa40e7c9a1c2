"""What was spent, by whom, on what, where it is heading, and what went wrong."""

from datetime import UTC, date, datetime

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.ui.budget_banner import draw_banner
from core.ui.formats import counted, day, local_day
from core.ui.frame import draw_header
from core.ui.roster_address import go_to
from core.ui.text import escape_label
from core.ui.usage.address import VIEW, UsageAddress, View, forget_filters, read_address, tidy_address
from core.ui.usage.download import all_tables, draw_download
from core.ui.usage.failures import draw_failures
from core.ui.usage.invoice_view import draw_invoice
from core.ui.usage.metrics import draw_metrics
from core.ui.usage.ranges import days_line, length
from core.ui.usage.tables import Table
from core.ui.usage.tile import draw_tiles
from core.ui.usage.tiles import tiles_of
from core.ui.usage.toolbar import draw_toolbar, filtered_by, options_of
from core.usage.report import Report, Retiring

TITLE = "Usage"


def usage(person: Person, app: App) -> None:
    now = datetime.now(UTC)
    today = local_day(now, person.zone)
    options = options_of(app.usage_reports.choices(person))
    tidy_address(today, options, is_admin=person.is_admin)
    address = read_address(today)
    if address.view is View.INVOICE:
        draw_invoice(person, app, address, today)
        return
    report = app.usage_reports.report(person, address.filters, now)
    tiles = tiles_of(report, person) if report.total.requests else []
    only = filtered_by(options)
    tables = all_tables(report, tiles, person, only)
    draw_header(TITLE, _caption(person, address, only), actions=lambda: _actions(report, tables))
    draw_toolbar(address, options, today)
    _draw_retiring(report, today)
    draw_banner(app.budgets.beyond(person, now))
    draw_metrics(report)
    if tiles:
        draw_tiles(tiles)
        draw_failures(report, person.zone)
    else:
        _draw_nothing(address)


def _caption(person: Person, address: UsageAddress, only: list[str]) -> str:
    whose = person.school_name if person.is_admin else "What you used yourself"
    parts = [whose, days_line(address.filters.span), *(["only " + ", ".join(only)] if only else []), "school's time"]
    return " · ".join(parts)


def _actions(report: Report, tables: list[Table]) -> None:
    if report.is_school:
        st.button(
            "Compare with the invoice",
            icon=":material/receipt_long:",
            on_click=go_to,
            args=(VIEW, View.INVOICE),
        )
    draw_download(tables, report.filters.span)


def _draw_retiring(report: Report, today: date) -> None:
    if report.retiring:
        lines = [retiring_line(one, today) for one in report.retiring]
        st.warning("  \n".join(lines), icon=":material/event_busy:")


def retiring_line(one: Retiring, today: date) -> str:
    """Safe inside a label."""
    model = f"**{escape_label(one.model)}**"
    instead = f" Its successor is **{escape_label(one.successor)}**: set it before then." if one.successor else ""
    if one.on > today:
        left = (one.on - today).days
        return f"{model} stops answering on {day(one.on)}, in {counted(left, 'day')}.{instead}"
    return f"{model} stopped answering on {day(one.on)}.{instead.replace(' before then', '')}"


def _draw_nothing(address: UsageAddress) -> None:
    matching = " of what the filters ask for" if address.filtered_by else ""
    st.info(f"Nothing{matching} was used {length(address.filters.span)}.")
    if address.filtered_by:
        st.button("Show everything", on_click=forget_filters, icon=":material/filter_list_off:")
