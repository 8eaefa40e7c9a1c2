"""The demo school's people, and requests that name them in every form that a teacher may write."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.assistant.known_names import Kind, KnownPerson, name_parts
from core.assistant.letters import folded
from core.assistant.ordinary_words import is_ordinary
from core.assistant.tokens import TOKEN
from core.demo.guardians import GUARDIANS
from core.demo.people import STAFF, STUDENTS

SENTENCES = (
    "How is {} doing in mathematics?",
    "Help me prepare for the meeting with the parents of {}.",
    "I spoke with {} on Monday about the late homework",
    "Yesterday {} helped a classmate, which was kind.",
    "/progress {}",
    "Note of 12 May: {} reads aloud with confidence; keep it up!",
    "- attendance of {}: 3 late, 1 absent\n- next step to agree",
    "Please write to {}, and thank them for coming.",
)
ACCENTS = str.maketrans("aeiouAEIOU", "áéíóúÁÉÍÓÚ")


def demo_people() -> list[KnownPerson]:
    students = [
        KnownPerson(Kind.STUDENT, str(one.id), tuple(filter(None, [one.full_name, one.pupil.preferred_name])))
        for one in STUDENTS
    ]
    staff = [KnownPerson(Kind.STAFF, str(one.id), (one.full_name,), (one.email,)) for one in STAFF]
    guardians = [
        KnownPerson(Kind.GUARDIAN, relative.full_name, (relative.full_name,))
        for relatives in GUARDIANS.values()
        for relative in relatives
    ]
    return [*students, *staff, *guardians]


@dataclass(frozen=True)
class Naming:
    """A request whose gap was filled with one form of a name."""

    sentence: str
    form: str

    @property
    def text(self) -> str:
        return self.sentence.format(self.form)

    def is_hidden_in(self, replaced: str) -> bool:
        """Whether a token, with a title before it or a possessive behind it, stands where the name stood."""
        before, after = (re.escape(piece) for piece in self.sentence.split("{}"))
        return (
            re.fullmatch(rf"{before}(?:\w+\.? )?{TOKEN.pattern}(?:['’]s|\.)?{after}", replaced, TOKEN.flags) is not None
        )


def namings(people: list[KnownPerson], chance: random.Random, many: int) -> Iterator[Naming]:
    for _ in range(many):
        name = chance.choice(chance.choice(people).names)
        yield Naming(chance.choice(SENTENCES), chance.choice(list(forms(name))))


def forms(name: str) -> Iterator[str]:
    """As it is written in the register, shouted, whispered, accented, in parts, behind a title, owning something."""
    yield from (name, name.upper(), name.translate(ACCENTS), f"{name}'s", f"{name}’s")
    words = [word for word in re.findall(r"\w+", name) if folded(word) in name_parts(name)]
    if len(words) > 1:
        yield name.lower()
    yield from (" ".join(words[:2]), ", ".join([words[0], " ".join(words[1:])]) if words[1:] else words[0])
    for word in words:
        yield from (word.capitalize(), f"Mdm {word.capitalize()}", f"Mr. {word.capitalize()}", f"{word.capitalize()}'s")
        if len(word) >= 5 and not is_ordinary(folded(word)):
            yield from (word.lower(), word.upper(), misspelt(word))
    if len(words) > 2:
        yield ".".join(word[0].upper() for word in words) + "."
        yield f"{words[0].capitalize()} {words[1][0].upper()}."


def misspelt(word: str) -> str:
    """Two neighbours in the middle that changed places, where that changes anything."""
    middle = len(word) // 2
    return word[:middle] + word[middle + 1] + word[middle] + word[middle + 2 :] if middle + 1 < len(word) else word
