"""A provider's keys, which it changes now and then, and tokens signed with them."""

import base64
import json
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

Claims = Mapping[str, Any]


class SigningKeys:
    """JWK Set as in RFC 7517, section 5; the newest key signs."""

    def __init__(self, algorithm: str) -> None:
        self._algorithm = algorithm
        self._published: list[dict[str, Any]] = []
        self.rotate()

    def rotate(self) -> None:
        """Only the new key is published from now on."""
        self._kid = uuid4().hex
        self._key: Any = _new_key(self._algorithm)
        algorithm = jwt.get_algorithm_by_name(self._algorithm)
        public = json.loads(algorithm.to_jwk(self._key.public_key()))
        self._published = [{**public, "kid": self._kid, "use": "sig", "alg": self._algorithm}]

    def published(self) -> dict[str, Any]:
        return {"keys": self._published}

    def sign(self, claims: Claims) -> str:
        return jwt.encode(dict(claims), self._key, algorithm=self._algorithm, headers={"kid": self._kid})

    def forge(self, claims: Claims) -> str:
        """By somebody else's key under the name of this one."""
        key = _new_key(self._algorithm)
        return jwt.encode(dict(claims), key, algorithm=self._algorithm, headers={"kid": self._kid})

    def unsigned(self, claims: Claims) -> str:
        """`alg` none (RFC 7519, section 6)."""
        return ".".join([_part({"alg": "none", "kid": self._kid}), _part(claims), ""])

    def signed_with_what_is_public(self, claims: Claims) -> str:
        """The published key as a shared secret, which a careless check accepts."""
        secret = str(self._published[0].get("x") or self._published[0]["n"])
        return jwt.encode(dict(claims), secret, algorithm="HS256", headers={"kid": self._kid})


def _new_key(algorithm: str) -> Any:
    if algorithm == "RS256":
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return ec.generate_private_key(ec.SECP256R1())


def _part(content: Claims) -> str:
    return base64.urlsafe_b64encode(json.dumps(dict(content)).encode()).rstrip(b"=").decode()
