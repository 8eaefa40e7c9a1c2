"""What a teacher's words ask for: a command and whom it is about, or an answer that the app gives by itself."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.assistant import commands, intents, replies
from core.assistant.commands import Name, Request, UnknownCommand
from core.assistant.message import Subject
from core.assistant.ordinary_words import is_ordinary
from core.assistant.reach import Reach
from core.assistant.replies import Reply
from core.assistant.whom import Candidate, candidates_for, means_own_class

MOST_MEANT = 5
"""A surname that fits more of them is nobody in particular."""
ON_RECORD = re.compile(
    r"\b(?:strengths?|weak\w*|attend\w*|absen\w*|late|results?|marks?|scores?|grades?|progress\w*|doing|improv\w*"
    r"|observations?|notes?|records?|behaviou?r|concerns?|cases?)\b",
    re.IGNORECASE,
)
"""A plain question with one of these asks for what is on record; any other takes no records along."""
SAME_ONE = re.compile(r"\b(?:her|hers|him|his|he|she|their|them|they)\b", re.IGNORECASE)


class By(StrEnum):
    """How a command was given."""

    SLASH = "slash"
    WORDS = "words"
    CHOICE = "choice"


@dataclass(frozen=True)
class Wish:
    """What a model is to be asked; `about` are the words that say whom, `command` is None for a plain question."""

    by: By
    command: Name | None = None
    subject: Subject | None = None
    about: str = ""


def understand(
    text: str,
    reach: Reach,
    *,
    names_in: Callable[[str], Sequence[str]],
    subject: Subject | None = None,
    earlier: Subject | None = None,
) -> Wish | Reply:
    """`subject` is who is meant where that was chosen, `earlier` whom the conversation was about so far.

    `names_in` finds the names of the school in a text.
    """
    if not text.strip():
        return replies.the_commands()
    match commands.parse(text):
        case UnknownCommand() as unknown:
            return replies.unknown_command(unknown)
        case Request(Name.HELP):
            return replies.the_commands()
        case Request() as request:
            return _asked(request, By.SLASH, reach, subject)
    return _in_plain_words(text, reach, names_in, subject, earlier)


def _in_plain_words(
    text: str,
    reach: Reach,
    names_in: Callable[[str], Sequence[str]],
    subject: Subject | None,
    earlier: Subject | None,
) -> Wish | Reply:
    said = intents.recognise(text)
    if said is not None and not said.about and earlier is not None and SAME_ONE.search(text):
        subject = subject or earlier
    if said is None or (subject is None and not _is_of_someone(said, reach, names_in)):
        return Wish(By.CHOICE, subject=subject) if subject else _plain(text, reach, names_in(text))
    return _asked(said, By.WORDS, reach, subject)


def _plain(text: str, reach: Reach, names: Sequence[str]) -> Wish | Reply:
    """About the one student whom it names, where it asks for what is on record."""
    if not ON_RECORD.search(text):
        return Wish(By.WORDS)
    fits = {name: found for name in names if 0 < len(found := candidates_for(name, reach.students)) <= MOST_MEANT}
    meant = {one.id: one for found in fits.values() if len(found) == 1 for one in found}
    match list(meant.values()), list(fits.items()):
        case [one], _:
            return Wish(By.WORDS, subject=reach.subject(one.kind, one.id))
        case [], [(name, several)]:
            return replies.which(name, several, reach)
    return Wish(By.WORDS)


def whom_it_names(text: str) -> str:
    """The words of a text that say whom it is about, empty where it names nobody."""
    request = commands.parse(text) or intents.recognise(text)
    return request.about if isinstance(request, Request) and not means_own_class(request.about) else ""


def _asked(request: Request, by: By, reach: Reach, subject: Subject | None) -> Wish | Reply:
    if request.name is Name.LESSON:
        return Wish(by, Name.LESSON, about=request.about) if request.about else replies.which_lesson()
    if subject is not None:
        meant = [one for one in reach.everyone if one.id == str(subject.id)]
        named, found = _candidates(request, meant)
        return Wish(By.CHOICE, request.name, subject, named.about if found else "")
    if means_own_class(request.about):
        found = reach.forms or reach.own
        if len(found) != 1:
            return replies.which_class(request.name, found or reach.classes)
    else:
        request, found = _candidates(request, reach.everyone)
    match found:
        case [one]:
            return Wish(by, request.name, reach.subject(one.kind, one.id), request.about)
        case []:
            return replies.nobody(request, reach)
    return replies.which(request.about, found, reach, request.name)


def _candidates(request: Request, among: Sequence[Candidate]) -> tuple[Request, Sequence[Candidate]]:
    """Other words may stand round the name: "the parents of Ana tomorrow", "the boys in P5 Integrity"."""
    for about in dict.fromkeys([request.about, _telling(request.about.split())]):
        found = candidates_for(about, among)
        if found:
            return Request(request.name, about), found
    return request, []


def _telling(words: Sequence[str]) -> str:
    """From the first word to the last that may be part of a name."""
    places = [place for place, word in enumerate(words) if word[0].isupper() or not is_ordinary(word)]
    return " ".join(words[places[0] : places[-1] + 1]) if places else ""


def _is_of_someone(said: Request, reach: Reach, names_in: Callable[[str], Sequence[str]]) -> bool:
    """Not "how is the economy doing", but "how is Zachary doing", also if nobody knows one."""
    return (
        said.name is not Name.PROGRESS
        or means_own_class(said.about)
        or bool(_candidates(said, reach.everyone)[1])
        or all(word[0].isupper() for word in said.about.split())
        or bool(names_in(said.about))
    )
