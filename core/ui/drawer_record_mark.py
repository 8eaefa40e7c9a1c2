"""The one record that the address names, so that a link to a student can point at what it is about."""

from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

import streamlit as st

from core.meetings.records import RecordKind, RecordRef
from core.ui.roster_address import as_uuid

RECORD = "record"


@dataclass(frozen=True)
class MarkedRecord:
    """Stands first in its table, marked as cited."""

    kind: RecordKind
    id: UUID

    @property
    def in_address(self) -> str:
        """The value of `record=`; ids alone, nothing personal."""
        return f"{self.kind.value}:{self.id}"


Marked: TypeAlias = MarkedRecord | RecordRef | None


def marked_in_address() -> MarkedRecord | None:
    """None where nothing is named, or nonsense."""
    kind, _, record_id = st.query_params.get(RECORD, "").partition(":")
    found = as_uuid(record_id)
    return MarkedRecord(RecordKind(kind), found) if found is not None and kind in set(RecordKind) else None
