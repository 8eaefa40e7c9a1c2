"""`staffroom photos migrate`: what lies in the data folder goes up into the bucket, whatever happens on the way."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest

from core.cli import main
from core.clients.supabase_storage import Bucket, build_bucket
from core.photos.moving_up import MovingUp, Report
from core.photos.supabase_storage import SupabasePhotoStorage
from core.settings import BucketAccess
from tests.integration.photos.studio import Studio
from tests.storage_answers import Answer, Request
from tests.storage_stand_in import SECRET, Fault, StorageStandIn

STUDENTS = 4


@dataclass
class Watched(StorageStandIn):
    """Calls `before_upload` with the number of each one."""

    before_upload: Callable[[int], None] = lambda _number: None
    uploads: list[str] = field(default_factory=list)

    def answer(self, request: Request) -> tuple[Answer, Fault | None]:
        if request.method == "POST" and request.path.endswith(".webp"):
            self.uploads.append(request.path)
            self.before_upload(len(self.uploads))
        return super().answer(request)


@pytest.fixture
def project() -> Iterator[Watched]:
    with Watched().served() as project:
        assert isinstance(project, Watched)
        yield project


@pytest.fixture
def bucket(project: Watched) -> Iterator[Bucket]:
    with build_bucket(url=project.address, secret_key=SECRET, name="student-photos", sleep=lambda _s: None) as bucket:
        yield bucket


@pytest.fixture
def photos(studio: Studio) -> list[UUID]:
    studio.limit_images(at_most=100)
    return [studio.make(student) for student in studio.enrol(STUDENTS)]


def moving(
    studio: Studio, bucket: Bucket, access: BucketAccess = BucketAccess.PUBLIC, *, is_dry: bool = False
) -> Report:
    to = SupabasePhotoStorage(bucket=bucket, access=access)
    return MovingUp(database=studio.database, folder=studio.storage, bucket=to, is_dry=is_dry).run()


def local_files(studio: Studio) -> dict[str, bytes]:
    return {key: studio.storage.get(key) for key in studio.storage.keys()}  # noqa: SIM118 - a store is no dict


def addresses(studio: Studio) -> list[tuple[str, str]]:
    """Of each photo, and what its student shows."""
    query = "select p.address, s.profile_photo from photos p join students s on s.id = p.student_id order by p.id"
    return [(row.address, row.profile_photo) for row in studio.rows(query)]


def test_every_file_is_copied_and_a_public_bucket_s_address_is_shown(
    studio: Studio, bucket: Bucket, project: Watched, photos: list[UUID]
) -> None:
    report = moving(studio, bucket)

    assert report == Report(photos=STUDENTS, copied=2 * STUDENTS, there=0, missing=0, addresses=STUDENTS)
    assert {key: file.data for key, file in project.files.items()} == local_files(studio)
    assert {file.content_type for file in project.files.values()} == {"image/webp"}
    for address, shown in addresses(studio):
        assert address == shown
        assert address.startswith(f"{project.address}/storage/v1/object/public/student-photos/")
    assert {studio.photo(photo).storage_key for photo in photos} < set(project.files)


@pytest.mark.usefixtures("photos")
def test_a_second_run_sends_nothing(studio: Studio, bucket: Bucket, project: Watched) -> None:
    moving(studio, bucket)
    before = len(project.uploads)

    again = moving(studio, bucket)

    assert again == Report(photos=STUDENTS, copied=0, there=2 * STUDENTS, missing=0, addresses=0)
    assert len(project.uploads) == before


@pytest.mark.usefixtures("photos")
def test_in_a_private_bucket_the_app_s_own_addresses_are_shown_again(
    studio: Studio, bucket: Bucket, project: Watched
) -> None:
    own = addresses(studio)
    moving(studio, bucket)
    assert addresses(studio) != own
    project.buckets["student-photos"].public = False

    report = moving(studio, bucket, BucketAccess.PRIVATE)

    assert report.addresses == STUDENTS
    assert addresses(studio) == own


@pytest.mark.usefixtures("photos")
def test_an_earlier_photo_gets_its_address_and_is_not_shown_by_that(studio: Studio, bucket: Bucket) -> None:
    student = studio.one("select id from students where profile_photo is not null limit 1").id
    newest = studio.make(student)

    moving(studio, bucket)

    shown = studio.one("select profile_photo from students where id = :id", id=student).profile_photo
    assert str(newest) in shown
    assert studio.one("select count(*) as n from photos where address like 'http%'").n == STUDENTS + 1


@pytest.mark.usefixtures("photos")
def test_a_dry_run_says_what_would_be_done_and_does_nothing(studio: Studio, bucket: Bucket, project: Watched) -> None:
    before = addresses(studio)

    report = moving(studio, bucket, is_dry=True)

    assert report == Report(photos=STUDENTS, copied=2 * STUDENTS, there=0, missing=0, addresses=STUDENTS)
    assert (project.files, project.uploads, addresses(studio)) == ({}, [], before)


def test_a_picture_that_is_not_the_one_that_was_made_is_neither_sent_nor_shown(
    studio: Studio, bucket: Bucket, project: Watched, photos: list[UUID]
) -> None:
    damaged, lost = studio.photo(photos[0]), studio.photo(photos[1])
    studio.storage.put(damaged.storage_key, b"half a pic", "image/webp")
    studio.storage.delete([lost.storage_key])

    report = moving(studio, bucket)

    assert (report.copied, report.missing, report.is_whole) == (2 * STUDENTS - 2, 2, False)
    assert not {damaged.storage_key, lost.storage_key} & set(project.files)
    assert [studio.photo(photo).address.startswith("/app/") for photo in photos] == [True, True, False, False]


def test_a_hidden_photo_without_its_picture_is_not_missed(studio: Studio, bucket: Bucket, photos: list[UUID]) -> None:
    studio.storage.delete([studio.photo(photos[0]).storage_key])
    studio.run("update photos set removed_at = now(), is_current = false where id = :id", id=photos[0])

    report = moving(studio, bucket)

    assert (report.copied, report.missing, report.is_whole) == (2 * STUDENTS - 1, 0, True)


def test_a_wrong_file_in_the_bucket_is_replaced_by_the_right_one(
    studio: Studio, bucket: Bucket, project: Watched, photos: list[UUID]
) -> None:
    key = studio.photo(photos[0]).storage_key
    bucket.upload(key, b"another picture", "image/webp")

    assert moving(studio, bucket).is_whole
    assert project.files[key].data == studio.storage.get(key)


@pytest.mark.usefixtures("photos")
def test_an_outage_stops_it_and_the_next_run_does_the_rest(studio: Studio, bucket: Bucket, project: Watched) -> None:
    def go_down(number: int) -> None:
        project.always = Fault.BROKEN if number > STUDENTS else None

    project.before_upload = go_down
    stopped = moving(studio, bucket)
    assert stopped.stopped_by is not None
    assert not stopped.is_whole
    kept = set(project.files)
    assert 0 < len(kept) <= STUDENTS

    project.before_upload, project.always = (lambda _number: None), None
    project.uploads.clear()
    assert moving(studio, bucket).is_whole
    assert {key: file.data for key, file in project.files.items()} == local_files(studio)
    assert not {path.partition("student-photos/")[2] for path in project.uploads} & kept


@pytest.fixture
def environment(studio: Studio, project: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "STAFFROOM_MODE": "production",
        "STAFFROOM_DATA_DIR": str(studio.maker.data_dir),
        "DATABASE_URL": studio.addresses.app,
        "WORKER_DATABASE_URL": studio.addresses.worker,
        "SUPABASE_URL": project.address,
        "SUPABASE_SECRET_KEY": SECRET,
    }.items():
        monkeypatch.setenv(name, value)


Migrate = Callable[..., int]


@pytest.fixture
def migrate(environment: None, monkeypatch: pytest.MonkeyPatch) -> Migrate:  # noqa: ARG001 - it is set
    """Runs the command over all that; its exit code."""

    def run(*arguments: str) -> int:
        monkeypatch.setattr(sys, "argv", ["staffroom", "photos", "migrate", *arguments])
        with pytest.raises(SystemExit) as left:
            main()
        return int(left.value.code or 0)

    return run


@pytest.mark.usefixtures("photos")
def test_a_run_that_is_killed_in_the_middle_is_gone_on_with(
    studio: Studio, project: Watched, migrate: Migrate, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [str(Path(sys.executable).with_name("staffroom")), "photos", "migrate"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    project.before_upload = lambda number: os.kill(process.pid, signal.SIGKILL) if number == STUDENTS else None
    assert process.wait(60) == -signal.SIGKILL
    project.before_upload = lambda _number: None
    assert 0 < len(project.files) < 2 * STUDENTS

    assert migrate("--json") == 0

    told = json.loads(capsys.readouterr().out)
    assert (told["copied"] + told["there"], told["missing"], told["stopped_by"]) == (2 * STUDENTS, 0, None)
    assert told["there"] > 0
    assert {key: file.data for key, file in project.files.items()} == local_files(studio)
    assert all(address == shown and address.startswith("http") for address, shown in addresses(studio))


@pytest.mark.usefixtures("photos")
def test_the_command_tells_counts_and_ends_with_1_where_something_is_left(
    project: Watched, migrate: Migrate, capsys: pytest.CaptureFixture[str]
) -> None:
    assert migrate("--dry-run") == 0
    assert f"{2 * STUDENTS} files would be copied" in capsys.readouterr().out

    project.always = Fault.FORBIDDEN
    assert migrate("--json") == 1
    captured = capsys.readouterr()
    assert json.loads(captured.out)["stopped_by"] == "storage_refused"
    assert "Run it again" in captured.err


def test_without_a_bucket_the_command_says_which_setting_is_missing(
    migrate: Migrate, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("SUPABASE_SECRET_KEY")

    assert migrate() == 1
    assert "SUPABASE_SECRET_KEY" in capsys.readouterr().err
