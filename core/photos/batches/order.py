"""Asks for a class's portraits from the command line: as the operator, or in a member's name."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, text

from core.accounts.person import Person
from core.db.engine import Database
from core.db.tables.people import SchoolClass
from core.errors import NobodyLeft, NotAllowed
from core.photos import board
from core.photos.batches import reads
from core.photos.batches.batch import BatchState
from core.photos.batches.errands import NamedClass, Report, report
from core.photos.batches.plan import LeftOut, Plan, Who, plan
from core.photos.batches.service import ClassPhotos
from core.photos.board import Card
from core.photos.prompt import Style

_MAY_SEE = text("select private.may_see_class(:class_id)")
_REQUEST = text("select private.request_batch_for(null, :class_id, :students, :only_without, cast(:options as jsonb))")

ALREADY = "This class's photos are being made already."
_WHY = {
    LeftOut.NOT_ALLOWED: "{} for whom no portrait is allowed",
    LeftOut.UNDER_WAY: "{} with one under way already",
    LeftOut.UNCONFIRMED: "{} with one that may have been charged and waits for a decision",
}


@dataclass(frozen=True, kw_only=True)
class Order:
    """A class's portraits to be asked for, by `person` or, where that is None, by the operator."""

    database: Database
    class_photos: ClassPhotos
    in_class: NamedClass
    who: Who
    style: Style | None = None
    person: Person | None = None

    def place(self) -> Report:
        """Finds the class's running batch or starts one, unless nobody is left. Raises NotAllowed."""
        running = self._running()
        cards = self._cards()
        planned = plan(cards, self.who)
        if running is not None:
            return report(self.database, running, also=ALREADY)
        if not planned.students:
            return self._nobody(cards, planned)
        try:
            batch_id = self._request([card.student_id for card in planned.students])
        except NobodyLeft:
            cards = self._cards()
            return self._nobody(cards, plan(cards, self.who))
        return report(self.database, batch_id, also=_left_out(planned))

    def _cards(self) -> list[Card]:
        if self.person is not None:
            with self.database.as_person(self.person) as session:
                if not session.scalar(_MAY_SEE, {"class_id": self.in_class.id}):
                    raise NotAllowed
                return board.cards(session, self.in_class.id)
        with self.database.as_worker() as session:
            return board.cards(session, self.in_class.id)

    def _running(self) -> UUID | None:
        with self.database.as_worker() as session:
            return reads.active_batch_of(session, self.in_class.id)

    def _request(self, students: Sequence[UUID]) -> UUID:
        only_without = self.who is Who.WITHOUT
        if self.person is not None:
            return self.class_photos.start(
                self.person, self.in_class.id, students, style=self.style, only_without=only_without
            )
        with self.database.as_worker() as session:
            school_id = session.scalars(select(SchoolClass.school_id).where(SchoolClass.id == self.in_class.id)).one()
            values = {
                "class_id": self.in_class.id,
                "students": list(students),
                "only_without": only_without,
                "options": self.class_photos.options(session, school_id, self.style),
            }
            return UUID(str(session.scalar(_REQUEST, values)))

    def _nobody(self, cards: Sequence[Card], planned: Plan) -> Report:
        return Report(None, BatchState.FINISHED, {}, "0", at_least=False, message=self._why_nobody(cards, planned))

    def _why_nobody(self, cards: Sequence[Card], planned: Plan) -> str:
        name = self.in_class.name
        if not cards:
            return f"There is nobody in {name}."
        if not planned.left_out:
            return f"Everyone in {name} has a photo."
        everyone_else = f"Everyone else in {name} has a photo. " if len(planned.left_out) < len(cards) else ""
        return f"{everyone_else}{_left_out(planned)}"


def _left_out(planned: Plan) -> str | None:
    many = Counter(reason for _, reason in planned.left_out)
    if not many:
        return None
    return f"Left out: {', '.join(_WHY[reason].format(many[reason]) for reason in LeftOut if many[reason])}."
