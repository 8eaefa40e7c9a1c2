"""How each standing of a portrait looks: always an icon, a word and a colour."""

from dataclasses import dataclass
from typing import Literal

from core.photos.board import Card, Standing


@dataclass(frozen=True)
class Look:
    """A badge; colours are the theme's."""

    word: str
    icon: str
    color: Literal["blue", "orange", "violet", "green", "gray"]

    @property
    def badge(self) -> str:
        return f":{self.color}-badge[:material/{self.icon}: {self.word}]"


LOOKS = {
    Standing.PHOTO: Look("Has a photo", "check_circle", "green"),
    Standing.NONE: Look("No photo", "person", "gray"),
    Standing.WAITING: Look("Waiting", "schedule", "blue"),
    Standing.MAKING: Look("Making", "hourglass_top", "blue"),
    Standing.NOT_MADE: Look("Not made", "error", "orange"),
    Standing.UNCONFIRMED: Look("Unconfirmed", "help", "violet"),
}
CHECK_NAME = Look("Check name", "badge", "orange")
NOT_ALLOWED = Look("Photo not allowed", "block", "gray")


def looks_of(card: Card) -> list[Look]:
    """What is there, what is under way, what may not be, and what is to be checked."""
    looks = [LOOKS[Standing.PHOTO]] if card.photo_id else []
    if card.standing not in {Standing.PHOTO, Standing.NONE}:
        looks.append(LOOKS[card.standing])
    if not card.portraits_allowed:
        looks.append(NOT_ALLOWED)
    if not looks:
        looks = [LOOKS[Standing.NONE]]
    return [*looks, CHECK_NAME] if card.name_to_check else looks


def first_sentence(message: str | None) -> str:
    """The reason without the advice that follows it, for narrow places."""
    return (message or "").split(". ")[0].rstrip(".")
