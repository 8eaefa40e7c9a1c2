"""How much room the words along a chart take: told beforehand, or Plotly would measure them and draw all of it anew."""

import unicodedata
from collections.abc import Iterable
from math import ceil
from typing import Final

GAP_PX: Final = 10
"""Between the words and the axis."""
_USUAL_PX, _WIDEST_PX, _FIRST_WIDE = 7, 12, "\u2e80"
_PX: Final = {
    char: px
    for px, chars in {
        3: " ,.:;I`ijl|'’",
        4: '!"()[]fr',
        5: "-/\\_t{}",
        6: "*?JLacksvxyz",
        8: "#&0123456789ADRUVZ",
        9: "%CGHNOQw",
        10: "Mm",
        12: "@W…",
    }.items()
    for char in chars
}
"""Of Figtree at 12 pixels; others have the usual width, and figures all the same, since an axis has many of them."""


def room_for(labels: Iterable[str]) -> int:
    """Pixels for the longest of them, at the size of ticks."""
    return GAP_PX + max((_width(label) for label in labels), default=0)


def _width(label: str) -> int:
    # Marks stand on their letters, and writing of East Asia is as wide as it is high.
    letters = [char for char in unicodedata.normalize("NFD", label) if not unicodedata.combining(char)]
    return ceil(sum(_WIDEST_PX if char >= _FIRST_WIDE else _PX.get(char, _USUAL_PX) for char in letters))
