"""A price as an admin types it in, and whether it can be one."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from core.db.tables.usage import ModelPrice
from core.errors import ChoiceRefused
from core.settings import ImageQuality
from core.usage.prices import CostSource, estimate_chat, estimate_image

MODEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,99}")
MOST_PER_MILLION = Decimal(10_000)
MOST_PER_IMAGE = Decimal(100)
LONGEST_SOURCE = 200
FINEST = Decimal("0.0000000001")


@dataclass(frozen=True, kw_only=True)
class EnteredPrice:
    """US dollars for a million tokens of a chat model, or for one image at a quality; who and when once it is kept."""

    model: str
    source: str
    quality: str = ""
    input_usd: Decimal | None = None
    cached_usd: Decimal | None = None
    output_usd: Decimal | None = None
    image_usd: Decimal | None = None
    id: UUID | None = None
    entered_by: str = ""
    entered_at: datetime | None = None

    @property
    def type(self) -> str:
        return "image" if self.quality else "chat"


def checked_price(typed: EnteredPrice) -> EnteredPrice:
    """Without spaces around, and cached tokens at the full price where none is given. Raises ChoiceRefused."""
    model, source = typed.model.strip(), " ".join(typed.source.split())
    if not MODEL.fullmatch(model):
        raise ChoiceRefused("Write the model's name as its provider spells it: letters, digits and . _ : / @ + -.")
    if not 1 <= len(source) <= LONGEST_SOURCE:
        raise ChoiceRefused(f"Say where the price was read, in at most {LONGEST_SOURCE} characters.")
    if typed.quality:
        return _of_image(replace(typed, model=model, source=source))
    return _of_tokens(replace(typed, model=model, source=source))


def needs_none(price: EnteredPrice, size: str) -> bool:
    """Whether the price table knows it."""
    if price.quality:
        return estimate_image(price.model, size, price.quality) is not None
    one = estimate_chat(price.model, {"prompt_tokens": 1, "completion_tokens": 1})
    return one.source is not CostSource.UNPRICED


def entered_price(row: ModelPrice, entered_by: str) -> EnteredPrice:
    return EnteredPrice(
        id=row.id,
        model=row.model,
        quality=row.quality,
        input_usd=row.input_usd,
        cached_usd=row.cached_usd,
        output_usd=row.output_usd,
        image_usd=row.image_usd,
        source=row.source,
        entered_by=entered_by,
        entered_at=row.entered_at,
    )


def _of_image(price: EnteredPrice) -> EnteredPrice:
    if price.quality not in frozenset(ImageQuality):
        raise ChoiceRefused("Choose one of the qualities.")
    image_usd = _amount(price.image_usd, "one image", MOST_PER_IMAGE)
    return replace(price, image_usd=image_usd, input_usd=None, cached_usd=None, output_usd=None)


def _of_tokens(price: EnteredPrice) -> EnteredPrice:
    input_usd = _amount(price.input_usd, "tokens in", MOST_PER_MILLION)
    output_usd = _amount(price.output_usd, "tokens out", MOST_PER_MILLION)
    cached_usd = input_usd
    if price.cached_usd is not None:
        cached_usd = _amount(price.cached_usd, "cached tokens", input_usd)
    return replace(price, input_usd=input_usd, cached_usd=cached_usd, output_usd=output_usd, image_usd=None)


def _amount(typed: Decimal | None, of: str, most: Decimal) -> Decimal:
    if typed is None or not typed.is_finite() or not 0 <= typed <= most:
        raise ChoiceRefused(f"The price of {of} must be from 0 to {most:f} US dollars.")
    return typed.quantize(FINEST)
