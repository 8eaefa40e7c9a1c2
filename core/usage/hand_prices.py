"""Prices that a school's admins entered, for models of which the price table knows none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from core.db.tables.usage import ModelPrice


@dataclass(frozen=True)
class TokenPrice:
    """US dollars for a million tokens of a chat model; `source` says which entry of whom it was."""

    input_usd: Decimal
    cached_usd: Decimal
    output_usd: Decimal
    source: str

    @property
    def rates(self) -> dict[str, str]:
        """As the ledger keeps them."""
        return {
            "input_mtok": str(self.input_usd),
            "cache_read_mtok": str(self.cached_usd),
            "output_mtok": str(self.output_usd),
            "source": self.source,
        }


@dataclass(frozen=True)
class ImagePrice:
    """US dollars for one image of that model, size and quality."""

    image_usd: Decimal
    source: str

    @property
    def rates(self) -> dict[str, str]:
        return {"per_image": str(self.image_usd), "source": self.source}

    def as_json(self) -> dict[str, str]:
        return {"image_usd": str(self.image_usd), "source": self.source}


@dataclass(frozen=True)
class HandPrices:
    """Of one school, by what they are for."""

    of_tokens: Mapping[str, TokenPrice] = field(default_factory=dict)
    of_images: Mapping[tuple[str, str, str], ImagePrice] = field(default_factory=dict)

    def chat(self, model: str) -> TokenPrice | None:
        return self.of_tokens.get(model)

    def image(self, model: str, size: str, quality: str) -> ImagePrice | None:
        return self.of_images.get((model, size, quality))


def hand_prices(rows: Iterable[ModelPrice]) -> HandPrices:
    found = list(rows)
    return HandPrices(
        {row.model: _of_tokens(row) for row in found if row.type == "chat"},
        {
            (row.model, row.size, row.quality): ImagePrice(row.image_usd, _source(row.id, row.entered_at))
            for row in found
            if row.image_usd is not None
        },
    )


def image_price_of(kept: Any) -> ImagePrice | None:
    """What `as_json` made."""
    return ImagePrice(Decimal(kept["image_usd"]), kept["source"]) if kept else None


def _of_tokens(row: ModelPrice) -> TokenPrice:
    return TokenPrice(
        input_usd=row.input_usd or Decimal(0),
        cached_usd=row.cached_usd or Decimal(0),
        output_usd=row.output_usd or Decimal(0),
        source=_source(row.id, row.entered_at),
    )


def _source(price_id: UUID, entered_at: datetime) -> str:
    """Without the admin's words, which may hold anything."""
    return f"model_prices/{price_id}, entered {entered_at:%Y-%m-%d}"
