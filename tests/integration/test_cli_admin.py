"""`staffroom admin`, as an operator would call it for a new school."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from core.cli import main
from tests.postgres import Addresses

Admin = Callable[..., tuple[int, str, str]]


@pytest.fixture
def admin(
    addresses: Addresses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Admin:
    for name, value in {
        "STAFFROOM_MODE": "production",
        "STAFFROOM_DATA_DIR": str(tmp_path),
        "DATABASE_URL": addresses.app,
        "WORKER_DATABASE_URL": addresses.worker,
    }.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["staffroom", "admin", *arguments])
        with pytest.raises(SystemExit) as left:
            main()
        captured = capsys.readouterr()
        return int(left.value.code or 0), captured.out, captured.err

    return run


def staff(owner: Connection) -> list[tuple[str, str, str, bool]]:
    query = (
        "select sc.name, s.email, s.role, s.active from staff s join schools sc on s.school_id = sc.id order by 1, 2"
    )
    return [tuple(row) for row in owner.execute(text(query))]


def test_a_new_school_begins_with_its_admin(admin: Admin, owner: Connection) -> None:
    new = ("head@rivervale.example", "--name", "Tan Mei", "--school", "Rivervale Primary", "--create-school")

    first, again = admin(*new), admin(*new, "--json")

    assert first == (0, "Tan Mei is an admin of Rivervale Primary now. They sign in with this e-mail.\n", "")
    assert again[0] == 0
    assert json.loads(again[1])["changed"] is False
    assert staff(owner) == [("Rivervale Primary", "head@rivervale.example", "admin", True)]
    actions = owner.execute(text("select action, actor_id, before, after ->> 'role' from audit_log")).all()
    assert [tuple(row) for row in actions] == [("member.added", None, None, "admin")]


def test_an_imported_member_who_left_is_made_admin_by_their_e_mail(admin: Admin, owner: Connection) -> None:
    school = owner.scalar(text("insert into schools (name) values ('Hillview') returning id"))
    owner.execute(
        text(
            "insert into staff (school_id, full_name, email, active) values (:s, 'Raj', 'Raj@hillview.example', false)"
        ),
        {"s": school},
    )

    code, out, _ = admin("raj@HILLVIEW.example")

    assert (code, out) == (0, "Raj is an admin of Hillview now. They sign in with this e-mail.\n")
    assert staff(owner) == [("Hillview", "Raj@hillview.example", "admin", True)]
    assert owner.scalar(text("select before ->> 'role' from audit_log")) == "teacher"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("head@x.example",), "Nobody has this e-mail yet. Say with --name what the new member is called."),
        (("head@x.example", "--name", "Mei"), "Say with --school which one is meant: Hillview, Rivervale."),
        (
            ("head@x.example", "--name", "Mei", "--school", "Hilview"),
            "There is no such school. Name it with --school, and add --create-school to make it.",
        ),
        (
            ("both@x.example",),
            "This e-mail belongs to members of Hillview, Rivervale. Say with --school which one is meant.",
        ),
        (("head", "--name", "Mei"), "This is no e-mail address. Write it as in head@school.example."),
        (("head@x.example", "--name", " "), "A name has 1 to 200 characters."),
    ],
)
def test_what_is_not_clear_changes_nothing(
    admin: Admin, owner: Connection, arguments: tuple[str, ...], sentence: str
) -> None:
    for name in ("Hillview", "Rivervale"):
        school = owner.scalar(text("insert into schools (name) values (:name) returning id"), {"name": name})
        member = "insert into staff (school_id, full_name, email) values (:s, 'Both', 'both@x.example')"
        owner.execute(text(member), {"s": school})
    before = staff(owner)

    code, out, err = admin(*arguments)

    assert (code, out, err.strip()) == (1, "", sentence)
    assert staff(owner) == before
