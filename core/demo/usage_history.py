"""Two months of made-up use: who asked for what, when, and exactly what it would have cost."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from core.demo.identity import demo_id
from core.demo.people import (
    ARJUN,
    COURAGE,
    DEEPA,
    GRACE,
    INTEGRITY,
    JOSEPH,
    LIJUAN,
    MEI,
    SITI,
    Colleague,
    DemoClass,
)
from core.demo.rows import Rows
from core.demo.usage_batches import batch_entries
from core.demo.usage_days import ZONE, weekday
from core.demo.usage_entry import CHAT_MODEL, IMAGE_MODEL, UsageEntry, held_for_an_image, made_portrait
from core.errors import KeyRejected, ModerationBlocked, NoAnswer, RequestRefused
from core.usage.prices import Cost, CostSource, estimate_chat, settle_chat
from core.usage.tokens import ChatTokens

DAYS = 61
FREE = Cost(Decimal(0), CostSource.REPORTED)

HOURS = {7: 5, 8: 3, 9: 4, 10: 9, 11: 5, 12: 4, 13: 6, 14: 10, 15: 11, 16: 8, 17: 4, 20: 3, 21: 2}
"""When teachers have time, by weight: recess, after lessons, a little at night."""


@dataclass(frozen=True)
class Custom:
    """How much one colleague uses in a day of work, on average."""

    who: Colleague
    in_class: DemoClass | None
    answers: float
    portraits: float


CUSTOMS = (
    Custom(MEI, INTEGRITY, 2.6, 0.9),
    Custom(ARJUN, COURAGE, 1.9, 0.8),
    Custom(SITI, None, 0.7, 0.0),
    Custom(GRACE, INTEGRITY, 1.4, 0.2),
    Custom(LIJUAN, INTEGRITY, 0.6, 0.1),
    Custom(JOSEPH, COURAGE, 1.1, 0.3),
    Custom(DEEPA, COURAGE, 0.4, 0.1),
)


@dataclass(frozen=True)
class Topic:
    """A kind of question, with typical tokens of what it sends and what it answers."""

    feature: str
    weight: int
    prompt_tokens: int
    completion_tokens: int


TOPICS = (
    Topic("ptm", 5, 2100, 420),
    Topic("progress", 3, 1500, 310),
    Topic("lesson", 4, 650, 780),
    Topic("question", 3, 420, 240),
)


@dataclass(frozen=True)
class Mishap:
    """A call that ended otherwise: refused for free, cut off, or without any answer."""

    who: Colleague
    days_ago: int
    type: str
    error: str
    source: CostSource = CostSource.REPORTED


MISHAPS = (
    Mishap(GRACE, 4, "chat", "cut_off", CostSource.ESTIMATED),
    Mishap(JOSEPH, 8, "image", ModerationBlocked.code),
    Mishap(MEI, 12, "image", ModerationBlocked.code),
    Mishap(ARJUN, 15, "image", NoAnswer.code, CostSource.POSSIBLE),
    Mishap(ARJUN, 22, "chat", RequestRefused.code),
    Mishap(SITI, 40, "chat", KeyRejected.code),
    Mishap(SITI, 40, "chat", KeyRejected.code),
)


def usage_rows(today: date) -> Rows:
    """The 61 days before today."""
    entries = [*_usual(today), *batch_entries(today), *_mishaps(today)]
    return [entry.row() for entry in sorted(entries, key=lambda entry: entry.created_at)]


def _usual(today: date) -> Iterator[UsageEntry]:
    for custom in CUSTOMS:
        rng = Random(f"usage of {custom.who.email}")
        for days_ago in range(DAYS, 0, -1):
            # Drawn on every day, so that another `today` moves the story and doesn't rewrite it.
            answers, portraits = _about(custom.answers, rng), _about(custom.portraits, rng)
            day = today - timedelta(days=days_ago)
            if day.weekday() < 5:
                yield from (_answer(custom, day, rng, number) for number in range(answers))
                yield from (_portrait(custom, day, rng, number) for number in range(portraits))


def _about(average: float, rng: Random) -> int:
    """A whole number around an average; nothing on many days, much on a few."""
    return round(rng.expovariate(1 / average)) if average else 0


def _answer(custom: Custom, day: date, rng: Random, number: int) -> UsageEntry:
    at = _moment(day, rng)
    topic = rng.choices(TOPICS, weights=[one.weight for one in TOPICS])[0]
    tokens = ChatTokens(_around(topic.prompt_tokens, rng), _around(topic.completion_tokens, rng))
    return UsageEntry(
        id=demo_id("usage", custom.who.email, day, "chat", number),
        user_id=custom.who.id,
        type="chat",
        model=CHAT_MODEL,
        feature=topic.feature,
        created_at=at,
        cost=settle_chat(CHAT_MODEL, vars(tokens), at=at),
        class_id=custom.in_class.id if custom.in_class and topic.feature != "lesson" else None,
        tokens=tokens,
        duration_ms=900 + 9 * tokens.completion_tokens + rng.randrange(400),
        first_token_ms=rng.randrange(350, 900),
        response_data={"finish_reason": "stop"},
    )


def _portrait(custom: Custom, day: date, rng: Random, number: int) -> UsageEntry:
    return made_portrait(
        demo_id("usage", custom.who.email, day, "image", number), custom.who, custom.in_class, _moment(day, rng), rng
    )


def _mishaps(today: date) -> Iterator[UsageEntry]:
    for number, mishap in enumerate(MISHAPS):
        rng = Random(f"mishap {number}")
        is_chat = mishap.type == "chat"
        counted = ChatTokens(1480, 96) if mishap.source is CostSource.ESTIMATED else None
        yield UsageEntry(
            id=demo_id("usage", "mishap", number),
            user_id=mishap.who.id,
            type=mishap.type,
            model=CHAT_MODEL if is_chat else IMAGE_MODEL,
            feature="question" if is_chat else "portrait",
            created_at=_moment(weekday(today - timedelta(days=mishap.days_ago)), rng),
            cost=_cost_of(mishap, counted),
            tokens=counted,
            held_cost=None if is_chat else held_for_an_image(),
            error=mishap.error,
            duration_ms=rng.randrange(300, 2000),
        )


def _cost_of(mishap: Mishap, counted: ChatTokens | None) -> Cost:
    if mishap.source is CostSource.POSSIBLE:
        return Cost(held_for_an_image(), CostSource.POSSIBLE)
    return estimate_chat(CHAT_MODEL, vars(counted)) if counted else FREE


def _moment(day: date, rng: Random) -> datetime:
    hour = rng.choices(list(HOURS), weights=list(HOURS.values()))[0]
    return datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60)), ZONE)


def _around(typical: int, rng: Random) -> int:
    return round(typical * rng.uniform(0.6, 1.5))
