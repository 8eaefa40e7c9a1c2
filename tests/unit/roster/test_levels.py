"""Levels and names of classes, one school year on."""

from datetime import date

import pytest

from core.errors import AppError
from core.roster.register.entries import ClassEntry, GuardianEntry, StudentEntry
from core.roster.register.levels import next_level, next_name
from core.roster.register.new_year import proposed

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("level", "follows"),
    [
        ("P5", "P6"), ("P6", None), ("Pri 6", None), ("Sec 3", "Sec 4"), ("Sec 4", None), ("Sec 5", None), ("S2", "S3"),
        ("Year 9", "Year 10"), ("K1", "K2"), ("Reception", None), (None, None), ("Sec 2 Express", None),
    ],
)  # fmt: skip
def test_a_level_leads_to_the_next_one_until_the_last_year(level: str | None, follows: str | None) -> None:
    assert next_level(level, ["P5"]) == follows


def test_the_fourth_year_goes_on_where_the_school_has_a_fifth() -> None:
    assert next_level("Sec 4", ["Sec 4", "Sec 5"]) == "Sec 5"


@pytest.mark.parametrize(
    ("name", "level", "becomes"),
    [
        ("P5 Integrity", "P5", "P6 Integrity"), ("5 Integrity", "P5", "6 Integrity"), ("Sec 1-2", "Sec 1", "Sec 2-2"),
        ("2A1", "Sec 2", "3A1"), ("Integrity", "P5", "Integrity"), ("Team 7", "P5", "Team 7"), ("Choir", None, "Choir"),
    ],
)  # fmt: skip
def test_a_name_follows_its_level(name: str, level: str | None, becomes: str) -> None:
    assert next_name(name, level) == becomes


def test_a_class_without_a_level_keeps_its_name_and_the_last_year_leads_nowhere() -> None:
    choir = ClassEntry("Choir", None, "cca", None, 2026)

    assert proposed(choir, []) == ClassEntry("Choir", None, "cca", None, 2027)
    assert proposed(ClassEntry("P6 Honesty", "P6", "form", None, 2026), []) is None


def test_names_stay_as_they_are_typed_but_for_their_ends() -> None:
    typed = StudentEntry("  D'Souza,  Ryan *Emmanuel* ", preferred_name=" ", birth_year=2015)

    checked = typed.checked(TODAY)

    assert (checked.full_name, checked.preferred_name) == ("D'Souza,  Ryan *Emmanuel*", None)


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        (StudentEntry(" "), "full name is missing"),
        (StudentEntry("x" * 201), "201 characters"),
        (StudentEntry("A\nB"), "line break"),
        (StudentEntry("Ana", gender="other"), "gender is missing"),
        (StudentEntry("Ana", birth_year=0), "between 1996 and 2025"),
        (StudentEntry("Ana", index_no=0), "between 1 and 999"),
        (ClassEntry("P5", "P5", "club", None, 2026), "kind is missing"),
        (ClassEntry("Maths", "P5", "subject", " ", 2026), "subject is missing"),
        (ClassEntry("P5", "P5", "form", None, 2029), "between 2000 and 2028"),
        (ClassEntry("P5", "x" * 41, "form", None, 2026), "41 characters"),
    ],
)
def test_what_can_not_be_kept_is_refused_with_a_sentence(entry: StudentEntry | ClassEntry, says: str) -> None:
    with pytest.raises(AppError, match=says):
        entry.checked(TODAY)


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        (GuardianEntry("", "mother"), "name is missing"),
        (GuardianEntry("Lim", " "), "relationship is missing"),
        (GuardianEntry("Lim", "mother", email="lim@home"), "no e-mail address"),
        (GuardianEntry("Lim", "mother", phone="none"), "no phone number"),
        (GuardianEntry("Lim", "mother", priority=0), "between 1 and 9"),
    ],
)
def test_a_guardian_who_can_not_be_reached_so_is_refused(entry: GuardianEntry, says: str) -> None:
    with pytest.raises(AppError, match=says):
        entry.checked()


def test_a_form_class_has_no_subject() -> None:
    assert ClassEntry("P5", None, "form", "Maths", 2026).checked(TODAY).subject is None
