"""Which of a class's students the roster shows."""

import unicodedata
from collections.abc import Callable, Sequence
from enum import StrEnum

from core.photos.board import Card


class Show(StrEnum):
    """The segments above the roster."""

    ALL = "all"
    WITHOUT_PHOTO = "without"
    TO_CHECK = "check"

    @property
    def label(self) -> str:
        return {"all": "All", "without": "Without a photo", "check": "To check"}[self]


_BELONGS: dict[Show, Callable[[Card], bool]] = {
    Show.ALL: lambda _card: True,
    Show.WITHOUT_PHOTO: lambda card: card.photo_id is None,
    Show.TO_CHECK: lambda card: card.needs_a_look,
}


def shown(cards: Sequence[Card], show: Show, search: str) -> list[Card]:
    words = _plain(search).split()
    return [card for card in cards if _BELONGS[show](card) and _is_meant(card, words)]


def counts(cards: Sequence[Card]) -> dict[Show, int]:
    return {show: sum(map(belongs, cards)) for show, belongs in _BELONGS.items()}


def _is_meant(card: Card, words: list[str]) -> bool:
    """Every word is part of the name, or is the register number."""
    name = _plain(card.full_name)
    return all(word in name or word == str(card.index_no) for word in words)


def _plain(text: str) -> str:
    """Without case and accents, so that Zoe finds Zoë."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in parts if not unicodedata.combining(char))
