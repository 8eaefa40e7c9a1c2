"""Only records that were sent are cited, however the answer is cut into pieces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.assistant.citations import CitationFilter

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
    ],
)
def test_what_is_cited(answer: str, expected: tuple[str, list[str], int]) -> None:
    assert shown(answer) == expected


PIECES = st.lists(
    st.sampled_from(["[r1]", "[r9]", " ", "[", "]", "r1", "[r1, r2]", "[R12]", "word", "\n", ".", "[x](y)"]),
    max_size=12,
)


@given(pieces=PIECES, cuts=st.lists(st.integers(0, 60), max_size=5))
def test_every_split_shows_the_same(pieces: list[str], cuts: list[int]) -> None:
    answer = "".join(pieces)

    assert shown(answer, tuple(min(cut, len(answer)) for cut in cuts)) == shown(answer)
