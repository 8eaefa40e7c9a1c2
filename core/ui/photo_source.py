"""What a page gives st.image for a portrait."""

from collections.abc import Callable
from uuid import UUID


class PhotoRoute:
    """Whether this process's server answers the portraits' addresses; the server says so when it starts.

    A host may run Home.py in a server of its own, which knows none of our routes.
    """

    is_served = False


def photo_source(
    photo_id: UUID, *, picture_of: Callable[[UUID, bool], str | bytes], thumbnail: bool = True
) -> str | bytes:
    """The portrait's own address, which a browser keeps; where nobody serves that, what `picture_of` finds for it."""
    if not PhotoRoute.is_served:
        return picture_of(photo_id, thumbnail)
    return f"/app/static/photos/{photo_id}{'?size=thumbnail' if thumbnail else ''}"
