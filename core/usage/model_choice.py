"""Which models a school uses: what its admins chose, or else the operator's settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.tables.people import School
from core.db.tables.usage import ModelPrice
from core.settings import ReasoningEffort
from core.usage.hand_prices import HandPrices, ImagePrice, hand_prices
from core.usage.prices import estimate_image

CHAT, IMAGE, STYLE, UNIFORM, TO_MODEL = "chat", "image", "style", "uniform", "to_model"
"""Their keys in schools.settings."""


@dataclass(frozen=True)
class ImageChoice:
    """An image model, and how large and fine it draws."""

    model: str
    size: str
    quality: str


@dataclass(frozen=True)
class ChatModel:
    """A chat model, and how long it thinks before it answers."""

    model: str
    effort: ReasoningEffort


@dataclass(frozen=True)
class UsualModels:
    """The operator's, for schools that chose no others."""

    chat: ChatModel
    image: ImageChoice


@dataclass(frozen=True)
class Priced:
    """What the next portrait is asked of, with the price that an admin entered for it, if one did."""

    choice: ImageChoice
    by_hand: ImagePrice | None = None

    def estimated_usd(self, *, prompt: str = "") -> Decimal | None:
        """None where no price is known."""
        choice = self.choice
        return estimate_image(choice.model, choice.size, choice.quality, prompt=prompt, by_hand=self.by_hand)


@dataclass(frozen=True)
class SchoolChoices:
    """What a school's admins decided, None where they left it to the operator, and the prices that they entered."""

    chat: ChatModel | None = None
    image: tuple[str, str] | None = None
    """Model and quality; the size is the operator's."""
    style: str | None = None
    uniform: str | None = None
    to_model: frozenset[str] | None = None
    """Kinds of records that may leave."""
    prices: HandPrices = field(default_factory=HandPrices)

    def portrait(self, usual: ImageChoice) -> Priced:
        """`usual` is the operator's."""
        choice = usual
        if self.image is not None:
            model, quality = self.image
            choice = replace(usual, model=model, quality=quality)
        return Priced(choice, self.prices.image(choice.model, choice.size, choice.quality))


def school_choices(session: Session, school_id: UUID) -> SchoolChoices:
    """As they are at this moment, in one read; whoever is about to pay asks anew."""
    rows = session.execute(
        select(School.settings, ModelPrice)
        .outerjoin(ModelPrice, ModelPrice.school_id == School.id)
        .where(School.id == school_id)
    ).all()
    settings = rows[0].settings if rows else {}
    return SchoolChoices(
        chat=_chat(settings.get(CHAT)),
        image=_image(settings.get(IMAGE)),
        style=settings.get(STYLE),
        uniform=settings.get(UNIFORM),
        to_model=frozenset(settings[TO_MODEL]) if TO_MODEL in settings else None,
        prices=hand_prices(_prices(rows)),
    )


def _prices(rows: Any) -> list[ModelPrice]:
    return [price for _, price in rows if price is not None]


def _chat(kept: Mapping[str, str] | None) -> ChatModel | None:
    return ChatModel(kept["model"], ReasoningEffort(kept["reasoning_effort"])) if kept else None


def _image(kept: Mapping[str, str] | None) -> tuple[str, str] | None:
    return (kept["model"], kept["quality"]) if kept else None
