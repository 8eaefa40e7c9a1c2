"""What a new school year will change, as the page says it before."""

from dataclasses import replace
from uuid import UUID, uuid5

from core.roster.register.entries import ClassEntry
from core.roster.register.new_year import Fate, Preview, Pupil
from core.roster.register.views import TeacherRow
from core.ui.school_settings.classes_new_year_words import what_will_happen

CLASS = UUID(int=1)
MEI = TeacherRow(UUID(int=2), UUID(int=3), "Mei *Tan*", "form", active=True)
NAMES = {MEI.staff_id: "Mei *Tan*"}
OLD = ClassEntry("P5 Integrity", "P5", "form", None, 2026)


def pupil(name: str) -> Pupil:
    return Pupil(uuid5(CLASS, name), uuid5(CLASS, f"student {name}"), name, None, "P5")


def preview(*names: str, into: ClassEntry | None) -> Preview:
    return Preview(
        id=CLASS,
        entry=OLD,
        is_archived=False,
        pupils=tuple(map(pupil, names)),
        teachers=(MEI,),
        left=1,
        makes_photos=False,
        continued_by=None,
        into=into,
    )


def test_who_goes_stays_and_leaves_is_told_by_name() -> None:
    here = preview("Ana", "Ben", "Cy", into=replace(OLD, name="P6 Integrity", level="P6", school_year=2027))
    fates = {pupil("Ana").enrolment_id: Fate.GOES, pupil("Ben").enrolment_id: Fate.STAYS}
    plan = replace(here.usual_plan, fates={**fates, pupil("Cy").enrolment_id: Fate.LEAVES})

    assert what_will_happen(here, plan, NAMES) == [
        "**P6 Integrity of 2027** begins, with 1 student.",
        "They keep their index numbers.",
        "Their level becomes Primary 6.",
        "1 student is in no form class then, and waits for one: Ben.",
        "1 student leaves the school: Cy. Their records stay.",
        "1 student who left already is not taken along.",
        r"Form teacher: Mei \*Tan\*.",
        "P5 Integrity of 2026 is archived: its teachers no longer see it, and nothing is deleted.",
    ]


def test_the_last_year_ends_without_a_new_class_and_many_are_not_all_named() -> None:
    here = preview(*"ABCDEFGH", into=None)

    assert what_will_happen(here, replace(here.usual_plan, archives=False), NAMES) == [
        "No new class begins.",
        "8 students leave the school: A, B, C, D, E, F and 2 more. Their records stay.",
        "1 student who left already is not taken along.",
        "P5 Integrity of 2026 stays open.",
    ]
