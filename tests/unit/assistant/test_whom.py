"""Students and classes are found by what teachers call them; two that fit are both found."""

import pytest

from core.assistant.whom import About, Candidate, candidates_for, means_own_class


def student(*names: str) -> Candidate:
    return Candidate(About.STUDENT, names[0], names)


AMONG = [
    student("Nurul Aisyah binte Rahman"),
    student("Nurul Huda binte Osman"),
    student("Tan Wei Ming Marcus", "Marcus"),
    student("Tan Wei Jie"),
    student("Bala s/o Kumar"),
    student("Zoë D'Souza"),
    student("Lim Ann"),
    student("Lim Anna"),
    student("陈伟明"),
    Candidate(About.CLASS, "c1", ("P5 Integrity",)),
    Candidate(About.CLASS, "c2", ("P5 Courage",)),
]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("Nurul Aisyah binte Rahman", ["Nurul Aisyah binte Rahman"]),
        ("nurul aisyah", ["Nurul Aisyah binte Rahman"]),
        ("Aisyah Rahman", ["Nurul Aisyah binte Rahman"]),
        ("Nurul", ["Nurul Aisyah binte Rahman", "Nurul Huda binte Osman"]),
        ("Nurul A.", ["Nurul Aisyah binte Rahman"]),
        ("Marcus", ["Tan Wei Ming Marcus"]),
        ("Marcus Tan", ["Tan Wei Ming Marcus"]),
        ("Tan Wei", ["Tan Wei Ming Marcus", "Tan Wei Jie"]),
        ("W. J. Tan", ["Tan Wei Jie"]),
        ("Bala son of Kumar", []),
        ("Bala s/o Kumar", ["Bala s/o Kumar"]),
        ("Kumar", ["Bala s/o Kumar"]),
        ("zoe", ["Zoë D'Souza"]),
        ("d'souza", ["Zoë D'Souza"]),
        ("Lim Ann", ["Lim Ann"]),
        ("Ann", ["Lim Ann"]),
        ("Aisy", ["Nurul Aisyah binte Rahman"]),
        ("Aisyha", ["Nurul Aisyah binte Rahman"]),
        ("陈伟明", ["陈伟明"]),
        ("P5 Integrity", ["P5 Integrity"]),
        ("integrity", ["P5 Integrity"]),
        ("P5", ["P5 Integrity", "P5 Courage"]),
        ("W", []),
        ("Photosynthesis", []),
        ("", []),
    ],
)
def test_who_fits_best(words: str, names: list[str]) -> None:
    assert [one.name for one in candidates_for(words, AMONG)] == names


@pytest.mark.parametrize("words", ["", "my class", "My  form class", "the class"])
def test_nothing_said_means_the_own_class(words: str) -> None:
    assert means_own_class(words)


def test_a_name_does_not_mean_the_own_class() -> None:
    assert not means_own_class("Ana")
