"""Names that leave in generated requests, ordinary words taken for names, and how long looking takes."""

import random
import sys
import time
from collections.abc import Iterator
from datetime import date
from uuid import UUID

from bench._findings import Findings
from core.assistant.context import Fact, build_context
from core.assistant.drafting import ChatChoice, Drafting, Question
from core.assistant.history import Turn
from core.assistant.known_names import Kind, KnownPerson
from core.assistant.letters import WORD
from core.assistant.marks import Marks
from core.assistant.pseudonyms import Pseudonyms, Restorer, restore
from core.assistant.tokens import Tokens
from core.meetings.records import RecordKind, RecordRef
from tests.unit.assistant.naming import Naming, everyone, naming, namings
from tests.unit.assistant.ordinary_prose import ordinary_prose

REQUESTS = 10_000
CHOICE = ChatChoice(model="gpt-6-luna", max_tokens=2000)
NOBODY = RecordRef(RecordKind.OBSERVATION, UUID(int=2), UUID(int=1), date(2026, 11, 9))
STUDENTS = 1000
MESSAGE_CHARACTERS = 4096
RUNS = 50


def leaks(pseudonyms: Pseudonyms, question: Naming, note: Naming, history: Naming) -> Iterator[str]:
    """What of one request leaves with a name in it: the teacher's words, a record, an earlier answer."""
    facts = build_context([Fact("Nobody", note.text, NOBODY, "Observation")], marks=Marks())
    turn = Turn("Task: chat\n\nRequest: Hello", history.text)
    outgoing = Drafting(pseudonyms, Tokens()).outgoing(
        Question(text=question.text, context=facts), [turn], lambda messages: CHOICE.request(messages, "")
    )
    said = [message.content for message in outgoing.request.messages]
    records, _, words = said[-1].rpartition("Request: ")
    record = records.partition("[r1] ")[2].partition(": ")[2]
    for one, sent in ((question, words), (note, record), (history, said[2])):
        if not one.is_hidden_in(sent):
            yield f"{one.text!r} as {sent!r}"


def is_whole_at_every_split(text: str, pseudonyms: Pseudonyms) -> bool:
    tokens = Tokens()
    replaced = pseudonyms.replace(text, tokens)
    return restore(replaced, tokens) == text and all(
        _in_two(replaced, cut, tokens) == text for cut in range(len(replaced) + 1)
    )


def _in_two(replaced: str, cut: int, tokens: Tokens) -> str:
    restorer = Restorer(tokens)
    return restorer.feed(replaced[:cut]) + restorer.feed(replaced[cut:]) + restorer.finish()


def fastest_ms(text: str, pseudonyms: Pseudonyms) -> float:
    return min(_time_s(text, pseudonyms) for _ in range(RUNS)) * 1000


def _time_s(text: str, pseudonyms: Pseudonyms) -> float:
    begun = time.perf_counter()
    pseudonyms.replace(text, Tokens())
    return time.perf_counter() - begun


def main() -> int:
    findings, people, chance = Findings("pseudonyms"), everyone(), random.Random(2026)  # noqa: S311 - which names, not secrets
    pseudonyms = Pseudonyms(people)
    leaked = [leak for _ in range(REQUESTS) for leak in leaks(pseudonyms, *(naming(people, chance) for _ in range(3)))]
    print("\n".join(leaked[:20]))
    findings.add(f"names that left in {REQUESTS:,} requests", len(leaked), at_most=0)
    prose = ordinary_prose()
    false, words = pseudonyms.personal(prose), len(WORD.findall(prose))
    findings.add("false replacements in ordinary words", 100 * len(false) / words, "%", at_most=0.1)
    findings.add("ordinary words", words, at_least=20_000)
    broken = [
        one for one in namings(people, chance, REQUESTS // 10) if not is_whole_at_every_split(one.text, pseudonyms)
    ]
    findings.add("round trips that change a letter at some split", len(broken), at_most=0)
    school = [
        KnownPerson(Kind.STUDENT, str(place), (f"Pupil{chr(97 + place % 26)}{chr(97 + place // 26)} Lim Wei",))
        for place in range(STUDENTS)
    ]
    dense = " ".join(one.text for one in namings(people, chance, REQUESTS // 50))[:MESSAGE_CHARACTERS]
    large = Pseudonyms([*people, *school])
    findings.add(
        "4 kB of ordinary words, 1,000 students", fastest_ms(prose[:MESSAGE_CHARACTERS], large), "ms", at_most=10
    )
    findings.add("4 kB of names, 1,000 students", fastest_ms(dense, large), "ms", at_most=10)
    return findings.close()


if __name__ == "__main__":
    sys.exit(main())
