"""What of a model's text the page gets to see."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.ui.assistant.model_text import finished_and_open, safe_markdown
from tests.unit.assistant_text.markdown_pieces import MARKDOWN
from tests.unit.assistant_text.page_reading import cases, dangers

NUMBERS = {"r1": 1, "r7": 2}


def safe(text: str) -> str:
    return safe_markdown(text, NUMBERS)


@pytest.mark.parametrize("case", cases())
def test_an_injection_leaves_nothing_to_fetch_or_to_follow(case: str) -> None:
    assert dangers(safe(case)) == []


def test_the_cases_are_dangerous_as_they_are() -> None:
    """Some few become so only if they are written anew carelessly."""
    assert sum(bool(dangers(case)) for case in cases()) >= 110


@settings(max_examples=120, deadline=None)
@given(MARKDOWN)
def test_no_text_leaves_anything_to_fetch_or_to_follow(text: str) -> None:
    assert dangers(safe(text)) == []


@settings(max_examples=60, deadline=None)
@given(st.text())
def test_any_signs_at_all_can_be_written(text: str) -> None:
    assert dangers(safe(text)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Read [the report](https://evil.example/x).", "Read the report (`https://evil.example/x`)."),
        ("![a photo](https://evil.example/x.png)", "a photo (`https://evil.example/x.png`)"),
        ("![](https://evil.example/x.png)", "(`https://evil.example/x.png`)"),
        ("<https://evil.example>", "`https://evil.example`"),
        ("See https://evil.example/x.", "See `https://evil.example/x`."),
        ("a@b.@c.example, a@b.c+d@e.example", "`a@b.@c.example`, `a@b.c+d@e.example`"),
        ("Write to a.b@evil.example, please", "Write to `a.b@evil.example`, please"),
        ("<a.b@evil.example>", "`a.b@evil.example`"),
        ("[x](https://еvil.example/)", "x (`https://xn--vil-qdd.example/`)"),
        ("[x](javascript:alert(1))", "x (`javascript:alert(1)`)"),
        ("| a |\n|---|\n| https://evil.example/a\\|b |", "| a |\n| --- |\n| `https://evil.example/a%7Cb` |"),
        ("[a]: https://evil.example", "&#91;a&#93;&#58; `https://evil.example`"),
    ],
)
def test_addresses_are_shown_as_text(text: str, expected: str) -> None:
    assert safe(text) == expected


def test_a_long_address_is_cut() -> None:
    assert safe(f"![](data:image/png;base64,{'A' * 5_000})").endswith("A…`)")
    assert len(safe(f"https://evil.example/{'a' * 5_000}")) < 300


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rose to 61 [r7].", "Rose to 61 :blue-badge[2]."),
        ("Rose to 61 [R7][r1]", "Rose to 61 :blue-badge[2]:blue-badge[1]"),
        ("Rose [r1, r7; r9]", "Rose :blue-badge[1] :blue-badge[2]"),
        ("Rose to 61 [r9].", "Rose to 61."),
        ("**Rose [r9]** fast", "**Rose** fast"),
        ("[r9]", ""),
        ("see [r7](https://evil.example)", "see :blue-badge[2]&#8288;(`https://evil.example`)"),
        ("`[r7]`", "`[r7]`"),
    ],
)
def test_citations_are_numbered_badges_and_unknown_ones_are_left_out(text: str, expected: str) -> None:
    assert safe(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "**bold**, *italic* and ***both*** and `code`",
        "- one\n- two\n  - three\n\n    more of three\n- four",
        "9. nine\n10. ten\n    1. inner",
        "> quoted\n> - list",
        "````\n![code](x) $x$\n````",
        "| a | b |\n| :--- | ---: |\n| 1 | 2 |",
        "one\n\ntwo  \nthree\n\n___",
    ],
)
def test_what_an_answer_may_use_stays_as_it_is(text: str) -> None:
    assert safe(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("## Title **x**", "**Title x**"),
        ("- [ ] ask\n- [x] done", "- ☐ ask\n- ☑ done"),
        ("costs $5, then $6", "costs &#36;5, then &#36;6"),
        (":red[x]", "&#58;red&#91;x&#93;"),
        (":smile:", "&#58;\u2060smile&#58;"),
        ("```mermaid\ngraph TD\n```", "````\ngraph TD\n````"),
        ("    not code", "not code"),
        ("2024\\. A year", "2024&#46; A year"),
        ("\\- no list", "&#45; no list"),
        ("Title\n===", "Title ==="),
        ("__init__ and a_b", "**init** and a&#95;b"),
        ("so\n\n- [r9]", "so\n\n- "),
        ("*a*b", "*a*&#8288;b"),
        ("*\\\nb [r9]* c", "  \n*b* c"),
        ("a\r\n\r\nb\x00\u202ec", "a\n\nbc"),
    ],
)
def test_all_else_is_text(text: str, expected: str) -> None:
    assert safe(text) == expected


HARD = [
    "[",
    "![",
    "](",
    "*a ",
    "_a ",
    "``` ",
    "`a``b",
    "<",
    "> ",
    "- ",
    "&#33;",
    "[a](",
    "**a*",
    "| ",
    "\\",
    "a@b.c ",
    "a.b",
    "@a",
    ":a",
]


@pytest.mark.parametrize("hard", HARD)
def test_a_long_text_takes_time_in_step_with_its_length(hard: str) -> None:
    """Many times the bound, were it with the square."""
    begun = time.process_time()
    finished_and_open(hard * 4_000)
    for is_open in (False, True):
        safe_markdown(hard * 4_000, NUMBERS, is_open=is_open)
    assert time.process_time() - begun < 2
