"""Pictures for tests that are not about pictures: decoding and encoding full-sized ones takes longer than all else."""

import functools
from collections.abc import Callable
from dataclasses import replace

from core.demo.provider.image_answers import draw_order
from core.demo.provider.image_requests import ImageOrder

Draw = Callable[..., bytes]
SMALLER = 8
"""Times, in width and in height."""


def draw_small(order: ImageOrder, *, attempt: int) -> bytes:
    return draw_order(replace(order, width=order.width // SMALLER, height=order.height // SMALLER), attempt=attempt)


def once(draw: Draw) -> Draw:
    """Draws one picture for each shape and format, whatever is asked for."""

    @functools.cache
    def picture(width: int, height: int, output_format: str) -> bytes:
        return draw(ImageOrder("a child", "any", "low", width, height, output_format, 1, None), attempt=0)

    def draw_once(order: ImageOrder, *, attempt: int) -> bytes:  # noqa: ARG001 - as the real one
        return picture(order.width, order.height, order.output_format)

    return draw_once


draw_small_once = once(draw_small)
draw_full_once = once(draw_order)
