"""People with names of many kinds, and requests that name them in every form that a teacher may write."""

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.assistant.known_names import Kind, KnownPerson, name_parts
from core.assistant.letters import HAN, WORD, folded
from core.assistant.tokens import TOKEN
from core.demo.guardians import GUARDIANS
from core.demo.people import STAFF, STUDENTS
from tests.unit.assistant.name_shapes import dressed, forms

SENTENCES = (
    "How is {} doing in mathematics?",
    "Help me prepare for the meeting with the parents of {}.",
    "I spoke with {} on Monday about the late homework",
    "Yesterday {} helped a classmate, which was kind.",
    "/progress {}",
    "Note of 12 May: {} reads aloud with confidence; keep it up!",
    "- attendance of {}: 3 late, 1 absent\n- next step to agree",
    "Please write to {}, and thank them for coming.",
    "{} vomited at recess. Nobody saw why.",
    "{} volunteered to lead, then quarrelled.",
    "It rained. {} bit a classmate! {{}}",
    "“{} refuses to work.”",
    "| {} | 3 |\n",
    "1. {} dozed off",
)
# Written without a space behind the name, as their scripts are.
UNSPACED_SENTENCES = ("今天{}又迟到了。", "{}今天没来", "오늘 {}이가 늦었다")
TITLES_AND_ENDINGS = frozenset(["mdm", "mr", "s"])
UNUSUAL = (
    ("May Wong",), ("Mark Lee Jun Hao",), ("Will Hope",), ("Grace Lim Hui Ling", "Gracie"), ("Faith Angelica Soon",),
    ("Rose Tan",), ("Amber Young",), ("Zachary Tan Wei Ming",), ("陈伟明",), ("陈 美玲",), ("欧阳小明",), ("김민준",),
    ("முருகன் செல்வம்",), ("محمد الأمين",), ("Đặng Văn Đức",), ("Łukasz Nowak",), ("Søren Kjær",), ("Iris Lee",),
)  # fmt: skip


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


def everyone() -> list[KnownPerson]:
    """The demo's people, and some whose names are ordinary words or of other scripts."""
    return [*demo_people(), *(KnownPerson(Kind.STUDENT, names[0], names) for names in UNUSUAL)]


@dataclass(frozen=True)
class Naming:
    """A text whose gap was filled with one form of a name."""

    sentence: str
    form: str

    @property
    def text(self) -> str:
        return self.sentence.format(self.form)

    def is_hidden_in(self, sent: str) -> bool:
        """Whether no word but those round the name is left, and a token stands for it."""
        left = Counter(_words(TOKEN.sub(" ", sent)))
        left.subtract(_words(self.sentence.format(" ")))
        return TOKEN.search(sent) is not None and {word for word, times in left.items() if times} <= TITLES_AND_ENDINGS


def namings(people: Sequence[KnownPerson], chance: random.Random, many: int) -> Iterator[Naming]:
    for _ in range(many):
        yield naming(people, chance)


def naming(people: Sequence[KnownPerson], chance: random.Random) -> Naming:
    name = chance.choice(chance.choice(people).names)
    if folded(name).isascii():
        return Naming(chance.choice(SENTENCES), dressed(chance.choice(list(forms(name))), chance))
    form = chance.choice([name, *name_parts(name)])
    sentences = SENTENCES + UNSPACED_SENTENCES if HAN.search(form) and len(form) > 1 else SENTENCES
    return Naming(chance.choice(sentences), dressed(form, chance))


def _words(text: str) -> list[str]:
    return [folded(word) for word in WORD.findall(re.sub(r"%20|&nbsp;", " ", re.sub(r"[*]{2}|</?b>", "", text)))]
