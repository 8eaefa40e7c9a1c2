"""What a batch cost, with how sure that is; amounts are safe inside a label."""

from core.photos.batches.batch import Result, Spent
from core.photos.job import ACTIVE_STATES, JobState
from core.ui.formats import NOT_PRICED, money, money_in_cell

NOTHING_PAID = "nothing paid"
MAY_BE_CHARGED = "may have been charged"
NO_COST_YET = "no cost yet"


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


def in_cell(result: Result) -> str:
    """What one student cost, for a table, where nothing is Markdown."""
    return _of_student(result, money_in_cell(result.spent_usd))


def unconfirmed_in_cell(result: Result) -> str:
    """What of it is only possible."""
    return money_in_cell(result.possible_usd) if result.possible_usd else ""


def footer(result: Result) -> str:
    """The same for a card."""
    if result.state is JobState.UNCONFIRMED:
        return MAY_BE_CHARGED
    said = _of_student(result, money(result.spent_usd))
    return f"up to {said}" if result.possible_usd else said


def _of_student(result: Result, amount: str) -> str:
    if result.unpriced:
        return f"at least {amount}" if result.spent_usd else NOT_PRICED
    if result.spent_usd:
        return amount
    return NO_COST_YET if result.state in ACTIVE_STATES else NOTHING_PAID


def _is_unknown(spent: Spent) -> bool:
    return bool(spent.unpriced) and not spent.cost_usd
