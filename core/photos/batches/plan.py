"""Who of a class gets a portrait by one click, and who is left out and why."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from core.photos.board import Card, Standing


class Who(StrEnum):
    """The teacher's choice."""

    WITHOUT = "without"
    ALL = "all"
    CHOSEN = "chosen"


class LeftOut(StrEnum):
    """Why a chosen student gets none now; the database decides by the same rules."""

    NOT_ALLOWED = "not_allowed"
    UNDER_WAY = "under_way"
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True)
class Plan:
    """Both in register order."""

    students: tuple[Card, ...]
    left_out: tuple[tuple[Card, LeftOut], ...]


def plan(cards: Sequence[Card], who: Who, chosen: Collection[UUID] = ()) -> Plan:
    wanted = [card for card in cards if is_wanted(card, who, chosen)]
    reasons = [(card, why_left_out(card)) for card in wanted]
    return Plan(
        students=tuple(card for card, reason in reasons if reason is None),
        left_out=tuple((card, reason) for card, reason in reasons if reason is not None),
    )


def is_wanted(card: Card, who: Who, chosen: Collection[UUID]) -> bool:
    if who is Who.CHOSEN:
        return card.student_id in chosen
    return who is Who.ALL or card.photo_id is None


def why_left_out(card: Card) -> LeftOut | None:
    if not card.portraits_allowed:
        return LeftOut.NOT_ALLOWED
    if card.is_active:
        return LeftOut.UNDER_WAY
    return LeftOut.UNCONFIRMED if card.standing is Standing.UNCONFIRMED else None
