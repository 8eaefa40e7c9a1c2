"""Reads a workbook back, from the parts that its file is made of."""

import io
import zipfile
from xml.etree import ElementTree as ET

NAMES = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def sheets(content: bytes) -> dict[str, list[list[str]]]:
    """Every sheet's filled cells as text; a formula fails."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        strings = ["".join(part.itertext()) for part in _part(book, "xl/sharedStrings.xml").iter(f"{NAMES}si")]
        names = [one.attrib["name"] for one in _part(book, "xl/workbook.xml").iter(f"{NAMES}sheet")]
        return {
            name: _rows(_part(book, f"xl/worksheets/sheet{place}.xml"), strings)
            for place, name in enumerate(names, start=1)
        }


def _part(book: zipfile.ZipFile, name: str) -> ET.Element:
    return ET.fromstring(book.read(name))  # noqa: S314 -- our own file


def _rows(sheet: ET.Element, strings: list[str]) -> list[list[str]]:
    assert not list(sheet.iter(f"{NAMES}f"))
    return [[_cell(cell, strings) for cell in row] for row in sheet.iter(f"{NAMES}row")]


def _cell(cell: ET.Element, strings: list[str]) -> str:
    value = cell.findtext(f"{NAMES}v") or ""
    return strings[int(value)] if cell.get("t") == "s" else value
