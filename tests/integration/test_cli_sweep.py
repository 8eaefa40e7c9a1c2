"""`staffroom sweep`, as an operator or a script would call it."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from core.cli import main
from core.photos.storage import photo_key, thumb_key
from tests.cast import Cast
from tests.postgres import Addresses

CHECKED = {
    "jobs": 0,
    "photos": 0,
    "replies": 0,
    "ledger_rows": 0,
    "queue_entries": 0,
    "batches": 0,
    "files": 0,
    "spool": 0,
}


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        """The one JSON object on stdout."""
        report: dict[str, Any] = json.loads(self.out)
        return report


Sweep = Callable[..., Outcome]


@pytest.fixture
def sweep(
    addresses: Addresses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Sweep:
    for name, value in {
        "STAFFROOM_MODE": "production",
        "STAFFROOM_DATA_DIR": str(tmp_path),
        "DATABASE_URL": addresses.app,
        "WORKER_DATABASE_URL": addresses.worker,
    }.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["staffroom", "sweep", *arguments])
        with pytest.raises(SystemExit) as left:
            main()
        captured = capsys.readouterr()
        return Outcome(int(left.value.code or 0), captured.out, captured.err)

    return run


@pytest.mark.usefixtures("cast")
def test_where_all_is_in_order_it_says_so(sweep: Sweep) -> None:
    told, as_json = sweep(), sweep("--json")

    assert (told.code, as_json.code) == (0, 0)
    assert told.out.startswith("All is as it should be. Looked at: 0 jobs, 0 photos, ")
    assert as_json.report == {"findings": [], "counts": {}, "checked": CHECKED}


def test_what_is_found_is_told_by_id_and_never_by_name(sweep: Sweep, cast: Cast, owner: Connection) -> None:
    show_what_is_gone(owner, cast)

    outcome = sweep("--json")

    assert outcome.code == 1
    assert outcome.report["findings"] == [
        {"check": "shown_differs", "id": str(cast.ana), "repaired": False, "detail": "none is current"}
    ]
    assert outcome.report["counts"] == {"shown_differs": 1}
    assert "Ana" not in outcome.out + outcome.err


def test_a_repair_is_told_and_leaves_nothing(sweep: Sweep, cast: Cast, owner: Connection) -> None:
    show_what_is_gone(owner, cast)

    found, repaired, again = sweep(), sweep("--repair"), sweep("--repair", "--json")

    assert (found.code, repaired.code, again.code) == (1, 0, 0)
    assert found.out.startswith("shown_differs: 1 found. A student's row names another picture")
    assert found.out.splitlines()[-1].startswith("1 left. With --repair ")
    assert repaired.out.startswith("shown_differs: 1 found, 1 repaired. ")
    assert again.report["findings"] == []
    assert owner.scalar(text("select profile_photo from students where id = :id"), {"id": cast.ana}) is None


def test_what_can_not_be_repaired_is_left(sweep: Sweep, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "notes.webp").write_bytes(b"whatever")

    outcome = sweep("--repair", "--json")

    assert (outcome.code, outcome.report["counts"]) == (1, {"strange_file": 1})
    assert outcome.err.splitlines()[-1] == "1 left. With --json the ids are listed."


def test_photos_are_hidden_where_all_pictures_are_missing_only_if_asked(
    sweep: Sweep, cast: Cast, owner: Connection
) -> None:
    photo_without_picture(owner, cast)

    left, hidden, again = sweep("--repair"), sweep("--repair", "--hide-missing"), sweep()

    assert (left.code, hidden.code, again.code) == (1, 0, 0)
    assert left.out.startswith("picture_missing: 1 found. ")
    assert "or run it with --hide-missing." in left.out
    assert hidden.out.startswith("picture_missing: 1 found, 1 repaired. ")


def test_it_needs_the_worker_s_login(sweep: Sweep, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WORKER_DATABASE_URL")

    outcome = sweep("--json")

    assert (outcome.code, outcome.out) == (1, "")
    assert "WORKER_DATABASE_URL" in outcome.err


def show_what_is_gone(owner: Connection, cast: Cast) -> None:
    owner.execute(
        text("update students set profile_photo = '/app/static/photos/gone' where id = :id"), {"id": cast.ana}
    )


def photo_without_picture(owner: Connection, cast: Cast) -> None:
    job_id = owner.scalar(
        text(
            "insert into photo_jobs (school_id, student_id, state, created_at)"
            " values (:school, :ana, 'done', now() - interval '1 day') returning id"
        ),
        {"school": cast.mei.school_id, "ana": cast.ana},
    )
    owner.execute(
        text(
            "insert into photos (id, school_id, student_id, storage_key, thumb_key, address, width, height, sha256,"
            " model, style, prompt, cost_source) values (:id, :school, :ana, :key, :thumb, '/app/static/photos/x',"
            " 1, 1, repeat('0', 64), 'a model', 'photo', 'a prompt', 'unpriced')"
        ),
        {
            "id": job_id,
            "school": cast.mei.school_id,
            "ana": cast.ana,
            "key": photo_key(cast.mei.school_id, cast.ana, job_id),
            "thumb": thumb_key(cast.mei.school_id, cast.ana, job_id),
        },
    )
