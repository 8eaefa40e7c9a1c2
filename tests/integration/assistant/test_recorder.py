"""The proof that nobody was named would be none if it could not fail."""

import json
import urllib.error
import urllib.request

import pytest
from sqlalchemy import Connection, text

from tests.cast import Cast, enrol
from tests.integration.assistant.recorder import RecordingStandIn, leaks
from tests.integration.photos.studio import served


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("How is Ana Lim doing?", "Ana Lim"),
        ("how is ANA LIM doing?", "Ana Lim"),
        ("About Lim.", "lim"),
        ("Bala's work", "bala"),
        ("Write to mei.tan@north.school today", "mei.tan@north.school"),
        ("Zoë Müller-Ng is late", "Zoë Müller-Ng"),
    ],
)
def test_whoever_is_named_is_found(owner: Connection, cast: Cast, said: str, found: str) -> None:
    enrol(owner, cast.integrity, "Zoë Müller-Ng")

    assert found in leaks([{"messages": [{"content": said}]}], owner)


def test_contacts_and_ids_are_found(owner: Connection, cast: Cast) -> None:
    owner.execute(text("update students set sourced_id = 'S-0042' where id = :id"), {"id": cast.ana})

    assert sorted(leaks([f"{cast.ana} and S-0042"], owner)) == sorted([str(cast.ana), "S-0042"])


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize("said", ["How is STUDENT_1 doing?", "An analogy, a limit and a balance", "[r1] 12 Nov"])
def test_nobody_is_found_where_nobody_is_named(owner: Connection, said: str) -> None:
    assert leaks([{"messages": [{"content": said}]}], owner) == []


@pytest.mark.usefixtures("cast")
def test_every_request_that_reaches_a_served_stand_in_is_looked_at(owner: Connection) -> None:
    stand_in = RecordingStandIn()
    body = json.dumps({"messages": [{"role": "user", "content": "Ana Lim"}]}).encode()

    with served(stand_in) as address:
        request = urllib.request.Request(f"{address}/images/generations", data=body, method="POST")
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(request)

    with pytest.raises(AssertionError, match="Ana Lim"):
        stand_in.assert_nobody_named(owner)
