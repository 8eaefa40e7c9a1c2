from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.ui.usage.comparison import Compared, compare, verdict, why_uncertain
from core.ui.usage.invoice import MOST_LINES, Invoice, RefusedLine, parse_invoice
from core.ui.usage.invoice_lines import InvoiceLine, model_key
from core.usage.report import Booked, Span, Sum

DAY = date(2026, 11, 12)
LUNA = InvoiceLine(DAY, "gpt-6-luna", Decimal("0.41"))


def booked(cost: str, *, model: str = "gpt-6-luna", day: date = DAY, **more: Any) -> Booked:
    return Booked(day, model, Sum(requests=3, cost_usd=Decimal(cost), **more))


@pytest.mark.parametrize(
    "line",
    [
        "2026-11-12, gpt-6-luna, $0.41",
        "2026-11-12\tgpt-6-luna\t0.41",
        "2026-11-12;gpt-6-luna;0.41 USD",
        "2026-11-12 gpt-6-luna $0.41",
        "2026-11-12   gpt-6-luna   0.41",
        "gpt-6-luna, Nov 12, 2026, $0.41",
        "12 Nov 2026, gpt-6-luna, US$0.41",
        "2026-11-12T00:00:00+00:00,gpt-6-luna-2026-04-01,0.41",
        "12.11.2026; gpt-6-luna, cached input; $0.41",
        "2026-11-12, GPT-6-Luna, 1, 2140, $0.41",
        "2026-11-12\tgpt-6-luna\t2,140\t0.41",
        "12 November 2026;gpt-6-luna;0,41",
        "2026/11/12;gpt-6-luna;$ 0,41",
        "1794441600,gpt-6-luna,0.41",
        "2026-11-13T07:59:59+08:00;gpt-6-luna;4.1E-1",
    ],
)
def test_a_line_is_read_in_many_ways(line: str) -> None:
    invoice = parse_invoice(line)

    assert invoice.lines == (LUNA,)
    assert invoice.refused == ()


def test_headings_and_empty_lines_are_passed_over() -> None:
    invoice = parse_invoice("Date,Model,Cost\n\n2026-11-12,gpt-6-luna,0.41\n\n")

    assert invoice.lines == (LUNA,)
    assert invoice.refused == ()


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("$1,234.50", "1234.50"),
        ("$1,234", "1234"),
        ("1,234,567.8", "1234567.8"),
        ("1.234,50 USD", "1234.50"),
        ("1 234,50", "1234.50"),
        ("1'234.50", "1234.50"),
        ("0,123", "0.123"),
        ("0.000255", "0.000255"),
        (".5", "0.5"),
        ("-0.41", "-0.41"),
        ("−$0.41", "-0.41"),
        ("$-0.41", "-0.41"),
        ("($1,234.50)", "-1234.50"),
        ("0.41-", "-0.41"),
    ],
)
def test_an_amount_is_read_as_it_is_written_anywhere(written: str, amount: str) -> None:
    invoice = parse_invoice(f"2026-11-12\tgpt-6-luna\t{written}")

    assert invoice.lines == (InvoiceLine(DAY, "gpt-6-luna", Decimal(amount)),)
    assert invoice.refused == ()


def test_thousands_stay_one_amount_between_commas() -> None:
    (line,) = parse_invoice("2026-11-12, gpt-6-luna, $1,234.50").lines

    assert line.amount_usd == Decimal("1234.50")


def test_an_invoice_may_sum_models_without_days() -> None:
    assert parse_invoice("gpt-6-luna, $0.41").lines == (InvoiceLine(None, "gpt-6-luna", Decimal("0.41")),)


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("2026-11-12, gpt-6-luna, free", RefusedLine(1, 3, "“free” is no amount in dollars.")),
        ("2026-11-12, $0.41", RefusedLine(1, None, "This line names no model.")),
        ("2026-13-12, gpt-6-luna, $0.41", RefusedLine(1, 1, "“2026-13-12” is no day; write it as 2026-11-12.")),
        ("03/04/2026, gpt-6-luna, 1", RefusedLine(1, 1, "“03/04/2026” can be two days; write it as 2026-11-12.")),
        ("2026-11-12; gpt-6-luna; €0.41", RefusedLine(1, 3, "“€0.41” is not in US dollars.")),
        ("2026-11-12; gpt-6-luna; S$0.41", RefusedLine(1, 3, "“S$0.41” is not in US dollars.")),
        ("2026-11-12; gpt-6-luna; 0.41 SGD", RefusedLine(1, 3, "“0.41 SGD” is not in US dollars.")),
        (
            "2026-11-12; gpt-6-luna; 1,234",
            RefusedLine(1, 3, "“1,234” can be two amounts; write it as 1234.00 or 1.234."),
        ),
        (
            "2026-11-12, gpt-6-luna, 0.41\ngpt-6-luna, 0.41",
            RefusedLine(2, None, "This line has no day, and others have one."),
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_row_and_column(text: str, refused: RefusedLine) -> None:
    assert parse_invoice(text).refused == (refused,)


EXPORT = """\
start_time,end_time,start_time_iso,end_time_iso,amount_value,amount_currency,line_item,quantity,project_id
1794441600,1794528000,2026-11-12T00:00:00+00:00,2026-11-13T00:00:00+00:00,0.40,usd,"gpt-6-luna-2026-04-01, input",9,p_1
1794441600,1794528000,2026-11-12T00:00:00+00:00,2026-11-13T00:00:00+00:00,0.01,usd,"gpt-6-luna, output",2,p_1
1794528000,1794614400,2026-11-13T00:00:00+00:00,2026-11-14T00:00:00+00:00,,,,,
"""


def test_a_providers_own_export_is_read_by_its_headings() -> None:
    invoice = parse_invoice(EXPORT)

    assert invoice.lines == (
        InvoiceLine(DAY, "gpt-6-luna", Decimal("0.40")),
        InvoiceLine(DAY, "gpt-6-luna", Decimal("0.01")),
    )
    assert invoice.refused == ()


def test_headings_say_which_number_is_the_cost() -> None:
    text = "Model;Cost (USD);Requests;Day\ngpt-6-luna;0.41;2140;2026-11-12\nTotal;0.41;2140;"

    assert parse_invoice(text) == Invoice((LUNA,))


@pytest.mark.parametrize(
    ("row", "refused"),
    [
        ("2026-11-12,gpt-6-luna,0.41,sgd", RefusedLine(2, 4, "“SGD” is not US dollars.")),
        ("2026-11-12,gpt-6-luna,,usd", RefusedLine(2, 3, "“” is no amount in dollars.")),
        ("2026-11-12,,0.41,usd", RefusedLine(2, 2, "This line names no model.")),
        ("some day,gpt-6-luna,0.41,usd", RefusedLine(2, 1, "“some day” is no day; write it as 2026-11-12.")),
    ],
)
def test_under_headings_a_wrong_cell_is_named(row: str, refused: RefusedLine) -> None:
    assert parse_invoice(f"Date,Model,Amount,Currency\n{row}") == Invoice((), (refused,))


@pytest.mark.parametrize("last", ["Total, $0.41", "Subtotal; ; 0.41", "Amount due\t\t$0.41"])
def test_a_sum_below_the_lines_is_no_line(last: str) -> None:
    assert parse_invoice(f"2026-11-12, gpt-6-luna, $0.41\n{last}") == Invoice((LUNA,))


def test_lines_of_days_that_are_not_shown_are_refused() -> None:
    shown = Span(DAY, DAY + timedelta(days=6))

    invoice = parse_invoice("2026-11-12, gpt-6-luna, 0.41\n2026-11-11, gpt-6-luna, 0.30", shown)

    assert invoice.lines == (LUNA,)
    assert invoice.refused == (
        RefusedLine(2, None, "2026-11-11 is not among the days that are shown: choose them above."),
    )


def test_no_line_is_left_out_without_a_word() -> None:
    invoice = parse_invoice("2026-11-12, gpt-6-luna, 0.41\n" * (MOST_LINES + 2))

    assert len(invoice.lines) == MOST_LINES
    assert invoice.refused == (RefusedLine(5001, None, "From here on nothing was read: 5,000 lines are the most."),)


@pytest.mark.parametrize(
    ("named", "model"),
    [
        ("gpt-6-luna, input", "gpt-6-luna"),
        ("gpt-image-2.5-flare, image output tokens", "gpt-image-2.5-flare"),
        ("GPT-4o-mini-2024-07-18", "gpt-4o-mini"),
        ("gpt-6-luna", "gpt-6-luna"),
    ],
)
def test_parts_and_snapshots_belong_to_their_model(named: str, model: str) -> None:
    assert model_key(named) == model


def test_lines_are_compared_by_day_and_model() -> None:
    parts = [LUNA, InvoiceLine(DAY, "gpt-6-luna", Decimal("0.01")), InvoiceLine(DAY, "other", Decimal(1))]

    compared = compare([booked("0.40"), booked("0.1", model="gpt-image-2.5-flare")], parts)

    assert [(one.model, one.invoice_usd, one.difference_usd) for one in compared] == [
        ("gpt-6-luna", Decimal("0.42"), Decimal("0.02")),
        ("gpt-image-2.5-flare", None, Decimal("-0.1")),
        ("other", Decimal(1), Decimal(1)),
    ]


def test_without_days_the_ledger_is_summed_by_model() -> None:
    ledger = [booked("0.40"), booked("0.10", day=date(2026, 11, 13))]

    (compared,) = compare(ledger, [InvoiceLine(None, "gpt-6-luna", Decimal("0.5"))])

    assert compared.ledger is not None
    assert (compared.day, compared.ledger.requests, compared.difference_usd) == (None, 6, Decimal(0))


@pytest.mark.parametrize(
    ("ledger", "invoice", "said"),
    [
        (Sum(cost_usd=Decimal("0.41")), "0.412", "They agree to the cent."),
        (Sum(cost_usd=Decimal("0.41"), possible_usd=Decimal("0.02")), "0.39", "may not: that explains it"),
        (Sum(cost_usd=Decimal("0.41"), unpriced=2), "0.50", "2 of our requests have no price"),
        (Sum(cost_usd=Decimal("0.41"), estimated_usd=Decimal("0.05")), "0.44", "our own count: that explains it"),
        (Sum(cost_usd=Decimal("0.41"), possible_usd=Decimal("0.02")), "0.30", "does not explain it"),
        (Sum(cost_usd=Decimal("0.41")), "0.50", "does not explain it"),
        (Sum(cost_usd=Decimal("0.41"), possible_usd=Decimal("0.02")), "0.42", "higher than the ledger. What is unc"),
    ],
)
def test_a_difference_is_explained_by_what_is_uncertain(ledger: Sum, invoice: str, said: str) -> None:
    assert said in verdict(ledger, Decimal(invoice))


def test_a_line_says_what_of_it_is_not_sure() -> None:
    unsure = Sum(cost_usd=Decimal("0.41"), possible_usd=Decimal("0.02"), unpriced=1)

    assert why_uncertain(Compared(DAY, "m", unsure, None)) == "$0.02 may have been charged, 1 not priced"
    assert why_uncertain(Compared(DAY, "m", None, Decimal(1))) == "Not in the ledger"
