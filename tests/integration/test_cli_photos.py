"""`staffroom photos generate`, as a script would call it."""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from core.cli import main
from core.demo.faults import Fault
from core.demo.openai_stand_in import StandIn, make_app
from core.demo.pauses import Timing
from tests.cast import Cast
from tests.integration.photos.small_pictures import draw_small
from tests.integration.photos.studio import served
from tests.postgres import Addresses

MEI = "mei.tan@north.school"


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


Generate = Callable[..., Outcome]


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    stand_in = make_app(timing=Timing(hang_s=1), draw=draw_small)
    yield stand_in
    stand_in.close()


@pytest.fixture
def generate(
    addresses: Addresses,
    stand_in: StandIn,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Generate]:
    """Runs the command over the test's own database and provider, with a worker of its own when it waits."""

    def run(*arguments: str) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["staffroom", "photos", "generate", *arguments])
        with pytest.raises(SystemExit) as left:
            main()
        captured = capsys.readouterr()
        return Outcome(int(left.value.code or 0), captured.out, captured.err)

    with served(stand_in) as provider:
        for name, value in {
            "STAFFROOM_MODE": "production",
            "STAFFROOM_DATA_DIR": str(tmp_path),
            "DATABASE_URL": addresses.app,
            "WORKER_DATABASE_URL": addresses.worker,
            "RUN_WORKER_IN_APP": "true",
            "OPENAI_API_KEY": "sk-made-up",
            "OPENAI_BASE_URL": provider,
        }.items():
            monkeypatch.setenv(name, value)
        yield run


def test_a_portrait_is_made_and_reported_as_one_object(generate: Generate, cast: Cast, owner: Connection) -> None:
    outcome = generate(str(cast.ana), "--as", MEI, "--wait", "--json")

    assert outcome.code == 0
    report = outcome.report
    assert list(report) == [
        "job_id",
        "state",
        "cost_usd",
        "cost_source",
        "usage_id",
        "profile_photo",
        "not_before",
        "message",
    ]
    usage = owner.execute(text("select * from openai_usage")).one()
    assert (report["state"], report["cost_source"], report["usage_id"]) == ("done", "reported", str(usage.id))
    assert report["cost_usd"] == str(usage.estimated_cost)
    assert report["profile_photo"] == f"/app/static/photos/{report['job_id']}"
    assert (report["not_before"], report["message"]) == (None, None)
    assert usage.user_id == cast.mei.staff_id


def test_without_waiting_it_only_asks(generate: Generate, cast: Cast, stand_in: StandIn) -> None:
    outcome = generate(str(cast.ana), "--as", MEI, "--json")

    assert (outcome.code, outcome.report["state"]) == (0, "queued")
    assert stand_in.ledger.requests == 0


@pytest.mark.parametrize(
    ("fault", "code", "state"),
    [
        (Fault.MODERATION_BLOCKED, 1, "failed"),
        (Fault.SERVER_ERROR, 3, "unconfirmed"),
        (Fault.RATE_LIMITED, 4, "queued"),
    ],
)
def test_the_exit_code_tells_how_it_ended(
    generate: Generate, cast: Cast, stand_in: StandIn, fault: Fault, code: int, state: str
) -> None:
    stand_in.faults.always(fault)
    # Only what waits for the provider takes all of it.
    timeout_s = 3 if state == "queued" else 60

    outcome = generate(str(cast.ana), "--as", MEI, "--wait", "--timeout", str(timeout_s), "--json")

    assert (outcome.code, outcome.report["state"]) == (code, state)
    assert outcome.report["message"]


def test_a_person_reads_a_sentence(generate: Generate, cast: Cast) -> None:
    outcome = generate(str(cast.ana), "--as", MEI, "--wait")

    assert outcome.out == "The portrait is done. It cost $0.014.\n"


def test_a_sourced_id_in_two_schools_lists_both_and_makes_none(
    generate: Generate, cast: Cast, owner: Connection
) -> None:
    give_sourced_id(owner, "S-1")

    outcome = generate("S-1", "--wait", "--json")

    assert (outcome.code, outcome.out) == (1, "")
    assert str(cast.ana) in outcome.err
    assert str(cast.cara) in outcome.err
    assert owner.scalar(text("select count(*) from photo_jobs")) == 0


def test_a_member_means_the_student_of_their_own_school(generate: Generate, cast: Cast, owner: Connection) -> None:
    give_sourced_id(owner, "S-1")

    outcome = generate("S-1", "--as", MEI, "--json")

    assert outcome.code == 0
    assert owner.scalar(text("select student_id from photo_jobs")) == cast.ana


@pytest.mark.parametrize("who", [(), ("--as", MEI)])
@pytest.mark.usefixtures("cast")
def test_an_unknown_student_is_refused(generate: Generate, who: tuple[str, ...]) -> None:
    outcome = generate("nobody", *who, "--json")

    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err.count("\n") == 1


def test_a_teacher_can_not_ask_for_a_student_of_another_class(generate: Generate, cast: Cast) -> None:
    outcome = generate(str(cast.bala), "--as", MEI, "--json")

    assert (outcome.code, outcome.out) == (1, "")


def test_the_operator_has_one_limit_for_all_that_they_ask_in_a_school(
    generate: Generate, cast: Cast, owner: Connection
) -> None:
    owner.execute(text("update limits set at_most = 1"))
    first = generate(str(cast.ana), "--wait", "--json")

    second = generate(str(cast.bala), "--wait", "--timeout", "0.5", "--json")
    in_mei_s_name = generate(str(cast.ana), "--as", MEI, "--wait", "--json")

    assert [first.code, second.code, in_mei_s_name.code] == [0, 4, 0]
    assert second.report["not_before"]
    holders = owner.scalars(text("select user_id from rate_limits order by created_at")).all()
    assert holders == [None, cast.mei.staff_id]


@pytest.mark.usefixtures("cast")
def test_an_e_mail_that_nobody_has_is_refused(generate: Generate) -> None:
    outcome = generate("S-1", "--as", "nobody@north.school", "--json")

    assert (outcome.code, outcome.out) == (1, "")


def test_wrong_usage_exits_with_two(generate: Generate) -> None:
    assert generate("--no-such-option").code == 2


def give_sourced_id(owner: Connection, sourced_id: str) -> None:
    """To a student of each school."""
    owner.execute(
        text("update students set sourced_id = :id where full_name in ('Ana Lim', 'Cara Wong')"), {"id": sourced_id}
    )
