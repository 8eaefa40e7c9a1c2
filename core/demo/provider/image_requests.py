"""Reads a request for images as strictly as OpenAI does."""

from dataclasses import dataclass

from core.demo.provider.models import IMAGE_TOKENS, require_model
from core.demo.provider.wire import Json, bad_value

KNOWN = frozenset(
    {
        *("prompt", "model", "n", "size", "quality", "background", "moderation", "output_format"),
        *("output_compression", "partial_images", "stream", "user", "safety_identifier"),
    }
)
ONLY_COMPATIBLE = frozenset({"response_format", "style"})
QUALITIES = ("low", "medium", "high", "auto")
COMPATIBLE_QUALITIES = (*QUALITIES, "standard", "hd")
SIZES = ("1024x1024", "1536x1024", "1024x1536", "auto")
FORMATS = ("png", "webp", "jpeg")
PROMPT_MOST = 32_000
AUTO_TOKENS = 5_800
"""What `auto` may pick, and why nobody should leave it to that."""


@dataclass(frozen=True)
class ImageOrder:
    """A request that passed: what to draw, and how often."""

    prompt: str
    model: str
    quality: str
    width: int
    height: int
    output_format: str
    count: int
    safety_id: str | None

    @property
    def output_tokens(self) -> int:
        """Tokens of one image; a larger picture costs in proportion."""
        if self.quality not in ("low", "medium", "high"):
            return AUTO_TOKENS
        square = IMAGE_TOKENS.get(self.model, (196, 439, 1756))[("low", "medium", "high").index(self.quality)]
        return round(square * self.width * self.height / (1024 * 1024))


def read_image_order(request: Json, *, compatible: bool) -> ImageOrder:
    """The order; `compatible` also takes what other servers take: any model, `response_format`, `style`.

    Raises Refusal.
    """
    _refuse_unknown(request, KNOWN | ONLY_COMPATIBLE if compatible else KNOWN)
    model = str(request.get("model")) if compatible else require_model(request.get("model"), IMAGE_TOKENS)
    width, height = _size(_one_of(request, "size", SIZES))
    output_format = _one_of(request, "output_format", FORMATS, default="png")
    _refuse_impossible(request, output_format)
    return ImageOrder(
        prompt=_prompt(request),
        model=model,
        quality=_one_of(request, "quality", COMPATIBLE_QUALITIES if compatible else QUALITIES),
        width=width,
        height=height,
        output_format=output_format,
        count=_count(request),
        safety_id=request.get("safety_identifier") or request.get("user"),
    )


def _refuse_unknown(request: Json, known: frozenset[str]) -> None:
    for name in request:
        if name not in known:
            raise bad_value(f"Unknown parameter: '{name}'.", code="unknown_parameter", param=name)


def _refuse_impossible(request: Json, output_format: str) -> None:
    if request.get("stream"):
        raise bad_value("The demo does not stream images.", code="unsupported_value", param="stream")
    if request.get("background") == "transparent" and output_format == "jpeg":
        raise bad_value("JPEG has no transparent background.", code="invalid_value", param="background")


def _prompt(request: Json) -> str:
    prompt = request.get("prompt")
    if not isinstance(prompt, str) or not prompt.strip():
        raise bad_value("Missing required parameter: 'prompt'.", code="missing_required_parameter", param="prompt")
    if len(prompt) > PROMPT_MOST:
        raise bad_value(f"'prompt' is longer than {PROMPT_MOST}.", code="string_above_max_length", param="prompt")
    return prompt


def _count(request: Json) -> int:
    count = request.get("n") or 1
    if not isinstance(count, int) or not 1 <= count <= 10:
        raise bad_value("'n' must be from 1 to 10.", code="invalid_value", param="n")
    return count


def _one_of(request: Json, name: str, allowed: tuple[str, ...], default: str = "auto") -> str:
    value = request.get(name) or default
    if value not in allowed:
        raise bad_value(
            f"Invalid value: '{value}'. Supported values are: {', '.join(allowed)}.", code="invalid_value", param=name
        )
    return str(value)


def _size(size: str) -> tuple[int, int]:
    if size == "auto":
        return 1024, 1024
    width, height = size.split("x")
    return int(width), int(height)
