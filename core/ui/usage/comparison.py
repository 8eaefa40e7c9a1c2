"""The ledger beside the invoice, line by line, and what can explain a difference."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.ui.usage.invoice_lines import InvoiceLine, model_key
from core.ui.usage.words import added, dollars
from core.usage.report import Booked, Sum

HALF_A_CENT = Decimal("0.005")


@dataclass(frozen=True)
class Compared:
    """One line of both; None where one of them doesn't have it. `day` is None where the invoice tells none."""

    day: date | None
    model: str
    ledger: Sum | None
    invoice_usd: Decimal | None

    @property
    def difference_usd(self) -> Decimal:
        """What the invoice has more."""
        return (self.invoice_usd or Decimal(0)) - (self.ledger.cost_usd if self.ledger else Decimal(0))


Key = tuple[date | None, str]


def compare(booked: Sequence[Booked], invoice: Sequence[InvoiceLine]) -> list[Compared]:
    """By day and model, or by model alone where the invoice tells no days."""
    by_day = any(one.day for one in invoice) or not invoice
    ledger: dict[Key, list[Sum]] = defaultdict(list)
    for one in booked:
        ledger[(one.day if by_day else None, model_key(one.model))].append(one.sum)
    billed: dict[Key, Decimal] = defaultdict(Decimal)
    for line in invoice:
        billed[(line.day if by_day else None, line.model)] += line.amount_usd
    keys = sorted({*ledger, *billed}, key=lambda key: (key[0] or date.min, key[1]))
    return [Compared(*key, added(ledger[key]) if key in ledger else None, billed.get(key)) for key in keys]


def verdict(ledger: Sum, invoice_usd: Decimal) -> str:
    """Whether the two agree, and if not, whether what is uncertain can explain it; without Markdown."""
    more = invoice_usd - ledger.cost_usd
    if abs(more) < HALF_A_CENT:
        return "They agree to the cent."
    said = f"The invoice is {dollars(abs(more))} {'higher' if more > 0 else 'lower'} than the ledger."
    return f"{said} {_why(ledger, more)}"


def _why(ledger: Sum, more: Decimal) -> str:
    left = abs(more) - ledger.estimated_usd
    if more < 0 and left <= ledger.possible_usd + HALF_A_CENT and ledger.possible_usd:
        return f"{dollars(ledger.possible_usd)} of the ledger may have been charged and may not: that explains it."
    if more > 0 and ledger.unpriced:
        return f"{ledger.unpriced} of our requests have no price, so they may explain it."
    if left <= 0:
        return f"{dollars(ledger.estimated_usd)} of the ledger is our own count: that explains it."
    return "What is uncertain in the ledger does not explain it: look at the lines with a difference."


def why_uncertain(one: Compared) -> str:
    """Of one line, what of it is not sure."""
    if one.ledger is None:
        return "Not in the ledger"
    parts = [
        f"{dollars(one.ledger.possible_usd)} may have been charged" if one.ledger.possible_usd else "",
        f"{dollars(one.ledger.estimated_usd)} is our own count" if one.ledger.estimated_usd else "",
        f"{one.ledger.unpriced} not priced" if one.ledger.unpriced else "",
    ]
    return ", ".join(part for part in parts if part)
