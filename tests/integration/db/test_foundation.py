"""The fixtures themselves."""

import socket

import pytest
from sqlalchemy import Connection, text

from core.db.engine import Database
from tests.cast import Cast
from tests.network import RealNetwork


def test_each_person_finds_their_own_class_and_the_admin_finds_all(database: Database, cast: Cast) -> None:
    def classes_of(person: object) -> set[str]:
        with database.as_person(person) as session:  # type: ignore[arg-type]
            return set(session.scalars(text("select name from classes")))

    assert classes_of(cast.mei) == {"P5 Integrity"}
    assert classes_of(cast.siti) == {"P5 Integrity", "P4 Courage"}


def test_a_test_starts_with_an_empty_database(owner: Connection) -> None:
    assert owner.scalar(text("select count(*) from schools")) == 0


@pytest.mark.parametrize("host", ["192.0.2.1", "example.com"])
def test_no_test_reaches_another_machine(host: str) -> None:
    with pytest.raises(RealNetwork):
        socket.create_connection((host, 443), timeout=1)
