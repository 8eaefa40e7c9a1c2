"""One made-up row of the ledger."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from core.demo.identity import SCHOOL_ID
from core.demo.people import Colleague, DemoClass
from core.usage.prices import Cost, estimate_image, settle_image
from core.usage.tokens import ChatTokens, ImageTokens

CHAT_MODEL = "gpt-6-luna"
IMAGE_MODEL = "gpt-image-2.5-flare"
SIZE = "1024x1024"
QUALITY = "medium"


@dataclass(frozen=True, kw_only=True)
class UsageEntry:
    """An attempt; `cost` is None while its result is still to come."""

    id: UUID
    user_id: UUID
    type: str
    model: str
    feature: str
    created_at: datetime
    cost: Cost | None
    class_id: UUID | None = None
    job_id: UUID | None = None
    tokens: ChatTokens | ImageTokens | None = None
    held_cost: Decimal | None = None
    error: str | None = None
    duration_ms: int | None = None
    first_token_ms: int | None = None
    request_data: dict[str, Any] = field(default_factory=dict)
    response_data: dict[str, Any] = field(default_factory=dict)

    def row(self) -> dict[str, Any]:
        prompt = self.tokens.prompt_tokens if self.tokens else None
        completion = self.tokens.completion_tokens if self.tokens else None
        return {
            **{name: value for name, value in vars(self).items() if name not in {"cost", "tokens"}},
            # Nobody paid this, so a demo's spending limit leaves it out.
            "request_data": {**self.request_data, "seeded": True},
            "school_id": SCHOOL_ID,
            "attempt": 1,
            "state": "settled" if self.cost else "reserved",
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": None if prompt is None or completion is None else prompt + completion,
            "estimated_cost": self.cost.cost_usd if self.cost else None,
            "cost_source": self.cost.source.value if self.cost else None,
            "rates": self.cost.rates if self.cost else {},
        }


def held_for_an_image() -> Decimal | None:
    """What is set aside before an image is asked for."""
    return estimate_image(IMAGE_MODEL, SIZE, QUALITY)


def made_portrait(
    id_: UUID, who: Colleague, in_class: DemoClass | None, at: datetime, rng: Random, *, in_batch: bool = False
) -> UsageEntry:
    """One that was made, at what it would have cost then."""
    tokens = ImageTokens(text_in=rng.randrange(84, 97), image_in=0, text_out=0, image_out=439)
    return UsageEntry(
        id=id_,
        user_id=who.id,
        type="batch_image" if in_batch else "image",
        model=IMAGE_MODEL,
        feature="portrait",
        created_at=at,
        cost=settle_image(IMAGE_MODEL, SIZE, QUALITY, _reported(tokens), at=at),
        class_id=in_class.id if in_class else None,
        tokens=tokens,
        held_cost=held_for_an_image(),
        duration_ms=rng.randrange(5200, 11800),
        request_data={"style": rng.choice(("photo", "photo", "illustrated"))},
        response_data={"size": SIZE, "quality": QUALITY, "output_format": "png"},
    )


def _reported(tokens: ImageTokens) -> dict[str, object]:
    return {
        "input_tokens": tokens.prompt_tokens,
        "input_tokens_details": {"text_tokens": tokens.text_in, "image_tokens": tokens.image_in},
        "output_tokens": tokens.completion_tokens,
        "output_tokens_details": {"text_tokens": tokens.text_out, "image_tokens": tokens.image_out},
    }
