"""What of a roster stands in requests: looked for in another way than the names are replaced in."""

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, text

from core.assistant.context import HEADING
from core.assistant.known_names import name_parts
from core.assistant.letters import UNSPACED, folded
from core.assistant.ordinary_words import is_ordinary
from core.assistant.prompts import SYSTEM, TASKS
from core.demo.guardians import GUARDIANS
from core.demo.people import STAFF, STUDENTS
from core.photos.prompt import LOOKS, RULES

OURS = (SYSTEM, *TASKS.values(), HEADING, *LOOKS.values(), RULES)
"""Our own sentences, the same for every school."""
FEWEST_DIGITS = 7
LEAST_SQUEEZED = 5
_SEEN_AS = {"Pd": "-", "Cf": ""}
YEAR_BEHIND = re.compile(r" \d{4}\b")

_NAMES = text(
    "select full_name from students union select preferred_name from students where preferred_name <> ''"
    " union select full_name from guardians union select full_name from staff"
)
_CONTACTS = text("select unnest(array[email, phone]) from guardians union select email from staff")
_IDS = text(
    "select unnest(array[id::text, sourced_id]) from students union select id::text from guardians"
    " union select unnest(array[id::text, sourced_id]) from staff"
)


@dataclass(frozen=True)
class Roster:
    """What must stand in no request."""

    names: frozenset[str]
    contacts: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()


def roster_of(owner: Connection) -> Roster:
    """Everyone of every school."""
    return Roster(*(frozenset(str(one) for one in owner.scalars(read) if one) for read in (_NAMES, _CONTACTS, _IDS)))


def demo_roster() -> Roster:
    """For an app whose database is gone by the time."""
    pupils = {name for one in STUDENTS for name in (one.full_name, one.pupil.preferred_name) if name}
    relatives = {one.full_name for several in GUARDIANS.values() for one in several}
    people = frozenset([*(str(one.id) for one in STUDENTS), *(str(one.id) for one in STAFF)])
    return Roster(
        frozenset(pupils | relatives | {one.full_name for one in STAFF}), frozenset(s.email for s in STAFF), people
    )


def leaks(requests: Iterable[object], roster: Roster) -> list[str]:
    """What tells who somebody is and stands in one of these requests."""
    said = visible("\n".join(string for request in requests for string in strings(request)))
    for ours in _ours():
        said = said.replace(ours, "\n")
    return [*_names(said, roster.names), *_contacts(said, roster.contacts), *_ids(said, roster.ids)] if said else []


def visible(said: str) -> str:
    """In one width, without what cannot be seen, with one kind of dash."""
    wide = unicodedata.normalize("NFKC", said)
    return wide.translate(
        {ord(sign): _SEEN_AS[kind] for sign in set(wide) if (kind := unicodedata.category(sign)) in _SEEN_AS}
    )


@functools.cache
def _ours() -> list[str]:
    return [visible(ours) for ours in OURS]


def _names(said: str, names: Iterable[str]) -> Iterator[str]:
    searched, called = folded(said), set(_called(said))
    for name in sorted(names):
        whole = folded(name)
        is_telling = " " in whole or not is_ordinary(whole)
        parts = [part for part in name.split() if len(part) > 1] if UNSPACED.search(name) else []
        if any(part in said for part in parts) or (is_telling and _stands_in(whole, searched)):
            yield name
    yield from sorted({part for name in names for part in name_parts(visible(name))} & called)


def _called(said: str) -> Iterator[str]:
    """The words by which somebody may be meant: no ordinary word, unless a capital stands within a sentence."""
    for match in re.finditer(r"[^\W\d_]+", said):
        word = folded(match[0])
        is_name = match[0][0].isupper() and not match[0].isupper()
        is_touched = re.match(r"[_\d]", said[match.end() : match.end() + 1]) is not None
        if is_touched:
            continue
        if is_ordinary(word):
            within = re.search(r"[a-z,] \Z", said[max(0, match.start() - 2) : match.start()])
            if is_name and within and not YEAR_BEHIND.match(said, match.end()):
                yield word
        elif len(word) > 2 or is_name:
            yield word


def _contacts(said: str, contacts: Iterable[str]) -> Iterator[str]:
    digits = re.sub(r"(?<=\d)[ .()/\-]{1,3}(?=\d)", "", said)
    joined = _joined(said)
    for contact in sorted(contacts):
        own = re.sub(r"\D", "", visible(contact))
        if "@" in contact:
            found = _joined(contact) in joined
        elif len(own) >= FEWEST_DIGITS:
            found = any(form in digits for form in {own, own[-8:] if own.startswith("65") else own[2:]})
        else:
            found = _stands_in(folded(contact), folded(said))
        if found:
            yield contact


def _ids(said: str, ids: Iterable[str]) -> Iterator[str]:
    squeezed, searched = _squeezed(said), folded(said)
    for one in sorted(ids):
        own = _squeezed(one)
        is_long = len(own) >= LEAST_SQUEEZED and any(char.isdigit() for char in own)
        if (is_long and own in squeezed) or _stands_in(folded(one), searched):
            yield one


def _squeezed(said: str) -> str:
    return re.sub(r"[\s\-_./\\]+", "", visible(said)).casefold()


def _joined(said: str) -> str:
    """With each sign of an address as itself, and no spaces."""
    plain = re.sub(r"[\[({<]\s*at\s*[\])}>]|\s+at\s+", "@", visible(said).casefold())
    return re.sub(r"[\s\\]+", "", re.sub(r"[\[({<]\s*dot\s*[\])}>]|\s+dot\s+", ".", plain))


def _stands_in(one: str, said: str) -> bool:
    return one in said and re.search(rf"(?<!\w){re.escape(one)}(?!\w)", said) is not None


def strings(value: object) -> Iterator[str]:
    """Every string of a JSON value, the names of its members included."""
    match value:
        case str():
            yield value
        case dict():
            for key, member in value.items():
                yield from (str(key), *strings(member))
        case list() | tuple():
            for member in value:
                yield from strings(member)
