"""The tokens of one conversation: which stands for what, the same from its first message to its last."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from string import ascii_lowercase

from core.assistant.known_names import Kind

# As a model may bend it: another case, an escaped underscore, asterisks inside.
TOKEN = re.compile(
    rf"(?<![A-Za-z0-9_])(?P<kind>{'|'.join(Kind)})(?P<outer>\**)\\?_(?P<inner>\**)"
    r"(?P<number>\d{1,6})(?P<form>[a-z]{0,2})(?P=inner)(?P=outer)(?![0-9A-Z_])",
    # In ASCII alone: "١" is a digit and "ſ" an "s" otherwise.
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True)
class Token:
    """`STUDENT_12b` is the third thing that `text` may be: another form of the name of STUDENT_12."""

    kind: Kind
    number: int
    form: str
    entity: str
    text: str

    def __str__(self) -> str:
        return f"{self.kind}_{self.number}{self.form}"


class Tokens:
    """Grows with the conversation; `new` are those made since it was read."""

    def __init__(self, known: Iterable[Token] = ()) -> None:
        self.new: list[Token] = []
        self._by_name: dict[str, Token] = {}
        self._by_text: dict[tuple[Kind, str, str], Token] = {}
        self._numbers: dict[tuple[Kind, str], int] = {}
        self._forms: Counter[tuple[Kind, str]] = Counter()
        self._last: Counter[Kind] = Counter()
        for token in known:
            self._keep(token)

    def __iter__(self) -> Iterator[Token]:
        return iter(self._by_name.values())

    def named(self, name: str) -> Token | None:
        return self._by_name.get(name)

    def standing_for(self, kind: Kind, entity: str, text: str) -> Token:
        """The token for exactly this text; made if it is the first time."""
        found = self._by_text.get((kind, entity, text))
        if found is None:
            found = self._next(kind, entity, text)
            self._keep(found)
            self.new.append(found)
        return found

    def _next(self, kind: Kind, entity: str, text: str) -> Token:
        number = self._numbers.get((kind, entity)) or self._last[kind] + 1
        return Token(kind, number, form_name(self._forms[kind, entity]), entity, text)

    def _keep(self, token: Token) -> None:
        self._by_name[str(token)] = token
        self._by_text[token.kind, token.entity, token.text] = token
        self._numbers[token.kind, token.entity] = token.number
        self._forms[token.kind, token.entity] += 1
        self._last[token.kind] = max(self._last[token.kind], token.number)


def form_name(place: int) -> str:
    """Nothing for the first form, then b, c, … z, and two letters from there."""
    if place == 0:
        return ""
    letters = len(ascii_lowercase)
    return ascii_lowercase[place] if place < letters else form_name(place // letters) + ascii_lowercase[place % letters]
