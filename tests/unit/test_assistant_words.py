from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from core.assistant.conversation import Conversation, Thread
from core.assistant.message import AnswerUsage, Source
from core.meetings.records import RecordKind, RecordRef
from core.ui.assistant.literal import literal
from core.ui.assistant.words import (
    cost,
    heading_line,
    held_back_line,
    left_out_line,
    period,
    record_label,
    removed_line,
    usage_line,
    writing_line,
)
from tests.pages.assistant_fakes import a_question, an_answer

ZONE = ZoneInfo("Asia/Singapore")
# Ten in the morning at the school, two at night in UTC.
NOW = datetime(2026, 11, 12, 2, 0, tzinfo=UTC)


def usage(cost_usd: str | None = "0.0004", source: str = "reported", *, tokens: int | None = 12) -> AnswerUsage:
    amount = None if cost_usd is None else Decimal(cost_usd)
    return AnswerUsage("gpt-6-luna", tokens, tokens, amount, source, 6100)


FREE = replace(usage(), by_stand_in=True)


@pytest.mark.parametrize(
    ("ago", "under"),
    [
        (timedelta(0), "Today"),
        (timedelta(hours=9), "Today"),
        (timedelta(hours=11), "Last 7 days"),
        (timedelta(days=6), "Last 7 days"),
        (timedelta(days=7), "Older"),
    ],
)
def test_a_conversation_stands_under_the_schools_day(ago: timedelta, under: str) -> None:
    assert period(NOW - ago, ZONE, NOW) == under


@pytest.mark.parametrize(
    ("taken", "said"),
    [
        (usage(), r"\$0.0004"),
        (usage(source="estimated"), r"about \$0.0004, estimated"),
        (usage(source="possible"), r"up to \$0.0004 may have been charged"),
        (usage(None, "unpriced"), "not priced"),
        (FREE, r"would cost \$0.0004 (demo)"),
    ],
)
def test_a_cost_says_how_sure_it_is(taken: AnswerUsage, said: str) -> None:
    assert cost(taken) == said


def test_without_a_count_of_tokens_none_is_said() -> None:
    answer = an_answer("So.", usage=usage(tokens=None))

    assert usage_line(answer) == r"A draft for you to decide. gpt-6-luna · \$0.0004 · 6 s"
    assert usage_line(an_answer("So.", usage=None)) == "A draft for you to decide."


def test_no_answer_is_no_draft() -> None:
    assert usage_line(an_answer("", usage=usage(tokens=None))) == r"gpt-6-luna · \$0.0004 · 6 s"
    assert usage_line(an_answer("", usage=None)) == ""


@pytest.mark.parametrize(
    ("usages", "end"),
    [
        ((usage(), usage()), r"2 messages · \$0.0008"),
        ((usage(), usage(None, "unpriced")), r"2 messages · at least \$0.0004"),
        ((usage(None, "unpriced"), usage(None, "unpriced")), "2 messages · not priced"),
        ((FREE, FREE), r"2 messages · would cost \$0.0008 (demo, nothing is paid)"),
        ((usage(), FREE), r"2 messages · \$0.0008, of it \$0.0004 by the demo, not paid"),
        ((usage(), usage(source="possible")), r"2 messages · \$0.0008, of it \$0.0004 unconfirmed"),
    ],
)
def test_the_heading_sums_up_what_is_known(usages: tuple[AnswerUsage, ...], end: str) -> None:
    thread = Thread(Conversation(uuid4(), "One", NOW), tuple(an_answer("So.", usage=one) for one in usages))

    assert heading_line(thread, ZONE, NOW) == f"Today 10:00 · {end}"


@pytest.mark.parametrize(
    ("usages", "replaced", "end"),
    [
        ((usage("0.0002"),), (usage("0.0005"),), r"\$0.0007, of it \$0.0005 for replaced answers"),
        ((), (usage("0.0005"),), r"\$0.0005, of it \$0.0005 for replaced answers"),
        ((usage("0.0002"),), (usage(None, "unpriced"),), r"at least \$0.0002"),
        (
            (usage("0.0002", "possible"),),
            (usage("0.0005"),),
            r"\$0.0007, of it \$0.0002 unconfirmed, \$0.0005 for replaced answers",
        ),
    ],
)
def test_the_heading_counts_what_replaced_answers_took(
    usages: tuple[AnswerUsage, ...], replaced: tuple[AnswerUsage, ...], end: str
) -> None:
    messages = tuple(an_answer("So.", usage=one) for one in usages)
    thread = Thread(Conversation(uuid4(), "One", NOW), messages, replaced)

    assert heading_line(thread, ZONE, NOW).split(" · ")[-1] == end


def test_what_cost_nothing_yet_has_no_cost() -> None:
    thread = Thread(Conversation(uuid4(), "One", NOW - timedelta(days=1)), (a_question("Why?"),))

    assert heading_line(thread, ZONE, NOW) == "Yesterday 10:00 · 1 message"


def test_a_record_is_named_by_what_it_is_about_and_its_day() -> None:
    ref = RecordRef(RecordKind.CASE, uuid4(), uuid4(), date(2026, 11, 2))

    assert record_label(Source(ref, "*Art*")) == r"\*Art\*, 2 Nov"
    assert record_label(Source(ref, "")) == "Case, 2 Nov"


def test_one_and_many_are_told_apart() -> None:
    assert removed_line(1).startswith("1 reference was")
    assert removed_line(3).startswith("3 references were")
    assert left_out_line(1) == "1 record had no room and was not sent."
    assert left_out_line(2) == "2 records had no room and were not sent."


def test_what_the_school_keeps_to_itself_is_told_by_its_kinds() -> None:
    kept = "not sent: your school keeps this kind of record to itself."
    assert held_back_line({RecordKind.CASE: 1}) == f"1 case was {kept}"
    assert held_back_line({RecordKind.CASE: 2, RecordKind.NOTE: 1}) == f"2 cases and 1 note were {kept}"
    assert writing_line(an_answer("", records=1, students=1)) == ":shimmer[Writing…] · 1 record of 1 student"
    assert writing_line(an_answer("")) == ":shimmer[Writing…]"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("a\nb", "a  \nb"),
        ("Title\n===", "Title  \n\\==="),
        ("x\n    code", "x  \n\u00a0\u00a0\u00a0\u00a0code"),
        ("- a\n1. b\n> c", "\\- a  \n1\\. b  \n\\> c"),
        ("a\n\nb", "a  \n\u00a0  \nb"),
        ("![x](https://e.org)", "!\\[x\\](https\\://e.org)"),
    ],
)
def test_a_question_is_shown_as_it_was_typed(typed: str, shown: str) -> None:
    assert literal(typed) == shown
