"""A class list to try the import with, so that nobody needs one of their own."""

import csv
import io

from core.accounts.person import Person
from core.demo.people import COURAGE, INTEGRITY, STUDENTS, DemoClass, DemoStudent
from core.roster.importing.uploads import Upload

HEADINGS = ("Student No", "Name", "Preferred Name", "Gender", "Index No", "Level", "Class")
NEWCOMERS = (("Farhan bin Iskandar", "M"), ("Goh Xin Yi", "F"))
CALLED_OTHERWISE = ("Ho Wei Jie", "Jay")


def sample_class_list(person: Person) -> Upload:
    """The class of this person at the made-up school, an admin's being the first: two are new, one has a new name."""
    in_class = COURAGE if person.full_name == COURAGE.form_teacher.full_name else INTEGRITY
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    register = [one for one in STUDENTS if one.in_class is in_class]
    writer.writerows(_row(one) for one in register)
    writer.writerows(_newcomers(in_class, len(register)))
    return Upload(f"sample-{in_class.name.lower().replace(' ', '-')}.csv", text.getvalue().encode())


def _row(student: DemoStudent) -> list[object]:
    preferred = student.pupil.preferred_name or ""
    if student.full_name == CALLED_OTHERWISE[0]:
        preferred = CALLED_OTHERWISE[1]
    gender = (student.pupil.gender or "")[:1].upper()
    return [student.sourced_id, student.full_name, preferred, gender, student.index_no, *_place(student.in_class)]


def _newcomers(in_class: DemoClass, already: int) -> list[list[object]]:
    return [
        [f"S{in_class.level[-1]}9{place:02}", name, "", gender, already + place, *_place(in_class)]
        for place, (name, gender) in enumerate(NEWCOMERS, start=1)
    ]


def _place(in_class: DemoClass) -> list[str]:
    return [in_class.level, in_class.name]
