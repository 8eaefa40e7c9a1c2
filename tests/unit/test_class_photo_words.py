import csv
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from core.accounts.person import Person, Role
from core.errors import (
    AppError,
    BudgetUsedUp,
    ModelRetired,
    NotSent,
    ProviderBusy,
    ProviderUnreachable,
    budget_error,
)
from core.photos.batches.batch import Batch, BatchState, Counts, Result, Spent
from core.photos.batches.forecast import Forecast, Limit, Pace
from core.photos.batches.pausing import IN_A_ROW, POINTLESS, POINTLESS_IN_A_ROW
from core.photos.batches.service import Price
from core.photos.job import JobState
from core.ui.class_photos import costs
from core.ui.class_photos.budget_lines import SCHOOLS, budget_line, shortage, warning
from core.ui.class_photos.decisions import paid_line
from core.ui.class_photos.live import sight_of
from core.ui.class_photos.pauses import pause_sentences
from core.ui.class_photos.price_box import cost, is_late, time_help
from core.ui.class_photos.progress import groups, status_line
from core.ui.class_photos.results import reason, short_reason
from core.ui.class_photos.results_csv import file_name, results_csv
from core.ui.class_photos.words import about, duration, finished_sentence, progress_line
from core.usage.budget import BudgetOf, Holder
from tests.budget_makers import a_budget

NOW = datetime(2026, 11, 12, 2, 30, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Singapore")
MEI = Person(UUID(int=1), UUID(int=2), "Mei Tan", Role.TEACHER, "North Primary", "Asia/Singapore", is_demo=True)
PACE = Pace(timedelta(seconds=10), 4)
FREE = Spent(Decimal(0), Decimal(0), Decimal(0), 0)


def a_result(state: JobState = JobState.DONE, **more: Any) -> Result:
    facts: dict[str, Any] = {
        "job_id": uuid4(),
        "student_id": uuid4(),
        "full_name": "Ana Lim",
        "index_no": None,
        "state": state,
        "starts_at": None,
        "called_at": None,
        "received_at": None,
        "finished_at": None,
        "message": None,
        "error_code": None,
        "spent_usd": Decimal(0),
        "possible_usd": Decimal(0),
        "unpriced": 0,
        "photo_id": None,
        "is_newest": True,
        "is_decided": False,
        "may_be_seen": True,
    }
    return Result(**(facts | more))


def a_batch(*results: Result, state: BatchState = BatchState.RUNNING, **more: Any) -> Batch:
    facts: dict[str, Any] = {
        "id": uuid4(),
        "class_id": uuid4(),
        "class_name": "P5 Integrity",
        "state": state,
        "pause_reason": None,
        "message": None,
        "requested_by": "Mei Tan",
        "style": "photo",
        "model": "any",
        "quality": "medium",
        "created_at": NOW,
        "started_at": NOW - timedelta(seconds=161),
        "finished_at": None,
        "paused_at": None,
        "results": results,
        "spent": FREE,
    }
    return Batch(**(facts | more))


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (Counts(waiting=3), "**0 of 3 finished** · 3 waiting"),
        (
            Counts(6, 1, 1, 0, 2, 1),
            "**8 of 11 finished** · 6 done, 1 not made, 1 unconfirmed · 2 being made · 1 waiting",
        ),
        (Counts(done=1, cancelled=2, making=1), "**3 of 4 finished** · 1 done, 2 cancelled · 1 being made"),
    ],
)
def test_the_bar_leaves_out_what_there_is_none_of(counts: Counts, said: str) -> None:
    assert progress_line(counts) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.42, "0.4 s"), (7, "7 s"), (161, "2 min 41 s"), (3780, "1 h 3 min")],
)
def test_how_long_it_took_is_told_as_finely_as_it_matters(seconds: float, said: str) -> None:
    assert duration(timedelta(seconds=seconds)) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (20, "Less than a minute"),
        (70, "About 1 minute"),
        (125, "About 2 minutes"),
        (3600, "About 1 hour"),
        (4200, "About 1 hour 10 min"),
    ],
)
def test_how_long_it_will_take_is_told_roughly(seconds: float, said: str) -> None:
    assert about(timedelta(seconds=seconds)) == said


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        ("0.1449", "0.1537", r"\$0.14 to \$0.15"),
        ("0.1449", "0.1451", r"\$0.14 to \$0.15"),
        ("0.141", "0.143", r"\$0.14"),
    ],
)
def test_a_price_is_one_figure_where_both_read_alike(low: str, high: str, said: str) -> None:
    assert cost(Price(Decimal(low), Decimal(high))) == said


def test_what_is_not_priced_is_never_nothing() -> None:
    unpriced = a_result(unpriced=1)
    assert (costs.footer(unpriced), costs.in_cell(unpriced)) == ("not priced", "not priced")
    in_part = a_result(unpriced=1, spent_usd=Decimal("0.0132"))
    assert (costs.footer(in_part), costs.in_cell(in_part)) == (r"at least \$0.013", "at least $0.013")
    assert costs.total(Spent(Decimal(0), Decimal(0), Decimal(0), 2)) == "Not priced"
    some = Spent(Decimal("0.08"), Decimal(0), Decimal(0), 2)
    assert (costs.label("Cost", some), costs.in_line(some)) == ("Cost, at least", r"at least \$0.08")


def test_a_paid_failure_shows_its_price_and_a_free_one_that_nothing_was_paid() -> None:
    assert costs.footer(a_result(JobState.FAILED, spent_usd=Decimal("0.0132"))) == r"\$0.013"
    assert costs.footer(a_result(JobState.FAILED)) == "nothing paid"
    assert costs.footer(a_result(JobState.CANCELLED)) == "nothing paid"


def test_what_is_only_possible_does_not_read_as_paid() -> None:
    both = a_result(spent_usd=Decimal("0.0264"), possible_usd=Decimal("0.0132"))
    assert costs.footer(both) == r"up to \$0.026"
    assert (costs.in_cell(both), costs.unconfirmed_in_cell(both)) == ("$0.026", "$0.013")
    failed = a_result(JobState.FAILED, spent_usd=Decimal("0.0264"), possible_usd=Decimal("0.0132"))
    assert paid_line([failed]) == r"\$0.013 was paid, \$0.013 may have been charged."
    only = a_result(JobState.FAILED, spent_usd=Decimal("0.0132"), possible_usd=Decimal("0.0132"))
    assert paid_line([only]) == r"\$0.013 may have been charged."


def test_who_waits_for_a_second_try_keeps_what_the_first_one_cost() -> None:
    assert costs.footer(a_result(JobState.QUEUED)) == "no cost yet"
    assert costs.footer(a_result(JobState.QUEUED, spent_usd=Decimal("0.0132"))) == r"\$0.013"


def test_what_went_wrong_is_told_after_what_went_well() -> None:
    batch = a_batch(
        a_result(),
        a_result(JobState.FAILED),
        a_result(JobState.UNCONFIRMED),
        a_result(JobState.UNCONFIRMED, is_decided=True),
        state=BatchState.FINISHED,
        finished_at=NOW,
    )

    assert finished_sentence(batch, ZONE, NOW) == (
        "**1 of 4 students have a new photo.** 1 was not made, 1 needs your decision, 1 stayed unconfirmed."
        " Finished 10:30, after 2 min 41 s."
    )


@pytest.mark.parametrize(
    "facts",
    [
        {"paused_at": NOW - timedelta(minutes=1)},
        {"started_at": NOW - timedelta(minutes=61)},
    ],
)
def test_how_long_it_took_is_left_out_where_it_was_paused_or_waited_for_long(facts: dict[str, Any]) -> None:
    batch = a_batch(a_result(), state=BatchState.FINISHED, finished_at=NOW, **facts)

    assert finished_sentence(batch, ZONE, NOW) == "**1 of 1 student has a new photo.** Finished 10:30."


def test_a_pause_before_the_latest_go_does_not_count() -> None:
    batch = a_batch(a_result(), state=BatchState.FINISHED, finished_at=NOW, paused_at=NOW - timedelta(hours=2))

    assert finished_sentence(batch, ZONE, NOW).endswith("Finished 10:30, after 2 min 41 s.")


def test_what_was_decided_stays_told_in_the_short_reason() -> None:
    decided = a_result(JobState.UNCONFIRMED, is_decided=True, message="No answer came. It may have been charged.")

    assert short_reason(decided) == "No answer came. Left as it is."
    assert reason(decided) == "No answer came. It may have been charged. Left as it is."


def test_the_time_is_told_as_that_of_one_who_is_alone() -> None:
    said = time_help(Forecast(NOW, NOW, NOW, PACE), Limit(50, Decimal(3600), Decimal(2)), 3)

    assert said is not None
    assert said.endswith("if nobody else makes photos at the same time.")


def test_a_cancelled_batch_says_what_it_did_not_cost() -> None:
    results = (a_result(), a_result(JobState.CANCELLED), a_result(JobState.CANCELLED))
    batch = a_batch(*results, state=BatchState.CANCELLED, finished_at=NOW)

    assert finished_sentence(batch, ZONE, NOW + timedelta(days=1)) == (
        "Cancelled 12 Nov, 10:30. **1 of 3 students have a new photo.** 2 were not started and cost nothing."
    )


def test_a_pause_between_starts_parts_the_groups_and_near_ones_need_no_mention() -> None:
    near = [NOW + timedelta(seconds=2 * number) for number in range(5)]
    later = [NOW + timedelta(hours=1, seconds=2 * number) for number in range(12)]
    last = [NOW + timedelta(hours=2)]

    found = groups([*last, *near, *later], after=NOW + timedelta(minutes=2))

    assert found == [(later[0], 12), (last[0], 1)]


def test_the_last_ones_are_waited_for_and_a_pause_says_what_is_left() -> None:
    assert status_line(a_batch(a_result(JobState.CALLING)), MEI) == "The last ones are being made."
    paused = a_batch(
        a_result(JobState.CALLING), a_result(JobState.QUEUED), state=BatchState.PAUSED, pause_reason="asked"
    )
    assert status_line(paused, MEI) == (
        ":material/pause_circle: **Paused.** A person paused it. Whoever may open the class can resume it."
        " 1 photo is left and waits at no cost. What is already being made finishes."
    )


BY_THE_PROVIDER: set[type[AppError]] = {*POINTLESS, *POINTLESS_IN_A_ROW, ProviderUnreachable, ProviderBusy}


@pytest.mark.parametrize("error", sorted(BY_THE_PROVIDER - {BudgetUsedUp}, key=str))
def test_a_pause_of_its_own_says_nothing_of_what_was_paid(error: type[AppError]) -> None:
    for code in (error, *error.__subclasses__()):
        why = paused_by(code.code)
        assert "paid" not in why
        assert "stored" not in why or code in {ModelRetired, NotSent}
        assert why.endswith(" 1 photo is left and waits at no cost.")


def test_a_retired_model_is_named_and_an_unknown_reason_is_told_as_it_was_stored() -> None:
    retired = ModelRetired("gpt-image-1.5", "gpt-image-2")
    assert paused_by(retired.code, str(retired)) == (
        "**Paused.** The model gpt-image-1.5 has been retired. An admin can choose gpt-image-2."
        " Resume when that is mended, or cancel the batch. 1 photo is left and waits at no cost."
    )
    assert paused_by("flood", "The cellar is *wet*.").startswith(r"**Paused.** The cellar is \*wet\*. Resume when")


def test_what_failed_three_times_in_a_row_is_told_as_that() -> None:
    assert "OpenAI refused three requests in a row" in paused_by("request_refused")
    assert "gave no answer three times in a row. These may have been charged" in paused_by("no_answer")
    assert IN_A_ROW == 3


def test_a_pause_by_a_budget_says_whose_it_is_how_much_is_left_and_that_it_goes_on_by_itself() -> None:
    told = {"of": "class", "name": "P5 *Integrity*", "is_yours": False, "amount_usd": "5", "left_usd": "0.004"}
    refused = [budget_error({**told, "needed_usd": needed, "admins": ["Siti", "Ong"]}) for needed in ("0.0135", None)]

    used_up, unpriced = (paused_by(one.code, one.of_many).replace("\\", "") for one in refused)
    assert used_up == (
        "**Paused: the budget is used up.** 1 photo is left. Ask an admin. The budget of P5 *Integrity* has no room for"
        " this: $0.004 of $5.00 is left this month, and this may cost $0.014. Siti or Ong can raise it."
        " It goes on by itself once there is room."
    )
    assert unpriced == (
        "**Paused: no price is known for the model, and the budget is a hard one.** 1 photo is left. Ask an admin."
        " The budget of P5 *Integrity* allows no call without a known price, and none is known for the model that is"
        " set. Siti or Ong can enter the price, or choose another model. It goes on by itself once a price is known."
    )


@pytest.mark.parametrize(
    ("left", "hard", "line", "said"),
    [
        ("3.77", True, "$3.77 of $5.00 left, $3.59 after this", ""),
        ("0.06", True, "$0.06 of $5.00 left, $0.00 after this", "Your budget has room for about 3 of 11 portraits."),
        ("0", True, "$0.00 of $5.00 left, $0.00 after this", "Your budget has no room for a portrait."),
        ("0.06", False, "$0.06 of $5.00 left, $0.00 after this", "Your budget will be exceeded. It is a soft one"),
    ],
)
def test_the_price_is_told_beside_what_it_leaves_of_the_budget(left: str, hard: bool, line: str, said: str) -> None:
    now = a_budget(
        amount="5", spent=str(5 - Decimal(left)), hard=hard, holder=Holder(BudgetOf.PERSON, MEI.staff_id, "M")
    )
    price = Price(Decimal("0.14"), Decimal("0.18"))

    assert budget_line(now, MEI, price, 11).replace("\\", "") == f"Your budget: {line}"
    assert warning(now, MEI, price, 11).startswith(said)
    assert bool(warning(now, MEI, price, 11)) is bool(said)
    assert ("allows no call without a known price" in warning(now, MEI, None, 11)) is hard


def test_a_teacher_is_warned_where_the_schools_budget_has_too_little_room() -> None:
    price = Price(Decimal("0.14"), Decimal("0.18"))

    assert shortage(SCHOOLS, Decimal("0.18"), price, 11, hard=True) == ""
    assert shortage(SCHOOLS, Decimal("0.03"), price, 11, hard=True) == (
        "The school's budget has room for about 1 of 11 portraits. "
        "The batch pauses then, and goes on by itself once there is room."
    )


def paused_by(reason: str, message: str = "As stored.") -> str:
    one = a_result(JobState.QUEUED)
    return pause_sentences(a_batch(one, state=BatchState.PAUSED, pause_reason=reason, message=message))


@pytest.mark.parametrize(("last_in_s", "is_said"), [(20, False), (75, False), (90, True)])
def test_only_a_limit_that_holds_things_up_is_worth_a_warning(last_in_s: int, is_said: bool) -> None:
    forecast = Forecast(NOW, NOW + timedelta(seconds=last_in_s), NOW, PACE)

    assert is_late(forecast, Limit(50, Decimal(3600), Decimal(2)), many=10) is is_said


def test_the_clock_alone_makes_it_somebodys_turn_but_not_while_paused() -> None:
    waiting = a_result(JobState.QUEUED, starts_at=NOW)
    before, at = (sight_of(a_batch(waiting), MEI, PACE, moment) for moment in (NOW - timedelta(seconds=1), NOW))
    paused = sight_of(a_batch(waiting, state=BatchState.PAUSED), MEI, PACE, NOW)

    notes = [sight.faces[0].note.partition(":gray[")[2] for sight in (before, at, paused)]
    assert notes == ["starts at 10:30:00]]", "next in line]]", "paused]]"]
    assert (at.progress.ready, paused.progress.ready) == ("10:30", "–")


AFTER_COST = ["Of it may have been charged, USD", "Calls not priced", "Time in seconds"]


def test_what_comes_back_while_paused_redraws_what_stands_around() -> None:
    def around(state: BatchState, of_one: JobState) -> tuple[object, ...]:
        one = a_result(of_one, student_id=UUID(int=3), job_id=UUID(int=4))
        return sight_of(a_batch(one, state=state), MEI, PACE, NOW).around

    making, done = JobState.CALLING, JobState.DONE
    assert around(BatchState.PAUSED, making) != around(BatchState.PAUSED, done)
    assert around(BatchState.RUNNING, making) == around(BatchState.RUNNING, done)


def test_the_file_holds_a_row_a_student_and_no_formula() -> None:
    made = a_result(
        index_no=7,
        called_at=NOW,
        received_at=NOW + timedelta(seconds=7.25),
        spent_usd=Decimal("0.0264200000"),
        possible_usd=Decimal("0.0132100000"),
    )
    sly = a_result(JobState.FAILED, full_name="=HYPERLINK(1)", message="Refused. Nothing was paid.")
    unpriced = a_result(full_name="@Sum", unpriced=1)

    rows = list(csv.reader(results_csv(a_batch(made, sly, unpriced)).splitlines()))

    assert rows == [
        ["Student", "Number", "State", "Reason", "Cost in USD", *AFTER_COST],
        ["Ana Lim", "7", "Done", "", "0.02642", "0.01321", "0", "7.2"],
        ["'=HYPERLINK(1)", "", "Not made", "Refused. Nothing was paid.", "0", "0", "0", ""],
        ["'@Sum", "", "Done", "", "not priced", "0", "1", ""],
    ]


def test_the_files_name_tells_class_and_day_of_the_school() -> None:
    late = datetime(2026, 11, 12, 22, 0, tzinfo=UTC)

    assert file_name(a_batch(class_name="P5 / Ünity *1*", started_at=late), MEI) == (
        "class-photos-p5-ünity-1-2026-11-13.csv"
    )
