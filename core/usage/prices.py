"""What a call cost or will cost, in US dollars; an unknown price is unknown and never 0."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from genai_prices import Usage, calc_price
from genai_prices.types import ModelPrice, TieredPrices

from core.usage.hand_prices import ImagePrice, TokenPrice
from core.usage.price_table import image_prices, shutdown
from core.usage.tokens import ChatTokens, ImageTokens, chat_tokens, image_tokens


class CostSource(StrEnum):
    """How sure a cost is."""

    REPORTED = "reported"
    ESTIMATED = "estimated"
    POSSIBLE = "possible"
    UNPRICED = "unpriced"


@dataclass(frozen=True)
class Cost:
    """An amount with what it was worked out from; `cost_usd` is None exactly when no price is known."""

    cost_usd: Decimal | None
    source: CostSource
    rates: dict[str, str] = field(default_factory=dict)


UNPRICED = Cost(None, CostSource.UNPRICED)


def estimate_image(
    model: str, size: str, quality: str, *, prompt: str = "", by_hand: ImagePrice | None = None
) -> Decimal | None:
    """What one image is likely to cost; with its prompt, rather a little too much than too little.

    Here and below, what an admin entered counts where the table knows no price.
    """
    expected = _expected_image(model, size, quality, None, text_in=_most_tokens(prompt))
    return _or_by_hand(expected, by_hand).cost_usd


def settle_image(
    model: str,
    size: str,
    quality: str,
    usage: Mapping[str, Any] | None,
    *,
    at: datetime | None = None,
    by_hand: ImagePrice | None = None,
) -> Cost:
    """What one image cost, at the prices of the moment `at` (now): by its tokens, or by the image."""
    return _or_by_hand(_settled_image(model, size, quality, usage, at), by_hand)


def settle_chat(
    model: str, usage: Mapping[str, Any] | None, *, at: datetime | None = None, by_hand: TokenPrice | None = None
) -> Cost:
    """What one answer cost by the provider's count; unpriced where it counted nothing."""
    return _chat(model, chat_tokens(usage), CostSource.REPORTED, at, by_hand)


def estimate_chat(
    model: str, usage: Mapping[str, Any], *, at: datetime | None = None, by_hand: TokenPrice | None = None
) -> Cost:
    """The same by a count of ours (`prompt_tokens`, `completion_tokens`)."""
    return _chat(model, chat_tokens(usage), CostSource.ESTIMATED, at, by_hand)


def successor(model: str) -> str | None:
    """What to use instead of a model that ended or will end."""
    ends = shutdown(model)
    return ends.successor if ends else None


def shutdown_date(model: str) -> date | None:
    """The day a model stopped or stops to answer, None where none is announced."""
    ends = shutdown(model)
    return ends.on if ends else None


def _or_by_hand(cost: Cost, by_hand: ImagePrice | None) -> Cost:
    if by_hand is None or cost.source is not CostSource.UNPRICED:
        return cost
    return Cost(by_hand.image_usd, CostSource.REPORTED, by_hand.rates)


def _chat(
    model: str, tokens: ChatTokens | None, source: CostSource, at: datetime | None, by_hand: TokenPrice | None
) -> Cost:
    if tokens is None:
        return UNPRICED
    usage = _chat_usage(tokens)
    cost = _priced(model, usage, source, at)
    if by_hand is None or cost.source is not CostSource.UNPRICED:
        return cost
    price = ModelPrice(
        input_mtok=by_hand.input_usd,
        cache_read_mtok=by_hand.cached_usd,
        cache_write_mtok=by_hand.input_usd,
        output_mtok=by_hand.output_usd,
    )
    return Cost(price.calc_price(usage)["total_price"], source, by_hand.rates)


def _settled_image(model: str, size: str, quality: str, usage: Mapping[str, Any] | None, at: datetime | None) -> Cost:
    known = image_prices(model)
    price = known.price_of(size, quality) if known else None
    if known and price is not None:
        return Cost(price, CostSource.REPORTED, {"per_image": str(price), "source": known.source})
    tokens = image_tokens(usage)
    if tokens is None:
        return _expected_image(model, size, quality, at)
    return _priced(model, _image_usage(tokens), CostSource.REPORTED, at)


def _most_tokens(prompt: str) -> int:
    """Tokens are rarely shorter than three bytes."""
    return -(-len(prompt.encode()) // 3)


def _expected_image(model: str, size: str, quality: str, at: datetime | None, *, text_in: int = 0) -> Cost:
    known = image_prices(model)
    if known is None:
        return UNPRICED
    price, tokens = known.price_of(size, quality), known.tokens_of(size, quality)
    if price is not None:
        return Cost(price, CostSource.ESTIMATED, {"per_image": str(price), "source": known.source})
    if tokens is None:
        return UNPRICED
    return _priced(model, _image_usage(ImageTokens(text_in, 0, 0, tokens)), CostSource.ESTIMATED, at)


def _image_usage(tokens: ImageTokens) -> Usage:
    # All parts are named: left out, image tokens would be priced as text.
    return Usage(
        input_tokens=tokens.prompt_tokens,
        input_text_tokens=tokens.text_in,
        input_image_tokens=tokens.image_in,
        output_tokens=tokens.completion_tokens,
        output_text_tokens=tokens.text_out,
        output_image_tokens=tokens.image_out,
    )


def _chat_usage(tokens: ChatTokens) -> Usage:
    return Usage(
        input_tokens=tokens.prompt_tokens,
        cache_read_tokens=tokens.cache_read,
        cache_write_tokens=tokens.cache_written,
        output_tokens=tokens.completion_tokens,
    )


def _priced(model: str, usage: Usage, source: CostSource, at: datetime | None) -> Cost:
    try:
        price = calc_price(usage, model, provider_id="openai", genai_request_timestamp=at or datetime.now(UTC))
    except LookupError:
        return _priced_by_table(model, usage, source)
    return Cost(price.total_price, source, _rates(price.model_price, "genai-prices"))


def _priced_by_table(model: str, usage: Usage, source: CostSource) -> Cost:
    known = image_prices(model)
    if known is None or not known.rates:
        return UNPRICED
    price = ModelPrice(**{name: Decimal(rate) for name, rate in known.rates.items()})
    return Cost(price.calc_price(usage)["total_price"], source, {**known.rates, "source": known.source})


def _rates(price: ModelPrice, source: str) -> dict[str, str]:
    per_token = {name: rate for name, rate in vars(price).items() if name.endswith("_mtok") and rate is not None}
    return {**{name: _rate(rate) for name, rate in per_token.items()}, "source": source}


def _rate(rate: Decimal | TieredPrices) -> str:
    if isinstance(rate, TieredPrices):
        return "; ".join([str(rate.base), *(f"over {tier.start}: {tier.price}" for tier in rate.tiers)])
    return str(rate)
