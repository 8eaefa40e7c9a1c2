"""What the Usage page shows, as values: everything counts settled rows of the ledger, by the school's own days."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from core.usage.budget import BudgetNow


class Series(StrEnum):
    """The types of the ledger, in the order in which charts stack them."""

    CHAT = "chat"
    BATCH_IMAGE = "batch_image"
    IMAGE = "image"


@dataclass(frozen=True)
class Span:
    """Days of the school, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Filters:
    """None lets everything through."""

    span: Span
    staff_id: UUID | None = None
    class_id: UUID | None = None
    feature: str | None = None
    model: str | None = None


@dataclass(frozen=True)
class Sum:
    """`cost_usd` is of what is priced; with `unpriced` requests among them it is "at least" that."""

    requests: int = 0
    errors: int = 0
    tokens: int = 0
    cost_usd: Decimal = Decimal(0)
    unpriced: int = 0
    possible_usd: Decimal = Decimal(0)
    """The part of it that may have been charged: no answer came that tells."""
    estimated_usd: Decimal = Decimal(0)
    """The part of it that was counted by us."""

    @property
    def is_at_least(self) -> bool:
        return self.unpriced > 0


@dataclass(frozen=True)
class Slice:
    """One bar: a teacher, a class, a feature or a model; `key` is None for the operator and for no class."""

    key: UUID | str | None
    name: str
    sum: Sum


@dataclass(frozen=True)
class DaySum:
    """A day without use is there, too, with empty sums."""

    day: date
    by_series: Mapping[Series, Sum]


@dataclass(frozen=True)
class Hour:
    """Requests of an hour (0–23) on a weekday (0 is Monday), over the whole span."""

    weekday: int
    hour: int
    requests: int


@dataclass(frozen=True)
class Failure:
    """One error code, or one call that ended in it."""

    code: str
    series: Series
    count: int
    last_at: datetime
    last_person: str | None
    """None: the operator, or not for this reader's eyes."""
    cost_usd: Decimal | None = None


@dataclass(frozen=True)
class Forecast:
    """The month's sum at its end: what was spent, and for the days that are left the mean of the last ones."""

    month: date
    spent_usd: Decimal
    low_usd: Decimal
    expected_usd: Decimal
    high_usd: Decimal
    based_on_days: int
    is_at_least: bool = False
    """Something that it is worked out from has no price."""


@dataclass(frozen=True)
class LimitNow:
    """How much of a limit one person used at this moment, and when a slot is free again."""

    person: str
    series: Series
    used: int
    at_most: int
    per_seconds: float
    free_at: datetime | None


@dataclass(frozen=True)
class Portraits:
    """`kept` are shown now; `success` is the share of attempts that gave a picture, None without any."""

    made: int
    kept: int
    success: float | None


@dataclass(frozen=True)
class Retiring:
    """A model that is in use and ends or has ended."""

    model: str
    on: date
    successor: str | None


@dataclass(frozen=True, kw_only=True)
class Report:
    """One look at the page."""

    filters: Filters
    is_school: bool
    """Whether it is the school's, for an admin, or the reader's own."""
    total: Sum
    before: Sum
    """The same number of days just before."""
    photos: int
    photos_before: int
    forecast: Forecast | None
    days: tuple[DaySum, ...]
    by_teacher: tuple[Slice, ...]
    """Empty for a teacher."""
    by_class: tuple[Slice, ...]
    by_feature: tuple[Slice, ...]
    by_model: tuple[Slice, ...]
    hours: tuple[Hour, ...]
    cost_per_photo: Mapping[date, Decimal] = field(default_factory=dict)
    cost_per_message: Mapping[date, Decimal] = field(default_factory=dict)
    first_token_ms: int | None = None
    """The mean over the span's answers."""
    failures: tuple[Failure, ...] = ()
    """Grouped by code, the most frequent first."""
    last_failures: tuple[Failure, ...] = ()
    """The last ten, newest first."""
    limits: tuple[LimitNow, ...] = ()
    portraits: Portraits | None = None
    active_teachers: Mapping[date, int] = field(default_factory=dict)
    """By the Monday of each week; empty for a teacher."""
    retiring: tuple[Retiring, ...] = ()
    """For admins alone."""
    budget: BudgetNow | None = None
    """The reader's own, for an admin the school's or that of whom the filters name; None where none is set."""


@dataclass(frozen=True)
class Booked:
    """One line to compare with the provider's invoice."""

    day: date
    model: str
    sum: Sum
