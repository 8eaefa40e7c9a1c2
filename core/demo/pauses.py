"""How long the stand-in takes, and a way to end every wait at once."""

import threading
from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """Seconds: per image, per word of an answer, of a request that hangs, and between drips or pings."""

    image_s: float = 0.0
    chat_piece_s: float = 0.02
    hang_s: float = 120.0
    drip_s: float = 0.5


class Pauses:
    """Waits that end early when the stand-in stops."""

    def __init__(self) -> None:
        self._stopped = threading.Event()

    def wait(self, seconds: float) -> None:
        if seconds > 0:
            self._stopped.wait(seconds)

    @property
    def are_over(self) -> bool:
        """Whether the stand-in stops and nobody should wait any more."""
        return self._stopped.is_set()

    def end(self) -> None:
        self._stopped.set()
