"""Prices as an admin types them in."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core.errors import ChoiceRefused
from core.usage.entered_prices import EnteredPrice, checked_price

OURS = EnteredPrice(model="our-server/llama", input_usd=Decimal("0.5"), output_usd=Decimal(0), source="our own machine")
DRAWN = EnteredPrice(model="our-painter", quality="low", image_usd=Decimal("0.0123"), source="openai.com/pricing")


def test_spaces_go_and_cached_tokens_cost_as_much_as_others_where_nothing_is_said() -> None:
    price = checked_price(replace(OURS, model="  our-server/llama ", source=" our  own\nmachine "))

    assert (price.model, price.source) == ("our-server/llama", "our own machine")
    assert (price.input_usd, price.cached_usd, price.output_usd) == (Decimal("0.5"), Decimal("0.5"), Decimal(0))


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (replace(OURS, model="our model"), "as its provider spells it"),
        (replace(OURS, model="m" * 101), "as its provider spells it"),
        (replace(OURS, source="  "), "where the price was read"),
        (replace(OURS, source="x" * 201), "where the price was read"),
        (replace(OURS, input_usd=Decimal(-1)), "tokens in"),
        (replace(OURS, output_usd=None), "tokens out"),
        (replace(OURS, output_usd=Decimal(10001)), "tokens out"),
        (replace(OURS, cached_usd=Decimal(1)), "cached tokens"),
        (replace(DRAWN, image_usd=Decimal("NaN")), "one image"),
        (replace(DRAWN, image_usd=Decimal(101)), "one image"),
        (replace(DRAWN, quality="finest"), "one of the qualities"),
    ],
)
def test_a_price_that_can_not_be_is_refused(typed: EnteredPrice, why: str) -> None:
    with pytest.raises(ChoiceRefused, match=why):
        checked_price(typed)
