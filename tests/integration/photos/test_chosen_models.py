"""Portraits follow the school's choice of the moment in which they are asked of the provider, and its own prices."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, cast

import pytest

from core.clients.image_fetch import ImageFetch
from core.clients.openai_images import OpenAIImages, RawReply
from core.demo.faults import Fault
from core.photos.errands import request_as_operator
from core.settings import ImageQuality
from core.usage.entered_prices import EnteredPrice
from core.usage.school_models import Models
from tests.integration.photos.studio import CHOICE, Studio
from tests.usual_models import USUAL

PRICE = EnteredPrice(model="our-painter", quality="low", image_usd=Decimal("0.04"), source="our invoice")


@dataclass
class Midway:
    """The real client; something happens just before the request leaves."""

    images: OpenAIImages
    happens: Callable[[], None]

    def generate(self, *order: Any, **more: Any) -> RawReply:
        self.happens()
        return self.images.generate(*order, **more)


@pytest.fixture
def models(studio: Studio) -> Models:
    return Models(database=studio.database, usual=USUAL)


def choose(models: Models, studio: Studio, model: str, quality: ImageQuality) -> None:
    models.choose_image(studio.cast.siti, model, quality, datetime.now(UTC))


def test_what_is_claimed_after_a_choice_asks_the_new_model(studio: Studio, models: Models) -> None:
    job_id = studio.ask()
    choose(models, studio, "gpt-image-2", ImageQuality.LOW)

    studio.maker.make(job_id)

    [row] = studio.attempts(job_id)
    photo = studio.photo(job_id)
    assert (row.model, photo.model, photo.options["quality"]) == ("gpt-image-2", "gpt-image-2", "low")
    assert row.completion_tokens == 196


def test_what_is_under_way_keeps_its_model_and_the_next_of_the_class_takes_the_new_one(
    studio: Studio, models: Models
) -> None:
    studio.pace_batches()
    batch_id = studio.start_batch([studio.cast.ana, *studio.enrol(1)])
    first, second = studio.jobs_of(batch_id)
    midway = Midway(studio.maker.images, lambda: choose(models, studio, "gpt-image-2", ImageQuality.LOW))

    replace(studio.maker, images=cast("OpenAIImages", midway)).make(first)
    studio.maker.make(second)

    made = [(studio.attempts(job)[0].model, studio.photo(job).options["quality"]) for job in (first, second)]
    assert made == [(CHOICE.model, "medium"), ("gpt-image-2", "low")]
    assert studio.attempts(first)[0].completion_tokens == 439
    batch = studio.class_photos.batch(studio.cast.mei, batch_id)
    assert (batch.model, batch.quality) == ("gpt-image-2", "low")


def test_another_school_s_choice_changes_nothing_here(studio: Studio, models: Models) -> None:
    models.choose_image(studio.cast.ben, "gpt-image-2", ImageQuality.HIGH, datetime.now(UTC))

    [row] = studio.attempts(studio.make())

    assert row.model == CHOICE.model


def test_a_price_by_hand_is_held_and_settled_as_it_was_when_the_portrait_was_asked_for(
    studio: Studio, models: Models, socket_images: OpenAIImages
) -> None:
    studio.stand_in.faults.always(Fault.URL_REPLY)
    models.enter_price(studio.cast.siti, PRICE)
    choose(models, studio, PRICE.model, ImageQuality.LOW)

    def correct() -> None:
        models.enter_price(studio.cast.siti, replace(PRICE, image_usd=Decimal("0.05")))

    fetch = ImageFetch(frozenset({"127.0.0.1"}), allow_loopback_http=True)
    midway = cast("OpenAIImages", Midway(socket_images, correct))
    job_id = studio.ask()
    replace(studio.over(midway), finisher=replace(studio.maker.finisher, fetch=fetch)).make(job_id)

    [row] = studio.attempts(job_id)
    assert (row.model, row.held_cost, row.estimated_cost) == (PRICE.model, Decimal("0.04"), Decimal("0.04"))
    assert (row.cost_source, row.rates["per_image"]) == ("reported", "0.0400000000")
    assert studio.photos.offer(studio.cast.mei).cost_usd == Decimal("0.05")


def test_a_price_that_a_visitor_of_a_demo_entered_does_not_stand_for_what_the_demo_may_spend(
    studio: Studio, models: Models
) -> None:
    models.enter_price(studio.cast.siti, replace(PRICE, image_usd=Decimal(0)))
    choose(models, studio, PRICE.model, ImageQuality.LOW)
    job_id = studio.ask()

    replace(studio.maker, spend_limit_usd=Decimal(1000)).make(job_id)

    assert (studio.state(job_id), studio.job(job_id).error_code) == ("failed", "demo_spend_limit")
    assert studio.stand_in.ledger.requests == 0


def test_the_school_s_uniform_goes_along_and_its_style_stands_where_none_is_chosen(
    studio: Studio, models: Models
) -> None:
    models.describe_portraits(studio.cast.siti, style="illustrated", uniform="sky blue shirt")

    job_id = studio.photos.request(studio.cast.mei, studio.cast.ana)
    studio.maker.make(job_id)

    photo = studio.photo(job_id)
    assert photo.style == "illustrated"
    assert "School uniform: sky blue shirt." in photo.prompt
    for_class, for_operator = studio.enrol(2)
    batch_id = studio.class_photos.start(studio.cast.mei, studio.cast.integrity, [for_class])
    by_operator = request_as_operator(studio.database, for_operator)
    assert studio.batch(batch_id).options["style"] == studio.job(by_operator).options["style"] == "illustrated"
