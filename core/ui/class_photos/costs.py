"""What a batch cost, with how sure that is; amounts are safe inside a label."""

from core.photos.batches.batch import Result, Spent
from core.photos.job import JobState
from core.ui.formats import NOT_PRICED, money, money_in_cell

NOTHING_PAID = "nothing paid"
MAY_BE_CHARGED = "may have been charged"
POSSIBLE, UNPRICED = "possible", "unpriced"


def total(spent: Spent) -> str:
    """An amount, or that none is known."""
    return NOT_PRICED.capitalize() if _is_unknown(spent) else money(spent.cost_usd)


def label(name: str, spent: Spent) -> str:
    """With "at least" where some of it has no price; beside the amount a phone would cut it."""
    return f"{name}, at least" if spent.unpriced and not _is_unknown(spent) else name


def in_line(spent: Spent) -> str:
    """The same for the end of a line."""
    if _is_unknown(spent):
        return NOT_PRICED
    at_least = "at least " if spent.unpriced else ""
    return f"{at_least}{money(spent.cost_usd)}{', ' + unconfirmed(spent) if spent.possible_usd else ''}"


def unconfirmed(spent: Spent) -> str:
    """Such as "of it $0.01 unconfirmed"; empty where all is sure."""
    return f"of it {money(spent.possible_usd)} unconfirmed" if spent.possible_usd else ""


def explained(spent: Spent) -> str:
    parts = ["What the calls of these photos cost by the price table, tries that failed too."]
    if spent.possible_usd:
        parts.append(f"Of it, {money(spent.possible_usd)} may have been charged: no answer came.")
    if spent.unpriced:
        parts.append(f"For {spent.unpriced} no price is known, so it may be more.")
    return " ".join(parts)


def paid_for(result: Result) -> str:
    """What one student's latest try cost; for a table's cell, where nothing is Markdown."""
    if result.cost_source == UNPRICED:
        return NOT_PRICED
    if result.state is JobState.UNCONFIRMED:
        return f"may be {money_in_cell(result.cost_usd)}"
    return money_in_cell(result.cost_usd) if result.cost_usd else NOTHING_PAID


def footer(result: Result) -> str:
    """The same for a card."""
    if result.state is JobState.UNCONFIRMED:
        return MAY_BE_CHARGED
    if result.cost_source == UNPRICED:
        return NOT_PRICED
    return money(result.cost_usd) if result.cost_usd else NOTHING_PAID


def _is_unknown(spent: Spent) -> bool:
    return bool(spent.unpriced) and not spent.cost_usd
