"""The marks r1, r2, … of one conversation: the same record keeps its mark, new ones go on counting."""

from collections.abc import Mapping
from uuid import UUID

from core.assistant.message import Source
from core.meetings.records import RecordKind, RecordRef


class Marks:
    """Grows with the conversation."""

    def __init__(self, known: Mapping[str, Source] | None = None) -> None:
        self._by_record: dict[tuple[RecordKind, UUID], str] = {}
        self._last = 0
        for mark, source in (known or {}).items():
            self._keep(mark, source.record)

    def of(self, record: RecordRef) -> str:
        """Made if it is the first time."""
        known = self._by_record.get((record.kind, record.id))
        if known is not None:
            return known
        mark = f"r{self._last + 1}"
        self._keep(mark, record)
        return mark

    def _keep(self, mark: str, record: RecordRef) -> None:
        self._by_record[record.kind, record.id] = mark
        self._last = max(self._last, int(mark[1:]))
