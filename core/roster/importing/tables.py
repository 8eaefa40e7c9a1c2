"""CSV files as tables that hold only the columns a format reads; the other cells are dropped here."""

import csv
import io
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from core.errors import UnreadableFile
from core.roster.importing.decoding import decoded
from core.roster.importing.uploads import Upload, csv_files

MAX_ROWS: Final = 100_000
_LINES_BEFORE_HEADINGS: Final = 10
_LONGEST_TITLE: Final = 40
_BRACKETS: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
# "Name (father)" must not be taken for the student's, nor "Class (last year)" for today's.
_SOMEONE_ELSE: Final = re.compile(
    r"father|mother|parent|guardian|teacher|\bkin\b|nok|contact|sibling|last year|previous|former|\bold\b|next",
    re.IGNORECASE,
)
# The first stands in no file: a list with a single column may hold "Tan, Wei Ming" without quotes.
_SEPARATORS: Final = ("\x1f", ",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Row:
    """Cells by column key; `number` as a spreadsheet shows it, from 1, headings and empty rows counted."""

    number: int
    cells: Mapping[str, str]
    is_overlong: bool = False

    def cell(self, *keys: str) -> str:
        """The first of these columns that is filled in."""
        return next((self.cells[key] for key in keys if self.cells.get(key)), "")


@dataclass(frozen=True, slots=True)
class Table:
    """One file; `headings` are the columns that were read, as the file spells them, `unread` the others."""

    name: str
    headings: Mapping[str, str]
    rows: tuple[Row, ...]
    unread: tuple[str, ...] = ()

    def has(self, key: str) -> bool:
        return key in self.headings

    def unread_but(self, columns: Collection[str]) -> tuple[str, ...]:
        """The headings that a format which asks for `columns` leaves out, known to another format or to none."""
        return (*(heading for key, heading in self.headings.items() if key not in columns), *self.unread)

    def heading(self, *keys: str) -> str | None:
        return next((self.headings[key] for key in keys if key in self.headings), None)


def column_key(heading: str) -> str:
    """Headings that differ in case, spaces, underscores or punctuation alone are the same column."""
    folded = unicodedata.normalize("NFKC", heading).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


def read_tables(uploads: Sequence[Upload], *, columns: frozenset[str]) -> tuple[Table, ...]:
    """`columns` are the keys that may be kept."""
    return tuple(_table(file, columns) for file in csv_files(uploads))


def _table(upload: Upload, columns: frozenset[str]) -> Table:
    text = decoded(upload)
    separator, headings_at = _layout(text, columns)
    records = _records(upload.name, text, separator)
    titles = [title.strip() for title in records[headings_at]] if records else []
    kept = _places(titles, columns)
    headings = {key: titles[place] for key, place in kept.items()}
    unread = tuple(title[:_LONGEST_TITLE] for place, title in enumerate(titles) if title and place not in kept.values())
    rows = tuple(_rows(records, headings_at, kept, len(titles)))
    return Table(upload.name, headings, rows, unread)


def _places(titles: Sequence[str], columns: frozenset[str]) -> dict[str, int]:
    """Where each known column is; what stands in brackets counts only where no heading without them is the column."""
    exact = {column_key(title): place for place, title in reversed([*enumerate(titles)])}
    loose = {
        column_key(_BRACKETS.sub("", title)): place
        for place, title in reversed([*enumerate(titles)])
        if column_key(title) not in columns and not _SOMEONE_ELSE.search(title)
    }
    return {key: place for key, place in (loose | exact).items() if key in columns}


def _rows(records: list[list[str]], headings_at: int, kept: Mapping[str, int], width: int) -> Iterator[Row]:
    for number, record in enumerate(records, start=1):
        if number <= headings_at + 1 or not any(cell.strip() for cell in record):
            continue
        cells = {key: record[place].strip() for key, place in kept.items() if place < len(record)}
        yield Row(number, cells, is_overlong=any(cell.strip() for cell in record[width:]))


def _records(name: str, text: str, separator: str) -> list[list[str]]:
    records: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            records.append(record)
            if len(records) > MAX_ROWS:
                raise UnreadableFile(f"{name} has more than {MAX_ROWS} rows. Export fewer classes at a time.")
    except csv.Error as error:
        row = len(records) + 1
        raise UnreadableFile(
            f"Row {row} of {name} has a quotation mark that is not closed. Correct it and retry."
        ) from error
    return records


def _layout(text: str, columns: frozenset[str]) -> tuple[str, int]:
    """The separator, and where the headings are: some systems print a title above them."""
    layouts = [(separator, *_headings(_first_records(text, separator), columns)) for separator in _SEPARATORS]
    separator, headings_at, known, _ = max(layouts, key=lambda layout: layout[2:])
    return (separator, headings_at) if known else (",", 0)


def _headings(records: list[list[str]], columns: frozenset[str]) -> tuple[int, int, int]:
    """Where the row with most known columns is, how many of its columns are known, and how many it has."""
    known = [len(_places(record, columns)) for record in records] or [0]
    place = known.index(max(known))
    return place, known[place], len(records[place]) if records else 0


def _first_records(text: str, separator: str) -> list[list[str]]:
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        return list(islice(reader, _LINES_BEFORE_HEADINGS))
    except csv.Error:
        return []
