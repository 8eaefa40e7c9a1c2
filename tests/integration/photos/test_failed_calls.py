"""What each failure of the paid call does to the job and to the ledger."""

import pytest

from core.clients.openai_images import OpenAIImages
from core.demo.faults import Fault
from core.photos.board import Standing
from tests.integration.photos.studio import Studio


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault.BAD_REQUEST, "request_refused"),
        (Fault.MODERATION_BLOCKED, "moderation_blocked"),
        (Fault.UNAUTHORIZED, "key_rejected"),
        (Fault.FORBIDDEN, "key_rejected"),
        (Fault.MODEL_RETIRED, "model_retired"),
        (Fault.INSUFFICIENT_QUOTA, "insufficient_quota"),
    ],
)
def test_a_definite_refusal_is_free_and_over(studio: Studio, fault: Fault, code: str) -> None:
    studio.stand_in.faults.always(fault)
    job_id = studio.ask()

    assert studio.maker.make(job_id) is None

    job, (row,) = studio.job(job_id), studio.attempts(job_id)
    assert (job.state, job.error_code, job.cost_usd, job.cost_source) == ("failed", code, 0, "reported")
    assert (row.state, row.error, row.estimated_cost, row.cost_source) == ("settled", code, 0, "reported")
    assert job.message.endswith(".")
    assert (studio.stand_in.ledger.requests, studio.stand_in.ledger.billed_images) == (1, 0)


@pytest.mark.parametrize(
    "fault",
    [
        Fault.SERVER_ERROR,
        Fault.UNAVAILABLE,
        Fault.HANG_UNBILLED,
        Fault.DROP_BEFORE_HEADERS,
        Fault.DROP_AFTER_HEADERS,
        Fault.PINGS_ONLY,
    ],
)
def test_a_call_that_may_have_been_charged_counts_as_held_and_is_never_sent_again(
    studio: Studio, socket_images: OpenAIImages, fault: Fault
) -> None:
    studio.stand_in.faults.always(fault)
    maker = studio.over(socket_images, deadline_s=0.5)
    job_id = studio.ask()

    assert maker.make(job_id) is None
    assert maker.make(job_id) is None

    job, (row,) = studio.job(job_id), studio.attempts(job_id)
    assert (job.state, job.error_code, job.cost_source) == ("unconfirmed", "no_answer", "possible")
    assert (row.state, row.error, row.cost_source) == ("settled", "no_answer", "possible")
    assert row.estimated_cost == row.held_cost == job.cost_usd > 0
    assert studio.stand_in.ledger.requests == 1


def test_generating_again_is_a_job_of_its_own(studio: Studio) -> None:
    studio.stand_in.faults.upcoming(Fault.SERVER_ERROR)
    first = studio.make()

    again = studio.ask(retry_of=first)
    studio.maker.make(again)

    assert again != first
    assert studio.job(again).retry_of == first
    assert (studio.state(first), studio.state(again)) == ("unconfirmed", "done")
    assert [studio.attempts(job_id)[0].cost_source for job_id in (first, again)] == ["possible", "reported"]


@pytest.mark.parametrize(
    ("fault", "standing"), [(Fault.MODERATION_BLOCKED, Standing.NOT_MADE), (Fault.SERVER_ERROR, Standing.UNCONFIRMED)]
)
def test_the_card_says_why_there_is_no_new_picture_and_the_old_one_stays(
    studio: Studio, fault: Fault, standing: Standing
) -> None:
    old = studio.make()
    studio.stand_in.faults.always(fault)
    studio.make()

    (card,) = studio.photos.cards(studio.cast.mei, studio.cast.integrity)
    assert (card.standing, card.photo_id) == (standing, old)
    assert card.message


@pytest.mark.parametrize(
    ("fault", "cost_source"),
    [
        (Fault.HTML_200, "possible"),
        (Fault.BAD_JSON, "possible"),
        (Fault.TRUNCATED_BASE64, "reported"),
        (Fault.TRUNCATED_IMAGE, "reported"),
        (Fault.NOT_AN_IMAGE, "reported"),
    ],
)
def test_a_reply_without_a_picture_was_paid_and_the_old_photo_stays(
    studio: Studio, fault: Fault, cost_source: str
) -> None:
    old = studio.make()
    studio.stand_in.faults.always(fault)
    job_id = studio.make()

    job, (row,) = studio.job(job_id), studio.attempts(job_id)
    assert (job.state, job.error_code, job.cost_source) == ("failed", "not_an_image", cost_source)
    assert (row.state, row.error, row.cost_source) == ("settled", "not_an_image", cost_source)
    assert row.estimated_cost == job.cost_usd > 0
    assert studio.photo(old).is_current
    assert studio.count("photo_replies") == 0
    assert studio.spool.waiting() == []


def test_the_summary_of_the_costs_holds_every_outcome(studio: Studio) -> None:
    for fault in (Fault.NONE, Fault.MODERATION_BLOCKED, Fault.SERVER_ERROR, Fault.NOT_AN_IMAGE):
        studio.stand_in.faults.upcoming(fault)
        studio.make()

    total = studio.one("select * from openai_usage_summary where user_id = :id", id=studio.cast.mei.staff_id)
    ledger = studio.one("select sum(estimated_cost) as cost, count(*) as n from openai_usage where state = 'settled'")
    assert (total.total_image_requests, total.total_cost) == (ledger.n, ledger.cost)
    assert ledger.n == 4
