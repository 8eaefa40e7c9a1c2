"""Names out before a request leaves, and in again as the answer comes: what a model sees is STUDENT_12."""

import re
from collections.abc import Collection, Iterable, Iterator
from string import ascii_letters, digits

from core.assistant.contact_matches import ContactFinder
from core.assistant.known_names import PEOPLE, Kind, KnownPerson
from core.assistant.name_index import NameIndex
from core.assistant.name_matches import NameFinder
from core.assistant.readings import readings
from core.assistant.sentences import Sentences
from core.assistant.spans import Span, parted, without_overlaps
from core.assistant.tokens import TOKEN, Token, Tokens

# A letter or digit that touches a token would be read as a part of it.
TOUCHING = frozenset(ascii_letters + digits + "_")
LONGEST_TOKEN = max(len(kind) for kind in Kind) + len("**\\_**") + 8


class Everyone:
    """A school's people, indexed once for any number of talks."""

    def __init__(self, people: Iterable[KnownPerson]) -> None:
        people = list(people)
        self.names = NameIndex(people)
        self.contacts = ContactFinder(people)


class Pseudonyms:
    """For one person's school; `focus` are the students whom the talk is about, meant when a name fits several.

    Those who stand behind the `earlier` tokens of a conversation stay known by the names they had then.
    """

    def __init__(
        self, people: Iterable[KnownPerson] | Everyone, *, focus: Collection[str] = (), earlier: Iterable[Token] = ()
    ) -> None:
        everyone = people if isinstance(people, Everyone) else Everyone(people)
        called = _called(earlier)
        self._names = [NameFinder(index, focus) for index in (everyone.names, *([NameIndex(called)] if called else []))]
        self._contacts = everyone.contacts

    def replace(self, text: str, tokens: Tokens) -> str:
        """The text with a token in each place that says who somebody is; `restore` gives it back to the letter."""
        # What looks like a token already would be taken for one of ours on its way back.
        literal = [Span(match.start(), match.end(), Kind.TEXT, match[0]) for match in TOKEN.finditer(text)]
        return _with_tokens(text, [*literal, *self._found(text)], tokens)

    def mend(self, text: str, tokens: Tokens) -> str:
        """The same for a text that holds tokens of ours already: they stay, and what is left beside them goes."""
        return _with_tokens(text, self._left(text), tokens)

    def personal(self, text: str) -> list[str]:
        """What `replace` would still replace in a text that is about to leave; tokens are none of it."""
        return [text[span.start : span.end] for span in self._left(text)]

    def _left(self, text: str) -> list[Span]:
        ours = [(match.start(), match.end()) for match in TOKEN.finditer(text)]
        return without_overlaps(
            span for span in self._found(text) if not any(start < span.end and span.start < end for start, end in ours)
        )

    def _found(self, text: str) -> list[Span]:
        return [*self._contacts.find(text), *self._named(text)]

    def _named(self, text: str) -> Iterator[Span]:
        for reading in readings(text):
            sentences = Sentences(reading.text)
            for names in self._names:
                for one in names.find(sentences):
                    yield reading.span(one.start, one.end, one.kind, one.entity)


def _called(tokens: Iterable[Token]) -> list[KnownPerson]:
    names: dict[tuple[Kind, str], list[str]] = {}
    for token in tokens:
        if token.kind in PEOPLE:
            names.setdefault((token.kind, token.entity), []).append(token.text)
    return [KnownPerson(kind, entity, tuple(called)) for (kind, entity), called in names.items()]


def restore(text: str, tokens: Tokens) -> str:
    """Each token that the conversation knows as what it stands for, also when a model bent it; others stay."""
    return TOKEN.sub(lambda match: _meaning(match, tokens), text)


class Restorer:
    """The same for an answer that comes in pieces: keeps back what may be the start of a token."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._kept = ""
        self._before = ""

    def feed(self, piece: str) -> str:
        """What can be shown now."""
        self._kept += piece
        cut = _unfinished_from(self._before + self._kept) - len(self._before)
        return self._release(max(0, cut))

    def finish(self) -> str:
        """The rest; nothing comes any more."""
        return self._release(len(self._kept))

    def _release(self, cut: int) -> str:
        ready, self._kept = self._kept[:cut], self._kept[cut:]
        shown = restore(self._before + ready, self._tokens)[len(self._before) :] if ready else ""
        self._before = _last_word((self._before + ready)[-LONGEST_TOKEN:])
        return shown


def _meaning(match: re.Match[str], tokens: Tokens) -> str:
    kind, number, form = match["kind"].upper(), match["number"], match["form"].lower()
    # "STUDENT_12s" is a plural where no form of that name exists.
    for taken in range(len(form), -1, -1):
        token = tokens.named(f"{kind}_{number}{form[:taken]}")
        if token is not None:
            return token.text + match["form"][taken:]
    return match[0]


def _with_tokens(text: str, spans: Iterable[Span], tokens: Tokens) -> str:
    pieces, at = [], 0
    for span in parted(without_overlaps([_widened(span, text) for span in spans])):
        surface = text[span.start : span.end]
        pieces += [text[at : span.start], str(tokens.standing_for(span.kind, span.entity, surface))]
        at = span.end
    return "".join([*pieces, text[at:]])


_TAIL = re.compile(r"(?<![A-Za-z0-9_])([A-Za-z]+)(\**\\?_?\**)([0-9]*)[A-Za-z0-9_]*\**\Z")


def _unfinished_from(text: str) -> int:
    """Where the end of the text may be a token that goes on, or its length."""
    match = _TAIL.search(text)
    if match is None or len(text) - match.start() > LONGEST_TOKEN:
        return len(text)
    letters, joint = match[1].upper(), match[2]
    is_start = any(kind == letters if joint else kind.startswith(letters) for kind in Kind)
    return match.start() if is_start else len(text)


def _last_word(text: str) -> str:
    """What the next piece may go on with: no token starts in the middle of a word."""
    return text[_touched_from(text, len(text)) :]


def _widened(span: Span, text: str) -> Span:
    end = span.end
    while end < len(text) and text[end] in TOUCHING:
        end += 1
    start = _touched_from(text, span.start)
    return span if (start, end) == (span.start, span.end) else Span(start, end, span.kind, span.entity)


def _touched_from(text: str, start: int) -> int:
    while start > 0 and text[start - 1] in TOUCHING:
        start -= 1
    return start
