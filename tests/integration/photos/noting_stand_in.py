"""A stand-in that remembers when each request came and what each picture was for, and that draws but once."""

import time
from collections import Counter
from wsgiref.types import WSGIEnvironment

from core.demo.openai_stand_in import PaidCall, StandIn
from core.demo.pauses import Timing
from core.demo.provider.image_requests import ImageOrder
from core.demo.provider.wire import Refusal
from tests.integration.photos.small_pictures import Draw, draw_small_once


class NotingStandIn(StandIn):
    """Quick, so that many portraits cost a busy machine little; `retry_after_s` is what it says when it is busy."""

    def __init__(self, timing: Timing | None = None, *, retry_after_s: int = 7, draw: Draw = draw_small_once) -> None:
        super().__init__(faults=(), timing=timing or Timing(), draw=draw)
        self._retry_after_s = retry_after_s
        self.came_at: list[float] = []
        self._drawn_for: list[str] = []

    @property
    def pictures(self) -> Counter[str]:
        """How many were generated, and so billed, for each prompt."""
        return Counter(self._drawn_for)

    def _admitted(self, environ: WSGIEnvironment, request_id: str) -> PaidCall:
        self.came_at.append(time.monotonic())
        try:
            return super()._admitted(environ, request_id)
        except Refusal as refusal:
            if "Retry-After" in refusal.headers:
                refusal.headers = {"Retry-After": str(self._retry_after_s)}
            raise

    def _drawn(self, order: ImageOrder, call: PaidCall) -> bytes:
        self._drawn_for.append(order.prompt)
        return super()._drawn(order, call)
