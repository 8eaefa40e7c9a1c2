"""What is said and drawn of a budget."""

from typing import Any
from uuid import UUID

import pytest

from core.accounts.person import Person, Role
from core.errors import BudgetUsedUp, budget_error
from core.ui.budget_banner import banner_words
from core.ui.budget_words import parts_line, percent, used_of
from core.ui.usage.budget_figure import budget_bar
from core.ui.usage.budget_tile import budget_tile, finding
from core.usage.budget import BudgetOf, Holder
from tests.budget_makers import a_budget
from tests.pages.usage_fakes import a_report

MEI = Person(UUID(int=1), UUID(int=2), "Mei Tan", Role.TEACHER, "North Primary", "Asia/Singapore", is_demo=False)


def plain(words: str) -> str:
    return words.replace("\\", "")


def drawn(**of: Any) -> tuple[dict[str, tuple[float, float]], Any]:
    """Start and end of each part, and the axis."""
    figure = budget_bar(a_budget(**of)).to_plotly_json()
    ends = {one["name"]: (one.get("base", one["x"])[0], one["x"][0]) for one in figure["data"]}
    return ends, figure["layout"]["xaxis"]


def test_the_bar_has_what_is_used_then_what_is_held_and_the_forecast_on_a_track_of_the_whole() -> None:
    ends, axis = drawn(amount="10", spent="2.81", held="0.02", forecast="4.90")

    assert ends == {"Budget": (0, 10), "Used": (0, 2.81), "Held": (2.81, 0.02), "Forecast": (4.9, 4.9)}
    assert list(axis["ticktext"]) == ["$0", "50 %", "80 %", "$10"]
    assert list(axis["tickvals"]) == [0, 5, 8, 10]


def test_what_is_far_beyond_the_budget_does_not_shrink_it() -> None:
    ends, axis = drawn(amount="1", spent="40", held="5", forecast="90")

    assert ends == {"Budget": (0, 1), "Used": (0, 1.25), "Held": (1.25, 0), "Forecast": (1.25, 1.25)}
    assert axis["range"][1] < 1.3


def test_without_a_budget_there_is_no_tile() -> None:
    assert budget_tile(a_report(), MEI, "light") == []


@pytest.mark.parametrize(
    ("of", "title", "said"),
    [
        ({}, "Budget, November", "The school's budget: $2.80 of $10.00 used in November; $7.20 left."),
        (
            {"holder": Holder(BudgetOf.PERSON, MEI.staff_id, "Mei Tan"), "forecast": "4.9"},
            "Your budget, November",
            "Your budget: $2.80 of $10.00 used in November; $7.20 left · forecast $4.90.",
        ),
        (
            {"holder": Holder(BudgetOf.CLASS, UUID(int=9), "P5 Integrity"), "spent": "12", "unpriced": 2},
            "Budget of P5 Integrity, November",
            "The budget of P5 Integrity: at least $12.00 of $10.00 used in November; $2.00 over it · 2 not priced.",
        ),
    ],
)
def test_the_tile_says_whose_it_is_and_a_chart_that_nobody_sees_what_it_shows(
    of: dict[str, Any], title: str, said: str
) -> None:
    [tile] = budget_tile(a_report(budget=a_budget(**of)), MEI, "light")

    assert tile.title == title
    assert finding(a_budget(**of), MEI) == said


def test_a_share_is_never_100_percent_while_there_is_a_rest() -> None:
    assert percent(a_budget(amount="10", spent="9.999")) == "99 %"
    assert plain(used_of(a_budget(spent="1200", amount="5000"))) == "$1,200.00 of $5,000.00"
    assert plain(parts_line(a_budget(held="0.05"))) == "$7.15 left · $0.05 held for calls under way"


def test_the_banner_names_the_school_s_first_and_then_the_fullest() -> None:
    people = [
        a_budget(spent=spent, hard=False, holder=Holder(BudgetOf.PERSON, UUID(int=n), f"Teacher {n} *x*"))
        for n, spent in enumerate(("8", "9", "12", "8.5"))
    ]

    said = plain(banner_words([*people, a_budget(spent="8.1")])).split("  \n")

    assert said == [
        "**The school's budget is 81 % used**: $8.10 of $10.00 this month, hard. What does not fit is refused.",
        "**The budget of Teacher 2 *x* is used up**: $12.00 of $10.00 this month, soft. Nothing is refused.",
        "**The budget of Teacher 1 *x* is 90 % used**: $9.00 of $10.00 this month, soft. Nothing is refused.",
        "2 more are beyond 80 %.",
    ]


@pytest.mark.parametrize(
    ("admins", "who"),
    [
        (["Siti"], "Siti can raise it."),
        (["Ong", "Siti"], "Ong or Siti can raise it."),
        (["A", "B", "C", "D"], "An admin of the school can raise it."),
        (None, "An admin of the school can raise it."),
    ],
)
def test_a_refusal_names_the_admins_where_they_are_few(admins: list[str] | None, who: str) -> None:
    told = {"of": "person", "name": "Mei Tan", "amount_usd": "5.00", "left_usd": "0.1", "needed_usd": "0.12"}

    mine, hers = (budget_error({**told, "is_yours": is_yours, "admins": admins}) for is_yours in (True, False))

    assert str(mine) == (
        "Your budget has no room for this: $0.10 of $5.00 is left this month, and this may cost $0.12. "
        f"Nothing was sent or paid. {who}"
    )
    assert str(hers).startswith("The budget of Mei Tan has no room")
    assert isinstance(mine, BudgetUsedUp)
