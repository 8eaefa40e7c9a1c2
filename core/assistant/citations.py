"""Citations such as [r7] in an answer: those of records that were sent stay, all others are taken out."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field

MARK = re.compile(r"\s?\[(r\d{1,4})\]", re.IGNORECASE)
_GROUP = re.compile(r"\[(r\d{1,4}(?:\s*[,;]\s*r\d{1,4})+)\]", re.IGNORECASE)
_UNFINISHED = re.compile(r"\s?\[[^\]\n]{0,60}\Z|\s\Z")


@dataclass
class CitationFilter:
    """Fed with an answer as it comes; `cited` is in its order, `removed` counts marks of nothing that was sent."""

    known: Collection[str]
    cited: list[str] = field(default_factory=list)
    removed: int = 0
    _kept: str = ""

    def feed(self, piece: str) -> str:
        """What can be shown now; a bracket that is still open is kept back."""
        text = self._kept + piece
        open_at = _UNFINISHED.search(text)
        cut = open_at.start() if open_at else len(text)
        self._kept = text[cut:]
        return self._checked(text[:cut])

    def finish(self) -> str:
        text, self._kept = self._kept, ""
        return self._checked(text)

    def _checked(self, text: str) -> str:
        return MARK.sub(self._check, _GROUP.sub(_apart, text))

    def _check(self, match: re.Match[str]) -> str:
        mark = match[1].lower()
        if mark not in self.known:
            self.removed += 1
            return ""
        if mark not in self.cited:
            self.cited.append(mark)
        return match[0].lower() if match[0].startswith("[") else f" [{mark}]"


def _apart(match: re.Match[str]) -> str:
    """[r1, r2] as [r1] [r2]."""
    return " ".join(f"[{mark}]" for mark in re.split(r"\s*[,;]\s*", match[1]))
