"""Ways round the policies: functions, keys, views and imports, tried with other people's ids."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, text

from core.accounts.person import Person
from core.db.engine import Database
from core.errors import AppError, NotAllowed, PhotoGone, UnknownStudent
from tests.cast import Cast
from tests.integration.db.records import record_everything


def _as(database: Database, person: Person, statement: str, **values: object) -> Any:
    with database.as_person(person) as session:
        return session.execute(text(statement), values).scalar()


def _import(database: Database, person: Person, *changes: Mapping[str, Any]) -> None:
    body = {
        "group_id": str(uuid4()),
        "file_name": "list.csv",
        "sha256": "0" * 64,
        "format": "plain",
        "counts": {},
        "changes": changes,
    }
    _as(database, person, "select private.apply_import(cast(:body as jsonb))", body=json.dumps(body))


@pytest.mark.parametrize("name", ["arjun", "ben"])
def test_a_portrait_of_someone_else_s_student_is_an_unknown_student(database: Database, cast: Cast, name: str) -> None:
    with pytest.raises(UnknownStudent):
        _as(database, getattr(cast, name), "select private.request_portrait(:id, '{}')", id=cast.ana)
    with pytest.raises(UnknownStudent):
        _as(database, getattr(cast, name), "select private.remove_photo(:id)", id=cast.ana)


@pytest.mark.parametrize("name", ["arjun", "ben"])
def test_someone_else_s_job_and_photo_stay_as_they_are(
    database: Database, owner: Connection, cast: Cast, name: str
) -> None:
    keys = record_everything(owner, cast)

    cancelled = _as(database, getattr(cast, name), "select private.cancel_portrait(:id)", id=keys["photo_jobs"])
    with pytest.raises(PhotoGone):
        _as(database, getattr(cast, name), "select private.use_photo(:id)", id=keys["photos"])

    assert cancelled is False
    assert owner.scalar(text("select state from photo_jobs")) == "queued"


@pytest.mark.parametrize(
    "call",
    [
        "private.take_slot_for(:school, :mei, 'image', 'x')",
        "private.slot_opens_at(:school, :mei, 'image', 0)",
        "private.request_portrait_for(:mei, :ana, '{}', null)",
        "private.show_photo(:ana, null, null)",
        "private.claim_portrait(:ana, 'w', 'k', 'm', 0)",
        "private.write_audit(:school, :mei, 'a', 'o', null, null)",
        "private.defer_job('make_portrait', '{}', 0, null)",
        "private.limit_for(:school, :mei, 'image')",
        "private.apply_import_for(:school, :mei, '{}')",
        "private.undo_import_for(:ana, :mei)",
        "private.hold_in_budgets(:school, null, :mei, 0)",
        "private.states_for(:school, null, :mei)",
        "private.resume_with_room(:school, :ana, 0)",
        "private.lock_budget(:mei)",
        "private.cut_off_answers()",
        "private.copy_demo_school(:school)",
        "private.drop_demo_visit(:school)",
        "private.end_old_demo_visits()",
        "private.share_demo_portraits()",
        "private.paid_usd(:school)",
        "private.cut_off_dead_answers(:mei)",
        "private.settle_answer(:mei, :ana, '{}')",
        "private.add_message(null, '{}')",
        "private.begin_turn(:ana)",
        "private.linked_sign_in('https://x', 'x', 'x@y.z')",
        "private.take_attempt('account', sha256('x'), 1, interval '1 minute')",
    ],
)
def test_what_takes_the_person_as_an_argument_is_the_worker_s_alone(database: Database, cast: Cast, call: str) -> None:
    values = {"school": cast.mei.school_id, "mei": cast.mei.staff_id, "ana": cast.ana}
    wanted = {name: value for name, value in values.items() if f":{name}" in call}

    with pytest.raises(NotAllowed):
        _as(database, cast.siti, f"select {call}", **wanted)


def test_an_id_that_is_taken_in_another_school_looks_like_a_free_one(database: Database, cast: Cast) -> None:
    with database.as_person(cast.ben) as session:
        session.execute(
            text("insert into students (school_id, sourced_id, full_name) values (:school, 'S1', 'In the south')"),
            {"school": cast.ben.school_id},
        )

    with database.as_person(cast.siti) as session:
        session.execute(
            text("insert into students (school_id, sourced_id, full_name) values (:school, 'S1', 'In the north')"),
            {"school": cast.siti.school_id},
        )
        assert session.scalar(text("select count(*) from students where sourced_id = 'S1'")) == 1


def test_nobody_enrols_a_student_of_another_school(database: Database, cast: Cast) -> None:
    with pytest.raises(Exception, match="foreign key") as refused, database.as_person(cast.siti) as session:
        session.execute(
            text("insert into enrolments (school_id, class_id, student_id) values (:school, :class, :student)"),
            {"school": cast.siti.school_id, "class": cast.integrity, "student": cast.cara},
        )

    assert not isinstance(refused.value, AppError)


@pytest.mark.parametrize("view", ["openai_usage_summary", "openai_daily_stats"])
def test_views_show_a_teacher_their_own_usage_and_an_admin_the_school_s(
    database: Database, owner: Connection, cast: Cast, view: str
) -> None:
    record_everything(owner, cast)

    rows = {
        name: _as(database, getattr(cast, name), f"select count(*) from {view}")
        for name in ("mei", "devi", "arjun", "siti", "ben")
    }

    assert rows == {"mei": 1, "devi": 0, "arjun": 0, "siti": 1, "ben": 0}


def test_claims_end_with_the_transaction(database: Database, cast: Cast) -> None:
    with database.as_person(cast.siti) as session:
        assert session.scalar(text("select private.me()")) == cast.siti.staff_id

    with database.as_nobody() as session:
        assert session.scalar(text("select private.me()")) is None


def test_claims_of_another_issuer_are_nobody_s(database: Database, cast: Cast) -> None:
    claims = json.dumps({"sub": str(cast.siti.staff_id), "iss": "https://elsewhere.example/auth/v1"})
    with database.as_nobody() as session:
        session.execute(text("select set_config('request.jwt.claims', :claims, true)"), {"claims": claims})

        assert session.scalar(text("select private.me()")) is None


@pytest.mark.parametrize("kind", ["limits", "openai_usage", "photos", "imports", "guardians"])
def test_an_admin_s_import_writes_no_other_table(database: Database, cast: Cast, kind: str) -> None:
    with pytest.raises(NotAllowed):
        _import(database, cast.siti, {"kind": kind, "id": str(uuid4()), "before": None, "after": {"type": "image"}})


def test_an_import_makes_nobody_an_admin(database: Database, cast: Cast) -> None:
    promotion = {
        "kind": "staff",
        "id": str(cast.mei.staff_id),
        "before": {"role": "teacher"},
        "after": {"role": "admin"},
    }

    with pytest.raises(NotAllowed):
        _import(database, cast.siti, promotion)


def test_a_teacher_s_import_does_not_bring_back_a_student_who_left_the_class(
    database: Database, owner: Connection, cast: Cast
) -> None:
    owner.execute(text("update enrolments set to_date = current_date where student_id = :ana"), {"ana": cast.ana})
    enrolment, left_on = owner.execute(
        text("select id, to_date from enrolments where student_id = :ana"), {"ana": cast.ana}
    ).one()

    with pytest.raises(NotAllowed):
        _import(
            database,
            cast.mei,
            {
                "kind": "enrolments",
                "id": str(enrolment),
                "before": {"to_date": left_on.isoformat()},
                "after": {"to_date": None},
            },
        )


def test_a_teacher_s_import_enrols_no_student_of_a_colleague(database: Database, cast: Cast) -> None:
    taken = {"class_id": str(cast.integrity), "student_id": str(cast.bala)}

    with pytest.raises(NotAllowed):
        _import(database, cast.mei, {"kind": "enrolments", "id": str(uuid4()), "before": None, "after": taken})
