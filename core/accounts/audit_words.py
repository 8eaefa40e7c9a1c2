"""What each line of the audit log says in plain words; a test looks that no action is without."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final


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


_VERBS = {"added": "Added", "corrected": "Corrected", "removed": "Removed"}


def _kept(noun: str, words: str, topic: Topic = Topic.RECORDS) -> dict[str, Wording]:
    """The three actions that a trigger writes of a table."""
    return {f"{noun}.{ending}": Wording(topic, f"{verb} {words}") for ending, verb in _VERBS.items()}


WORDS: Final[Mapping[str, Wording]] = {
    **_kept("attendance", "a day's attendance of {student}"),
    **_kept("result", "a result of {student}"),
    **_kept("observation", "an observation of {student}"),
    **_kept("case", "a case of {student}"),
    **_kept("readiness_note", "a note of {student}"),
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
    **_kept("class", "the class {class}", Topic.CLASSES),
    "class.continued": Wording(Topic.CLASSES, "Took {class} into the next school year"),
    "class_teacher.added": Wording(Topic.CLASSES, "Made {staff} a teacher of {class}"),
    "class_teacher.corrected": Wording(Topic.CLASSES, "Changed what {staff} teaches in {class}"),
    "class_teacher.removed": Wording(Topic.CLASSES, "Took {class} from {staff}"),
    **_kept("student", "the student {student}", Topic.STUDENTS),
    "enrolment.added": Wording(Topic.STUDENTS, "Put {student} into {class}"),
    "enrolment.corrected": Wording(Topic.STUDENTS, "Changed the place of {student} in {class}"),
    "enrolment.removed": Wording(Topic.STUDENTS, "Removed the place of {student} in {class}"),
    **_kept("guardian", "the guardian {guardian}", Topic.STUDENTS),
    "guardian_link.added": Wording(Topic.STUDENTS, "Made {guardian} a guardian of {student}"),
    "guardian_link.corrected": Wording(Topic.STUDENTS, "Changed how {guardian} is a guardian of {student}"),
    "guardian_link.removed": Wording(Topic.STUDENTS, "Took {guardian} away as a guardian of {student}"),
    **_kept("budget", "a budget", Topic.SETTINGS),
    **_kept("limit", "a limit", Topic.SETTINGS),
    **_kept("model_price", "the price of a model", Topic.SETTINGS),
    "school.corrected": Wording(Topic.SETTINGS, "Corrected the school's name, time zone or language"),
    "chat_setting.changed": Wording(Topic.SETTINGS, "Chose another model for answers"),
    "image_setting.changed": Wording(Topic.SETTINGS, "Chose another model for portraits"),
    "to_model_setting.changed": Wording(Topic.SETTINGS, "Changed what may go to a model"),
    "style_setting.changed": Wording(Topic.SETTINGS, "Changed the style of portraits"),
    "uniform_setting.changed": Wording(Topic.SETTINGS, "Changed what portraits wear"),
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

_LIMITS: Final = {"chat": "assistant", "image": "single portraits", "batch_image": "class photos"}


def wording(action: str) -> Wording:
    """An action that has no words of its own yet is shown as the code writes it."""
    known = WORDS.get(action)
    return known or Wording(Topic.SETTINGS, action.replace("_", " ").replace(".", " ").capitalize())


def which_choice(action: str, row: Mapping[str, Any]) -> list[str]:
    """Which limit, price or budget a line is about, for they all have the same words."""
    kind, _, _ = action.partition(".")
    if kind == "limit" and row.get("type") in _LIMITS:
        return [_LIMITS[row["type"]]]
    if kind == "model_price":
        return [str(row[key]) for key in ("model", "quality") if row.get(key)]
    is_schools = kind == "budget" and not (row.get("class_id") or row.get("staff_id"))
    return ["the whole school"] if is_schools and row else []


def action_in_general(action: str) -> str:
    """What is said of nobody in particular, for a choice: "Added a result of a student"."""
    return wording(action).sentence.format_map(SOMEBODY)
