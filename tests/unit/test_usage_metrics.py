"""The headline figures say what is not known."""

from dataclasses import replace
from decimal import Decimal

from core.ui.usage.metrics import figures
from core.usage.report import Sum
from tests.pages.usage_fakes import FORECAST, a_report, a_sum


def test_figures_that_lack_a_price_are_at_least_what_they_say() -> None:
    known = figures(a_report())
    unknown = figures(a_report(total=a_sum("5.79", unpriced=1), forecast=replace(FORECAST, is_at_least=True)))

    assert [known[0].label, known[1].change] == ["Spend", r"± \$0.60"]
    assert [unknown[0].label, unknown[1].change] == ["Spend, at least", "at least"]


def test_a_spend_of_nothing_but_unknown_costs_is_no_amount() -> None:
    spend = figures(a_report(total=a_sum("0", 2, unpriced=2)))[0]

    assert (spend.label, spend.value) == ("Spend", "Not priced")


def test_possible_costs_count_and_are_part_of_the_spend() -> None:
    spend = figures(a_report(total=a_sum("5.79", possible_usd=Decimal("0.05"))))[0]

    assert spend.value == r"\$5.79"


def test_where_nothing_was_before_all_figures_say_so_alike() -> None:
    report = a_report(before=Sum(), photos_before=0)

    compared = [one for one in figures(report) if not one.label.startswith("Forecast")]

    assert {(one.change, one.arrow) for one in compared} == {("none before", "off")}


def test_a_change_that_is_too_small_to_show_has_no_arrow() -> None:
    requests = figures(a_report(total=a_sum("5.79", 1179), before=a_sum("5.17", 1178)))[2]

    assert (requests.change, requests.arrow) == ("as before", "off")
