"""A plan for a class list: its rows name a student and the class they go into."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from core.roster.importing.current import CurrentClass, CurrentEnrolment, CurrentRoster, CurrentStudent, folded
from core.roster.importing.differences import SAME, after_of, before_of, differences, sentence_of, student_values
from core.roster.importing.links import enrolling, leaving
from core.roster.importing.matching import Matching
from core.roster.importing.neutral import ClassKind, Kind, NeutralRoster
from core.roster.importing.new_classes import in_file_order, with_class_made
from core.roster.importing.placement import Entry, placed
from core.roster.importing.plan import Change, Outcome, PlannedRow, Rights, Value, refused


@dataclass(frozen=True, slots=True)
class ClassLists:
    """What is here, what comes, who imports it and when; `new_classes` by folded name are made where rows need them."""

    current: CurrentRoster
    roster: NeutralRoster
    may: Rights
    today: date
    new_id: Callable[[], UUID]
    new_classes: Mapping[str, CurrentClass]

    def rows(self, into_class: UUID | None) -> list[PlannedRow]:
        entries, out = placed(
            self.current, self.roster, into_class=into_class, may=self.may, new_classes=self.new_classes
        )
        matching = Matching(self.current, self.roster.headings, self._times_named())
        entries, unclear = matching.matched(entries)
        entries, not_theirs = self._movable(entries)
        entries, clashing = self._without_index_clashes(entries)
        return [*out, *unclear, *not_theirs, *clashing, *self._rows(in_file_order(entries))]

    def _times_named(self) -> Counter[str]:
        named = [student.full_name for student in self.roster.students] + [row.name for row in self.roster.left_out]
        return Counter(map(folded, named))

    def _movable(self, entries: Iterable[Entry]) -> tuple[list[Entry], list[PlannedRow]]:
        """A teacher takes students out of their own classes alone, and brings nobody back who left."""
        kept: list[Entry] = []
        out: list[PlannedRow] = []
        for entry in entries:
            problem = None if self.may.is_admin else self._for_an_admin(entry)
            if problem is None:
                kept.append(entry)
            else:
                out.append(refused(entry.student, problem, None))
        return kept, out

    def _for_an_admin(self, entry: Entry) -> str | None:
        if entry.here and entry.here.status != "active":
            return "Has left the school. Ask an admin to bring them back."
        left = [here for here in self._left(entry) if here.class_id not in self.may.class_ids]
        if not left:
            return None
        name = self.current.class_by_id[left[0].class_id].name
        return f"Is in {name}, which you don't teach. Ask an admin to move them."

    def _left(self, entry: Entry) -> list[CurrentEnrolment]:
        """The form classes that a student leaves by coming into another one."""
        if entry.here is None or entry.target.kind is not ClassKind.FORM or self._enrolment(entry):
            return []
        return self.current.form_enrolments(entry.here.id)

    def _enrolment(self, entry: Entry) -> CurrentEnrolment | None:
        return self.current.enrolment(entry.target.id, entry.here.id) if entry.here else None

    def _without_index_clashes(self, entries: Sequence[Entry]) -> tuple[list[Entry], list[PlannedRow]]:
        """Looks at the class as it would be afterwards; a refused row may free nothing, so until none clashes."""
        kept, out = list(entries), list[PlannedRow]()
        while clashes := self._clashes(kept):
            out += clashes.values()
            kept = [entry for place, entry in enumerate(kept) if place not in clashes]
        return kept, out

    def _clashes(self, entries: Sequence[Entry]) -> dict[int, PlannedRow]:
        holders = self._holders_who_stay(entries)
        clashes: dict[int, PlannedRow] = {}
        for place, entry in enumerate(entries):
            index_no = self._index_no(entry)
            if index_no is None:
                continue
            holder = holders[entry.target.id].setdefault(index_no, f"row {entry.student.source.row}")
            if holder != f"row {entry.student.source.row}" or place in clashes:
                clashes[place] = self._clash(entry, index_no, holder)
        return clashes

    def _holders_who_stay(self, entries: Sequence[Entry]) -> dict[UUID, dict[int, str]]:
        """By class and index number, who keeps it whatever the file says."""
        freed = {enrolled.id for entry in entries if (enrolled := self._enrolment(entry))}
        freed |= {enrolled.id for entry in entries for enrolled in self._left(entry)}
        holders: dict[UUID, dict[int, str]] = defaultdict(dict)
        for enrolled in self.current.enrolments:
            if enrolled.index_no is not None and enrolled.id not in freed:
                student = self.current.student_by_id.get(enrolled.student_id)
                holders[enrolled.class_id][enrolled.index_no] = student.full_name if student else "someone else"
        return holders

    def _index_no(self, entry: Entry) -> int | None:
        enrolled = self._enrolment(entry)
        return entry.student.index_no or (enrolled.index_no if enrolled else None)

    def _clash(self, entry: Entry, index_no: int, holder: str) -> PlannedRow:
        what = f"Index number {index_no} of {entry.target.name} belongs to {holder}. Correct one of the two."
        return refused(entry.student, what, self.roster.headings.get("index_no"))

    def _rows(self, entries: Iterable[Entry]) -> Iterator[PlannedRow]:
        to_make = {target.id for target in self.new_classes.values()}
        for entry in entries:
            row = self._row(entry)
            yield with_class_made(row, entry.target) if entry.target.id in to_make else row
            to_make.discard(entry.target.id)

    def _row(self, entry: Entry) -> PlannedRow:
        return self._new(entry) if entry.here is None else self._known(entry, entry.here)

    def _new(self, entry: Entry) -> PlannedRow:
        student, target = entry.student, entry.target
        row_id = self.new_id()
        values = student_values(student) | {"level": student.level or target.level}
        enrolment = enrolling(self.new_id(), target.id, row_id, self.today, student.index_no)
        what = f"New student in {target.name}{self._namesake(student.full_name)}"
        changes = (Change(Kind.STUDENTS, row_id, values), enrolment)
        return PlannedRow(Outcome.CREATED, Kind.STUDENTS, student.source, student.full_name, what, changes=changes)

    def _namesake(self, name: str) -> str:
        for here in self.current.students_by_name.get(folded(name), []):
            for enrolled in self.current.form_enrolments(here.id):
                return f". {self.current.class_by_id[enrolled.class_id].name} has the same name; is it someone else?"
        return ""

    def _known(self, entry: Entry, here: CurrentStudent) -> PlannedRow:
        enrolled, left = self._enrolment(entry), self._left(entry)
        details = self._detail_changes(entry, here, is_moving=bool(left))
        changes, sentences = list(details[0]), list(details[1])
        if enrolled is None:
            changes += [leaving(old, self.today) for old in left]
            changes.append(enrolling(self.new_id(), entry.target.id, here.id, self.today, entry.student.index_no))
            sentences.insert(0, self._joining(entry, left))
        elif found := differences(enrolled, {"index_no": entry.student.index_no}):
            changes.append(Change(Kind.ENROLMENTS, enrolled.id, after_of(found), before_of(found)))
            sentences.append(sentence_of(found))
        outcome = Outcome.MOVED if left else Outcome.CHANGED if changes else Outcome.UNCHANGED
        what = "; ".join(sentences) or SAME
        name = entry.student.full_name
        return PlannedRow(outcome, Kind.STUDENTS, entry.student.source, name, what, changes=tuple(changes))

    def _detail_changes(self, entry: Entry, here: CurrentStudent, *, is_moving: bool) -> tuple[list[Change], list[str]]:
        wanted: dict[str, Value] = student_values(entry.student) | {"status": "active"}
        if is_moving and entry.student.level is None:
            # The level of the class that is left would stay with the student otherwise.
            wanted["level"] = entry.target.level
        found = differences(here, wanted)
        if not found:
            return [], []
        return [Change(Kind.STUDENTS, here.id, after_of(found), before_of(found))], [sentence_of(found)]

    def _joining(self, entry: Entry, left: Sequence[CurrentEnrolment]) -> str:
        if not left:
            return f"Joins {entry.target.name}"
        return f"Moves from {self.current.class_by_id[left[0].class_id].name} to {entry.target.name}"
