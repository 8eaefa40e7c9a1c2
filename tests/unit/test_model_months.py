"""What a month costs with each model a school may choose, by figures worked out by hand."""

from datetime import date
from decimal import Decimal

import pytest

from core.demo.provider.models import CHAT_MODELS, IMAGE_TOKENS
from core.settings import ImageQuality, ReasoningEffort
from core.usage.choosable import ChatOption, ImageOption, chat_options, image_options
from core.usage.hand_prices import HandPrices, ImagePrice, TokenPrice
from core.usage.model_choice import ChatModel, SchoolChoices
from core.usage.months import EXAMPLE, ChatUse, PortraitUse, Use
from core.usage.offered import offered_chat, offered_images
from core.usage.prices import CostSource, estimate_chat, estimate_image, settle_chat, settle_image
from tests.usual_models import USUAL

TODAY = date(2026, 11, 23)
USE = Use(ChatUse(200, 400_000, 60_000), PortraitUse(40))
LLAMA = TokenPrice(Decimal("0.5"), Decimal("0.1"), Decimal(2), "model_prices/1")
PAINTED = ImagePrice(Decimal("0.02"), "model_prices/2")
PRICES = HandPrices({"llama": LLAMA}, {("painter", "1024x1024", "low"): PAINTED})
CHOICES = SchoolChoices(prices=PRICES)


def chat(model: str, choices: SchoolChoices = CHOICES, today: date = TODAY) -> ChatOption:
    return next(one for one in chat_options(USUAL, choices, USE, today) if one.model == model)


def image(model: str, choices: SchoolChoices = CHOICES) -> ImageOption:
    return next(one for one in image_options(USUAL, choices, USE, TODAY) if one.model == model)


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        # 200 × (2,000 × $0.10 + 300 × $0.50) a million
        ("gpt-6-luna", "0.07"),
        ("gpt-6.1-terra", "0.70"),
        ("gpt-5.4-mini", "0.57"),
        ("gpt-4o-mini", "0.096"),
        ("llama", "0.32"),
    ],
)
def test_answers_cost_their_number_by_their_usual_length(model: str, expected: str) -> None:
    assert chat(model).month_usd == Decimal(expected)


def test_portraits_cost_their_number_by_quality_and_what_has_no_price_has_none() -> None:
    flare, sunburst = image("gpt-image-2.5-flare"), image("gpt-image-2.6-sunburst")

    assert [flare.month_usd(quality) for quality in list(ImageQuality)[:3]] == [
        Decimal("0.2352"),
        Decimal("0.5268"),
        Decimal("2.1072"),
    ]
    assert sunburst.month_usd(ImageQuality.LOW) is None
    assert not sunburst.may_be_chosen(ImageQuality.LOW)
    assert image("painter").month_usd(ImageQuality.LOW) == Decimal("0.80")


def test_the_example_is_the_readme_s_month() -> None:
    assert EXAMPLE.chat.usual == {"prompt_tokens": 1000, "completion_tokens": 175}
    assert EXAMPLE.chat.cost("gpt-6-luna", None) == Decimal("1.125")


def test_a_model_that_ended_can_not_be_chosen_but_is_shown_where_it_is_in_use() -> None:
    in_use = SchoolChoices(chat=ChatModel("gpt-5-mini", ReasoningEffort.LOW))

    assert chat("gpt-5-mini", in_use).may_be_chosen
    ended = chat("gpt-5-mini", in_use, date(2026, 12, 11))
    assert not ended.may_be_chosen
    assert ended.end is not None
    assert (ended.end.is_over, ended.end.successor) == (True, "gpt-6-luna")


def test_a_price_by_hand_counts_only_where_the_table_knows_none() -> None:
    usage = {"prompt_tokens": 1000, "completion_tokens": 100, "prompt_tokens_details": {"cached_tokens": 400}}

    reported, counted = settle_chat("llama", usage, by_hand=LLAMA), estimate_chat("llama", usage, by_hand=LLAMA)
    # (600 × $0.50 + 400 × $0.10 + 100 × $2) a million
    assert (reported.cost_usd, reported.source) == (Decimal("0.00054"), CostSource.REPORTED)
    assert (counted.cost_usd, counted.source) == (Decimal("0.00054"), CostSource.ESTIMATED)
    assert reported.rates == {
        "input_mtok": "0.5",
        "cache_read_mtok": "0.1",
        "output_mtok": "2",
        "source": "model_prices/1",
    }
    assert settle_chat("gpt-6-luna", usage, by_hand=LLAMA) == settle_chat("gpt-6-luna", usage)
    assert settle_chat("llama", None, by_hand=LLAMA).cost_usd is None


def test_an_image_by_hand_costs_its_price_with_or_without_the_provider_s_count() -> None:
    painter, flare = ("painter", "1024x1024", "low"), ("gpt-image-2.6-flare", "1024x1024", "low")
    usage = {"input_tokens": 0, "output_tokens": 1000}

    assert estimate_image(*painter, by_hand=PAINTED) == Decimal("0.02")
    for counted in (usage, None):
        cost = settle_image(*painter, counted, by_hand=PAINTED)
        assert (cost.cost_usd, cost.source, cost.rates["per_image"]) == (Decimal("0.02"), CostSource.REPORTED, "0.02")
    # What the provider counted is better than what somebody typed, where the table knows its rates.
    assert estimate_image(*flare, by_hand=PAINTED) == Decimal("0.02")
    assert settle_image(*flare, usage, by_hand=PAINTED).cost_usd == Decimal("0.03")


def test_what_is_offered_takes_the_operator_s_choice() -> None:
    assert USUAL.chat.effort in offered_chat()[USUAL.chat.model].efforts
    assert USUAL.image.quality in offered_images()[USUAL.image.model].qualities


def test_the_demo_s_stand_in_answers_as_every_model_that_is_offered() -> None:
    assert set(offered_chat()) <= set(CHAT_MODELS)
    assert set(offered_images()) <= set(IMAGE_TOKENS)
