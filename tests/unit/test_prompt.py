import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.photos.prompt import Gender, Style, age_at, cleaned_uniform, portrait_prompt

GENDERS = [None, *Gender]


def test_a_photo_of_a_primary_school_girl() -> None:
    assert portrait_prompt(gender=Gender.FEMALE, level="P5", style=Style.PHOTO) == (
        "Photorealistic head-and-shoulders school portrait, soft even studio light, natural colours, "
        "of a girl, about 11 years old. "
        "An imagined person, not a likeness of anyone real. "
        "One face, facing the camera, with a calm and friendly expression. "
        "Neat everyday school look, nothing revealing. "
        "Plain light background. No text, no logo, no other people."
    )


def test_an_illustration_with_a_uniform_of_someone_barely_known() -> None:
    prompt = portrait_prompt(gender=None, level=None, style=Style.ILLUSTRATED, uniform="white shirt, navy tie")

    assert prompt.startswith(
        "Head-and-shoulders school portrait as a friendly hand-drawn illustration, soft flat colours, "
        "of a child of school age. School uniform: white shirt, navy tie. An imagined person"
    )


def test_a_junior_college_student_is_not_called_a_child() -> None:
    assert "of a young man, about 18 years old." in portrait_prompt(gender=Gender.MALE, level="JC2", style=Style.PHOTO)


@pytest.mark.parametrize(
    ("level", "age"),
    [
        ("P1", 7),
        ("P5", 11),
        ("p 6", 12),
        ("Primary 3", 9),
        ("Sec 2", 14),
        ("sec4", 16),
        ("Secondary 5", 17),
        ("Form 3", 15),
        ("K2", 6),
        ("JC 1", 17),
        ("09", 15),
        ("Grade 9", 15),
        ("12", 18),
        ("Year 7", 12),
        (" P5 ", 11),
        ("", None),
        (None, None),
        ("0", None),
        ("P0", None),
        ("P40", None),
        ("K", None),
        ("P5 Integrity", None),
        ("Alumni", None),
    ],
)
def test_a_level_tells_an_age_or_nothing(level: str | None, age: int | None) -> None:
    assert age_at(level) == age


def test_gender_is_said_only_where_it_is_known() -> None:
    prompt = portrait_prompt(gender=None, level="P5", style=Style.PHOTO)

    assert not re.search(r"\b(girl|boy|man|woman|female|male|she|he)\b", prompt)


def test_the_same_records_always_give_the_same_words() -> None:
    first = portrait_prompt(gender=Gender.MALE, level="Sec 1", style=Style.PHOTO, uniform="blue shorts")

    assert first == portrait_prompt(gender=Gender.MALE, level="Sec 1", style=Style.PHOTO, uniform="blue shorts")


@given(level=st.one_of(st.none(), st.text(max_size=40)), gender=st.sampled_from(GENDERS), style=st.sampled_from(Style))
def test_nothing_of_a_level_gets_in_but_an_age(level: str | None, gender: Gender | None, style: Style) -> None:
    possible = {portrait_prompt(gender=gender, level=f"P{number}", style=style) for number in range(1, 14)}
    possible |= {portrait_prompt(gender=gender, level=known, style=style) for known in (None, "K1", "K2")}

    assert portrait_prompt(gender=gender, level=level, style=style) in possible


@given(st.text(max_size=400))
def test_a_uniform_is_one_short_line_of_plain_words(text: str) -> None:
    dress = cleaned_uniform(text)

    assert len(dress) <= 120
    assert all(char.isalnum() or char in ",.-'() " for char in dress)
    assert dress == cleaned_uniform(dress)


@pytest.mark.parametrize(("gender", "style"), list(product(GENDERS, Style)))
def test_every_portrait_keeps_the_rules(gender: Gender | None, style: Style) -> None:
    prompt = portrait_prompt(gender=gender, level="P3", style=style)

    for rule in ("head-and-shoulders", "One face", "Plain light background", "No text", "not a likeness"):
        assert rule.lower() in prompt.lower()
    assert not re.search(r"\b(race|ethnic|chinese|malay|indian|eurasian|asian|skin)", prompt.lower())
