from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from core.settings import ImageQuality, ImageSize
from core.usage.price_table import image_prices, price_table
from core.usage.prices import (
    UNPRICED,
    CostSource,
    estimate_chat,
    estimate_image,
    settle_chat,
    settle_image,
    shutdown_date,
    successor,
)

FLARE = "gpt-image-2.5-flare"
SQUARE = "1024x1024"


def test_a_thousand_tokens_in_and_two_hundred_out() -> None:
    cost = settle_chat("gpt-4o-mini", {"prompt_tokens": 1000, "completion_tokens": 200})

    assert cost.cost_usd == Decimal("0.00027")
    assert cost.source is CostSource.REPORTED
    assert cost.rates["input_mtok"] == "0.15"
    assert cost.rates["output_mtok"] == "0.6"


def test_cached_input_is_cheaper() -> None:
    usage = {"prompt_tokens": 1000, "completion_tokens": 200, "prompt_tokens_details": {"cached_tokens": 400}}

    # 600 × 0.15 + 400 × 0.075 + 200 × 0.60, per million
    assert settle_chat("gpt-4o-mini", usage).cost_usd == Decimal("0.00024")


@pytest.mark.parametrize(
    ("model", "expected"),
    [("gpt-6-luna", "0.0002"), ("gpt-5.4-mini", "0.00165"), ("gpt-6.1-terra", "0.002")],
)
def test_current_chat_models_are_priced(model: str, expected: str) -> None:
    assert settle_chat(model, {"prompt_tokens": 1000, "completion_tokens": 200}).cost_usd == Decimal(expected)


def test_our_own_count_is_called_an_estimate() -> None:
    cost = estimate_chat("gpt-4o-mini", {"prompt_tokens": 1000, "completion_tokens": 200})

    assert (cost.cost_usd, cost.source) == (Decimal("0.00027"), CostSource.ESTIMATED)


@pytest.mark.parametrize("model", ["llama3", "gpt-4o-mini-of-ours", ""])
def test_an_unknown_model_has_no_price_instead_of_a_price_of_nothing(model: str) -> None:
    assert settle_chat(model, {"prompt_tokens": 1000, "completion_tokens": 200}) == UNPRICED
    assert settle_image(model, SQUARE, "medium", {"input_tokens": 9, "output_tokens": 439}) == UNPRICED
    assert estimate_image(model, SQUARE, "medium") is None


@pytest.mark.parametrize("usage", [None, {}, {"prompt_tokens": 0, "completion_tokens": 0}])
def test_a_chat_that_counted_nothing_does_not_cost_nothing(usage: dict[str, Any] | None) -> None:
    assert settle_chat("gpt-4o-mini", usage) == UNPRICED


def test_an_image_is_priced_by_its_tokens() -> None:
    usage = {
        "input_tokens": 130,
        "output_tokens": 439,
        "input_tokens_details": {"text_tokens": 130, "image_tokens": 0},
        "output_tokens_details": {"text_tokens": 0, "image_tokens": 439},
    }

    # 130 × 5 + 439 × 30, per million
    assert settle_image(FLARE, SQUARE, "medium", usage).cost_usd == Decimal("0.01382")
    assert settle_image(FLARE, SQUARE, "medium", usage).source is CostSource.REPORTED


@pytest.mark.parametrize("model", ["gpt-image-1.5", "chatgpt-image-latest"])
def test_image_tokens_without_details_are_not_priced_as_text(model: str) -> None:
    bare = {"input_tokens": 100, "output_tokens": 1000}

    # 100 × 5 + 1000 × 32, per million; at the text rate it would be 0.0105
    assert settle_image(model, SQUARE, "medium", bare).cost_usd == Decimal("0.0325")


def test_a_model_that_the_library_lacks_is_priced_by_the_table() -> None:
    usage = {"input_tokens": 100, "output_tokens": 700}

    cost = settle_image("gpt-image-2.6-flare", SQUARE, "low", usage)

    assert (cost.cost_usd, cost.source) == (Decimal("0.0215"), CostSource.REPORTED)


@pytest.mark.parametrize("usage", [None, {"input_tokens": 0, "output_tokens": 0}])
def test_an_image_that_reports_nothing_counts_at_its_estimate(usage: dict[str, Any] | None) -> None:
    cost = settle_image(FLARE, SQUARE, "medium", usage)

    assert (cost.cost_usd, cost.source) == (Decimal("0.01317"), CostSource.ESTIMATED)


def test_an_image_that_reports_nothing_and_has_no_estimate_is_unpriced() -> None:
    assert settle_image("gpt-image-2.6-flare", SQUARE, "low", None) == UNPRICED


@pytest.mark.parametrize(("quality", "expected"), [("standard", "0.040"), ("hd", "0.080")])
def test_a_model_that_bills_by_the_image_costs_its_price(quality: str, expected: str) -> None:
    cost = settle_image("dall-e-3", SQUARE, quality, {"input_tokens": 7, "output_tokens": 7})

    assert (cost.cost_usd, cost.source) == (Decimal(expected), CostSource.REPORTED)
    assert estimate_image("dall-e-3", SQUARE, quality) == Decimal(expected)


@pytest.mark.parametrize(
    ("model", "quality", "shown"),
    [
        ("gpt-image-2", "low", "0.006"),
        ("gpt-image-2", "medium", "0.053"),
        ("gpt-image-2", "high", "0.211"),
        (FLARE, "low", "0.006"),
        (FLARE, "medium", "0.013"),
        (FLARE, "high", "0.053"),
    ],
)
def test_estimates_agree_with_what_is_published(model: str, quality: str, shown: str) -> None:
    estimate = estimate_image(model, SQUARE, quality)

    assert estimate is not None
    assert estimate.quantize(Decimal("0.001")) == Decimal(shown)


@pytest.mark.parametrize("size", list(ImageSize))
@pytest.mark.parametrize("quality", [ImageQuality.LOW, ImageQuality.MEDIUM, ImageQuality.HIGH])
def test_the_default_model_has_an_estimate_for_every_choice(size: ImageSize, quality: ImageQuality) -> None:
    assert estimate_image(FLARE, size, quality)


def test_counts_follow_the_published_rule_of_their_family() -> None:
    steps = {"gpt-image-2": {"low": 16, "medium": 48, "high": 96}, FLARE: {"low": 16, "medium": 24, "high": 48}}

    for model, by_quality in steps.items():
        known = image_prices(model)
        assert known is not None
        for size, counts in known.output_tokens.items():
            width, height = (int(side) for side in size.split("x"))
            for quality, count in counts.items():
                across = by_quality[quality]
                down = round(across * min(width, height) / max(width, height))
                assert count == -(-across * down * (2_000_000 + width * height) // 4_000_000)


def test_an_unpublished_count_gives_no_estimate() -> None:
    assert estimate_image("gpt-image-2.6-flare", SQUARE, "low") is None
    assert estimate_image(FLARE, "2048x2048", "medium") is None
    assert estimate_image(FLARE, SQUARE, "hd") is None


def test_prices_are_those_of_the_moment_of_the_call() -> None:
    usage = {"prompt_tokens": 1000, "completion_tokens": 200}

    assert settle_chat("gpt-4o-mini", usage, at=datetime(2026, 11, 1, tzinfo=UTC)).cost_usd == Decimal("0.00027")


@pytest.mark.parametrize(
    ("model", "ends", "instead"),
    [
        ("dall-e-3", date(2026, 5, 12), FLARE),
        ("gpt-image-1", date(2026, 10, 23), FLARE),
        ("gpt-image-1.5", date(2026, 12, 1), FLARE),
        ("gpt-4o-mini", date(2027, 1, 14), "gpt-6-luna"),
        ("gpt-4o-mini-2024-07-18", date(2027, 1, 14), "gpt-6-luna"),
        (FLARE, None, None),
        ("llama3", None, None),
    ],
)
def test_a_model_that_ends_names_its_day_and_its_successor(model: str, ends: date | None, instead: str | None) -> None:
    assert (shutdown_date(model), successor(model)) == (ends, instead)


def test_every_successor_is_priced_and_stays() -> None:
    for ending in price_table().shutdowns.values():
        assert shutdown_date(ending.successor) is None


def test_every_entry_says_where_it_comes_from() -> None:
    for entry in price_table().images.values():
        assert entry.source
        assert entry.read_on <= date(2026, 11, 23)
