"""What the ids of a file stand for, while its rows are planned one kind after the other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from core.roster.importing.neutral import ClassKind, Kind, LeftOut
from core.roster.importing.plan import Outcome


@dataclass(frozen=True, slots=True)
class Target:
    """What is here already, or will be after the import."""

    id: UUID
    name: str
    class_kind: ClassKind | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """An id that stands for nothing, and why rows that name it are ignored or refused."""

    outcome: Outcome
    reason: str


class Register:
    """Of one kind: the file's rows first, then what the roster holds."""

    def __init__(self, noun: str, column: str | None, here: Mapping[str, Target]) -> None:
        self._noun = noun
        self.column = column
        self._here = here
        self._in_file: dict[str, Target | Missing] = {}

    def __contains__(self, sourced_id: str) -> bool:
        return sourced_id in self._in_file or sourced_id in self._here

    def enter(self, sourced_id: str, found: Target | Missing) -> None:
        self._in_file[sourced_id] = found

    def enter_left_out(self, rows: Iterable[LeftOut], kind: Kind) -> None:
        """A row that was taken over counts more than another with the same id that was not."""
        for row in rows:
            if row.kind is kind and row.sourced_id:
                self._in_file.setdefault(row.sourced_id, self._left_out(row))

    def find(self, sourced_id: str) -> Target | Missing:
        found = self._in_file.get(sourced_id) or self._here.get(sourced_id)
        reason = f"{self._noun} {sourced_id} is not in this file or in the roster. Correct the id, or add it."
        return found or Missing(Outcome.REFUSED, reason)

    def _left_out(self, row: LeftOut) -> Missing:
        outcome = Outcome.REFUSED if row.is_refused else Outcome.IGNORED
        return Missing(outcome, f"{self._noun} {row.sourced_id} is left out: {row.problem}")
