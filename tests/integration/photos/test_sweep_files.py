"""What the sweep finds in the store and in the spool, and what it does about it."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from core.demo.faults import Fault
from core.photos.job import JobState
from core.photos.sweep.sweeping import sweep
from tests.integration.photos.studio import Studio
from tests.integration.photos.sweeping import (
    ClosedStore,
    found,
    look,
    portrait,
    received,
    repaired,
    sources,
    worked_on,
)


@pytest.fixture
def two(studio: Studio) -> tuple[UUID, UUID]:
    """Two photos of Ana, of which the second is shown."""
    return portrait(studio), portrait(studio)


def test_a_photo_whose_picture_is_missing_is_hidden(studio: Studio, two: tuple[UUID, UUID]) -> None:
    current = two[1]
    studio.storage.delete([studio.photo(current).storage_key])

    assert found(studio) == [("picture_missing", str(current))]
    assert repaired(studio) == [("picture_missing", str(current), True)]

    photo = studio.photo(current)
    assert (photo.is_current, photo.removed_at is None) == (False, False)
    assert studio.one("select profile_photo from students where id = :id", id=studio.cast.ana).profile_photo is None
    assert repaired(studio) == []


def test_an_earlier_photo_whose_picture_is_missing_leaves_the_shown_one(studio: Studio, two: tuple[UUID, UUID]) -> None:
    earlier, current = two
    studio.storage.delete([studio.photo(earlier).storage_key])

    assert repaired(studio) == [("picture_missing", str(earlier), True)]

    assert studio.photo(current).is_current
    assert repaired(studio) == []


def test_a_missing_thumbnail_is_made_again(studio: Studio, two: tuple[UUID, UUID]) -> None:
    key = studio.photo(two[0]).thumb_key
    before = studio.storage.get(key)
    studio.storage.delete([key])

    assert found(studio) == [("thumbnail_missing", str(two[0]))]
    assert repaired(studio) == [("thumbnail_missing", str(two[0]), True)]

    again = studio.storage.get(key)
    assert again[:4] == before[:4] == b"RIFF"
    assert b"trainedAlgorithmicMedia" in again
    assert repaired(studio) == []


def test_a_thumbnail_can_not_be_made_of_a_broken_picture(studio: Studio, two: tuple[UUID, UUID]) -> None:
    photo = studio.photo(two[0])
    studio.storage.put(photo.storage_key, b"no picture", "image/webp")
    studio.storage.delete([photo.thumb_key])

    assert repaired(studio) == [("thumbnail_missing", str(two[0]), False)]


def test_with_another_store_no_photo_is_hidden(studio: Studio, two: tuple[UUID, UUID]) -> None:
    studio.storage.delete(list(studio.storage.keys()))

    report = look(studio, repair=True)

    (finding,) = report.findings
    assert (finding.check, finding.id, finding.repaired) == ("picture_missing", "store", False)
    assert "2 of 2 pictures are missing" in finding.detail
    assert studio.photo(two[1]).is_current


@pytest.fixture
def class_of_twelve(studio: Studio) -> list[UUID]:
    studio.limit_images(at_most=100)
    return [portrait(studio, student) for student in studio.enrol(12)]


def take_away(studio: Studio, photos: list[UUID]) -> dict[str, bytes]:
    """Their pictures, no longer in the store."""
    keys = [studio.photo(photo_id).storage_key for photo_id in photos]
    files = {key: studio.storage.get(key) for key in keys}
    studio.storage.delete(keys)
    return files


def put_back(studio: Studio, files: dict[str, bytes]) -> None:
    for key, file in files.items():
        studio.storage.put(key, file, "image/webp")


def test_three_missing_pictures_are_few(studio: Studio, class_of_twelve: list[UUID]) -> None:
    missing = class_of_twelve[:3]
    take_away(studio, missing)

    assert sorted(repaired(studio)) == sorted(("picture_missing", str(one), True) for one in missing)


def test_where_many_pictures_are_missing_no_photo_is_hidden(studio: Studio, class_of_twelve: list[UUID]) -> None:
    missing = class_of_twelve[:4]
    take_away(studio, missing)

    findings = look(studio, repair=True).findings

    assert {finding.id for finding in findings} == {"store", *map(str, missing)}
    assert not any(finding.repaired for finding in findings)
    assert "4 of 12 pictures are missing" in findings[0].detail
    assert all(studio.photo(one).is_current for one in missing)


def test_many_photos_are_hidden_where_that_is_asked_for(studio: Studio, class_of_twelve: list[UUID]) -> None:
    take_away(studio, class_of_twelve)

    report = sweep(replace(sources(studio), hide_missing=True), repair=True)

    assert report.counts == {"picture_missing": 12}
    assert report.left == ()
    assert found(studio) == []


def test_a_hidden_photo_whose_picture_is_there_again_is_shown_again(studio: Studio, two: tuple[UUID, UUID]) -> None:
    files = take_away(studio, [two[1]])
    before = studio.photo(two[1])
    repaired(studio)
    put_back(studio, files)

    assert found(studio) == [("picture_back", str(two[1]))]
    assert repaired(studio) == [("picture_back", str(two[1]), True)]

    after = studio.photo(two[1])
    assert (after.is_current, after.removed_at, after.options) == (True, None, before.options)
    assert shown(studio) == after.address
    assert repaired(studio) == []


def test_a_hidden_photo_is_an_earlier_one_when_another_is_shown(studio: Studio, two: tuple[UUID, UUID]) -> None:
    files = take_away(studio, [two[1]])
    repaired(studio)
    studio.photos.use(studio.cast.mei, two[0])
    put_back(studio, files)

    assert repaired(studio) == [("picture_back", str(two[1]), True)]

    assert studio.photo(two[0]).is_current
    assert (studio.photo(two[1]).is_current, studio.photo(two[1]).removed_at) == (False, None)


def test_a_hidden_photo_that_was_an_earlier_one_is_not_shown(studio: Studio, two: tuple[UUID, UUID]) -> None:
    studio.photos.remove(studio.cast.mei, studio.cast.ana)
    files = take_away(studio, [two[0]])
    repaired(studio)
    put_back(studio, files)

    assert repaired(studio) == [("picture_back", str(two[0]), True)]

    assert studio.photo(two[0]).removed_at is None
    assert shown(studio) is None


def test_a_hidden_photo_stays_off_when_somebody_wanted_none_shown(studio: Studio, two: tuple[UUID, UUID]) -> None:
    files = take_away(studio, [two[1]])
    repaired(studio)
    studio.photos.use(studio.cast.mei, two[0])
    studio.photos.remove(studio.cast.mei, studio.cast.ana)
    put_back(studio, files)

    assert repaired(studio) == [("picture_back", str(two[1]), True)]

    assert studio.photo(two[1]).removed_at is None
    assert shown(studio) is None


def test_no_photo_of_a_student_who_shall_have_none_is_shown_again(studio: Studio, two: tuple[UUID, UUID]) -> None:
    files = take_away(studio, [two[1]])
    repaired(studio)
    studio.run("update students set portraits_allowed = false where id = :id", id=studio.cast.ana)
    put_back(studio, files)

    assert repaired(studio) == [("picture_back", str(two[1]), True)]

    assert shown(studio) is None


def test_another_picture_in_its_place_brings_no_photo_back(studio: Studio, two: tuple[UUID, UUID]) -> None:
    (key,) = take_away(studio, [two[1]])
    repaired(studio)
    studio.storage.put(key, studio.storage.get(studio.photo(two[0]).storage_key) + b"\0", "image/webp")

    assert repaired(studio) == [("picture_back", str(two[1]), False)]

    assert studio.photo(two[1]).removed_at is not None


def test_a_photo_that_somebody_else_removed_stays_removed(studio: Studio, two: tuple[UUID, UUID]) -> None:
    studio.run("update photos set removed_at = now() where id = :id", id=two[0])

    assert repaired(studio) == []


def shown(studio: Studio) -> object:
    return studio.one("select profile_photo from students where id = :id", id=studio.cast.ana).profile_photo


def test_a_store_that_does_not_answer_is_told(studio: Studio, two: tuple[UUID, UUID]) -> None:
    report = sweep(replace(sources(studio), storage=ClosedStore(studio.storage)), repair=True)

    assert {finding.id for finding in report.findings} == {"store"}
    assert {finding.check for finding in report.findings} == {
        "picture_missing",
        "picture_back",
        "thumbnail_missing",
        "file_without_photo",
        "strange_file",
    }
    assert studio.photo(two[1]).is_current


def reply(studio: Studio) -> bytes:
    """What the provider would have answered."""
    job_id = received(studio)
    body = bytes(studio.one("select bytes from photo_replies where job_id = :id", id=job_id).bytes)
    studio.maker.make(job_id)
    studio.run("truncate procrastinate.procrastinate_jobs cascade")
    assert studio.state(job_id) == "done"
    return body


@pytest.fixture
def late(studio: Studio) -> UUID:
    """A job that may have been charged, whose reply turned up in the spool, and no worker that takes it."""
    body = reply(studio)
    studio.stand_in.faults.upcoming(Fault.SERVER_ERROR)
    job_id = portrait(studio)
    studio.spool.write(job_id, 1, body)
    assert studio.state(job_id) == "unconfirmed"
    return job_id


def test_a_late_reply_that_nobody_took_is_kept_and_becomes_the_picture(studio: Studio, late: UUID) -> None:
    assert found(studio) == [("untaken_in_spool", f"{late}.1")]
    assert repaired(studio) == [("untaken_in_spool", f"{late}.1", True)]

    assert (studio.state(late), studio.count("photo_replies"), studio.spool.waiting()) == ("received", 1, [])
    assert repaired(studio) == []
    studio.maker.make(late)
    assert studio.state(late) == "done"


def test_a_late_reply_waits_while_another_portrait_is_made(studio: Studio, late: UUID) -> None:
    studio.ask()

    assert repaired(studio) == []

    assert studio.spool.waiting() == [(late, 1)]


def test_a_late_reply_that_is_being_taken_is_no_finding(studio: Studio, late: UUID) -> None:
    with worked_on(studio, late):
        assert (found(studio), repaired(studio)) == ([], [])


@pytest.mark.parametrize("state", [JobState.DONE, JobState.FAILED, JobState.RECEIVED])
def test_a_reply_that_is_stored_leaves_the_spool(studio: Studio, state: JobState) -> None:
    studio.stand_in.faults.upcoming(Fault.NOT_AN_IMAGE if state is JobState.FAILED else Fault.NONE)
    job_id = received(studio) if state is JobState.RECEIVED else portrait(studio)
    studio.spool.write(job_id, 1, b"{}")

    assert studio.state(job_id) == state
    assert ("stored_in_spool", f"{job_id}.1", True) in repaired(studio)

    assert studio.spool.waiting() == []
    assert repaired(studio) == []


def test_a_reply_that_is_kept_nowhere_else_stays(studio: Studio) -> None:
    studio.stand_in.faults.upcoming(Fault.MODERATION_BLOCKED)
    refused, unknown, done = portrait(studio), uuid4(), portrait(studio)
    kept = [(refused, 1), (unknown, 1), (done, 2)]
    for job_id, attempt in kept:
        studio.spool.write(job_id, attempt, b"{}")

    assert sorted(repaired(studio)) == sorted(
        ("unclaimed_in_spool", f"{job_id}.{attempt}", False) for job_id, attempt in kept
    )
    assert studio.spool.waiting() == sorted(kept)
