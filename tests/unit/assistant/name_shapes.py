"""The forms in which one name is written, and what may be put round and into it."""

import random
import re
from collections.abc import Callable, Iterator, Sequence

from core.assistant.known_names import name_parts
from core.assistant.letters import folded
from core.assistant.ordinary_words import is_ordinary, is_spelt_right

ACCENTS = str.maketrans("aeiouAEIOU", "áéíóúÁÉÍÓÚ")
UNSEEN = "\u200b\u200c\u200d\u00ad\u2060"
SPACES = (
    "\u2009",
    "\u202f",
    "\u3000",
    "\u00a0",
    "  ",
    "\t",
    "_",
    "|",
    "+",
    "%20",
    "&nbsp;",
    "* *",
    "** **",
    "</b> <b>",
)


def forms(name: str) -> Iterator[str]:
    """As it is written in the register, shouted, whispered, accented, in parts, behind a title, owning something."""
    yield from (name, name.upper(), name.translate(ACCENTS), f"{name}'s", f"{name}’s", f"{name}\u02bcs")
    words = [word for word in re.findall(r"\w+", name) if folded(word) in name_parts(name)]
    for word in words:
        yield from _of_a_part(word)
    if len(words) > 1:
        yield from (name.lower(), " ".join(words[:2]), ", ".join([words[0], " ".join(words[1:])]))
        yield from _together(words)
    if len(words) > 2:
        yield from _shortened(words)


def _of_a_part(word: str) -> Iterator[str]:
    called = word.capitalize()
    yield from (called, f"Mdm {called}", f"Mr. {called}", f"{called}'s", word.upper())
    if len(word) > 2 and not is_ordinary(folded(word)):
        yield word.lower()
    if len(word) > 4 and not is_spelt_right(folded(misspelt(word))):
        yield misspelt(word)


def _together(words: Sequence[str]) -> Iterator[str]:
    """All in one word, and two of them the other way round."""
    for joined in ("".join(words), words[1] + words[0].lower(), "".join(words).lower()):
        if len(joined) > 4 and not is_spelt_right(folded(joined)):
            yield joined


def _shortened(words: Sequence[str]) -> Iterator[str]:
    letters = [word[0].upper() for word in words]
    yield from (".".join(letters) + ".", ".".join(letters).lower() + ".")
    yield from (f"{words[0].capitalize()} {letters[1]}.", f"{words[0].capitalize()} {''.join(letters[1:5])}")


def misspelt(word: str) -> str:
    """Two neighbours in the middle that changed places, where that changes anything."""
    middle = len(word) // 2
    return word[:middle] + word[middle + 1] + word[middle] + word[middle + 2 :] if middle + 1 < len(word) else word


def dressed(form: str, chance: random.Random) -> str:
    """Half of them plain, the others with what is not seen, or what a browser or Markdown hides."""
    return form if chance.random() < 1 / 2 else chance.choice(_DRESSES)(form, chance)


def _with_unseen(form: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(form) + 1)
    return form[:at] + chance.choice(UNSEEN) + form[at:]


def _with_other_spaces(form: str, chance: random.Random) -> str:
    return form.replace(" ", chance.choice(SPACES))


def _half_bold(form: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(form)) if len(form) > 1 else 0
    return f"**{form[:at]}**{form[at:]}" if at else form


def _wide(form: str, _chance: random.Random) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if char.isascii() and char.isalpha() else char for char in form)


_DRESSES: Sequence[Callable[[str, random.Random], str]] = (_with_unseen, _with_other_spaces, _half_bold, _wide)
