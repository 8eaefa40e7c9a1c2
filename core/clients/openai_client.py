"""Builds the OpenAI client: the real address, a compatible server, or a stand-in without a socket."""

import hashlib
from wsgiref.types import WSGIApplication

import httpx2
from openai import DefaultHttpx2Client, OpenAI

from core.errors import SettingsError
from core.setting_values import KEY_WANTED, is_usable_key

OPENAI_BASE_URL = "https://api.openai.com/v1"
STAND_IN_BASE_URL = "http://openai-stand-in.invalid/v1"
STAND_IN_KEY = "stand-in"

CONNECT_S = 10.0
READ_S = 120.0
WRITE_S = 30.0
POOL_S = 10.0


def build_openai(
    *,
    api_key: str | None,
    base_url: str | None = None,
    organization: str | None = None,
    stand_in: WSGIApplication | None = None,
) -> OpenAI:
    """A client that never retries by itself: a repeated paid call could be billed twice.

    With `stand_in` every request is answered by that app in this process and no key is needed.
    """
    if stand_in is not None:
        return _client(STAND_IN_KEY, STAND_IN_BASE_URL, None, httpx2.WSGITransport(app=stand_in))
    return _client(_checked_key(api_key), base_url or OPENAI_BASE_URL, organization, None)


def key_hash(api_key: str | None) -> str:
    """Names a key without revealing it, so that processes which share a key share its pauses."""
    return hashlib.sha256((api_key or STAND_IN_KEY).encode()).hexdigest()[:16]


def timeouts(*, read_s: float = READ_S) -> httpx2.Timeout:
    """Per socket operation; connecting is short, since a failure there is surely free."""
    return httpx2.Timeout(connect=CONNECT_S, read=read_s, write=WRITE_S, pool=POOL_S)


def _client(api_key: str, base_url: str, organization: str | None, transport: httpx2.BaseTransport | None) -> OpenAI:
    # A redirect would send the prompt and perhaps the bill to an address nobody configured.
    http_client = DefaultHttpx2Client(transport=transport, timeout=timeouts(), follow_redirects=False)
    return OpenAI(api_key=api_key, base_url=base_url, organization=organization, max_retries=0, http_client=http_client)


def _checked_key(api_key: str | None) -> str:
    if not api_key or not is_usable_key(api_key):
        raise SettingsError("OPENAI_API_KEY", KEY_WANTED)
    return api_key
