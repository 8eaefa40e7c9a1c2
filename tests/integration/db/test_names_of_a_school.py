"""Who must not be named to a model: everyone of the caller's school, and nobody else's."""

import json
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from core.accounts.person import Person
from core.assistant.known_names import Kind
from core.db.engine import Database
from core.errors import NotAllowed
from tests.cast import Cast

NAMES = text("select kind, names, contacts, ids from private.names_of_my_school()")


DETAILS = """
    update students set preferred_name = 'Annie', sourced_id = 'S-101' where id = :ana;
    update students set status = 'left' where id = :bala;
    update staff set sourced_id = 'T-7', email = null, active = false where id = :devi;
    insert into guardians (school_id, full_name, email, phone)
    values (:school, 'Lim Siew Hoon', 'siewhoon@mail.example', '+65 9123 4567'), (:school, 'Kumar Pillai', null, null)
"""


@pytest.fixture(autouse=True)
def _details(owner: Connection, cast: Cast) -> None:
    values = {"ana": cast.ana, "bala": cast.bala, "devi": cast.devi.staff_id, "school": cast.mei.school_id}
    owner.execute(text(DETAILS), values)


def _known(database: Database, person: Person) -> dict[str, tuple[Any, ...]]:
    with database.as_person(person) as session:
        return {row.names[0]: (row.kind, row.names, row.contacts, row.ids) for row in session.execute(NAMES)}


def test_a_teacher_s_request_names_nobody_of_the_whole_school(database: Database, cast: Cast) -> None:
    known = _known(database, cast.mei)

    assert known == {
        "Ana Lim": (Kind.STUDENT, ["Ana Lim", "Annie"], [], ["S-101"]),
        "Bala s/o Kumar": (Kind.STUDENT, ["Bala s/o Kumar"], [], []),
        "Lim Siew Hoon": (Kind.GUARDIAN, ["Lim Siew Hoon"], ["siewhoon@mail.example", "+65 9123 4567"], []),
        "Kumar Pillai": (Kind.GUARDIAN, ["Kumar Pillai"], [], []),
        "Mei Tan": (Kind.STAFF, ["Mei Tan"], ["mei.tan@north.school"], []),
        "Devi Raj": (Kind.STAFF, ["Devi Raj"], [], ["T-7"]),
        "Arjun Nair": (Kind.STAFF, ["Arjun Nair"], ["arjun.nair@north.school"], []),
        "Siti Rahim": (Kind.STAFF, ["Siti Rahim"], ["siti.rahim@north.school"], []),
    }


def test_another_school_has_its_own(database: Database, cast: Cast) -> None:
    assert set(_known(database, cast.ben)) == {"Ben Ong", "Cara Wong"}


def test_whoever_left_the_staff_learns_no_names(database: Database, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        _known(database, cast.devi)
    with pytest.raises(NotAllowed), database.as_nobody() as session:
        session.execute(NAMES)


def test_no_other_login_learns_names_also_with_a_teacher_s_claims(owner: Connection, cast: Cast) -> None:
    claims = json.dumps({"sub": str(cast.mei.staff_id), "iss": "staffroom"})
    owner.execute(text("select set_config('request.jwt.claims', :claims, false)"), {"claims": claims})
    owner.execute(text("set role authenticated"))
    assert owner.scalar(text("select private.my_school_id()")) == cast.mei.school_id

    with pytest.raises(ProgrammingError, match="for the app's own login"):
        owner.execute(NAMES)


def test_the_ids_are_those_of_the_rows(database: Database, cast: Cast) -> None:
    with database.as_person(cast.arjun) as session:
        ids = session.scalars(text("select id from private.names_of_my_school() where kind = 'STUDENT'")).all()

    assert set(ids) == {cast.ana, cast.bala}
