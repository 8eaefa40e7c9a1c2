"""Bytes of an exported list as text, whatever the exporting system's encoding."""

import codecs
from typing import Final

from core.errors import UnreadableFile
from core.roster.importing.uploads import Upload

_UTF16_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decoded(upload: Upload) -> str:
    """UTF-8 with or without a mark, UTF-16 with one, else what Western Windows systems write."""
    text = _text(upload.data)
    if text is None or "\x00" in text:
        raise UnreadableFile
    return text


def _text(data: bytes) -> str | None:
    encodings = ("utf-16",) if data.startswith(_UTF16_MARKS) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
