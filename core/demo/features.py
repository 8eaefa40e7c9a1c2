"""What a drawn portrait shows: chosen for a made-up student or at random, never told from a name."""

from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Literal

GenderWord = Literal["female", "male"]


class Top(StrEnum):
    """Hair or head covering."""

    CROP = "crop"
    SIDE_PARTING = "side_parting"
    SHORT_FLAT = "short_flat"
    SHORT_ROUND = "short_round"
    SHORT_CURLY = "short_curly"
    SHORT_WAVED = "short_waved"
    BUZZ_CUT = "buzz_cut"
    TURBAN = "turban"
    PIXIE = "pixie"
    BOB = "bob"
    FRINGED_BOB = "fringed_bob"
    CURLY_BOB = "curly_bob"
    SHOULDER_LENGTH = "shoulder_length"
    LONG_STRAIGHT = "long_straight"
    LONG_FRINGED = "long_fringed"
    BUN = "bun"
    BUNCHES = "bunches"
    PLAITS = "plaits"
    HIJAB = "hijab"


class Skin(StrEnum):
    """Skin tones, lightest first."""

    PORCELAIN = "#F7D7B9"
    PEACH = "#F0C39B"
    HONEY = "#E2AC7A"
    CARAMEL = "#CB9060"
    CHESTNUT = "#A96D41"
    COCOA = "#855033"


class HairColour(StrEnum):
    """Natural hair colours that are common here."""

    BLACK = "#1D1718"
    SOFT_BLACK = "#2C1F1D"
    DARK_BROWN = "#432C24"


class Cloth(StrEnum):
    """Colours of a hijab or turban."""

    WHITE = "#F4F1EA"
    NAVY = "#2F4A6D"
    TEAL = "#2F6F73"
    PLUM = "#7A5470"
    CHARCOAL = "#3A3F47"
    MAROON = "#7B3441"


class Eyes(StrEnum):
    """How the eyes look."""

    OPEN = "open"
    SMILING = "smiling"


class Mouth(StrEnum):
    """How the mouth looks."""

    SMILE = "smile"
    GENTLE = "gentle"
    GRIN = "grin"


class Nose(StrEnum):
    """Shape of the nose."""

    ROUND = "round"
    SMALL = "small"
    WIDE = "wide"


class Glasses(StrEnum):
    """Spectacles, if any."""

    NONE = "none"
    ROUND = "round"
    SQUARE = "square"


class Uniform(StrEnum):
    """School clothes: light shirts, some under a pinafore."""

    WHITE_SHIRT = "white_shirt"
    CREAM_SHIRT = "cream_shirt"
    SKY_SHIRT = "sky_shirt"
    NAVY_PINAFORE = "navy_pinafore"
    GREEN_PINAFORE = "green_pinafore"


class Background(StrEnum):
    """Soft plain backgrounds."""

    SAGE = "#DDEAE4"
    SAND = "#FAE8CF"
    SKY = "#DCE8F5"
    LEAF = "#E5EBD5"
    LILAC = "#E6E2F2"
    ROSE = "#F7DEE2"


@dataclass(frozen=True)
class Features:
    """Everything that makes one drawn portrait differ from another."""

    top: Top
    skin: Skin
    hair_colour: HairColour = HairColour.BLACK
    cloth: Cloth = Cloth.NAVY
    eyes: Eyes = Eyes.OPEN
    mouth: Mouth = Mouth.SMILE
    nose: Nose = Nose.ROUND
    glasses: Glasses = Glasses.NONE
    uniform: Uniform = Uniform.WHITE_SHIRT


GIRLS_TOPS = (
    Top.PIXIE,
    Top.BOB,
    Top.FRINGED_BOB,
    Top.CURLY_BOB,
    Top.SHOULDER_LENGTH,
    Top.LONG_STRAIGHT,
    Top.LONG_FRINGED,
    Top.BUN,
    Top.BUNCHES,
    Top.PLAITS,
    Top.HIJAB,
)
BOYS_TOPS = (
    Top.CROP,
    Top.SIDE_PARTING,
    Top.SHORT_FLAT,
    Top.SHORT_ROUND,
    Top.SHORT_CURLY,
    Top.SHORT_WAVED,
    Top.BUZZ_CUT,
    Top.TURBAN,
)
RELIGIOUS_TOPS = frozenset({Top.HIJAB, Top.TURBAN})
SHIRTS = (Uniform.WHITE_SHIRT, Uniform.WHITE_SHIRT, Uniform.CREAM_SHIRT, Uniform.SKY_SHIRT)
PINAFORES = (Uniform.NAVY_PINAFORE, Uniform.GREEN_PINAFORE)


def random_features(rng: Random, *, gender: GenderWord | None = None) -> Features:
    """Features drawn from `rng`; the same state of `rng` gives the same face.

    Nobody gets a sign of religion by chance: those are chosen for the made-up students alone.
    """
    worn_by = gender or rng.choice(("female", "male"))
    is_girl = worn_by == "female"
    return Features(
        top=rng.choice([top for top in (GIRLS_TOPS if is_girl else BOYS_TOPS) if top not in RELIGIOUS_TOPS]),
        skin=rng.choice(tuple(Skin)),
        hair_colour=rng.choice(tuple(HairColour)),
        cloth=rng.choice(tuple(Cloth)),
        eyes=rng.choice((Eyes.OPEN, Eyes.OPEN, Eyes.SMILING)),
        mouth=rng.choice(tuple(Mouth)),
        nose=rng.choice(tuple(Nose)),
        glasses=rng.choice((Glasses.NONE, Glasses.NONE, Glasses.NONE, Glasses.ROUND, Glasses.SQUARE)),
        uniform=rng.choice(SHIRTS + PINAFORES if is_girl else SHIRTS),
    )


def random_background(rng: Random) -> Background:
    """One of the soft backgrounds, drawn from `rng`."""
    return rng.choice(tuple(Background))
