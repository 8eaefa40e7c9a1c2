"""How an answer is described in one quiet line, and how it ended; everything is safe inside a label."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from core.assistant.conversation import Thread
from core.assistant.message import AnswerUsage, Message, Source, State
from core.meetings.records import RecordKind
from core.ui.formats import NOT_PRICED, counted, day, hour_and_minute, local_day, money
from core.ui.text import escape_label
from core.usage.prices import CostSource

DRAFT = "A draft for you to decide."
WHAT_THEY_COST = "What such answers cost"
DEMO, NOTHING_PAID = "(demo)", "(demo, nothing is paid)"
_ENDS = {
    State.STOPPED: (":material/stop_circle:", "Stopped by you."),
    State.CUT_OFF: (":material/content_cut:", "Cut off."),
    State.REFUSED: (":material/shield:", "The safety filter refused this. Rephrase it."),
    State.FAILED: (":material/error:", "No answer came."),
}
_RECORDS = {
    RecordKind.ATTENDANCE: "Attendance",
    RecordKind.RESULT: "Result",
    RecordKind.OBSERVATION: "Observation",
    RecordKind.CASE: "Case",
    RecordKind.NOTE: "Note",
}
_WEEK = timedelta(days=7)


def heading_line(thread: Thread, zone: ZoneInfo, now: datetime) -> str:
    """Today 10:19 · 2 messages · $0.0009."""
    parts = [
        moment(thread.conversation.updated_at, zone, now),
        counted(len(thread.messages), "message"),
        _total(thread),
    ]
    return " · ".join(part for part in parts if part)


def moment(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Today 10:19, Yesterday 10:19, 12 Nov 2026 10:19."""
    on, today = local_day(at, zone), local_day(now, zone)
    name = {today: "Today", today - timedelta(days=1): "Yesterday"}.get(on) or day(on)
    return f"{name} {hour_and_minute(at, zone)}"


def period(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Under which heading of the sidebar a conversation stands."""
    on, today = local_day(at, zone), local_day(now, zone)
    if on >= today:
        return "Today"
    return "Last 7 days" if on > today - _WEEK else "Older"


def usage_line(message: Message) -> str:
    """A draft for you to decide. gpt-6-luna · 2,140 tokens in, 312 out · $0.0004 · 6 s."""
    draft = DRAFT if message.text.strip() else ""
    usage = message.usage
    if usage is None:
        return draft
    parts = [escape_label(usage.model), _tokens(usage), cost(usage), _seconds(usage.duration_ms)]
    return f"{draft} {' · '.join(part for part in parts if part)}".strip()


def cost(usage: AnswerUsage) -> str:
    """With how sure it is, in words."""
    if usage.cost_usd is None:
        return NOT_PRICED
    if usage.by_stand_in:
        return f"would cost {money(usage.cost_usd)} {DEMO}"
    said = {
        CostSource.ESTIMATED: f"about {money(usage.cost_usd)}, estimated",
        CostSource.POSSIBLE: f"up to {money(usage.cost_usd)} may have been charged",
    }
    return said.get(CostSource(usage.cost_source or CostSource.REPORTED), money(usage.cost_usd))


def end_note(message: Message) -> str | None:
    """Icon and words for an answer that did not come to its end; None for one that did."""
    if message.state not in _ENDS:
        return None
    icon, usual = _ENDS[message.state]
    return f"{icon} {escape_label(message.note or usual)}"


def record_label(source: Source) -> str:
    """Mathematics, 30 Oct; the kind of record where nothing says it closer."""
    on = source.record.on
    return f"{escape_label(source.label or _RECORDS[source.record.kind])}, {on.day} {on:%b}"


def removed_line(count: int) -> str:
    """Why a number that the model wrote is missing."""
    was = "1 reference was" if count == 1 else f"{count} references were"
    return f"{was} taken out: no such record was sent."


def writing_line(message: Message) -> str:
    """Writing… · 12 records of 4 students."""
    parts = [":shimmer[Writing…]"]
    if message.records:
        of = f" of {counted(message.students, 'student')}" if message.students else ""
        parts.append(f"{counted(message.records, 'record')}{of}")
    return " · ".join(parts)


def left_out_line(count: int) -> str:
    """What had no room in the request."""
    return f"{counted(count, 'record')} had no room and {'was' if count == 1 else 'were'} not sent."


def held_back_line(counts: Mapping[RecordKind, int]) -> str:
    """What the school does not let out."""
    kinds = [counted(count, _RECORDS[kind].lower()) for kind, count in counts.items() if count]
    was = "was" if sum(counts.values()) == 1 else "were"
    return f"{in_a_row(kinds)} {was} not sent: your school keeps this kind of record to itself."


def in_a_row(words: Sequence[str]) -> str:
    """One, two and three."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _total(thread: Thread) -> str:
    usages = thread.usages
    if not usages:
        return ""
    if all(usage.cost_usd is None for usage in usages):
        return NOT_PRICED
    if all(usage.by_stand_in for usage in usages):
        return f"would cost {money(thread.cost_usd)} {NOTHING_PAID}"
    at_least = "at least " if any(usage.cost_usd is None for usage in usages) else ""
    possible = sum((u.cost_usd for u in usages if _is_possible(u) and u.cost_usd), Decimal(0))
    free = sum((u.cost_usd for u in usages if u.by_stand_in and u.cost_usd), Decimal(0))
    parts = {"unconfirmed": possible, "for replaced answers": thread.replaced_cost_usd, "by the demo, not paid": free}
    of_it = ", ".join(f"{money(amount)} {which}" for which, amount in parts.items() if amount)
    return f"{at_least}{money(thread.cost_usd)}{f', of it {of_it}' if of_it else ''}"


def _is_possible(usage: AnswerUsage) -> bool:
    return usage.cost_source == CostSource.POSSIBLE


def _tokens(usage: AnswerUsage) -> str:
    if usage.prompt_tokens is None or usage.completion_tokens is None:
        return ""
    return f"{usage.prompt_tokens:,} tokens in, {usage.completion_tokens:,} out"


def _seconds(duration_ms: int | None) -> str:
    return "" if duration_ms is None else f"{max(1, round(duration_ms / 1000))} s"
