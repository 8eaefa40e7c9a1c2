"""The formats that are known, and which of them a file is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from core.errors import UnreadableFile
from core.roster.importing.formats import plain, sds
from core.roster.importing.neutral import NeutralRoster
from core.roster.importing.tables import Table, read_tables
from core.roster.importing.uploads import Upload


@dataclass(frozen=True, slots=True)
class Format:
    """`columns` are the only ones whose cells are kept when a file is read."""

    name: str
    columns: frozenset[str]
    recognises: Callable[[Sequence[Table]], bool]
    read: Callable[[Sequence[Table]], NeutralRoster]


# The plain list asks for least, so it comes last.
FORMATS: Final = (
    Format(sds.NAME, sds.COLUMNS, sds.recognises, sds.read),
    Format(plain.NAME, plain.COLUMNS, plain.recognises, plain.read),
)
COLUMNS_READ: Final = frozenset().union(*(known.columns for known in FORMATS))
_NO_NAMES: Final = (
    "There is no column of names. Give the first row headings such as Name, Gender, Class and Index No, and retry."
)


def read_roster(uploads: Sequence[Upload]) -> NeutralRoster:
    tables = read_tables(uploads, columns=COLUMNS_READ)
    for known in FORMATS:
        if known.recognises(tables):
            return known.read(tables)
    raise UnreadableFile(_NO_NAMES)
