"""What the app itself says to a question, free of charge: whom it may mean, and what may be asked."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.assistant.commands import COMMANDS, Name, Request, UnknownCommand
from core.assistant.message import Kind
from core.assistant.reach import Reach
from core.assistant.whom import About, Candidate

MOST_CHOICES = 12
FREE = "Nothing was sent or paid."
LESSON_EXAMPLE = "/lesson mathematics, P5, fractions"


@dataclass(frozen=True)
class Reply:
    """What the app itself says, free of charge."""

    kind: Kind
    text: str
    choices: tuple[Candidate, ...] = ()
    command: Name | None = None


def which(about: str, found: Sequence[Candidate], reach: Reach, command: Name | None = None) -> Reply:
    more = f" {len(found)} fit; write more of the name if yours is not here." if len(found) > MOST_CHOICES else ""
    text = f"Whom do you mean by “{about}”?{more} {FREE}"
    return Reply(Kind.WHICH, text, _told_apart(found[:MOST_CHOICES], reach), command)


def nobody(request: Request, reach: Reach) -> Reply:
    text = f"“{request.about}” is not among your classes and students. Check the spelling"
    rest = ", or choose a class." if reach.own else f", or name a class, such as /{request.name} P5 Integrity."
    return Reply(Kind.WHICH, f"{text}{rest} {FREE}", reach.own[:MOST_CHOICES], request.name)


def which_class(name: Name, classes: Sequence[Candidate]) -> Reply:
    if not classes:
        return Reply(Kind.WHICH, f"You have no class yet. Import a class list on the roster first. {FREE}", (), name)
    text = f"Which class do you mean? You can also name a student, such as /{name} and the name. {FREE}"
    return Reply(Kind.WHICH, text, tuple(classes[:MOST_CHOICES]), name)


def which_lesson() -> Reply:
    text = f"Which lesson? Write subject, level and topic behind it, such as {LESSON_EXAMPLE}. {FREE}"
    return Reply(Kind.WHICH, text, (), Name.LESSON)


def the_commands() -> Reply:
    lines = [
        f"- **/{one.name}** {one.takes}: {one.does}" if one.takes else f"- **/{one.name}**: {one.does}"
        for one in COMMANDS
    ]
    return Reply(Kind.HELP, "\n".join(["Commands:", "", *lines, "", "Or ask in your own words."]), (), Name.HELP)


def unknown_command(unknown: UnknownCommand) -> Reply:
    nearest = f"Did you mean /{unknown.nearest}? " if unknown.nearest else ""
    return Reply(Kind.UNKNOWN, f"There is no command “/{unknown.typed}”. {nearest}/help shows all. {FREE}")


def _told_apart(found: Sequence[Candidate], reach: Reach) -> tuple[Candidate, ...]:
    """With the class behind the name, where two have one name."""
    names = [one.name for one in found]
    return tuple(
        Candidate(one.kind, one.id, (f"{one.name}, {reach.class_names.get(one.id, 'no class')}", *one.names))
        if names.count(one.name) > 1 and one.kind is About.STUDENT
        else one
        for one in found
    )
