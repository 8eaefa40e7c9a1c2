"""Security headers on every reply, the page's strict content policy first."""

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import streamlit as st
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# A script element without a src attribute.
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)


class SecurityHeaders:
    """Replaces headers of the same name, since a browser enforces two policies together."""

    def __init__(self, app: ASGIApp, headers: dict[str, str]) -> None:
        self._app = app
        self._headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        self._names = {name for name, _ in self._headers}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [header for header in message.get("headers", []) if header[0].lower() not in self._names]
                message["headers"] = [*kept, *self._headers]
            await send(message)

        await self._app(scope, receive, send_with_headers)


def security_headers(*, may_be_framed: bool, photo_hosts: Sequence[str] = ()) -> dict[str, str]:
    """What every reply carries; `photo_hosts` are origins that serve portraits."""
    headers = {
        "Content-Security-Policy": content_policy(
            inline_script_hashes(streamlit_page()), may_be_framed=may_be_framed, photo_hosts=photo_hosts
        ),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    return headers if may_be_framed else {**headers, "X-Frame-Options": "DENY"}


def content_policy(hashes: Iterable[str], *, may_be_framed: bool, photo_hosts: Sequence[str]) -> str:
    """Our own server for everything; what else Streamlit's widgets need is named one by one."""
    rules = {
        "default-src": ["'self'"],
        "script-src": ["'self'", "'wasm-unsafe-eval'", *hashes],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:", "blob:", *photo_hosts],
        "font-src": ["'self'", "data:"],
        "connect-src": ["'self'", "blob:"],
        "worker-src": ["'self'", "blob:"],
        "media-src": ["'self'", "blob:"],
        "frame-src": ["'self'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "object-src": ["'none'"],
    }
    if not may_be_framed:
        rules["frame-ancestors"] = ["'none'"]
    return "; ".join(f"{rule} {' '.join(sources)}" for rule, sources in rules.items())


def inline_script_hashes(html: str) -> list[str]:
    """A content policy's source for each script that stands in the page itself."""
    return [_hash_source(script) for script in INLINE_SCRIPT.findall(html)]


def streamlit_page() -> str:
    """The page that the installed Streamlit serves, read so that an update brings its own hashes."""
    return (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")


def _hash_source(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
