"""What a new school year will change, in sentences; safe as Markdown."""

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from core.roster.register.new_year import Fate, Plan, Preview
from core.ui.formats import counted, level_name
from core.ui.school_settings.classes_words import named, they
from core.ui.text import escape_label

MANY = 6


def why_not(preview: Preview) -> str | None:
    """Why the class can't go on now."""
    name = escape_label(preview.entry.name)
    if preview.continued_by is not None:
        return f"{name} goes on as {named(preview.continued_by)} already."
    if preview.is_archived:
        return f"{name} is archived. Bring it back before it goes on."
    if preview.makes_photos:
        return f"Photos of {name} are being made. Wait until they are ready, or cancel them on the page Class photos."
    return None


def what_will_happen(preview: Preview, plan: Plan, colleagues: Mapping[UUID, str]) -> list[str]:
    return [
        *_of_class(preview, plan),
        *_of_students(preview, plan),
        *_of_teachers(plan, colleagues),
        *_of_old_class(preview, plan),
    ]


def _of_class(preview: Preview, plan: Plan) -> Iterator[str]:
    if plan.into is None:
        yield "No new class begins."
        return
    going = len(_names(preview, plan, Fate.GOES))
    yield f"**{named(plan.into)}** begins, with {counted(going, 'student')}."
    if going:
        yield "They keep their index numbers."
    if going and preview.is_form and plan.into.level:
        yield f"Their level becomes {escape_label(level_name(plan.into.level) or '')}."


def _of_students(preview: Preview, plan: Plan) -> Iterator[str]:
    staying, leaving = _names(preview, plan, Fate.STAYS), _names(preview, plan, Fate.LEAVES)
    if staying:
        yield f"{_staying(preview, plan, len(staying))}: {_listed(staying)}."
    if leaving:
        yield f"{they(len(leaving), 'leaves', 'leave')} the school: {_listed(leaving)}. Their records stay."
    if preview.left:
        yield f"{they(preview.left, 'who left already is', 'who left already are')} not taken along."


def _staying(preview: Preview, plan: Plan, many: int) -> str:
    if not plan.archives:
        return f"{they(many, 'stays', 'stay')} in {escape_label(preview.entry.name)}"
    if preview.is_form:
        return they(many, "is in no form class then, and waits for one", "are in no form class then, and wait for one")
    return f"{they(many, 'is', 'are')} not taken along"


def _of_teachers(plan: Plan, colleagues: Mapping[UUID, str]) -> Iterator[str]:
    if plan.into is None:
        return
    for role, words in (("form", "Form teacher"), ("subject", "Teacher")):
        names = [colleagues.get(one, "") for one, has in plan.teachers.items() if has == role]
        if names:
            yield f"{words}{'s' if len(names) > 1 else ''}: {_listed(names)}."
    if not plan.teachers:
        yield "Nobody teaches it yet, so admins alone see it."


def _of_old_class(preview: Preview, plan: Plan) -> Iterator[str]:
    if plan.archives:
        yield f"{named(preview.entry)} is archived: its teachers no longer see it, and nothing is deleted."
    else:
        yield f"{named(preview.entry)} stays open."


def _names(preview: Preview, plan: Plan, fate: Fate) -> list[str]:
    return [one.full_name for one in preview.pupils if plan.fates.get(one.enrolment_id) is fate]


def _listed(names: Iterable[str]) -> str:
    """The first few by name."""
    known = list(names)
    more = f" and {len(known) - MANY} more" if len(known) > MANY else ""
    return ", ".join(map(escape_label, known[:MANY])) + more
