"""The facts of one student, each with the marks of its records, two results of a subject joined to their direction."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from core.demo.provider.chat_material import SentRecord
from core.demo.provider.chat_wordings import Told, day, moved, worded


def told(records: Sequence[SentRecord]) -> list[Told]:
    """In the order of the records."""
    in_words = [(record, worded(record.text)) for record in records]
    latest: set[str] = set()
    facts = []
    for at, (record, fact) in enumerate(in_words):
        if fact.percent is None:
            facts.append(_marked(fact, record))
        elif fact.subject not in latest:
            latest.add(fact.subject)
            facts.append(_with_direction(record, fact, in_words[at + 1 :]))
    return facts


def _with_direction(record: SentRecord, now: Told, older: Iterable[tuple[SentRecord, Told]]) -> Told:
    """The newest stands first in what is sent, so the next of the subject is the one before."""
    for before_record, before in older:
        if before.subject == now.subject and before.percent is not None and now.percent is not None:
            was, is_now = _score(before_record, before), _score(record, now)
            return moved(now.subject, before.percent, was, now.percent, is_now)
    return _marked(now, record)


def _score(record: SentRecord, fact: Told) -> str:
    return f"{fact.percent} % at {fact.assessment}{day(record.text)} [{record.mark}]"


def _marked(fact: Told, record: SentRecord) -> Told:
    return replace(fact, phrase=f"{fact.phrase}{day(record.text)} [{record.mark}]")
