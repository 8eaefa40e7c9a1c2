"""What the page shows as a file: CSV with one table under the other, XLSX with a sheet a table."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from core.roster.formulas import as_text
from core.ui.usage.tables import Cell, Table

LONGEST_SHEET_NAME = 31
WIDEST_COLUMN = 60
# A cell that looks like a formula, an address or a number stays the text that it is.
TEXT_STAYS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def as_csv(tables: Sequence[Table]) -> bytes:
    """Each table under its name, with an empty line before the next."""
    out = io.StringIO()
    writer = csv.writer(out)
    for place, table in enumerate(tables):
        if place:
            writer.writerow([])
        writer.writerow([as_text(table.name)])
        writer.writerow([as_text(column) for column in table.columns])
        writer.writerows([_csv_cell(cell) for cell in row] for row in table.rows)
    # Excel takes a file without this mark for another alphabet.
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(tables: Sequence[Table]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **TEXT_STAYS_TEXT}) as book:
        bold = book.add_format({"bold": True})
        for table in tables:
            sheet = book.add_worksheet(table.name[:LONGEST_SHEET_NAME])
            sheet.write_row(0, 0, table.columns, bold)
            sheet.freeze_panes(1, 0)
            for line, row in enumerate(table.rows, start=1):
                for column, cell in enumerate(row):
                    _write(sheet, line, column, cell)
            _set_widths(sheet, table)
    return out.getvalue()


def _write(sheet: Worksheet, line: int, column: int, cell: Cell) -> None:
    if isinstance(cell, str):
        sheet.write_string(line, column, as_text(cell))
    elif isinstance(cell, date):
        sheet.write_string(line, column, cell.isoformat())
    elif cell is not None:
        sheet.write_number(line, column, float(cell))


def _set_widths(sheet: Worksheet, table: Table) -> None:
    for column, name in enumerate(table.columns):
        widest = max([len(name), *(len(_csv_cell(row[column])) for row in table.rows)])
        sheet.set_column(column, column, min(widest, WIDEST_COLUMN) + 2)


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell.normalize():f}" if cell else "0"
    return as_text(cell) if isinstance(cell, str) else str(cell)
