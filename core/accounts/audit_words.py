"""What each line of the audit log says in plain words; a test looks that no action is without."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Topic(StrEnum):
    """What a line is about, as it may be asked for."""

    RECORDS = "records"
    PHOTOS = "photos"
    PEOPLE = "people"
    CLASSES = "classes"
    STUDENTS = "students"
    IMPORTS = "imports"
    SETTINGS = "settings"


@dataclass(frozen=True)
class Wording:
    """`sentence` may name {student}, {staff}, {class} and {guardian}; without them it is the action's own name."""

    topic: Topic
    sentence: str


def _records(noun: str, words: str) -> dict[str, Wording]:
    verbs = {"added": "Added", "corrected": "Corrected", "removed": "Removed"}
    return {
        f"{noun}.{ending}": Wording(Topic.RECORDS, f"{verb} {words} of {{student}}") for ending, verb in verbs.items()
    }


WORDS: Final[Mapping[str, Wording]] = {
    **_records("attendance", "a day's attendance"),
    **_records("result", "a result"),
    **_records("observation", "an observation"),
    **_records("case", "a case"),
    **_records("readiness_note", "a note"),
    "meeting.added": Wording(Topic.RECORDS, "Arranged a meeting about {student}"),
    "meeting.corrected": Wording(Topic.RECORDS, "Changed a meeting about {student}"),
    "meeting.removed": Wording(Topic.RECORDS, "Called off a meeting about {student}"),
    "use photo": Wording(Topic.PHOTOS, "Chose another photo of {student}"),
    "remove photo": Wording(Topic.PHOTOS, "Took the photo of {student} away"),
    "leave unconfirmed portrait": Wording(Topic.PHOTOS, "Left an unconfirmed portrait of {student} as it is"),
    "start class photos": Wording(Topic.PHOTOS, "Started the photos of {class}"),
    "pause class photos": Wording(Topic.PHOTOS, "Paused the photos of {class}"),
    "resume class photos": Wording(Topic.PHOTOS, "Resumed the photos of {class}"),
    "cancel class photos": Wording(Topic.PHOTOS, "Cancelled the photos of {class}"),
    "retry class photos": Wording(Topic.PHOTOS, "Tried photos of {class} again"),
    "apply import": Wording(Topic.IMPORTS, "Imported a class list"),
    "undo import": Wording(Topic.IMPORTS, "Undid the import of a class list"),
    "member.added": Wording(Topic.PEOPLE, "Added {staff} to the people"),
    "member.corrected": Wording(Topic.PEOPLE, "Corrected the name or e-mail of {staff}"),
    "member.made_admin": Wording(Topic.PEOPLE, "Made {staff} an admin"),
    "member.made_teacher": Wording(Topic.PEOPLE, "Took the role of admin from {staff}"),
    "member.deactivated": Wording(Topic.PEOPLE, "Deactivated {staff}"),
    "member.reactivated": Wording(Topic.PEOPLE, "Reactivated {staff}"),
    "member.invited": Wording(Topic.PEOPLE, "Sent {staff} an invitation"),
    "link sign-in": Wording(Topic.PEOPLE, "Signed in for the first time with an account: {staff}"),
    "unlink sign-in": Wording(Topic.PEOPLE, "Unlinked the accounts of {staff}"),
    "end session": Wording(Topic.PEOPLE, "Signed {staff} out on one device"),
    "end sessions": Wording(Topic.PEOPLE, "Signed {staff} out on every device"),
}

SOMEBODY: Final = {
    "student": "a student",
    "staff": "a member",
    "class": "a class",
    "guardian": "a guardian",
}


def wording(action: str) -> Wording:
    """An action that has no words of its own yet is shown as the code writes it."""
    known = WORDS.get(action)
    return known or Wording(Topic.SETTINGS, action.replace("_", " ").replace(".", " ").capitalize())


def action_in_general(action: str) -> str:
    """What is said of nobody in particular, for a choice: "Added a result of a student"."""
    return wording(action).sentence.format_map(SOMEBODY)
