"""Amounts, changes and names as the Usage page says them."""

from collections.abc import Sequence
from decimal import Decimal

from core.ui.formats import NOT_PRICED, counted, money_in_cell
from core.ui.text import escape_label
from core.usage.report import Series, Slice, Sum

NONE_BEFORE, AS_BEFORE = "none before", "as before"
OF_SERIES = {Series.CHAT: "Assistant", Series.BATCH_IMAGE: "Class photos", Series.IMAGE: "Single portraits"}
PORTRAIT, PLAIN_QUESTION = "portrait", "question"
_FEATURES = {
    "ptm": "Meetings",
    "lesson": "Lessons",
    "progress": "Progress",
    "help": "Help",
    PLAIN_QUESTION: "Other questions",
    PORTRAIT: "Portraits",
}
OPERATOR = "The operator"
TEN_CENTS = Decimal("0.1")


def feature_name(feature: str) -> str:
    """What was asked for; a word that we don't know stays as the ledger has it."""
    return _FEATURES.get(feature, feature.replace("_", " ").capitalize())


def dollars(amount: Decimal) -> str:
    """$1,234.50, and $0.013 for less than ten cents; for places without Markdown."""
    return money_in_cell(amount) if 0 < amount < TEN_CENTS else f"${amount:,.2f}"


def amount(total: Sum) -> str:
    """With what is not priced said; for places without Markdown."""
    if total.unpriced and not total.cost_usd:
        return NOT_PRICED
    return f"at least {dollars(total.cost_usd)}" if total.is_at_least else dollars(total.cost_usd)


def short_count(count: int) -> str:
    """1,284 and 2.9 M."""
    return f"{count / 1_000_000:.1f} M" if count >= 1_000_000 else f"{count:,}"


def change_in_percent(now: Decimal, before: Decimal) -> str:
    """Of before."""
    if now and not before:
        return NONE_BEFORE
    percent = round(100 * (now - before) / before) if before else 0
    return f"{abs(percent):,} %" if percent else AS_BEFORE


def change_in_count(now: int, before: int) -> str:
    if now and not before:
        return NONE_BEFORE
    return f"{abs(now - before):,}" if now != before else AS_BEFORE


def sureness(total: Sum) -> str:
    """What of a sum may be otherwise, with its amounts; empty where all is sure. Safe inside a label."""
    parts = []
    if total.possible_usd:
        parts.append(f"{dollars(total.possible_usd)} may have been charged: no answer came that tells.")
    if total.estimated_usd:
        parts.append(f"{dollars(total.estimated_usd)} is our own count, of answers that were cut off.")
    said = f"Of the {dollars(total.cost_usd)}, {' '.join(parts)}" if parts else ""
    if total.unpriced:
        said = f"{said} For {counted(total.unpriced, 'request')} no price is known, so it is at least that.".strip()
    return escape_label(said)


def with_others(slices: Sequence[Slice], shown: int = 5) -> list[tuple[str, Sum]]:
    """The largest ones with their names, and the rest as one: at most `shown` in all."""
    if len(slices) <= shown:
        return [(one.name, one.sum) for one in slices]
    rest = slices[shown - 1 :]
    return [
        *((one.name, one.sum) for one in slices[: shown - 1]),
        (f"{len(rest)} others", added([one.sum for one in rest])),
    ]


def added(sums: Sequence[Sum]) -> Sum:
    return Sum(
        requests=sum(one.requests for one in sums),
        errors=sum(one.errors for one in sums),
        tokens=sum(one.tokens for one in sums),
        cost_usd=sum((one.cost_usd for one in sums), Decimal(0)),
        unpriced=sum(one.unpriced for one in sums),
        possible_usd=sum((one.possible_usd for one in sums), Decimal(0)),
        estimated_usd=sum((one.estimated_usd for one in sums), Decimal(0)),
    )
