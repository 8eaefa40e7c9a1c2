"""What a page gives st.image for a portrait."""

from collections.abc import Callable
from uuid import UUID


class PhotoRoute:
    """Whether this process's server answers the portraits' addresses; the server says so when it starts.

    A host may run Home.py in a server of its own, which knows none of our routes.
    """

    is_served = False


def photo_source(photo_id: UUID, *, photo_bytes: Callable[[UUID, bool], bytes], thumbnail: bool = True) -> str | bytes:
    """The portrait's own address, which a browser keeps; its bytes where nobody serves that address."""
    if not PhotoRoute.is_served:
        return photo_bytes(photo_id, thumbnail)
    return f"/app/static/photos/{photo_id}{'?size=thumbnail' if thumbnail else ''}"
