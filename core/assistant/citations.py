"""Citations such as [r7] in an answer: those of records that were sent stay, all others are taken out."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from core.assistant.citation_forms import ALPHABET, BEGINNING, BRACKETED, CITATION, NUMBER, RANGE

MARK = re.compile(r"\s?\[(r\d{1,6})\]", re.IGNORECASE)
"""As they stand in an answer that was checked."""
WIDEST_RANGE = 100


@dataclass
class CitationFilter:
    """Fed with an answer as it comes; `cited` is in its order, `removed` counts marks of nothing that was sent."""

    known: Collection[str]
    cited: list[str] = field(default_factory=list)
    removed: int = 0
    _kept: str = ""

    def feed(self, piece: str) -> str:
        """What can be shown now; what may become a citation is kept back."""
        text = self._kept + piece
        begin = BEGINNING.search(text, len(text.rstrip(ALPHABET)))
        cut = begin.start() if begin else len(text)
        self._kept = text[cut:]
        return self._checked(text[:cut])

    def finish(self) -> str:
        text, self._kept = self._kept, ""
        return self._checked(text)

    def _checked(self, text: str) -> str:
        return CITATION.sub(self._check, text)

    def _check(self, match: re.Match[str]) -> str:
        """Each mark in brackets of its own; what stood round them goes where it would be left empty."""
        sent, missing = self._sent(match[0])
        self.removed += missing
        if not sent:
            return ""
        if match["round"]:
            return f"{match['space']}({', '.join(sent)})" if missing else match[0]
        self.cited += [mark for mark in sent if mark not in self.cited]
        return match["space"] + _around(match, " ".join(f"[{mark}]" for mark in sent))

    def _sent(self, text: str) -> tuple[list[str], int]:
        """The marks of what was sent, also of what lies between the two ends of a range; how many are of nothing."""
        numbers = list(NUMBER.finditer(text))
        sent: dict[str, None] = {}
        for before, number in zip([None, *numbers], numbers, strict=False):
            if before and RANGE.fullmatch(text, before.end(), number.start()):
                sent |= dict.fromkeys(self._between(before[1], number[1]))
            sent |= dict.fromkeys(self._known(number[1]))
        return list(sent), sum(f"r{number[1]}" not in self.known for number in numbers)

    def _between(self, first: str, last: str) -> Iterator[str]:
        """Nothing unless both ends were sent."""
        if {f"r{first}", f"r{last}"} <= set(self.known) and int(last) - int(first) <= WIDEST_RANGE:
            for number in range(int(first) + 1, int(last)):
                yield from self._known(str(number))

    def _known(self, number: str) -> Iterator[str]:
        if f"r{number}" in self.known:
            yield f"r{number}"


def unmarked(text: str) -> str:
    """What somebody typed in the form of a citation can't pass for one: [r7] as (r7)."""
    return BRACKETED.sub(lambda match: "(" + match[0].strip("[]【】\\ ") + ")", text)


def _around(match: re.Match[str], shown: str) -> str:
    """Within signs of code it would be no badge."""
    if match["around"]:
        return f"({shown})"
    stars = match["stars"] or ""
    return f"{stars}{shown}{stars}"
