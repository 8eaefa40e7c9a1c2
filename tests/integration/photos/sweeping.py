"""Ways to look at a studio as the sweep does, and to put into it what should never be there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from core.errors import StorageAway
from core.jobs.locks import JobLocks
from core.photos.storage import LocalPhotoStorage
from core.photos.sweep.findings import Report
from core.photos.sweep.sources import Sources
from core.photos.sweep.sweeping import sweep
from tests.integration.photos.studio import Studio

AT_ONCE = timedelta(0)


def sources(studio: Studio) -> Sources:
    """All of the studio, where nothing is taken for being under way only because it is new."""
    return Sources(database=studio.database, storage=studio.storage, spool=studio.spool, at_rest=AT_ONCE)


def look(studio: Studio, *, repair: bool = False, at_rest: timedelta = AT_ONCE) -> Report:
    return sweep(replace(sources(studio), at_rest=at_rest), repair=repair)


def found(studio: Studio) -> list[tuple[str, str]]:
    """The check and the id of each finding."""
    return [(finding.check, finding.id) for finding in look(studio).findings]


def repaired(studio: Studio) -> list[tuple[str, str, bool]]:
    return [(finding.check, finding.id, finding.repaired) for finding in look(studio, repair=True).findings]


def portrait(studio: Studio, student: UUID | None = None) -> UUID:
    """A made one whose turn in the queue is over, too."""
    job_id = studio.make(student)
    forget_turns(studio)
    return job_id


def orphan(studio: Studio, job_id: UUID) -> None:
    """A done job without its photo and files."""
    photo = studio.photo(job_id)
    studio.run("update students set profile_photo = null where id = :id", id=photo.student_id)
    studio.run("delete from photos where id = :id", id=job_id)
    studio.storage.delete([photo.storage_key, photo.thumb_key])


def forget_turns(studio: Studio) -> None:
    studio.run("truncate procrastinate.procrastinate_jobs cascade")


@contextmanager
def worked_on(studio: Studio, job_id: UUID) -> Iterator[None]:
    """As while a worker holds the job."""
    locks = JobLocks(studio.addresses.worker)
    with locks.hold(job_id):
        yield
    locks.close()


@contextmanager
def unguarded(studio: Studio, table: str) -> Iterator[None]:
    """Within it the table's triggers refuse nothing, as for an owner who writes by hand."""
    studio.run(f"alter table {table} disable trigger user")
    yield
    studio.run(f"alter table {table} enable trigger user")


def received(studio: Studio) -> UUID:
    """A job whose reply is kept, and whose picture the store did not take."""
    finisher = replace(studio.maker.finisher, storage=ClosedStore(studio.storage))
    job_id = studio.ask()
    replace(studio.maker, finisher=finisher).make(job_id)
    forget_turns(studio)
    assert studio.state(job_id) == "received"
    return job_id


class ClosedStore(LocalPhotoStorage):
    """One that takes no file and tells of none."""

    def __init__(self, store: LocalPhotoStorage) -> None:
        super().__init__(store._root)

    def put(self, key: str, data: bytes, content_type: str) -> None:  # noqa: ARG002 - as the real one
        raise StorageAway

    def keys(self) -> Iterator[str]:
        raise StorageAway
