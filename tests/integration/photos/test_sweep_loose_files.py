"""What the sweep does about files that no photo names: a picture that was paid for is never deleted."""

from uuid import UUID, uuid4

import pytest

from core.demo.faults import Fault
from core.photos.storage import photo_key
from tests.integration.photos.studio import Studio
from tests.integration.photos.sweeping import found, look, portrait, received, repaired, unguarded, worked_on


def loose(studio: Studio) -> list[tuple[str, bool]]:
    """The file and whether it was deleted, of each finding about files without a photo."""
    findings = look(studio, repair=True).findings
    return [(finding.id, finding.repaired) for finding in findings if finding.check == "file_without_photo"]


@pytest.fixture
def gallery(studio: Studio) -> list[str]:
    """Pictures of so many students that one more file is no sign of another database."""
    studio.limit_images(at_most=100)
    jobs = [portrait(studio, student) for student in studio.enrol(5)]
    return [studio.photo(job_id).storage_key for job_id in jobs]


def lose(studio: Studio, job_id: UUID) -> str:
    """As in a database put back to before the photo was stored; its picture is in the store, alone."""
    photo = studio.photo(job_id)
    studio.run("update students set profile_photo = null where id = :id", id=photo.student_id)
    studio.run("delete from photos where id = :id", id=job_id)
    studio.storage.delete([photo.thumb_key])
    return str(photo.storage_key)


@pytest.mark.usefixtures("gallery")
def test_the_picture_of_a_job_that_is_at_an_earlier_state_again_is_left(studio: Studio) -> None:
    job_id = portrait(studio)
    key = lose(studio, job_id)

    for state in ("queued", "reserved", "calling", "unconfirmed", "cancelled", "done"):
        with unguarded(studio, "photo_jobs"):
            studio.run("update photo_jobs set state = :state where id = :id", state=state, id=job_id)
        assert loose(studio) == [(key, False)], state

    assert key in set(studio.storage.keys())


@pytest.mark.usefixtures("gallery")
@pytest.mark.parametrize("error", ["reply_lost", "moderation_blocked", None])
def test_the_picture_of_a_job_that_failed_for_another_reason_is_left(studio: Studio, error: str | None) -> None:
    job_id = portrait(studio)
    key = lose(studio, job_id)
    with unguarded(studio, "photo_jobs"):
        studio.run("update photo_jobs set state = 'failed', error_code = :error where id = :id", error=error, id=job_id)

    assert loose(studio) == [(key, False)]

    assert key in set(studio.storage.keys())


@pytest.mark.usefixtures("gallery")
def test_the_picture_of_a_job_that_is_gone_is_left(studio: Studio) -> None:
    job_id = portrait(studio)
    key = lose(studio, job_id)
    studio.run("delete from photo_jobs where id = :id", id=job_id)

    assert loose(studio) == [(key, False)]

    assert key in set(studio.storage.keys())


def test_the_picture_of_a_student_whom_the_database_never_knew_is_left(studio: Studio, gallery: list[str]) -> None:
    key = photo_key(studio.cast.mei.school_id, uuid4(), uuid4())
    studio.storage.put(key, studio.storage.get(gallery[0]), "image/webp")

    assert loose(studio) == [(key, False)]

    assert key in set(studio.storage.keys())


@pytest.mark.usefixtures("gallery")
def test_the_pictures_of_a_student_who_was_erased_are_deleted(studio: Studio) -> None:
    photo = studio.photo(portrait(studio))
    studio.run("delete from students where id = :id", id=studio.cast.ana)

    assert loose(studio) == [(photo.storage_key, True), (photo.thumb_key, True)]

    assert not {photo.storage_key, photo.thumb_key} & set(studio.storage.keys())
    assert loose(studio) == []


def test_a_whole_class_may_be_erased(studio: Studio, gallery: list[str]) -> None:
    studio.run("delete from students where full_name like 'Student %'")

    assert sum(is_deleted for _, is_deleted in loose(studio)) == 2 * len(gallery)

    assert set(studio.storage.keys()) == set()


def test_where_a_tenth_of_the_files_is_unknown_none_is_deleted(studio: Studio, gallery: list[str]) -> None:
    erased = studio.photo(portrait(studio))
    studio.run("delete from students where id = :id", id=studio.cast.ana)
    strange = [photo_key(studio.cast.mei.school_id, uuid4(), uuid4()) for _ in range(2)]
    for key in strange:
        studio.storage.put(key, studio.storage.get(gallery[0]), "image/webp")

    first, *files = loose(studio)

    assert first == ("store", False)
    assert sorted(files) == sorted((key, False) for key in (erased.storage_key, erased.thumb_key, *strange))
    assert erased.storage_key in set(studio.storage.keys())


def test_files_of_a_portrait_on_its_way_are_no_findings(studio: Studio) -> None:
    job_id = received(studio)
    studio.storage.put(photo_key(studio.cast.mei.school_id, studio.cast.ana, job_id), b"whatever", "image/webp")

    assert [check for check, _ in found(studio)] == ["stray"]


def test_a_file_of_a_job_whose_reply_held_no_picture_is_deleted_when_nobody_works_on_it(studio: Studio) -> None:
    studio.stand_in.faults.upcoming(Fault.NOT_AN_IMAGE)
    failed = portrait(studio)
    key = photo_key(studio.cast.mei.school_id, studio.cast.ana, failed)
    studio.storage.put(key, b"whatever", "image/webp")

    with worked_on(studio, failed):
        assert found(studio) == []

    assert repaired(studio) == [("file_without_photo", key, True)]
    assert key not in set(studio.storage.keys())
    assert repaired(studio) == []


def test_with_another_database_no_file_is_deleted(studio: Studio, gallery: list[str]) -> None:
    files = set(studio.storage.keys())
    with unguarded(studio, "photo_jobs"), unguarded(studio, "openai_usage"):
        studio.run("delete from students where full_name like 'Student %'")
        studio.run("delete from openai_usage")

    assert loose(studio) == [("store", False)]

    assert set(studio.storage.keys()) == files
    assert len(files) == 2 * len(gallery)


def test_a_file_of_another_shape_is_told_and_left(studio: Studio) -> None:
    studio.storage.put("notes/from_the_office.webp", b"whatever", "image/webp")

    assert repaired(studio) == [("strange_file", "notes/from_the_office.webp", False)]

    assert set(studio.storage.keys()) == {"notes/from_the_office.webp"}
