"""The models that we know, with what each of them takes; any other needs a price by hand first."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.settings import ImageQuality, ReasoningEffort

FILE = Path(__file__).with_name("offered.toml")


@dataclass(frozen=True)
class OfferedChat:
    """`about` is a sentence, empty of a model that we don't know."""

    model: str
    about: str = ""
    efforts: tuple[ReasoningEffort, ...] = tuple(ReasoningEffort)


@dataclass(frozen=True)
class OfferedImage:
    model: str
    about: str = ""
    qualities: tuple[ImageQuality, ...] = tuple(ImageQuality)


@cache
def offered_chat() -> dict[str, OfferedChat]:
    return {
        one["model"]: OfferedChat(one["model"], one["about"], tuple(map(ReasoningEffort, one["efforts"])))
        for one in _file()["chat"]
    }


@cache
def offered_images() -> dict[str, OfferedImage]:
    return {
        one["model"]: OfferedImage(one["model"], one["about"], tuple(map(ImageQuality, one["qualities"])))
        for one in _file()["image"]
    }


def _file() -> dict[str, list[dict[str, str]]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
