"""Values that go through a browser and come back unchanged."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any

from itsdangerous import BadSignature, URLSafeTimedSerializer

# A session lives as long as its row says; this only keeps a cookie from being tried for ever.
ANY_AGE_S = 8 * 24 * 3600


class Signatures:
    """Signs with the first key and accepts each, so that a key can be changed while people work."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = list(keys)

    def sign(self, purpose: str, value: str | Mapping[str, str]) -> str:
        return str(self._serializer(purpose).dumps(value))

    def text(self, purpose: str, signed: str, *, max_age_s: int = ANY_AGE_S) -> str | None:
        """The text that was signed for this purpose, None if it was not or too long ago."""
        value = self._value(purpose, signed, max_age_s)
        return value if isinstance(value, str) else None

    def fields(self, purpose: str, signed: str, *, max_age_s: int) -> dict[str, str] | None:
        value = self._value(purpose, signed, max_age_s)
        return value if isinstance(value, dict) else None

    def keyed_hash(self, purpose: str, value: str) -> bytes:
        """Tells two values apart in the database without telling what they are."""
        return hmac.digest(self._keys[0].encode(), f"{purpose}/{value}".encode(), hashlib.sha256)

    def _value(self, purpose: str, signed: str, max_age_s: int) -> Any:
        try:
            return self._serializer(purpose).loads(signed, max_age=max_age_s)
        except BadSignature:
            return None

    def _serializer(self, purpose: str) -> URLSafeTimedSerializer:
        # Its newest key stands last.
        keys = self._keys[::-1]
        return URLSafeTimedSerializer(
            keys, salt=f"staffroom/{purpose}", signer_kwargs={"digest_method": hashlib.sha256}
        )
