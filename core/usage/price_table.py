"""Reads prices.toml: per-image counts and prices, rates the library lacks, and when models end."""

import re
import tomllib
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("prices.toml")
SNAPSHOT = re.compile(r"-\d{4}-\d{2}-\d{2}$")


@dataclass(frozen=True)
class ImagePrices:
    """What is known of one image model; counts and prices by size, then quality."""

    source: str
    read_on: date
    output_tokens: dict[str, dict[str, int]] = field(default_factory=dict)
    per_image: dict[str, dict[str, str]] = field(default_factory=dict)
    rates: dict[str, str] = field(default_factory=dict)

    def tokens_of(self, size: str, quality: str) -> int | None:
        return self.output_tokens.get(size, {}).get(quality)

    def price_of(self, size: str, quality: str) -> Decimal | None:
        price = self.per_image.get(size, {}).get(quality)
        return None if price is None else Decimal(price)


@dataclass(frozen=True)
class Shutdown:
    """The day a model stopped or stops to answer, and what to use instead."""

    on: date
    successor: str
    source: str


@dataclass(frozen=True)
class PriceTable:
    """Everything in the file, by model."""

    images: dict[str, ImagePrices]
    shutdowns: dict[str, Shutdown]


@cache
def price_table() -> PriceTable:
    """The table, read once per process."""
    raw = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return PriceTable(
        images={model: ImagePrices(**entry) for entry in raw["images"] for model in entry.pop("models")},
        shutdowns={model: Shutdown(**entry) for entry in raw["shutdowns"] for model in entry.pop("models")},
    )


def image_prices(model: str) -> ImagePrices | None:
    """What the table says of an image model."""
    return price_table().images.get(model)


def shutdown(model: str) -> Shutdown | None:
    """When a model ends; a dated snapshot ends with its model."""
    shutdowns = price_table().shutdowns
    return shutdowns.get(model) or shutdowns.get(SNAPSHOT.sub("", model))
