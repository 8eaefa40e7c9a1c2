"""The stand-in's lesson plans: an outline for the subject, level and topic that the question names."""

import re
from dataclasses import dataclass
from itertools import accumulate, pairwise

LEVEL = re.compile(r"\b(?:P(?:rimary)?\s?[1-6]|Sec(?:ondary)?\s?[1-5]|S[1-5]|JC\s?[12])\b", re.IGNORECASE)
MINUTES = re.compile(r"\b(?:for\s+)?(?P<minutes>\d{2,3})[\s-]*min(?:ute)?s?\b", re.IGNORECASE)
LEAD_IN = re.compile(
    r"^\W*(?:/lesson\b|(?:please|help me|can you|could you|i need|i want|to|make|write|prepare|plan|a|an|the|my|me|"
    r"lesson|plan|period|for|on|about|with)\b)\W*",
    re.IGNORECASE,
)
LINKS = re.compile(
    r"^(?:\W|\b(?:on|about|for|in|of|class|the|a|an)\b)+|(?:\W|\b(?:on|about|for|in|of|the|a)\b)+$", re.IGNORECASE
)
USUAL_MINUTES = 60
STEPS = (
    (1, "Start", "recall what the class knows about {topic} with two quick questions on mini whiteboards"),
    (2, "Teach", "work through one example aloud and say why each step is taken"),
    (3, "Try together", "pairs do a similar one; listen in and collect a common slip for the whole class"),
    (4, "Practise alone", "three tasks that grow harder; go first to those who asked for help in the pairs"),
    (2, "Close", "the short check below, then one sentence each about what became clear"),
)
PARTS = sum(share for share, _, _ in STEPS)


@dataclass(frozen=True)
class Subject:
    """What a subject's lessons usually lean on."""

    name: str
    words: str
    resources: str
    support: str
    challenge: str


SUBJECTS = (
    Subject(
        "Mathematics",
        r"math(?:ematic)?s?|a-?math|e-?math",
        "bar models or counters, mini whiteboards, six graded problem sums",
        "a worked example beside the task and a bar model that is already drawn",
        "write a problem sum of one's own with a given answer, and swap it",
    ),
    Subject(
        "Science",
        r"science|biology|chemistry|physics",
        "materials for one short observation, a table to record it, two labelled pictures",
        "a word bank and the beginnings of sentences for the explanation",
        "predict what changes if one thing is changed, and say how to test it fairly",
    ),
    Subject(
        "English Language",
        r"english(?: language)?|composition|comprehension|oral|grammar",
        "a short text, highlighters, a list of useful phrases",
        "sentence starters and a partner to rehearse with before writing",
        "rewrite one paragraph for another reader and explain two choices",
    ),
    Subject(
        "Mother Tongue Language",
        r"mother tongue(?: language)?|chinese|malay|tamil|higher chinese",
        "picture cards, a short recording, a vocabulary list with readings",
        "picture cards with the words on the back and more time to listen again",
        "tell the story behind the picture in five sentences without the list",
    ),
)
ANY_SUBJECT = Subject(
    "",
    "",
    "one short text or picture, mini whiteboards, a task sheet in three steps",
    "the first step done together, and key words on a card",
    "explain the idea to a partner with an example of one's own",
)


@dataclass(frozen=True)
class Wish:
    """What the teacher asked for, as far as it was said."""

    subject: Subject
    level: str
    topic: str
    minutes: int


def lesson_answer(words: str) -> str:
    """Objectives, timed steps, differentiation, a check and resources."""
    wish = _wish(words)
    subject, topic = wish.subject, wish.topic or "the topic"
    title = ", ".join(part for part in (subject.name, wish.level, wish.topic) if part) or "your topic"
    return "\n\n".join(
        [
            f"A lesson of {wish.minutes} minutes: **{title}** (demo answer, an outline for you to fill).",
            _objectives(topic),
            _steps(wish.minutes, topic),
            _section("Differentiation", f"Support: {subject.support}.", f"Challenge: {subject.challenge}."),
            _section(
                "Check for understanding",
                f"One question about {topic}, answered by all at once.",
                "An exit slip: one thing that is clear, one that is not yet.",
            ),
            _section("Resources", f"{subject.resources.capitalize()}."),
        ]
    )


def _section(title: str, *lines: str) -> str:
    return "\n".join([f"**{title}**", "", *(f"- {line}" for line in lines)])


def _wish(words: str) -> Wish:
    rest = " ".join(words.split())
    minutes, level = MINUTES.search(rest), LEVEL.search(rest)
    for found in (minutes, level):
        rest = rest.replace(found[0], ",") if found else rest
    subject, rest = _subject(_without_lead_in(rest))
    asked = int(minutes["minutes"]) if minutes else USUAL_MINUTES
    return Wish(subject, level[0] if level else "", _topic(rest), min(max(asked, 20), 180))


def _without_lead_in(text: str) -> str:
    while found := LEAD_IN.match(text):
        text = text[found.end() :]
    return text


def _subject(text: str) -> tuple[Subject, str]:
    for subject in SUBJECTS:
        if found := re.search(rf"\b(?:{subject.words})\b", text, re.IGNORECASE):
            return subject, text[: found.start()] + "," + text[found.end() :]
    return ANY_SUBJECT, text


def _topic(text: str) -> str:
    parts = [LINKS.sub("", part) for part in re.split(r"[,;]", text)]
    return ", ".join(part for part in parts if part)[:120]


def _objectives(topic: str) -> str:
    return _section(
        "Objectives: by the end, students can",
        f"explain the main idea of {topic} in their own words,",
        "use it in a task of the kind that is set in class, and",
        "say which step was hard and what helped.",
    )


def _steps(minutes: int, topic: str) -> str:
    ends = [round(minutes * at / PARTS) for at in accumulate((share for share, _, _ in STEPS), initial=0)]
    lines = [
        f"{start}–{end} min, {name}: {what.format(topic=topic)}."
        for (start, end), (_, name, what) in zip(pairwise(ends), STEPS, strict=True)
    ]
    return _section("Steps", *lines)
