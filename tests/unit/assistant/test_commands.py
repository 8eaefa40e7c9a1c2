"""What is typed after a slash."""

import pytest

from core.assistant.commands import COMMANDS, Name, Request, UnknownCommand, parse


@pytest.mark.parametrize(
    ("typed", "request_"),
    [
        ("/ptm", Request(Name.PTM)),
        ("  /PTM  P5 Integrity ", Request(Name.PTM, "P5 Integrity")),
        ("/lesson Science, Primary 5, magnets", Request(Name.LESSON, "Science, Primary 5, magnets")),
        ("/progress Nurul Aisyah", Request(Name.PROGRESS, "Nurul Aisyah")),
        ("/help", Request(Name.HELP)),
        ("/ptm\nAna Lim", Request(Name.PTM, "Ana Lim")),
        ("/ptm\u00a0Ana", Request(Name.PTM, "Ana")),
        ("/ptm: Ana", Request(Name.PTM, "Ana")),
        ("/ptm,Ana", Request(Name.PTM, "Ana")),
        ("/lesson science\nPrimary 5", Request(Name.LESSON, "science\nPrimary 5")),
    ],
)  # fmt: skip
def test_a_command_with_what_it_is_about(typed: str, request_: Request) -> None:
    assert parse(typed) == request_


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("/ptn Ana", Name.PTM),
        ("/pmt Ana Lim", Name.PTM),
        ("/leson", Name.LESSON),
        ("/progres", Name.PROGRESS),
        ("/hlep", Name.HELP),
        ("/x", None),
    ],
)
def test_an_unknown_command_suggests_the_nearest(typed: str, nearest: Name | None) -> None:
    word, _, about = typed[1:].partition(" ")

    assert parse(typed) == UnknownCommand(word, nearest, about)


def test_an_unknown_command_keeps_what_followed_it() -> None:
    assert parse("/ptn\nAna") == parse("/ptn: Ana") == UnknownCommand("ptn", Name.PTM, "Ana")


@pytest.mark.parametrize("typed", ["How is Ana doing?", "and/or", ""])
def test_other_text_is_no_command(typed: str) -> None:
    assert parse(typed) is None


def test_the_table_says_what_each_command_does() -> None:
    assert {command.name for command in COMMANDS} == set(Name)
    assert all(command.does for command in COMMANDS)
