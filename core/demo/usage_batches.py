"""The class photos that the demo's teachers made in two months, one call a student."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from core.demo.identity import demo_id
from core.demo.people import ARJUN, COURAGE, INTEGRITY, MEI, Colleague, DemoClass
from core.demo.usage_days import ZONE, weekday
from core.demo.usage_entry import UsageEntry, made_portrait

STARTED_AT = time(15, 12, 9)
BETWEEN_STARTS = timedelta(seconds=4)


@dataclass(frozen=True)
class Batch:
    """So many portraits of a class in one go."""

    who: Colleague
    in_class: DemoClass
    days_ago: int
    portraits: int


BATCHES = (
    Batch(MEI, INTEGRITY, 45, 30),
    Batch(ARJUN, COURAGE, 24, 26),
    Batch(MEI, INTEGRITY, 10, 14),
)


def batch_entries(today: date) -> Iterator[UsageEntry]:
    for batch in BATCHES:
        rng = Random(f"batch {batch.days_ago}")
        first = datetime.combine(weekday(today - timedelta(days=batch.days_ago)), STARTED_AT, ZONE)
        for place in range(batch.portraits):
            yield made_portrait(
                demo_id("usage", batch.who.email, "batch", batch.days_ago, place),
                batch.who,
                batch.in_class,
                first + place * BETWEEN_STARTS,
                rng,
                in_batch=True,
            )
