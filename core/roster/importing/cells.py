"""What the text of one cell means; what can't be meant is a CellProblem with a way out."""

import re
from typing import Final

from core.roster.importing.tables import Row, Table

LONGEST_TEXT: Final = 200
_LARGEST_INDEX_NO: Final = 999
_CENTURY_TURNS_AT: Final = 40

FEMALE: Final = frozenset({"f", "female", "girl", "woman", "g", "perempuan", "女"})
MALE: Final = frozenset({"m", "male", "boy", "man", "b", "lelaki", "男"})
NOT_SAID: Final = frozenset({"", "-", "u", "x", "o", "other", "unknown", "not known", "not specified", "n/a"})
_ACTIVE: Final = frozenset({"", "active", "enrolled"})
_PRIMARY: Final = re.compile(r"(?:p|pri|primary)[\s.]*([1-6])", re.IGNORECASE)
_SECONDARY: Final = re.compile(r"(?:s|sec|secondary)[\s.]*([1-5])", re.IGNORECASE)
_IDENTITY_CARD: Final = re.compile(r"[STFGM]\d{7}[A-Z]", re.IGNORECASE)
_YEAR_IN_DATE: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SHORT_YEAR_LAST: Final = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-](\d\d)")


class CellProblem(Exception):
    """Why a row is refused, and the heading of the column to mend."""

    def __init__(self, column: str | None, problem: str) -> None:
        super().__init__(problem)
        self.column = column


def check_width(row: Row) -> None:
    """Cells beyond the headings mean that a separator stands inside a cell, so every cell may be shifted."""
    if row.is_overlong:
        raise CellProblem(None, "More cells than headings. Put quotation marks round a text with a comma in it.")


def text_in(table: Table, row: Row, *keys: str) -> str:
    """As written, but for line breaks, which spreadsheets put into cells."""
    text = re.sub(r"[\t\r\n]+", " ", row.cell(*keys))
    column = table.heading(*keys)
    if len(text) > LONGEST_TEXT:
        raise CellProblem(column, f"Longer than {LONGEST_TEXT} letters. Shorten it.")
    if any(ord(letter) < ord(" ") or letter == "\x7f" for letter in text):
        raise CellProblem(column, "Holds a letter that can't be shown. Type it again.")
    return text


def student_id_in(table: Table, row: Row, *keys: str) -> str | None:
    """Identity card numbers are not kept, whatever the column is called, and not repeated in the message."""
    text = text_in(table, row, *keys)
    if _IDENTITY_CARD.fullmatch(text):
        column = table.heading(*keys)
        raise CellProblem(column, "This looks like an identity card number. Use the school's own number, or none.")
    return text or None


def gender_in(table: Table, row: Row, *keys: str) -> str | None:
    text = row.cell(*keys)
    if text.casefold() in NOT_SAID:
        return None
    if text.casefold() in FEMALE:
        return "female"
    if text.casefold() in MALE:
        return "male"
    raise CellProblem(
        table.heading(*keys), f"“{text[:20]}” is not a gender known here. Write F or M, or leave it empty."
    )


def level_in(table: Table, row: Row, *keys: str) -> str | None:
    """Singapore's levels as "P5" and "Sec 2"; a bare number takes its heading ("Grade 9"); others as written."""
    text = " ".join(text_in(table, row, *keys).split())
    if primary := _PRIMARY.fullmatch(text):
        return f"P{primary[1]}"
    if secondary := _SECONDARY.fullmatch(text):
        return f"Sec {secondary[1]}"
    heading = (table.heading(*keys) or "").casefold()
    word = next((word for word in ("grade", "year") if word in heading), None)
    return f"{word.capitalize()} {int(text)}" if word and text.isascii() and text.isdigit() else text or None


def index_no_in(table: Table, row: Row, *keys: str) -> int | None:
    text = row.cell(*keys)
    if not text:
        return None
    whole = re.fullmatch(r"([0-9]{1,9})(?:\.0*)?", text)
    if whole and 1 <= int(whole[1]) <= _LARGEST_INDEX_NO:
        return int(whole[1])
    problem = f"“{text[:20]}” is not an index number. Write a whole number from 1 to {_LARGEST_INDEX_NO}, or nothing."
    raise CellProblem(table.heading(*keys), problem)


def birth_year_in(row: Row, *keys: str) -> int | None:
    """The year alone of a date in any order; a date that can't be told is not worth refusing a student for."""
    text = row.cell(*keys)
    if year := _YEAR_IN_DATE.search(text):
        return int(year[0])
    short = _SHORT_YEAR_LAST.fullmatch(text)
    return _full_year(int(short[1])) if short else None


def _full_year(short: int) -> int:
    return short + (2000 if short < _CENTURY_TURNS_AT else 1900)


def is_active(row: Row, *keys: str) -> bool:
    return row.cell(*keys).casefold() in _ACTIVE
