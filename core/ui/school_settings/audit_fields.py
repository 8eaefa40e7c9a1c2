"""What differs between before and after, field by field, in plain words; nothing here is Markdown."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from core.accounts.audit import AuditLine
from core.accounts.audit_names import as_id
from core.ui.drawer_record_words import WORDS as CHOICES
from core.ui.formats import day, hour_and_minute, local_day, money_in_cell
from core.ui.school_settings.privacy import kinds_in_words

NOTHING: Final = "–"
# What held or holds where a school chose nothing.
USUAL: Final[Mapping[str, str]] = {
    "chat_setting.changed": "the operator's choice",
    "image_setting.changed": "the operator's choice",
    "to_model_setting.changed": "all kinds but cases",
}
SHORT_ID: Final = 8
# Which row it is, stands in the sentence already.
_LEFT_OUT = frozenset({"id", "school_id", "created_at"})
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")
_CODE = re.compile(r"[a-z]+(_[a-z]+)+")
LABELS: Final[Mapping[str, str]] = {
    "full_name": "Full name",
    "preferred_name": "Preferred name",
    "email": "E-mail",
    "active": "Active",
    "role": "Role",
    "invited_at": "Invited",
    "name_to_check": "Name to check",
    "sourced_id": "Id at the school",
    "on_date": "Day",
    "opened_on": "Opened",
    "closed_on": "Closed",
    "recorded_on": "Recorded",
    "happened_at": "Happened",
    "starts_at": "Starts",
    "archived_at": "Archived",
    "from_date": "From",
    "to_date": "Until",
    "index_no": "Number",
    "max_score": "Highest score",
    "birth_year": "Year of birth",
    "profile_photo": "Photo",
    "portraits_allowed": "Portraits allowed",
    "school_year": "School year",
    "student_id": "Student",
    "staff_id": "Member",
    "author_id": "Written by",
    "class_id": "Class",
    "guardian_id": "Guardian",
    "continues_id": "Continues",
    "override": "For the meeting",
    "input_usd": "For 1M tokens in",
    "cached_usd": "For 1M tokens in from the cache",
    "output_usd": "For 1M tokens out",
    "image_usd": "For one image",
    "chat": "Model for answers",
    "image": "Model for portraits",
    "reasoning_effort": "Thinking",
    "at_most": "At most",
    "per_seconds": "Within seconds",
    "min_gap_seconds": "Seconds between",
    "hard": "Refuses what does not fit",
    "pause_reason": "Paused because of",
    "issuer": "Provider",
    "issuers": "Providers",
    "to_model": "May go to a model",
    "in_class": "In the class",
    "into": "New class",
}


@dataclass(frozen=True)
class FieldChange:
    """`before` or `after` is None where the row was not there."""

    label: str
    before: str | None
    after: str | None

    @property
    def in_brief(self) -> str:
        if self.before is None or self.after is None:
            return f"{self.label}: {self.before or self.after or NOTHING}"
        return f"{self.label}: {self.before} → {self.after}"


def changes(line: AuditLine, zone: ZoneInfo) -> list[FieldChange]:
    """The fields that differ; of a row that came or went, those that hold something."""
    before, after = line.before or {}, line.after or {}
    names = [name for name in {**before, **after} if name not in _LEFT_OUT and before.get(name) != after.get(name)]
    return [
        FieldChange(
            label(name),
            _of_field(line, name, before.get(name), zone) if line.before is not None else None,
            _of_field(line, name, after.get(name), zone) if line.after is not None else None,
        )
        for name in names
    ]


def label(name: str) -> str:
    return LABELS.get(name, name.removesuffix("_id").removesuffix("_usd").replace("_", " ").capitalize())


def _of_field(line: AuditLine, name: str, value: Any, zone: ZoneInfo) -> str:
    """What only its name tells: an amount, kinds of records, and what holds where nothing is chosen."""
    if value is None and line.action in USUAL:
        return USUAL[line.action]
    if name.endswith("_usd") and isinstance(value, int | float):
        return money_in_cell(Decimal(str(value)))
    if name == "to_model" and isinstance(value, list):
        return kinds_in_words(value)
    return _value(value, line.names, zone)


def _value(value: Any, names: Mapping[UUID, str], zone: ZoneInfo) -> str:
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        held = {name: one for name, one in value.items() if name not in _LEFT_OUT and one is not None}
        return ", ".join(f"{label(str(name))}: {_value(one, names, zone)}" for name, one in held.items())
    if isinstance(value, list):
        return "; ".join(_value(one, names, zone) for one in value) or NOTHING
    return _text(value, names, zone) if isinstance(value, str) else str(value)


def _text(value: str, names: Mapping[UUID, str], zone: ZoneInfo) -> str:
    known = as_id(value)
    if known is not None:
        return names.get(known, f"{value[:SHORT_ID]}…")
    return _time(value, zone) or CHOICES.get(value) or _spelled(value)


def _spelled(value: str) -> str:
    """no_credit, as the code calls it, in two words; a sentence stays as it is."""
    return value.replace("_", " ") if _CODE.fullmatch(value) else value


def _time(value: str, zone: ZoneInfo) -> str | None:
    """None for a text that only looks like a day."""
    try:
        if _DAY.fullmatch(value):
            return day(date.fromisoformat(value))
        if _MOMENT.match(value):
            moment = datetime.fromisoformat(value)
            return f"{day(local_day(moment, zone))}, {hour_and_minute(moment, zone)}"
    except ValueError:
        pass
    return None
