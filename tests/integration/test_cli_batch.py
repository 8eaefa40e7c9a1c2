"""`staffroom photos batch`, as a script would call it."""

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
from tests.cast import Cast, assign, enrol, open_class
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


Batch = Callable[..., Outcome]


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    stand_in = make_app(timing=Timing(hang_s=1), draw=draw_small)
    yield stand_in
    stand_in.close()


@pytest.fixture(autouse=True)
def _class_of_two(owner: Connection, cast: Cast) -> None:
    """Ana and Bo, whom no limit slows down."""
    enrol(owner, cast.integrity, "Bo Chan")
    owner.execute(text("update limits set min_gap_seconds = 0 where type = 'batch_image'"))


@pytest.fixture
def batch(
    addresses: Addresses,
    stand_in: StandIn,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Batch]:
    """Runs the command over the test's own database and provider, with a worker of its own when it waits."""

    def run(*arguments: str) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["staffroom", "photos", "batch", *arguments])
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


@pytest.mark.parametrize("who", [(), ("--as", MEI)])
def test_a_class_is_made_and_reported_as_one_object(
    batch: Batch, cast: Cast, owner: Connection, who: tuple[str, ...]
) -> None:
    outcome = batch("p5 integrity", *who, "--wait", "--json")

    assert outcome.code == 0
    assert list(outcome.report) == ["batch_id", "state", "counts", "cost_usd", "at_least", "message"]
    row = owner.execute(text("select * from photo_batches")).one()
    paid = owner.scalar(text("select sum(estimated_cost) from openai_usage"))
    assert outcome.report == {
        "batch_id": str(row.id),
        "state": "finished",
        "counts": {"done": 2},
        "cost_usd": str(paid),
        "at_least": False,
        "message": None,
    }
    assert row.requested_by == (cast.mei.staff_id if who else None)
    assert "2 of 2 portraits are made" in outcome.err


def test_without_waiting_it_only_asks(batch: Batch, cast: Cast, stand_in: StandIn) -> None:
    outcome = batch(str(cast.integrity), "--json")

    assert (outcome.code, outcome.report["state"], outcome.report["counts"]) == (0, "running", {"queued": 2})
    assert stand_in.ledger.requests == 0


def test_a_second_call_finds_the_batch_of_the_first(batch: Batch, owner: Connection) -> None:
    first = batch("P5 Integrity", "--json")

    second = batch("P5 Integrity", "--as", MEI, "--wait", "--json")

    assert (second.code, second.report["batch_id"]) == (0, first.report["batch_id"])
    assert owner.scalar(text("select count(*) from photo_jobs")) == 2


def test_a_person_reads_sentences(batch: Batch) -> None:
    outcome = batch("P5 Integrity", "--wait")

    assert outcome.out == "2 of 2 portraits are made. The batch is finished and cost $0.027.\n"


@pytest.mark.parametrize(
    ("faults", "code", "counts"),
    [
        ([Fault.MODERATION_BLOCKED, Fault.SERVER_ERROR], 1, {"failed": 1, "unconfirmed": 1}),
        ([Fault.SERVER_ERROR, Fault.NONE], 3, {"done": 1, "unconfirmed": 1}),
    ],
)
def test_the_exit_code_tells_how_it_ended(
    batch: Batch, stand_in: StandIn, faults: list[Fault], code: int, counts: dict[str, int]
) -> None:
    stand_in.faults.upcoming(*faults)

    outcome = batch("P5 Integrity", "--wait", "--json")

    assert (outcome.code, outcome.report["state"], outcome.report["counts"]) == (code, "finished", counts)


def test_a_batch_that_paused_itself_is_not_waited_for(
    batch: Batch, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKER_CONCURRENCY", "1")
    stand_in.faults.always(Fault.INSUFFICIENT_QUOTA)

    outcome = batch("P5 Integrity", "--wait", "--json")

    assert (outcome.code, outcome.report["state"]) == (1, "paused")
    assert outcome.report["counts"] == {"failed": 1, "queued": 1}
    assert outcome.err.startswith("0 of 2 portraits are made (1 not made, 1 waiting). The batch is paused and cost ")
    assert "no credit left" in outcome.report["message"]
    assert "no credit left" in outcome.err


def test_a_batch_that_a_person_paused_is_waited_for_until_the_time_is_up(batch: Batch, owner: Connection) -> None:
    batch("P5 Integrity")
    owner.execute(text("update photo_batches set state = 'paused', pause_reason = 'asked'"))

    outcome = batch("P5 Integrity", "--wait", "--timeout", "0.7", "--json")

    assert (outcome.code, outcome.report["state"], outcome.report["counts"]) == (4, "paused", {"queued": 2})


def test_a_cancelled_batch_was_not_made(batch: Batch, owner: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUN_WORKER_IN_APP", "false")
    make_cancelling(owner)

    outcome = batch("P5 Integrity", "--wait", "--json")

    assert (outcome.code, outcome.report["state"], outcome.report["counts"]) == (1, "cancelled", {"cancelled": 2})


def test_what_has_no_price_makes_the_cost_a_least_one(
    batch: Batch, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMAGE_MODEL", "somebodys-own-model")
    stand_in.faults.always(Fault.SERVER_ERROR)

    outcome = batch("P5 Integrity", "--wait", "--json")

    assert (outcome.code, outcome.report["cost_usd"], outcome.report["at_least"]) == (3, "0", True)
    assert "cost at least $0.000" in outcome.err


def test_when_everyone_has_a_photo_there_is_nothing_to_start(batch: Batch, owner: Connection) -> None:
    batch("P5 Integrity", "--wait")

    again = batch("P5 Integrity", "--wait", "--json")

    assert again.code == 0
    assert again.report == {
        "batch_id": None,
        "state": "finished",
        "counts": {},
        "cost_usd": "0",
        "at_least": False,
        "message": "Everyone in P5 Integrity has a photo.",
    }
    assert owner.scalar(text("select count(*) from photo_jobs")) == 2


def test_all_means_those_with_a_photo_too(batch: Batch, owner: Connection) -> None:
    batch("P5 Integrity", "--wait")

    again = batch("P5 Integrity", "--who", "all", "--style", "illustrated", "--json")

    assert again.report["counts"] == {"queued": 2}
    assert owner.scalar(text("select count(*) from photo_jobs where options ->> 'style' = 'illustrated'")) == 2


def test_nobody_else_is_told_from_nobody(batch: Batch, stand_in: StandIn, owner: Connection) -> None:
    stand_in.faults.upcoming(Fault.SERVER_ERROR)
    batch("P5 Integrity", "--wait")

    mixed = batch("P5 Integrity", "--json")
    owner.execute(text("update photo_jobs set decided_at = now() where state = 'unconfirmed'"))
    owner.execute(text("update students set portraits_allowed = false where profile_photo is null"))
    forbidden = batch("P5 Integrity", "--json")

    assert (mixed.code, mixed.report["batch_id"]) == (0, None)
    assert mixed.report["message"] == (
        "Everyone else in P5 Integrity has a photo. "
        "Left out: 1 with one that may have been charged and waits for a decision."
    )
    assert forbidden.report["message"].endswith("Left out: 1 for whom no portrait is allowed.")


def test_who_is_left_out_of_a_batch_is_said(batch: Batch, owner: Connection, cast: Cast) -> None:
    owner.execute(text("update students set portraits_allowed = false where id = :ana"), {"ana": cast.ana})

    outcome = batch("P5 Integrity", "--json")

    assert outcome.report["counts"] == {"queued": 1}
    assert outcome.report["message"] == "Left out: 1 for whom no portrait is allowed."


def test_an_empty_class_has_nobody(batch: Batch, owner: Connection, cast: Cast) -> None:
    open_class(owner, cast.mei, "P6 Hope")

    assert batch("P6 Hope", "--json").report["message"] == "There is nobody in P6 Hope."


def test_a_name_in_two_schools_lists_both_and_starts_none(batch: Batch, owner: Connection, cast: Cast) -> None:
    twin = open_class(owner, cast.ben, "P5 Integrity")

    outcome = batch("P5 Integrity", "--json")

    assert (outcome.code, outcome.out) == (1, "")
    assert f"{twin} (P5 Integrity, South Primary)" in outcome.err
    assert f"{cast.integrity} (P5 Integrity, North Primary)" in outcome.err
    assert owner.scalar(text("select count(*) from photo_jobs")) == 0


def test_a_member_means_the_class_of_their_own_school(batch: Batch, owner: Connection, cast: Cast) -> None:
    open_class(owner, cast.ben, "P5 Integrity")

    assert batch("P5 Integrity", "--as", MEI, "--json").code == 0


def test_archived_classes_do_not_count(batch: Batch, owner: Connection, cast: Cast) -> None:
    last_year = open_class(owner, cast.mei, "P4 Integrity")
    owner.execute(
        text("update classes set archived_at = now(), sourced_id = 'C-1', name = 'P5 Integrity' where id = :id"),
        {"id": last_year},
    )

    assert batch("P5 Integrity", "--json").report["counts"] == {"queued": 2}
    assert (batch("C-1").code, batch(str(last_year)).code) == (1, 1)


def test_a_sourced_id_names_a_class(batch: Batch, owner: Connection, cast: Cast) -> None:
    owner.execute(text("update classes set sourced_id = 'C-1' where id = :id"), {"id": cast.integrity})

    assert batch("C-1", "--json").report["counts"] == {"queued": 2}


def test_a_teacher_can_not_ask_for_another_class(batch: Batch, owner: Connection, cast: Cast) -> None:
    owner.execute(text("update students set portraits_allowed = false"))

    outcome = batch("P4 Courage", "--as", MEI, "--json")

    assert (outcome.code, outcome.out) == (1, "")
    assert "may not open this class" in outcome.err
    assign(owner, cast.mei, cast.courage, "subject")
    assert batch("P4 Courage", "--as", MEI, "--json").code == 0


def test_an_unknown_class_is_refused(batch: Batch) -> None:
    outcome = batch("P9 Nowhere", "--json")

    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err == "There is no such class now. Name one by its id, its sourced id or its name.\n"


def test_a_selection_is_made_in_the_app_alone(batch: Batch) -> None:
    assert batch("P5 Integrity", "--who", "chosen").code == 2


def make_cancelling(owner: Connection) -> None:
    """Whatever batch is started next is cancelled as soon as it is there."""
    owner.execute(
        text(
            "create function public.cancel_it() returns trigger language plpgsql security definer as $$ begin"
            " update public.photo_jobs set state = 'cancelled' where id = new.id;"
            " update public.photo_batches set state = 'cancelled' where id = new.batch_id; return null; end $$"
        )
    )
    owner.execute(
        text("create trigger cancel_it after insert on photo_jobs for each row execute function public.cancel_it()")
    )
