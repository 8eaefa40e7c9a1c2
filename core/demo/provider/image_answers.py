"""Answers a request for images with drawn portraits."""

import base64
import hashlib
import io
import re
import time
from random import Random

from PIL import Image

from core.demo.drawing import draw_scene
from core.demo.features import GenderWord, random_background, random_features
from core.demo.provider.image_requests import ImageOrder
from core.demo.provider.wire import Json, tokens_in

GIRL = re.compile(r"\b(girl|female|woman)\b", re.IGNORECASE)
BOY = re.compile(r"\b(boy|male|man)\b", re.IGNORECASE)


def draw_order(order: ImageOrder, *, attempt: int) -> bytes:
    """One picture in the wanted format; another `attempt` at the same prompt gives another face."""
    seed = hashlib.sha256(f"{attempt}/{order.prompt}".encode()).digest()
    rng = Random(seed)
    features = random_features(rng, gender=gender_in(order.prompt))
    png = draw_scene(features, width=order.width, height=order.height, background=random_background(rng))
    return png if order.output_format == "png" else _converted(png, order.output_format)


def gender_in(prompt: str) -> GenderWord | None:
    """What the prompt says outright; None where it says nothing or both."""
    girl, boy = GIRL.search(prompt), BOY.search(prompt)
    if bool(girl) == bool(boy):
        return None
    return "female" if girl else "male"


def _converted(png: bytes, output_format: str) -> bytes:
    out = io.BytesIO()
    with Image.open(io.BytesIO(png)) as picture:
        picture.convert("RGB").save(out, format=output_format, quality=90)
    return out.getvalue()


def image_content(order: ImageOrder, pictures: list[bytes]) -> Json:
    """The reply of a GPT image model."""
    encoded = [{"b64_json": base64.b64encode(picture).decode()} for picture in pictures]
    return {
        "created": int(time.time()),
        "background": "opaque",
        "data": encoded,
        "output_format": order.output_format,
        "quality": order.quality if order.quality != "auto" else "high",
        "size": f"{order.width}x{order.height}",
        "safety_identifier": order.safety_id,
        "usage": image_usage(order),
    }


def url_content(order: ImageOrder, urls: list[str]) -> Json:
    """The reply of a compatible server that hands out addresses and counts no tokens."""
    revised = f"{order.prompt} (demo)"
    return {"created": int(time.time()), "data": [{"url": url, "revised_prompt": revised} for url in urls]}


def image_usage(order: ImageOrder) -> Json:
    text_tokens = tokens_in(order.prompt)
    image_tokens = order.output_tokens * order.count
    return {
        "input_tokens": text_tokens,
        "input_tokens_details": {"image_tokens": 0, "text_tokens": text_tokens},
        "output_tokens": image_tokens,
        "output_tokens_details": {"image_tokens": image_tokens, "text_tokens": 0},
        "total_tokens": text_tokens + image_tokens,
    }
