"""The models that the stand-in knows: what they accept, and when the real ones end."""

from collections.abc import Iterable
from http import HTTPStatus

from core.demo.provider.wire import Json, Refusal

RETIRED = frozenset({"dall-e-2", "dall-e-3", "gpt-image-1", "gpt-4-turbo", "gpt-4", "gpt-3.5-turbo"})
ENDS_ON = {
    "gpt-image-1-mini": "2026-12-01",
    "gpt-image-1.5": "2026-12-01",
    "chatgpt-image-latest": "2026-12-01",
    "gpt-5": "2026-12-11",
    "gpt-5-mini": "2026-12-11",
    "gpt-5-nano": "2026-12-11",
    "gpt-4o": "2027-01-14",
    "gpt-4o-mini": "2027-01-14",
    "gpt-4.1": "2027-01-14",
    "gpt-4.1-mini": "2027-01-14",
    "gpt-5.1": "2027-04-01",
    "gpt-5.4-nano": "2027-04-01",
}
# Output tokens of one 1024x1024 image at low, medium and high; the 2.6 models' are not published.
IMAGE_TOKENS = {
    "gpt-image-1-mini": (272, 1056, 4160),
    "gpt-image-1.5": (272, 1056, 4160),
    "chatgpt-image-latest": (272, 1056, 4160),
    "gpt-image-2": (196, 1756, 7024),
    "gpt-image-2-2026-04-21": (196, 1756, 7024),
    "gpt-image-2.5-flare": (196, 439, 1756),
    "gpt-image-2.5-flare-2026-09-08": (196, 439, 1756),
    "gpt-image-2.5-sunburst": (196, 439, 1756),
    "gpt-image-2.5-sunburst-2026-09-08": (196, 439, 1756),
    "gpt-image-2.6-flare": (686, 1537, 6146),
    "gpt-image-2.6-sunburst": (686, 1537, 6146),
}
CHAT_MODELS = (
    *("gpt-6-luna", "gpt-6-sol", "gpt-6-astra", "gpt-6.1-terra", "gpt-6.1-sol", "gpt-6.2-sol", "gpt-6.2-astra"),
    *("gpt-5.6-luna", "gpt-5.6-sol", "gpt-5.6-terra", "gpt-5.5", "gpt-5.4", "gpt-5.4-mini", "gpt-5.4-nano"),
    *("gpt-5.2", "gpt-5.1", "gpt-5", "gpt-5-mini", "gpt-5-nano"),
    *("gpt-4.1", "gpt-4.1-mini", "gpt-4o", "gpt-4o-mini"),
)
FIRST_OFFERED_AT = 1_767_225_600


def require_model(name: object, offered: Iterable[str]) -> str:
    """`name` if it is offered; raises the 404 that a retired or unknown model gets."""
    if not isinstance(name, str) or not name:
        raise Refusal(
            HTTPStatus.BAD_REQUEST, "You must provide a model parameter.", code="missing_model", param="model"
        )
    if name in RETIRED:
        raise retired(name)
    if name not in offered:
        raise Refusal(
            HTTPStatus.NOT_FOUND, f"There is no model `{name}` for this key.", code="model_not_found", param="model"
        )
    return name


def retired(name: str) -> Refusal:
    """The 404 of a model that has been switched off."""
    return Refusal(HTTPStatus.NOT_FOUND, f"The model `{name}` has been retired.", code="model_not_found", param="model")


def is_reasoning(model: str) -> bool:
    """Whether the model thinks before it answers, and so refuses `max_tokens`."""
    return model.startswith(("gpt-5", "gpt-6"))


def model_list() -> Json:
    return {"object": "list", "data": [model_entry(name) for name in (*IMAGE_TOKENS, *CHAT_MODELS)]}


def model_entry(name: str) -> Json:
    return {
        "id": name,
        "object": "model",
        "created": FIRST_OFFERED_AT,
        "owned_by": "staffroom-demo",
        "shutdown_date": ENDS_ON.get(name),
    }
