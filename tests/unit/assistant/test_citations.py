"""Only records that were sent are cited, however the answer is cut into pieces."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.assistant.citations import CitationFilter, unmarked

KNOWN = {"r1", "r2", "r12"}


def shown(answer: str, cuts: tuple[int, ...] = ()) -> tuple[str, list[str], int]:
    marks, at = CitationFilter(KNOWN), 0
    text = ""
    for cut in (*sorted(cuts), len(answer)):
        text += marks.feed(answer[at:cut])
        at = cut
    return text + marks.finish(), marks.cited, marks.removed


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("Absent twice [r1]. Better [r12].", ("Absent twice [r1]. Better [r12].", ["r1", "r12"], 0)),
        ("Absent twice [r9]. Better [R2].", ("Absent twice. Better [r2].", ["r2"], 1)),
        ("Both [r1, r2; r9].", ("Both [r1] [r2].", ["r1", "r2"], 1)),
        ("Twice [r1] the same [r1].", ("Twice [r1] the same [r1].", ["r1"], 0)),
        ("[r1] first", ("[r1] first", ["r1"], 0)),
        ("A list [1] and [note] stay, [r", ("A list [1] and [note] stay, [r", [], 0)),
        ("", ("", [], 0)),
        ("Late [r1], absent [r12], [r9].", ("Late [r1], absent [r12].", ["r1", "r12"], 1)),
        ("- Late\n[r1] and more", ("- Late\n[r1] and more", ["r1"], 0)),
        ("Bold **[r1]** and **[r9]**.", ("Bold **[r1]** and.", ["r1"], 1)),
        ("Seen ([r1], [r2]) and ([r9]).", ("Seen ([r1] [r2]) and.", ["r1", "r2"], 1)),
        ("In code `[r1]` and `[r9]`.", ("In code [r1] and.", ["r1"], 1)),
        ("Quoted (r1) cites nothing, (r2, r9) neither.", ("Quoted (r1) cites nothing, (r2) neither.", [], 1)),
        ("Reading `x[1]`, *fine* (R & D)", ("Reading `x[1]`, *fine* (R & D)", [], 0)),
    ],
)
def test_what_is_cited(answer: str, expected: tuple[str, list[str], int]) -> None:
    assert shown(answer) == expected


@pytest.mark.parametrize(
    "unsent",
    [
        "[r12345]", "[r99-r101]", "[r90 r91]", "[r90 and r91]", "[r 99]", "[ r99 ]", "[^r99]", "【r99】", r"\[r99\]",
        "[*r99*]", "[**r99**]", "(r99)", "[[r99]]", "`[r99]`", "**[r99]**", "([r99])", "[r98][r99]",
        "[r98], [r99]", "[R99]",
    ],
)  # fmt: skip
def test_what_was_not_sent_goes_in_whatever_form_and_leaves_nothing(unsent: str) -> None:
    text, cited, removed = shown(f"Absent twice {unsent}.")

    assert (text, cited) == ("Absent twice.", [])
    assert removed >= 1


@pytest.mark.parametrize(
    "sent",
    ["[r1-r12]", "[r1–r12]", "[r1 to r12]", "[r1, r2 and r12]", "[r1/r2/r12]", "[r1 r2; r12]", "[[r1-r12]]",
     r"\[r1–r12\]", "【r1, r2, r12】", "[^r1][^r2] [^r12]", "`[r1], [r2], [ r12 ]`"],
)  # fmt: skip
def test_lists_and_ranges_of_what_was_sent_become_single_marks(sent: str) -> None:
    assert shown(f"Better {sent}.") == ("Better [r1] [r2] [r12].", ["r1", "r2", "r12"], 0)


@pytest.mark.parametrize("half", ["[r1-r99]", "[r1–r99]", "[r1 and r99]", "[r1/r99]", "[r1][r99]", "[r99-r1]"])
def test_of_a_list_that_was_sent_in_part_that_part_stays(half: str) -> None:
    assert shown(f"Better {half}.") == ("Better [r1].", ["r1"], 1)


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("She wrote [r1] on the board", "She wrote (r1) on the board"),
        ("[[R1]], [ r2 and r3 ], \\[r4\\], 【r5】", "(R1), (r2 and r3), (r4), (r5)"),
        ("A list [1], [room 3], (r1)", "A list [1], [room 3], (r1)"),
    ],
)
def test_what_is_typed_like_a_citation_is_sent_as_none(typed: str, sent: str) -> None:
    assert unmarked(typed) == sent
    assert shown(sent)[1] == []


def test_no_text_takes_long() -> None:
    for piece in ("[", "(", "*", "`", "[r1", "[r1  ", "([r1]  ", "r1 ", "[[r1] ", "\\"):
        began = time.thread_time()
        shown(piece * (20_000 // len(piece)))
        assert time.thread_time() - began < 2, piece


PIECES = st.lists(
    st.sampled_from(
        [
            *"[]()【】`*^\\_ \n.,;-–",
            "[r1]",
            "[r9]",
            "r1",
            "r9",
            "[r1, r2]",
            "[R12]",
            "word",
            "[x](y)",
            " and ",
            " to ",
            "**",
        ]
    ),
    max_size=16,
)


@given(pieces=PIECES, cuts=st.lists(st.integers(0, 80), max_size=6))
def test_every_split_shows_the_same(pieces: list[str], cuts: list[int]) -> None:
    answer = "".join(pieces)

    assert shown(answer, tuple(min(cut, len(answer)) for cut in cuts)) == shown(answer)
