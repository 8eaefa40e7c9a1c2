"""The proof that nobody was named would be none if it could not fail."""

import json
import urllib.error
import urllib.request

import pytest
from sqlalchemy import Connection, text

from core.assistant.prompts import SYSTEM, TASKS
from core.clients.openai_client import build_openai
from core.demo.openai_stand_in import make_app
from core.photos.prompt import Style, portrait_prompt
from tests.cast import Cast, enrol
from tests.integration.assistant import roster_leaks
from tests.integration.assistant.proof import every_request
from tests.integration.assistant.recorder import AT_ONCE, RecordingStandIn, leaks
from tests.integration.assistant.roster_leaks import Roster
from tests.integration.photos.studio import served


@pytest.fixture
def nobody_named() -> None:
    """Names are sent here on purpose."""


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


@pytest.mark.parametrize(
    "said",
    [
        "Write to KOW.tan (at) mail.example", "kow.tan\\@mail.example", "kow.tan at mail dot example",
        "kow.tan＠mail.example",
        "Call 5550 1224", "call +6555501224", "HP5550-1224", "call 5550\u200b1224",
        "about SIS10442", "about sis 10442", "about SIS\u201110442",
        "grace is kind, says Grace Ng", "Ask Ng", "ask zhuo", "I asked Grace today", "小明很好", "陈小明很好",
    ],
)  # fmt: skip
def test_each_kind_is_found_however_it_is_written(said: str) -> None:
    kow = Roster(
        frozenset({"Kow Zhuo", "Grace Ng", "陈小明", "小明"}),
        frozenset({"kow.tan@mail.example", "+65 5550 1224"}),
        frozenset({"SIS-10442"}),
    )

    assert roster_leaks.leaks([{"messages": [{"content": said}]}], kow)


@pytest.mark.parametrize(
    "said",
    [
        SYSTEM,
        *TASKS.values(),
        portrait_prompt(gender=None, level="P5", style=Style.PHOTO),
        "Grace is asked of no one",
        "on 12 May",
    ],
)
def test_our_own_words_name_nobody(said: str) -> None:
    roster = Roster(frozenset({"Grace Singapore", "May English", "Parents Gateway", "Studio Light"}))

    assert roster_leaks.leaks([said], roster) == []


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


@pytest.mark.usefixtures("cast")
def test_every_stand_in_of_a_process_is_looked_at(owner: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    with every_request(monkeypatch) as bodies:
        client = build_openai(api_key=None, stand_in=make_app(timing=AT_ONCE))
        client.chat.completions.create(model="gpt-6-luna", messages=[{"role": "user", "content": "How is Ana Lim?"}])

    assert "Ana Lim" in leaks([json.loads(body) for body in bodies], owner)
