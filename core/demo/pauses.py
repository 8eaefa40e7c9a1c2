"""How long the stand-in takes, and a way to end every wait at once."""

import threading
from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """Seconds: per image, to an answer's first word, per word of it, of a request that hangs, between drips or pings.

    Answers come at a human pace: a word has about 1.4 tokens, so 25 ms are some 55 tokens a second.
    """

    image_s: float = 0.0
    chat_first_s: float = 0.4
    chat_piece_s: float = 0.025
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
