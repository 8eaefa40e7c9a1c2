"""Who of a class list is here already: by id in the school, else by name in the class; never by a guess."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from core.roster.importing.current import CurrentRoster, CurrentStudent, folded
from core.roster.importing.neutral import ClassKind, Kind, Student
from core.roster.importing.placement import Entry
from core.roster.importing.plan import PlannedRow, contradicted, refused, repeated

_Matched = tuple[list[Entry], list[PlannedRow]]


@dataclass(frozen=True, slots=True)
class Matching:
    """`headings`: how the file calls its columns; `times_named`: how often a name stands in the file."""

    current: CurrentRoster
    headings: Mapping[str, str]
    times_named: Counter[str]

    def matched(self, entries: Sequence[Entry]) -> _Matched:
        """Each entry with the student it is, or None for a new one; what can't be told apart is refused."""
        entries, out = self._without_repeated_ids(entries)
        by_id = self.current.student_by_sourced_id
        entries = [replace(entry, here=by_id.get(entry.student.sourced_id or "")) for entry in entries]
        taken = {entry.here.id for entry in entries if entry.here}
        known: list[Entry] = []
        for group in self._same_name_and_class(entries):
            found, unclear = self._told_apart(group, taken)
            known += found
            out += unclear
        return self._known_elsewhere(known), out

    def _without_repeated_ids(self, entries: Sequence[Entry]) -> _Matched:
        first: dict[str, Entry] = {}
        kept: list[Entry] = []
        out: list[PlannedRow] = []
        for entry in entries:
            earlier = first.setdefault(entry.student.sourced_id, entry) if entry.student.sourced_id else entry
            if earlier is entry:
                kept.append(entry)
            else:
                out.append(self._repeated(entry.student, earlier.student))
        return kept, out

    def _repeated(self, student: Student, earlier: Student) -> PlannedRow:
        name, source = student.full_name, student.source
        if replace(student, source=earlier.source) == earlier:
            return repeated(Kind.STUDENTS, source, name, earlier.source)
        column = self.headings.get("sourced_id")
        return contradicted(Kind.STUDENTS, source, name, earlier.source, column=column)

    def _same_name_and_class(self, entries: Sequence[Entry]) -> list[list[Entry]]:
        groups: dict[tuple[UUID, str], list[Entry]] = defaultdict(list)
        for entry in entries:
            groups[entry.target.id, folded(entry.student.full_name)].append(entry)
        return list(groups.values())

    def _told_apart(self, group: Sequence[Entry], taken: set[UUID]) -> _Matched:
        """`taken` are those whom the file names by id; they count as namesakes of the others."""
        column = self.headings.get("index_no") or self.headings.get("full_name")
        found = [entry for entry in group if entry.here]
        rest = [entry for entry in group if not entry.here]
        keys = [entry.student.sourced_id or entry.student.index_no for entry in group]
        if len(group) > 1 and (None in keys or len(set(keys)) < len(keys)):
            what = "This name stands twice in this class. Add index numbers or student ids."
            return found, [refused(entry.student, what, column) for entry in rest]
        classmates = [here for here in self._classmates(group[0]) if here.id not in taken]
        out: list[PlannedRow] = []
        for entry in sorted(rest, key=lambda entry: not self._same_index(entry, classmates)):
            match self._candidates(entry, classmates, is_alone=len(group) == 1):
                case []:
                    found.append(entry)
                case [CurrentStudent() as one]:
                    classmates.remove(one)
                    found.append(replace(entry, here=one))
                case _:
                    out.append(refused(entry.student, self._unclear(entry), column))
        return found, out

    def _classmates(self, entry: Entry) -> list[CurrentStudent]:
        name = folded(entry.student.full_name)
        namesakes = self.current.students_by_name.get(name, [])
        return [here for here in namesakes if self.current.enrolment(entry.target.id, here.id)]

    def _candidates(
        self, entry: Entry, classmates: Sequence[CurrentStudent], *, is_alone: bool
    ) -> Sequence[CurrentStudent | None]:
        """One, none (a new student), or several (nobody can tell)."""
        possible = [here for here in classmates if not (entry.student.sourced_id and here.sourced_id)]
        same_index = self._same_index(entry, possible)
        if len(same_index) == 1:
            return same_index
        is_clear = not possible or (is_alone and len(possible) == 1)
        return possible if is_clear else [*possible, None]

    def _same_index(self, entry: Entry, classmates: Sequence[CurrentStudent]) -> list[CurrentStudent]:
        enrolments = ((here, self.current.enrolment(entry.target.id, here.id)) for here in classmates)
        index_no = entry.student.index_no
        return [here for here, enrolled in enrolments if index_no and enrolled and enrolled.index_no == index_no]

    def _unclear(self, entry: Entry) -> str:
        return f"Who of this name in {entry.target.name} is meant? Add the index number or student id."

    def _known_elsewhere(self, entries: Sequence[Entry]) -> list[Entry]:
        taken = {entry.here.id for entry in entries if entry.here}
        listed = {entry.target.id for entry in entries}
        return [
            replace(entry, here=self._elsewhere(entry, listed, taken))
            if entry.here is None and self.times_named[folded(entry.student.full_name)] == 1
            else entry
            for entry in entries
        ]

    def _elsewhere(self, entry: Entry, listed: set[UUID], taken: set[UUID]) -> CurrentStudent | None:
        """The only one in the school of a name that stands once in the file.

        Into a form class they move only when the file lists their old class, too, and no longer with that name.
        """
        namesakes = self.current.students_by_name.get(folded(entry.student.full_name), [])
        match namesakes:
            case [here] if here.id not in taken and not (entry.student.sourced_id and here.sourced_id):
                is_certain = entry.target.kind is not ClassKind.FORM or self._form_classes(here) & listed
                return here if is_certain else None
            case _:
                return None

    def _form_classes(self, here: CurrentStudent) -> set[UUID]:
        return {enrolment.class_id for enrolment in self.current.form_enrolments(here.id)}
