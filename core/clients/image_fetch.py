"""Fetches an image that a reply only names by its address, without being led anywhere else."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx2

from core.clients.addresses import is_public, resolved
from core.errors import ImageAway, NotAnImage
from core.web_values import is_loopback

MOST_IMAGE_BYTES = 32 * 1024 * 1024
FETCH_S = 30.0


class ImageFetch:
    """Reads images from hosts that the operator listed, each as `host` or `host:port`."""

    def __init__(
        self,
        allowed_hosts: frozenset[str],
        *,
        allow_loopback_http: bool = False,
        max_bytes: int = MOST_IMAGE_BYTES,
        timeout_s: float = FETCH_S,
        resolve: Callable[[str, int], list[str]] = resolved,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._allowed_hosts = frozenset(host.lower() for host in allowed_hosts)
        self._allow_loopback_http = allow_loopback_http
        self._max_bytes = max_bytes
        self._timeout_s = timeout_s
        self._resolve = resolve
        self._clock = clock

    def fetch(self, url: str) -> bytes:
        """The image's bytes. Raises NotAnImage for good, ImageAway when a later try may succeed."""
        target = self._allowed(url)
        give_up_at = self._clock() + self._timeout_s
        try:
            with self._answer(target) as response:
                self._accept(response)
                return self._read(response, give_up_at)
        except (httpx2.HTTPError, OSError) as error:
            raise ImageAway from error

    def _allowed(self, url: str) -> httpx2.URL:
        try:
            target = httpx2.URL(url)
        except (httpx2.InvalidURL, ValueError) as error:
            raise NotAnImage from error
        listed = self._is_https_of_a_listed_host(target) or self._is_listed_loopback(target)
        if not listed or target.userinfo:
            raise NotAnImage
        return target

    def _is_https_of_a_listed_host(self, url: httpx2.URL) -> bool:
        name = url.host if url.port is None else f"{url.host}:{url.port}"
        return url.scheme == "https" and name.lower() in self._allowed_hosts

    def _is_listed_loopback(self, url: httpx2.URL) -> bool:
        """Plain http, only for a server on this machine and only if the operator calls one there anyway."""
        listed = self._allowed_hosts & {url.host.lower(), f"{url.host}:{url.port}".lower()}
        return self._allow_loopback_http and url.scheme == "http" and bool(listed)

    @contextmanager
    def _answer(self, url: httpx2.URL) -> Iterator[httpx2.Response]:
        address = self._checked_address(url)
        # The request goes to the address that was checked: asking the name server again could give another one.
        # No proxy of the environment for the same reason; the certificate must still be the name's.
        with (
            httpx2.Client(trust_env=False, follow_redirects=False, timeout=self._timeout_s) as client,
            client.stream(
                "GET",
                url.copy_with(host=address),
                headers={"Host": url.netloc.decode("ascii"), "Accept": "image/*", "Accept-Encoding": "identity"},
                extensions={"sni_hostname": url.host},
            ) as response,
        ):
            yield response

    def _checked_address(self, url: httpx2.URL) -> str:
        may_be_used = is_public if url.scheme == "https" else is_loopback
        addresses = self._resolve(url.host, url.port or 443)
        if not addresses:
            raise ImageAway
        if not all(may_be_used(address) for address in addresses):
            raise NotAnImage
        return addresses[0]

    def _accept(self, response: httpx2.Response) -> None:
        if response.status_code >= 500 or response.status_code == httpx2.codes.TOO_MANY_REQUESTS:
            raise ImageAway
        kind = response.headers.get("content-type", "").lower()
        if response.status_code != httpx2.codes.OK or not kind.startswith("image/"):
            raise NotAnImage

    def _read(self, response: httpx2.Response, give_up_at: float) -> bytes:
        body = bytearray()
        for chunk in response.iter_raw():
            body += chunk
            if len(body) > self._max_bytes:
                raise NotAnImage
            if self._clock() > give_up_at:
                raise ImageAway
        return bytes(body)
