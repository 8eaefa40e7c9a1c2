"""What can go wrong with a provider, by name, and which request meets it."""

import threading
from collections import deque
from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import cycle


class Fault(StrEnum):
    """One way in which the stand-in misbehaves; where billing matters the name's comment says it."""

    NONE = "none"
    # Refused, not billed.
    UNAUTHORIZED = "401"
    FORBIDDEN = "403"
    BAD_REQUEST = "400"
    MODERATION_BLOCKED = "moderation_blocked"
    MODEL_RETIRED = "model_retired"
    RATE_LIMITED = "429"
    RATE_LIMITED_RETRY_AFTER = "429_retry_after"
    INSUFFICIENT_QUOTA = "insufficient_quota"
    # No telling from outside; here not billed.
    SERVER_ERROR = "500"
    UNAVAILABLE = "503"
    HANG_UNBILLED = "hang_unbilled"
    # Billed, and the answer is late, broken or lost.
    HANG_BILLED = "hang_billed"
    DROP_BEFORE_HEADERS = "drop_before_headers"
    DROP_AFTER_HEADERS = "drop_after_headers"
    SLOW_DRIP = "slow_drip"
    PINGS_ONLY = "pings_only"
    BAD_JSON = "bad_json"
    HTML_200 = "html_200"
    CUT_STREAM = "cut_stream"
    SILENT_HALFWAY = "silent_halfway"
    ERROR_IN_CHUNK = "error_in_chunk"
    TRUNCATED_BASE64 = "truncated_base64"
    TRUNCATED_IMAGE = "truncated_image"
    NOT_AN_IMAGE = "not_an_image"
    # Billed and usable: what a compatible server answers.
    URL_REPLY = "url_reply"


class FaultPlan:
    """Says which fault the next paid request meets; may be changed while requests are under way."""

    def __init__(self, faults: Iterable[Fault | str] = ()) -> None:
        """`faults` are met in turn, over and over; one name alone is met every time."""
        self._lock = threading.Lock()
        self._upcoming: deque[Fault] = deque()
        self.always(*faults)

    def always(self, *faults: Fault | str) -> None:
        """Replaces the constant faults; without an argument all goes well again."""
        with self._lock:
            self._constant = cycle(_known(faults) or [Fault.NONE])

    def upcoming(self, *faults: Fault | str) -> None:
        """Adds faults for the next requests, one each; after them the constant ones hold again."""
        with self._lock:
            self._upcoming.extend(_known(faults))

    def take(self) -> Fault:
        """The fault for the request that came in just now."""
        with self._lock:
            return self._upcoming.popleft() if self._upcoming else next(self._constant)


def _known(names: Iterable[Fault | str]) -> Sequence[Fault]:
    return [Fault(name) for name in names]
