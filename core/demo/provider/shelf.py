"""Keeps the pictures whose addresses went out in `url` replies, the latest only."""

import threading
from collections import OrderedDict
from http import HTTPStatus

from core.demo.provider.wire import Refusal, Reply, new_id

PREFIX = "/images/"
KEPT_MOST = 50


class PictureShelf:
    """Pictures by the path at which they can be fetched; safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pictures: OrderedDict[str, bytes] = OrderedDict()

    def put(self, picture: bytes, output_format: str) -> str:
        """Keeps `picture` and returns its path."""
        path = f"{PREFIX}{new_id('image')}.{output_format}"
        with self._lock:
            self._pictures[path] = picture
            while len(self._pictures) > KEPT_MOST:
                self._pictures.popitem(last=False)
        return path

    def reply(self, path: str) -> Reply:
        """The picture as a reply; raises Refusal where it is no longer kept."""
        with self._lock:
            picture = self._pictures.get(path)
        if picture is None:
            raise Refusal(HTTPStatus.NOT_FOUND, "This picture is no longer kept (demo).")
        return Reply([picture], content_type=f"image/{path.rpartition('.')[2]}")
