"""The README's table: what a month of a school's work costs, with the models of then and of now."""

from decimal import Decimal

import pytest

from core.settings import CHECKOUT
from core.usage.prices import estimate_image, settle_chat

MESSAGES = 20 * 10 * 30
PORTRAITS, REDONE = 50, 5


def month(chat_model: str, image_model: str, quality: str) -> list[Decimal]:
    """Messages, portraits, portraits made again, and all of it."""
    message = settle_chat(chat_model, {"prompt_tokens": 1000, "completion_tokens": 175}).cost_usd
    portrait = estimate_image(image_model, "1024x1024", quality)
    assert message is not None
    assert portrait is not None
    parts = [MESSAGES * message, PORTRAITS * portrait, REDONE * portrait]
    return [*parts, sum(parts, Decimal(0))]


@pytest.mark.parametrize(
    ("models", "expected"),
    [
        (("gpt-4o-mini", "dall-e-3", "standard"), ["1.53", "2.00", "0.20", "3.73"]),
        (("gpt-6-luna", "gpt-image-2.5-flare", "medium"), ["1.12", "0.66", "0.07", "1.85"]),
    ],
)
def test_a_month_costs_what_the_readme_says(models: tuple[str, str, str], expected: list[str]) -> None:
    shown = [f"{cost:.2f}" for cost in month(*models)]

    assert shown == expected
    row = f"| {models[0]}, {models[1]} ({models[2]}) | " + " | ".join(f"${cost}" for cost in expected) + " |"
    assert row in (CHECKOUT / "README.md").read_text(encoding="utf-8")
