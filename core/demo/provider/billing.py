"""What the stand-in would have charged for, so that tests can compare it with our own ledger."""

import threading
from dataclasses import dataclass
from enum import StrEnum


class BilledKind(StrEnum):
    """What a bill is for."""

    IMAGE = "image"
    CHAT = "chat"


@dataclass(frozen=True)
class Bill:
    """One thing that was generated; whether its reply arrived plays no part."""

    kind: BilledKind
    model: str
    request_id: str
    output_tokens: int
    safety_id: str | None


class Ledger:
    """All requests and bills of one stand-in; safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._bills: list[Bill] = []
        self._requests: list[str] = []

    def note_request(self, path: str) -> None:
        with self._lock:
            self._requests.append(path)

    def charge(self, bill: Bill) -> None:
        with self._lock:
            self._bills.append(bill)

    @property
    def requests(self) -> int:
        """How many paid requests came in, refused ones included."""
        with self._lock:
            return len(self._requests)

    @property
    def bills(self) -> tuple[Bill, ...]:
        """Every bill so far, oldest first."""
        with self._lock:
            return tuple(self._bills)

    @property
    def billed_images(self) -> int:
        """How many images were generated."""
        return sum(bill.kind is BilledKind.IMAGE for bill in self.bills)

    @property
    def billed_answers(self) -> int:
        """How many chat answers were generated, complete or not."""
        return sum(bill.kind is BilledKind.CHAT for bill in self.bills)
