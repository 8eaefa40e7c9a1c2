"""A school in memory, for pages that only ask and show."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from core.accounts.person import Person, Role
from core.errors import TooManyWaiting, UnknownStudent
from core.meetings.planning import StudentMeetings
from core.photos.allowance import Allowance
from core.photos.batches.batch import BatchLine
from core.photos.board import Card, LatestJob, PhotoVersion, Standing
from core.photos.service import Offer, StudentPhotos
from core.roster.views import AttendanceCount, ClassSummary, StudentDetails, StudentRecords
from core.usage.model_choice import ImageChoice

MEI = Person(UUID(int=1), UUID(int=2), "Mei Tan", Role.TEACHER, "North Primary", "Asia/Singapore", is_demo=True)
CHOICE = ImageChoice("gpt-image-2.5-flare", "1024x1024", "medium")
STARTS_AT = datetime(2026, 11, 12, 2, 42, 10, tzinfo=UTC)


def a_class(name: str = "P5 Integrity", number: int = 5) -> ClassSummary:
    return ClassSummary(UUID(int=number), name, "P5", "form", None, "form", 3, 1, ())


def a_card(name: str, standing: Standing = Standing.NONE, **more: Any) -> Card:
    facts: dict[str, Any] = {
        "student_id": uuid4(),
        "full_name": name,
        "index_no": None,
        "level": "P5",
        "name_to_check": False,
        "portraits_allowed": True,
        "standing": standing,
        "photo_id": uuid4() if standing is Standing.PHOTO else None,
        "job_id": None if standing in {Standing.NONE, Standing.PHOTO} else uuid4(),
        "starts_at": None,
        "message": None,
    }
    return Card(**(facts | more))


def a_job(standing: Standing) -> LatestJob:
    return LatestJob(uuid4(), standing, None, STARTS_AT, None, None, None)


def a_version(*, is_current: bool, by_stand_in: bool = True) -> PhotoVersion:
    return PhotoVersion(uuid4(), is_current, STARTS_AT, "photo", "any", None, "unpriced", by_stand_in)


@dataclass
class FakePhotos:
    on_board: list[Card]
    price: Decimal | None = Decimal("0.0132")
    is_full: bool = False
    asked: list[UUID] = field(default_factory=list)
    cancelled: list[UUID] = field(default_factory=list)
    choice: ImageChoice = CHOICE
    versions: tuple[PhotoVersion, ...] = ()
    job: LatestJob | None = None

    def cards(self, _person: Person, _class_id: UUID) -> list[Card]:
        return self.on_board

    def allowance(self, _person: Person) -> Allowance:
        return Allowance(5, Decimal(60), 3)

    def offer(self, _person: Person) -> Offer:
        return Offer(self.choice, self.price)

    def request(self, _person: Person, student_id: UUID, **_options: object) -> UUID:
        if self.is_full:
            raise TooManyWaiting(5, STARTS_AT)
        self.asked.append(student_id)
        self._put(student_id, Standing.WAITING)
        return uuid4()

    def cancel(self, _person: Person, job_id: UUID) -> bool:
        self.cancelled.append(job_id)
        return True

    def of_student(self, _person: Person, _student_id: UUID) -> StudentPhotos:
        return StudentPhotos(self.versions, self.job, 3)

    def picture(self, _photo_id: UUID, _thumbnail: bool) -> bytes:
        raise AssertionError("the pages give addresses where they are served")

    def _put(self, student_id: UUID, standing: Standing) -> None:
        self.on_board = [
            replace(card, standing=standing, job_id=uuid4()) if card.student_id == student_id else card
            for card in self.on_board
        ]


@dataclass
class FakeClassPhotos:
    """Nothing is under way."""

    left: list[UUID] = field(default_factory=list)

    def active(self, _person: Person) -> list[BatchLine]:
        return []

    def leave(self, _person: Person, job_id: UUID) -> bool:
        self.left.append(job_id)
        return True


@dataclass
class FakeRoster:
    all_classes: list[ClassSummary]
    on_board: list[Card]

    def classes(self, _person: Person) -> list[ClassSummary]:
        return self.all_classes

    def student(self, _person: Person, student_id: UUID) -> StudentDetails:
        found = next((card for card in self.on_board if card.student_id == student_id), None)
        if found is None:
            raise UnknownStudent
        return StudentDetails(
            id=student_id,
            full_name=found.full_name,
            name_to_check=found.name_to_check,
            preferred_name=None,
            sourced_id=None,
            gender=None,
            birth_year=None,
            level=found.level,
            portraits_allowed=found.portraits_allowed,
            classes=(("P5 Integrity", found.index_no),),
            guardians=(),
        )

    def records(self, _person: Person, _student_id: UUID, _days_besides: Sequence[UUID] = ()) -> StudentRecords:
        return StudentRecords(AttendanceCount(0, 0, 0, 0, None))


class FakeMeetings:
    def planned(self, _person: Person, _student_id: UUID) -> StudentMeetings:
        return StudentMeetings((), ())


class FakePeople:
    def demo_person(self, _key: str | None) -> Person:
        return MEI
