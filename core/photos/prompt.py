"""The words that a portrait is asked for with: what is recorded and the school's choices, never who it is."""

import re
from enum import StrEnum

MOST_UNIFORM_CHARS = 120


class Style(StrEnum):
    """How the portrait is made to look."""

    PHOTO = "photo"
    ILLUSTRATED = "illustrated"


def usual_style(chosen: str | None) -> Style:
    """Where nobody says otherwise; `chosen` is the school's own choice."""
    return Style(chosen or Style.PHOTO)


class Gender(StrEnum):
    """As recorded; None elsewhere means that it is not known, and then nothing is said."""

    FEMALE = "female"
    MALE = "male"


LOOKS = {
    Style.PHOTO: "Photorealistic head-and-shoulders school portrait, soft even studio light, natural colours",
    Style.ILLUSTRATED: "Head-and-shoulders school portrait as a friendly hand-drawn illustration, soft flat colours",
}
SUBJECTS = {Gender.FEMALE: "a girl", Gender.MALE: "a boy", None: "a child"}
OLDER_SUBJECTS = {Gender.FEMALE: "a young woman", Gender.MALE: "a young man", None: "a young person"}
RULES = (
    "An imagined person, not a likeness of anyone real. "
    "One face, facing the camera, with a calm and friendly expression. Neat everyday school look, nothing revealing. "
    "Plain light background. No text, no logo, no other people."
)

# How many years old someone in the first year of each kind of school becomes in that year.
FIRST_YEAR_AGES = (
    (re.compile(r"(?:k|kg|kindergarten)\s*([1-9])"), 5),
    (re.compile(r"(?:p|pri|primary)\s*0?([1-9]\d?)"), 7),
    (re.compile(r"(?:s|sec|secondary|form)\s*([1-9])"), 13),
    (re.compile(r"(?:jc|j|pu|pre-u)\s*([1-9])"), 17),
    (re.compile(r"(?:g|gr|grade)?\s*0?([1-9]\d?)"), 7),
    (re.compile(r"(?:y|yr|year)\s*0?([1-9]\d?)"), 6),
)
YOUNGEST, OLDEST = 5, 19
GROWN_UP_AT = 17


def portrait_prompt(*, gender: Gender | None, level: str | None, style: Style, uniform: str | None = None) -> str:
    """The prompt. From `level` only an age is taken; `uniform` is the school's own description of its dress."""
    age = age_at(level)
    subjects = OLDER_SUBJECTS if age is not None and age >= GROWN_UP_AT else SUBJECTS
    years = f", about {age} years old" if age is not None else " of school age"
    dress = cleaned_uniform(uniform)
    wearing = f" School uniform: {dress}." if dress else ""
    return f"{LOOKS[style]}, of {subjects[gender]}{years}.{wearing} {RULES}"


def age_at(level: str | None) -> int | None:
    """The age someone of this level has or reaches in the school year, None for a level that isn't understood."""
    text = (level or "").strip().lower()
    for pattern, first_year_age in FIRST_YEAR_AGES:
        match = pattern.fullmatch(text)
        if match:
            return _plausible(first_year_age + int(match[1]) - 1)
    return None


def cleaned_uniform(text: str | None) -> str:
    """The school's words without anything but letters, digits and plain punctuation, at most a line of them."""
    kept = "".join(char if char.isalnum() or char in ",.-'() " else " " for char in text or "")
    return " ".join(kept.split())[:MOST_UNIFORM_CHARS].strip(" .,-")


def _plausible(age: int) -> int | None:
    return age if YOUNGEST <= age <= OLDEST else None
