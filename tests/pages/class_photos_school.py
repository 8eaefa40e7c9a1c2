"""A class whose portraits stand wherever a test wants them, in a real database and without a worker."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, text
from streamlit.testing.v1 import AppTest

from core.bootstrap import App
from core.photos.batches.batch import Batch
from core.photos.prompt import Style
from tests.cast import enrol
from tests.pages.conftest import Demo

PAGE = "pages/2_Class_photos.py"
WAYS = {
    "waiting": (),
    "making": ("reserved", "calling"),
    "done": ("reserved", "calling", "received", "done"),
    "failed": ("reserved", "calling", "failed"),
    "unconfirmed": ("reserved", "calling", "unconfirmed"),
}
"""The states that a job goes through on its way."""
ENDS = {"done", "failed", "unconfirmed"}

_STEP = text(
    """
    update photo_jobs set state = :state,
        called_at = case when :state = 'calling' then timestamptz '2026-11-12 02:25:41Z' else called_at end,
        received_at = case when :state = 'received' then timestamptz '2026-11-12 02:25:48Z' else received_at end,
        finished_at = case when :is_end then timestamptz '2026-11-12 02:25:50Z' end,
        held_usd = 0.0137, not_before = null,
        cost_usd = case when :is_end then cast(:cost as numeric) end,
        cost_source = case when :is_end then :source end,
        message = case when :is_end then :message end
    where id = :job
    """
)
_PHOTO = text(
    """
    insert into photos (
        id, school_id, student_id, storage_key, thumb_key, address, width, height, sha256, model, style, prompt,
        cost_source, is_current
    )
    select j.id, j.school_id, j.student_id, 'k', 't', 'a', 1, 1, repeat('0', 64), 'm', 'photo', 'p',
        'reported', not exists (select from photos as p where p.student_id = j.student_id and p.is_current)
    from photo_jobs as j
    where j.id = :job
    """
)
_NEWEST = text("select id from photo_jobs where student_id = :student order by created_at desc limit 1")


@dataclass(frozen=True)
class Integrity:
    """Mei's class."""

    app: App
    owner: Connection
    demo: Demo

    def enrol(self, *names: str) -> list[UUID]:
        return [enrol(self.owner, self.demo.integrity, name) for name in names]

    def start(self, students: Sequence[UUID]) -> UUID:
        return self.app.class_photos.start(self.demo.mei, self.demo.integrity, students, style=Style.PHOTO)

    def bring(
        self,
        student: UUID,
        to: str,
        *,
        cost: str | None = "0.0132",
        source: str | None = "reported",
        message: str | None = None,
    ) -> UUID:
        """The student's newest job to where it is waiting, being made, done, failed or unconfirmed."""
        job = self.newest_job(student)
        for state in WAYS[to]:
            facts = {"state": state, "is_end": state in ENDS, "cost": cost, "source": source, "message": message}
            if state == "done":
                self.owner.execute(_PHOTO, {"job": job})
            self.owner.execute(_STEP, {"job": job, **facts})
        return job

    def newest_job(self, student: UUID) -> UUID:
        return UUID(str(self.owner.scalar(_NEWEST, {"student": student})))

    def batch(self, batch_id: UUID) -> Batch:
        return self.app.class_photos.batch(self.demo.mei, batch_id)

    def give_a_photo(self, student: UUID) -> None:
        """Of a single portrait that was made some time ago."""
        self.run(
            "insert into photo_jobs (school_id, student_id, class_id, requested_by, created_at)"
            " select school_id, :student, id, :mei, now() - interval '1 day' from classes where id = :class",
            student=student,
            mei=self.demo.mei.staff_id,
            **{"class": self.demo.integrity},
        )
        self.bring(student, "done")

    def run(self, statement: str, **values: object) -> None:
        self.owner.execute(text(statement), values)


def words(page: AppTest) -> list[str]:
    """Every text and caption of the page's own."""
    return [element.value for element in (*page.main.markdown, *page.main.caption, *page.main.subheader)]


def metrics(page: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.main.metric}


def labels(page: AppTest) -> list[str]:
    return [button.label for button in page.main.button]


def press(page: AppTest, label: str) -> AppTest:
    return next(button for button in page.main.button if button.label == label).click().run()
