"""Puts one record into other words, and tells a strength from something to discuss."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

MANY_LATE = 3
MANY_ABSENT_PERCENT = 10
CLEAR_CHANGE = 8


class Side(StrEnum):
    """On which side of a talk a fact stands."""

    DISCUSS = "discuss"
    STRENGTH = "strength"
    NEITHER = "neither"


class About(StrEnum):
    """What a fact is about."""

    ATTENDANCE = "attendance"
    PUNCTUALITY = "punctuality"
    RESULT = "result"
    CASE = "case"
    SEEN = "seen"
    NOTE = "note"


@dataclass(frozen=True)
class Told:
    """A phrase that can follow the student's name and a colon, with the marks of its records in it."""

    phrase: str
    about: About
    side: Side = Side.NEITHER
    subject: str = ""
    assessment: str = ""
    percent: int | None = None

    @property
    def sentence(self) -> str:
        """By itself, where the student is clear."""
        return f"{self.phrase[0].upper()}{self.phrase[1:]}."


LABELS = {
    "to discuss": Side.DISCUSS,
    "concern": Side.DISCUSS,
    "strength": Side.STRENGTH,
    "note": Side.NEITHER,
    "observation": Side.NEITHER,
}
KINDS = {"sen": "special educational needs"}
LABEL = re.compile(rf"({'|'.join(LABELS)}):\s*", re.IGNORECASE)
DATED = re.compile(r"(?P<body>.*?)[\s.]*(?P<when>\([^()]*\))?[\s.]*", re.DOTALL)


def _change(m: re.Match[str]) -> Told:
    before, after = int(m["before"]), int(m["after"])
    return moved(m["subject"], before, f"{before} %", after, f"{after} %")


def moved(subject: str, before: int, was: str, after: int, now: str) -> Told:
    """From one result of a subject to the next; `was` and `now` say them in words."""
    if before == after:
        return Told(f"stayed the same in {subject}: {was}, then {now}", About.RESULT, subject=subject)
    side = Side.STRENGTH if after > before else Side.DISCUSS
    way = "went up" if after > before else "went down"
    phrase = f"{way} {abs(after - before)} in {subject}, from {was} to {now}"
    clear = side if abs(after - before) >= CLEAR_CHANGE else Side.NEITHER
    return Told(phrase, About.RESULT, clear, subject)


def _stayed(m: re.Match[str]) -> Told:
    return Told(f"stayed at {m['percent']} % in {m['subject']}", About.RESULT, subject=m["subject"])


def _absent(m: re.Match[str]) -> Told:
    return Told(f"missed {m['absent']} of {m['days']} school days{m['rest']}", About.ATTENDANCE, Side.DISCUSS)


def _late(m: re.Match[str]) -> Told:
    return Told(f"came late {m['late']} times in {m['days']} days", About.PUNCTUALITY, Side.DISCUSS)


def _always_there(m: re.Match[str]) -> Told:
    return Told(f"was there and on time on each of {m['days']} days", About.ATTENDANCE, Side.STRENGTH)


def _days(m: re.Match[str]) -> Told:
    days, absent, late = int(m["days"]), int(m["absent"]), int(m["late"])
    official = f", besides {m['official']} official" if m["official"] != "0" else ""
    phrase = f"missed {absent} and came late on {late} of {days} school days{official}"
    if not absent and not late:
        return Told(f"was there and on time on each of {days} days{official}", About.ATTENDANCE, Side.STRENGTH)
    often = 100 * absent > MANY_ABSENT_PERCENT * days
    about = About.PUNCTUALITY if late >= MANY_LATE and not often else About.ATTENDANCE
    return Told(phrase, about, Side.DISCUSS if often or late >= MANY_LATE else Side.NEITHER)


def _result(m: re.Match[str]) -> Told:
    subject, assessment, percent = m["subject"], m["assessment"], int(m["percent"])
    phrase = f"scored {percent} % in {subject} at {assessment}"
    return Told(phrase, About.RESULT, subject=subject, assessment=assessment, percent=percent)


def _not_taken(m: re.Match[str]) -> Told:
    return Told(f"did not take {m['assessment']} in {m['subject']}", About.RESULT, subject=m["subject"])


def _open_case(m: re.Match[str]) -> Told:
    return Told(f"an open case: {m['summary']}", About.CASE, Side.DISCUSS)


def _case(m: re.Match[str]) -> Told:
    side = Side.NEITHER if m["status"].strip() == "closed" else Side.DISCUSS
    kind, status = m["kind"].strip(), m["status"].strip().replace("_", " ")
    return Told(f"a case ({KINDS.get(kind, kind)}, {status}): {m['summary']}", About.CASE, side)


def _own_note(m: re.Match[str]) -> Told:
    return Told(f"your own note {_quoted(m['text'])}", About.NOTE)


WORDINGS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Told]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE | re.DOTALL), word)
    for pattern, word in (
        (
            r"(?P<subject>.+?) (?:fell|rose|dropped|improved) from (?P<before>\d+)(?: ?%)? to (?P<after>\d+)(?: ?%)?",
            _change,
        ),
        (r"(?P<subject>.+?) stayed at (?P<percent>\d+)(?: ?%)?", _stayed),
        (r"Absent on (?P<absent>\d+) of (?P<days>\d+) days(?P<rest>.*)", _absent),
        (r"Late (?P<late>\d+) times in (?P<days>\d+) days", _late),
        (r"Present and on time on all (?P<days>\d+) days", _always_there),
        (
            r"Attendance: (?P<days>\d+) days \w+, (?P<absent>\d+) absent, (?P<late>\d+) late, (?P<official>\d+) \w+",
            _days,
        ),
        (r"(?P<subject>[^:]+), (?P<assessment>[^,:]+): [\d.]+/[\d.]+ \((?P<percent>\d+) %\)", _result),
        (r"(?P<subject>[^:]+), (?P<assessment>[^,:]+): not taken", _not_taken),
        (r"Open case: (?P<summary>.+)", _open_case),
        (r"Case \((?P<kind>[^,()]+),(?P<status>[^()]+)\): (?P<summary>.+)", _case),
        (r"(?:Teacher's|Your) note: (?P<text>.+)", _own_note),
    )
)


def worded(text: str) -> Told:
    """Without the day and the mark of the record."""
    label = LABEL.match(text)
    body = _body(text[label.end() :] if label else text)
    found = next((word(m) for pattern, word in WORDINGS if (m := pattern.fullmatch(body))), None)
    side = LABELS[label[1].lower()] if label else None
    if found is None:
        return Told(f"a teacher noted {_quoted(body)}", About.SEEN, side or Side.NEITHER)
    return found if side is None else replace(found, side=side)


def day(text: str) -> str:
    """What stands in brackets at the end, with a space before; empty where nothing does."""
    parts = DATED.fullmatch(text)
    return f" {parts['when']}" if parts and parts["when"] else ""


def _body(text: str) -> str:
    parts = DATED.fullmatch(text)
    return parts["body"] if parts else text


def _quoted(text: str) -> str:
    return f"“{text.strip(' “”.')}”"
