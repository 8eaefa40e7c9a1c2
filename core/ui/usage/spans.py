"""How wide each tile is, so that the grid has no hole with 3, 2 or 1 columns."""

from collections.abc import Sequence
from functools import cache

WIDEST = 3
HARM = {(2, 3): 1, (1, 2): 2, (1, 3): 4, (2, 1): 5}
"""What it costs the look to give a tile another width than it wants."""


def spans_without_holes(wanted: Sequence[int]) -> list[int]:
    """Columns for each tile, in order, as near to what it wants as can be.

    A tile of two or three columns fills a row of two. Everything three wide always fits, so there is an answer.
    """
    return list(_best(tuple(wanted), 0, 0)[1])


@cache
def _best(wanted: tuple[int, ...], of_three: int, of_two: int) -> tuple[int, tuple[int, ...]]:
    """The least cost and its spans, with so many columns of the two rows taken already."""
    if not wanted:
        return (0, ()) if of_three == of_two == 0 else (10**6, ())
    found = []
    for span in range(1, WIDEST + 1):
        narrow = min(span, 2)
        if of_three + span > WIDEST or of_two + narrow > 2:
            continue
        cost, rest = _best(wanted[1:], (of_three + span) % WIDEST, (of_two + narrow) % 2)
        found.append((cost + HARM.get((wanted[0], span), 0), (span, *rest)))
    # Of equals the one with the wider tile further down: the first row says most where it holds more than one.
    return min(found, default=(10**6, ()))
