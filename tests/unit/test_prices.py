import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openai.types.shared import chat_model

from core.settings import ImageQuality, ImageSize
from core.usage.price_table import SNAPSHOT, image_prices, price_table
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


# Dollars of one image: its output tokens × 30 per million, or the price of one.
GOLDEN = {
    ("gpt-image-2", SQUARE): {"low": "0.00588", "medium": "0.05268", "high": "0.21072"},
    ("gpt-image-2", "1024x1536"): {"low": "0.00474", "medium": "0.04116", "high": "0.16464"},
    ("gpt-image-2", "1536x1024"): {"low": "0.00474", "medium": "0.04116", "high": "0.16464"},
    (FLARE, SQUARE): {"low": "0.00588", "medium": "0.01317", "high": "0.05268"},
    (FLARE, "1024x1536"): {"low": "0.00474", "medium": "0.01029", "high": "0.04116"},
    (FLARE, "1536x1024"): {"low": "0.00474", "medium": "0.01029", "high": "0.04116"},
    ("dall-e-3", SQUARE): {"standard": "0.040", "hd": "0.080"},
}


def test_every_model_size_and_quality_of_the_table_has_its_price() -> None:
    tables: list[tuple[str, dict[str, Any]]] = [
        (model, {**known.output_tokens, **known.per_image})
        for model, known in price_table().images.items()
        if not SNAPSHOT.search(model)
    ]
    estimates = {
        (model, size, quality): estimate_image(model, size, quality)
        for model, sizes in tables
        for size, qualities in sizes.items()
        for quality in qualities
    }

    assert estimates == {
        (model, size, quality): Decimal(usd)
        for (model, size), prices in GOLDEN.items()
        for quality, usd in prices.items()
    }


def test_a_snapshot_costs_what_its_model_costs() -> None:
    images = price_table().images
    snapshots = {model for model in images if SNAPSHOT.search(model)}

    assert snapshots
    assert all(images[model] == images[SNAPSHOT.sub("", model)] for model in snapshots)


def test_the_estimate_before_is_what_a_reply_of_that_size_costs_after() -> None:
    for (model, size), prices in GOLDEN.items():
        for quality in prices:
            tokens = image_prices(model).tokens_of(size, quality)  # type: ignore[union-attr]  # all of them are known
            usage = {"input_tokens": 130, "output_tokens": tokens}
            text_usd = Decimal(0) if tokens is None else 130 * Decimal("0.000005")

            settled = settle_image(model, size, quality, usage).cost_usd

            assert settled == (estimate_image(model, size, quality) or Decimal(0)) + text_usd


def test_an_estimate_with_its_prompt_is_rather_too_much() -> None:
    prompt = "A friendly pupil of ten years, head and shoulders, plain background."
    usage = {"input_tokens": 16, "output_tokens": 439}

    estimate, settled = (
        estimate_image(FLARE, SQUARE, "medium", prompt=prompt),
        settle_image(FLARE, SQUARE, "medium", usage),
    )

    assert estimate is not None
    assert settled.cost_usd is not None
    assert settled.cost_usd <= estimate < settled.cost_usd * Decimal("1.02")


def test_images_in_the_request_are_priced_as_images() -> None:
    usage = {
        "input_tokens": 1130,
        "output_tokens": 439,
        "input_tokens_details": {"text_tokens": 130, "image_tokens": 1000},
    }

    # 130 × 5 + 1000 × 8 + 439 × 30, per million
    assert settle_image(FLARE, SQUARE, "medium", usage).cost_usd == Decimal("0.02182")
    assert settle_image("gpt-image-2.6-flare", SQUARE, "medium", usage).cost_usd == Decimal("0.02182")


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        # 600 of 1,000 from the cache: 400 × input + 600 × cached + 200 × output, per million
        ("gpt-6-luna", "0.000146"),
        ("gpt-4o-mini", "0.000225"),
        ("gpt-5.4-mini", "0.001245"),
        ("gpt-6.1-terra", "0.00143"),
    ],
)
def test_what_comes_from_the_cache_has_its_own_rate(model: str, expected: str) -> None:
    usage = {"prompt_tokens": 1000, "completion_tokens": 200, "prompt_tokens_details": {"cached_tokens": 600}}

    cost = settle_chat(model, usage)

    assert cost.cost_usd == Decimal(expected)
    assert {"input_mtok", "cache_read_mtok", "output_mtok", "source"} <= set(cost.rates)


def test_the_rates_are_those_that_were_used() -> None:
    usage = {"input_tokens": 130, "output_tokens": 439}

    assert settle_image(FLARE, SQUARE, "low", usage).rates["output_mtok"] == "30"
    assert settle_image("gpt-image-2.6-flare", SQUARE, "low", usage).rates["input_image_mtok"] == "8"
    assert settle_image("dall-e-3", SQUARE, "hd", None).rates["per_image"] == "0.080"


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


@pytest.mark.parametrize(("at", "expected"), [("2025-06-01", "0.018"), ("2025-06-20", "0.0036")])
def test_prices_are_those_of_the_moment_of_the_call(at: str, expected: str) -> None:
    """Of a model that became five times cheaper between."""
    usage = {"prompt_tokens": 1000, "completion_tokens": 200}

    assert settle_chat("o3", usage, at=datetime.fromisoformat(at).replace(tzinfo=UTC)).cost_usd == Decimal(expected)


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


def test_every_model_whose_end_the_sdk_tells_is_in_the_table() -> None:
    told = Path(chat_model.__file__).read_text(encoding="utf-8").split('"""Deprecated values:')[1]
    ends = [
        (model, date.fromisoformat(on))
        for entry in " ".join(told.split()).split("- ")
        for on in re.findall(r": Announced shutdown date: (\d{4}-\d{2}-\d{2})", entry)
        for model in re.findall(r'"([^"]+)"', entry)
    ]

    wanted = {model: on for model, on in ends if on.year >= 2026 and "audio" not in model and "codex-mini" not in model}
    assert len(wanted) > 30
    assert {model: shutdown_date(model) for model in wanted} == wanted


def test_every_successor_is_priced_and_stays() -> None:
    for ending in price_table().shutdowns.values():
        assert shutdown_date(ending.successor) is None


def test_every_entry_says_where_it_comes_from() -> None:
    for entry in price_table().images.values():
        assert entry.source
        assert entry.read_on <= date(2026, 11, 23)
