"""A block that is shown while it comes, by a page that can only append."""

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.ui.assistant.model_text import StreamedText, finished_and_open, safe_markdown
from core.ui.assistant.open_line import LONGEST_WAIT
from tests.unit.assistant_text.answers import ANSWER, ANSWERS, LONG_LIST
from tests.unit.assistant_text.markdown_pieces import MARKDOWN
from tests.unit.assistant_text.page_reading import cases, dangers

NUMBERS = {"r1": 1, "r7": 2}


def states(block: str, cuts: list[int]) -> list[str]:
    """What is shown after each piece; the last is the finished block."""
    streamed, shown, seen = StreamedText(NUMBERS), "", []
    for begin, end in pairwise(sorted({0, len(block), *(cut % (len(block) + 1) for cut in cuts)})):
        shown += streamed.feed(block[begin:end])
        seen.append(shown)
    return [*seen, shown + streamed.finish()]


CUTS = st.lists(st.integers(0, 5_000), max_size=60)


@settings(max_examples=60, deadline=None)
@given(MARKDOWN, CUTS)
def test_at_no_moment_is_there_anything_to_fetch_or_to_follow(text: str, cuts: list[int]) -> None:
    for shown in states(text, cuts):
        assert dangers(shown) == []


@pytest.mark.parametrize("case", cases())
def test_no_injection_is_there_for_a_moment_when_it_comes_sign_by_sign(case: str) -> None:
    for shown in states(case, list(range(len(case)))):
        assert dangers(shown) == []


@settings(max_examples=60, deadline=None)
@given(ANSWERS, CUTS)
def test_in_the_end_it_is_the_block_as_it_is_written_at_once(text: str, cuts: list[int]) -> None:
    finished, rest = finished_and_open(text)
    for block in [*finished, rest]:
        assert states(block, cuts)[-1].rstrip("\n") == safe_markdown(block, NUMBERS)


@pytest.mark.parametrize("block", finished_and_open(ANSWER + LONG_LIST + "\n\nThe end.\n\n")[0])
def test_each_block_of_an_answer_comes_to_its_end_sign_by_sign(block: str) -> None:
    assert states(block, list(range(len(block))))[-1].rstrip("\n") == safe_markdown(block, NUMBERS)


def test_words_are_shown_as_soon_as_they_are_whole() -> None:
    streamed = StreamedText(NUMBERS)
    assert [streamed.feed(piece) for piece in ["The cl", "ass ro", "se to ", "61"]] == ["The", " class", " rose to", ""]
    assert streamed.finish() == " 61"


WAITING = [
    (["see ![a ", "pho", "to](https://e.x", "/a.png) ", "and"], ["see", "", "", " a photo (`https://e.x/a.png`)", ""]),
    (["rose [r", "7", "] and"], ["rose", "", " :blue-badge[2]"]),
    (["**rose ", "fast", "** and"], ["", "", "**rose fast**"]),
    (["costs $5 ", "or $6 "], ["costs &#36;5", " or &#36;6"]),
    (["see https://e.", "x/abc ", "now"], ["see", " `https://e.x/abc`", ""]),
    (["|a|b|\n", "|-|", "-|\n", "|1|2", "|\n"], ["", "", "| a | b |\n| --- | --- |\n", "", "| 1 | 2 |\n"]),
    (["```\ncode ", "more\n", "``", "`\n"], ["````\ncode", " more", "", ""]),
    (["- one\n", "- ", "**tw", "o** three"], ["- one", "", "", "\n- **two**"]),
    (["*a `b* ", "c` "], ["", ""]),
    (["one\\", "\n", "two "], ["", "", "one  \ntwo"]),
    (["# A ", "title", "\n"], ["", "", "**A title**"]),
    (["华语课", "的成绩"], ["华语课", "的成绩"]),
]


@pytest.mark.parametrize(("pieces", "expected"), WAITING)
def test_what_is_undecided_waits(pieces: list[str], expected: list[str]) -> None:
    streamed = StreamedText(NUMBERS)
    assert [streamed.feed(piece) for piece in pieces] == expected


@pytest.mark.parametrize("opening", ["**", "[", "`", "![x](", "<a ", "$", "\\", "*a [b `c "])
def test_nothing_waits_for_ever(opening: str) -> None:
    text = f"{opening}{'word ' * 200}"
    assert len(states(text, list(range(len(text))))[-2]) > len(text) - LONGEST_WAIT


def test_a_record_may_get_its_number_while_the_text_comes() -> None:
    numbers: dict[str, int] = {}
    streamed = StreamedText(numbers)
    assert streamed.feed("Rose ") == "Rose"
    numbers["r3"] = 1
    assert streamed.feed("[r3] fast ") == " :blue-badge[1] fast"


def test_a_block_that_turned_out_shorter_ends_where_it_does() -> None:
    streamed = StreamedText(NUMBERS)
    streamed.feed("- one\n\nne")
    assert streamed.finish("- one\n\n") == ""


def test_an_answer_takes_time_and_room_in_step_with_its_length() -> None:
    block = f"{'Attendance rose to 92 % in the **last** term. ' * 260}\n"
    begun = time.process_time()
    seen = states(block, list(range(0, len(block), 4)))
    assert time.process_time() - begun < 3
    assert sum(len(shown) for shown in dict.fromkeys(seen)) < 40 * len(block)
