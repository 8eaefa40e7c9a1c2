"""A file that was handed in, read once: what it is called, what it holds, and how it is written down."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from core.roster.importing.neutral import Kind, NeutralRoster
from core.roster.importing.plan import Change, ImportPlan, Outcome, Value
from core.roster.importing.recognition import read_roster
from core.roster.importing.uploads import Upload, digest


@dataclass(frozen=True, slots=True)
class Incoming:
    """`roster` may hold several schools."""

    file_name: str
    sha256: str
    roster: NeutralRoster


def incoming_from(uploads: Sequence[Upload]) -> Incoming:
    """Raises UnreadableFile."""
    names = [upload.name for upload in uploads]
    shown = names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
    return Incoming(shown, digest(uploads), read_roster(uploads))


def as_json(incoming: Incoming, plan: ImportPlan, *, group_id: UUID, today: date) -> str:
    """What the database's function carries out and keeps for undo."""
    counts = {
        outcome.value: {kind.value: number for kind, number in plan.counts(outcome).items()} for outcome in Outcome
    }
    body = {
        "group_id": group_id,
        "file_name": incoming.file_name,
        "sha256": incoming.sha256,
        "format": plan.format,
        "counts": counts,
        "changes": [_change(change, today) for change in plan.changes],
    }
    return json.dumps(body, default=str)


def _change(change: Change, today: date) -> Mapping[str, object]:
    after: dict[str, Value] = dict(change.after)
    if change.kind is Kind.CLASSES and change.before is None:
        after["school_year"] = today.year
    return {"kind": change.kind.value, "id": change.id, "before": change.before, "after": after}
