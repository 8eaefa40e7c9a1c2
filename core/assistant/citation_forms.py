"""In which forms a model writes citations, though it was asked for [r7]: lists, ranges, other brackets, markup."""

import re

_SPACES = " \t\u00a0\u2009\u202f"
_SPACE = f"[{_SPACES}]"
# Each repetition is bounded and can be read in one way only, so that no text takes long.
_MARK = rf"[\^*_]{{0,3}}r{_SPACE}?[0-9]{{1,6}}[*_]{{0,3}}"
_BETWEEN = rf"(?:{_SPACE}{{0,2}}(?:[,;/&+–—-]|and|or|to){_SPACE}{{0,2}}|{_SPACE}{{1,2}})"
_MARKS = rf"{_SPACE}{{0,2}}{_MARK}(?:{_BETWEEN}{_MARK})*{_SPACE}{{0,2}}"
_OPEN, _CLOSE = r"\\?[\[【]", r"\\?[\]】]"
_BRACKETED = rf"{_OPEN}{_SPACE}{{0,2}}(?:{_OPEN}{_MARKS}{_CLOSE}{_SPACE}{{0,2}}|{_MARKS}){_CLOSE}"
_ROW = rf"{_BRACKETED}(?:{_SPACE}{{0,2}}(?:[,;]{_SPACE}{{0,2}})?{_BRACKETED})*"

BRACKETED = re.compile(_BRACKETED, re.IGNORECASE)
"""One pair of brackets with marks alone in it."""

CITATION = re.compile(
    rf"(?P<space>{_SPACE}?)(?:"
    rf"(?P<ticks>`{{1,3}}){_SPACE}{{0,2}}{_ROW}{_SPACE}{{0,2}}(?P=ticks)"
    rf"|(?P<stars>\*{{1,3}}){_ROW}(?P=stars)"
    rf"|(?P<around>\(){_ROW}\)"
    rf"|{_ROW}"
    rf"|(?P<round>\({_MARKS}\))"
    r")",
    re.IGNORECASE,
)
"""Citations in a row with what stands right round them; or marks in round brackets alone, which cite nothing."""

NUMBER = re.compile(rf"r{_SPACE}?([0-9]+)", re.IGNORECASE)
RANGE = re.compile(rf"[*_]*{_SPACE}*(?:[–—-]|to){_SPACE}*[\^*_]*", re.IGNORECASE)
"""What stands between the two ends of one."""

BEGINNING = re.compile(rf"{_SPACE}?[`*(\\\[【]|{_SPACE}\Z")
ALPHABET = f"{_SPACES}`*()\\[]【】^_rR0123456789,;/&+–—-andortANDORT"
"""Every sign that a citation may have; hence what begins with a BEGINNING and goes on so may become one."""
