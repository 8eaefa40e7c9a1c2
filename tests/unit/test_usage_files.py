import csv
import io
from datetime import date
from decimal import Decimal

from core.ui.usage.files import as_csv, as_xlsx
from core.ui.usage.tables import Table
from tests.workbook import sheets

TEACHERS = Table("By teacher", ("Teacher", "Spend in USD"), (("=HYPERLINK(1)", Decimal("0.0130")), ("Mei Tan", None)))
DAYS = Table("Spend by day", ("Day", "Requests"), ((date(2026, 11, 12), 3),))


def test_a_csv_holds_one_table_under_the_other() -> None:
    text = as_csv([TEACHERS, DAYS]).decode("utf-8-sig")

    assert list(csv.reader(io.StringIO(text))) == [
        ["By teacher"],
        ["Teacher", "Spend in USD"],
        ["'=HYPERLINK(1)", "0.013"],
        ["Mei Tan", ""],
        [],
        ["Spend by day"],
        ["Day", "Requests"],
        ["2026-11-12", "3"],
    ]


def test_a_workbook_holds_a_sheet_a_table_with_numbers_as_numbers() -> None:
    assert sheets(as_xlsx([TEACHERS, DAYS])) == {
        "By teacher": [["Teacher", "Spend in USD"], ["'=HYPERLINK(1)", "0.013"], ["Mei Tan"]],
        "Spend by day": [["Day", "Requests"], ["2026-11-12", "3"]],
    }


def test_no_name_is_too_long_for_a_sheet() -> None:
    (name,) = sheets(as_xlsx([Table("A" * 40, ("One",), ())]))

    assert name == "A" * 31
