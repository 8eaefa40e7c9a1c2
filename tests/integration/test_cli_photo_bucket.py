"""`staffroom photos bucket`, as an operator would call it."""

import sys
from collections.abc import Iterator

import pytest

from core.cli import main
from tests.storage_stand_in import SECRET, Fault, StorageStandIn


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch) -> Iterator[StorageStandIn]:
    """Without a bucket, and named by the environment."""
    with StorageStandIn(buckets={}).served() as project:
        monkeypatch.setenv("SUPABASE_URL", project.address)
        monkeypatch.setenv("SUPABASE_SECRET_KEY", SECRET)
        monkeypatch.setattr(sys, "argv", ["staffroom", "photos", "bucket"])
        yield project


def exit_code() -> object:
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


@pytest.mark.parametrize("access", ["public", "private"])
def test_the_bucket_is_made_as_the_settings_want_it_and_may_be_asked_for_again(
    project: StorageStandIn,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    access: str,
) -> None:
    monkeypatch.setenv("PHOTO_BUCKET", "our-photos")
    monkeypatch.setenv("PHOTO_BUCKET_ACCESS", access)

    assert (exit_code(), exit_code()) == (0, 0)

    assert project.buckets["our-photos"].public is (access == "public")
    made, corrected = capsys.readouterr().out.splitlines()
    assert made == f"The bucket our-photos is made: {access}, images of up to 10 MB."
    assert corrected == f"The bucket our-photos is as it should be: {access}, images of up to 10 MB."


def test_a_project_that_refuses_is_told_in_a_sentence(
    project: StorageStandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    project.always = Fault.WRONG_KEY

    assert exit_code() == 1

    assert "SUPABASE_SECRET_KEY" in capsys.readouterr().err


def test_without_a_project_it_says_what_to_set(
    project: StorageStandIn, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("SUPABASE_SECRET_KEY")

    assert exit_code() == 1

    assert (project.seen, "SUPABASE_URL must be set" in capsys.readouterr().err) == ([], True)
