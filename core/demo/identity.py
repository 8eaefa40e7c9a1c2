"""Ids of made-up rows: the same on every machine, so that links, tests and pictures stay valid."""

from uuid import UUID, uuid5

_NAMESPACE = UUID("5c0ffee0-57af-4f00-9000-dec0de5c4001")


def demo_id(kind: str, *parts: object) -> UUID:
    """The id of one made-up thing; `parts` tell it from others of its kind."""
    return uuid5(_NAMESPACE, "/".join([kind, *map(str, parts)]))


SCHOOL_ID = demo_id("school")
