"""A growing answer cut into blocks."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from core.ui.assistant.blocks import LIST_PART
from core.ui.assistant.markdown_reader import cleaned
from core.ui.assistant.model_text import finished_and_open, safe_markdown
from tests.unit.assistant_text.answers import ANSWER, ANSWERS, LONG_LIST
from tests.unit.assistant_text.markdown_pieces import MARKDOWN
from tests.unit.assistant_text.page_reading import shown

TEXTS = st.one_of(MARKDOWN, ANSWERS, st.text())
NUMBERS = {"r1": 1, "r7": 2}
# Where a list goes on in the next block.
SEAM = re.compile(r'</(ul|ol)>\n<\1(?: start="\d+")?>\n')


@settings(max_examples=80, deadline=None)
@given(TEXTS)
def test_the_blocks_together_are_the_text(text: str) -> None:
    finished, rest = finished_and_open(text)
    assert "".join([*finished, rest]) == cleaned(text)


@settings(max_examples=120, deadline=None)
@given(TEXTS, st.data())
def test_a_finished_block_never_changes(text: str, data: st.DataObject) -> None:
    before, _ = finished_and_open(text[: data.draw(st.integers(0, len(text)))])
    assert finished_and_open(text)[0][: len(before)] == before


@settings(max_examples=80, deadline=None)
@given(TEXTS, st.data())
def test_what_is_open_can_be_cut_further_by_itself(text: str, data: st.DataObject) -> None:
    so_far = data.draw(st.integers(0, len(text)))
    before, rest = finished_and_open(text[:so_far])
    after, still_open = finished_and_open(rest + cleaned(text[so_far:]))
    assert ([*before, *after], still_open) == finished_and_open(text)


@settings(max_examples=50, deadline=None)
@given(ANSWERS)
def test_drawn_one_by_one_the_blocks_show_the_same(text: str) -> None:
    finished, rest = finished_and_open(text)
    one_by_one = "".join(shown(safe_markdown(block, NUMBERS)) for block in [*finished, rest])
    assert SEAM.sub("", one_by_one) == SEAM.sub("", shown(safe_markdown(text, NUMBERS)))


def test_an_answer_falls_into_its_paragraphs_lists_and_tables() -> None:
    finished, rest = finished_and_open(ANSWER)
    assert [block.split()[0] for block in finished] == [
        *("###", "**Attendance.**", "####", "-", "1.", "|", "```", "More", "---", "华杰的出席率是")
    ][: len(finished)]
    assert len(finished) == 9
    assert rest.strip().startswith("华杰")


def test_a_long_list_goes_on_in_the_next_block_with_its_numbers() -> None:
    finished, rest = finished_and_open(LONG_LIST)
    assert len(finished) == len(LONG_LIST) // (LIST_PART + 100)
    starts = [int(block.split(".")[0]) for block in [*finished, rest]]
    assert starts == sorted(starts)
    assert shown(safe_markdown(finished[1], NUMBERS)).startswith(f'<ol start="{starts[1]}">')


def test_a_list_that_counts_every_item_as_one_stays_whole() -> None:
    assert finished_and_open("1. the next one\n" * 300)[0] == []


def test_no_open_list_is_sent_again_for_ever() -> None:
    opened = (len(finished_and_open(LONG_LIST[:end])[1]) for end in range(0, len(LONG_LIST), 7))
    assert max(opened) < LIST_PART + 200


def test_a_paragraph_is_finished_by_its_empty_line_and_a_heading_by_its_own() -> None:
    assert finished_and_open("A paragraph.\n") == ([], "A paragraph.\n")
    assert finished_and_open("A paragraph.\n\n") == (["A paragraph.\n\n"], "")
    assert finished_and_open("# A heading\n") == (["# A heading\n"], "")
    assert finished_and_open("- a list\n\n") == ([], "- a list\n\n")
