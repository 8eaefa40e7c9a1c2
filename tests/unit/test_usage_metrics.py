"""The headline figures say what is not known."""

from dataclasses import replace
from decimal import Decimal

from core.ui.usage.metrics import figures
from tests.pages.usage_fakes import FORECAST, a_report, a_sum


def test_figures_that_lack_a_price_are_at_least_what_they_say() -> None:
    known = [one.label for one in figures(a_report())]
    unknown = [
        one.label
        for one in figures(
            a_report(total=a_sum("5.79", unpriced=1), forecast=replace(FORECAST, is_at_least=True)),
        )
    ]

    assert known[:2] == ["Spend", "Forecast, Nov"]
    assert unknown[:2] == ["Spend, at least", "Forecast, Nov, at least"]


def test_a_spend_of_nothing_but_unknown_costs_is_no_amount() -> None:
    spend = figures(a_report(total=a_sum("0", 2, unpriced=2)))[0]

    assert (spend.label, spend.value) == ("Spend", "Not priced")


def test_possible_costs_count_and_are_part_of_the_spend() -> None:
    spend = figures(a_report(total=a_sum("5.79", possible_usd=Decimal("0.05"))))[0]

    assert spend.value == r"\$5.79"
