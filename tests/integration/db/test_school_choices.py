"""What an admin chooses for the school: models with their prices, and what may go to a model."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Connection, Row, text
from sqlalchemy.exc import DBAPIError

from core.accounts.person import Person
from core.assistant.letting_out import LettingOut
from core.db.engine import Database
from core.errors import ChoiceRefused, NotAllowed
from core.meetings.records import RecordKind
from core.settings import ImageQuality, ReasoningEffort
from core.usage.entered_prices import EnteredPrice
from core.usage.model_choice import ChatModel, ImageChoice, school_choices
from core.usage.school_models import Models
from tests.cast import Cast
from tests.usual_models import USUAL

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
OURS = EnteredPrice(
    model="our-server/llama", input_usd=Decimal("0.5"), output_usd=Decimal("1.5"), source="Contract of 3 Nov"
)
SUNBURST = EnteredPrice(
    model="gpt-image-2.5-sunburst", quality="low", image_usd=Decimal("0.0123"), source="openai.com/pricing"
)


@pytest.fixture
def models(database: Database) -> Models:
    return Models(database=database, usual=USUAL)


@pytest.fixture
def letting_out(database: Database) -> LettingOut:
    return LettingOut(database=database)


def audited(owner: Connection) -> Sequence[Row[Any]]:
    return owner.execute(text("select * from audit_log order by created_at, action")).all()


def test_a_choice_holds_for_one_school_and_is_audited_with_before_and_after(
    models: Models, database: Database, cast: Cast, owner: Connection
) -> None:
    models.choose_chat(cast.siti, "gpt-6.1-terra", ReasoningEffort.LOW, NOW)
    models.choose_image(cast.siti, "gpt-image-2", ImageQuality.LOW, NOW)
    models.choose_image(cast.siti, "gpt-image-2", ImageQuality.HIGH, NOW)

    with database.as_person(cast.mei) as session:
        seen = school_choices(session, cast.mei.school_id)
    assert seen.chat == ChatModel("gpt-6.1-terra", ReasoningEffort.LOW)
    assert seen.portrait(USUAL.image).choice == ImageChoice("gpt-image-2", "1024x1024", "high")
    elsewhere = models.view(cast.ben, NOW)
    assert (elsewhere.chat, elsewhere.is_usual_chat, elsewhere.image) == (USUAL.chat, True, USUAL.image)
    low, high = ({"image": {"model": "gpt-image-2", "quality": quality}} for quality in ("low", "high"))
    assert [(row.actor_id, row.action, row.before, row.after) for row in audited(owner)[1:]] == [
        (cast.siti.staff_id, "image_setting.changed", {"image": None}, low),
        (cast.siti.staff_id, "image_setting.changed", low, high),
    ]


def test_going_back_to_the_operators_choice_is_audited_too(models: Models, cast: Cast, owner: Connection) -> None:
    models.choose_chat(cast.siti, "gpt-6-luna", ReasoningEffort.HIGH, NOW)
    models.use_usual_chat(cast.siti)
    models.use_usual_chat(cast.siti)

    assert models.view(cast.siti, NOW).is_usual_chat
    assert [row.after for row in audited(owner)] == [
        {"chat": {"model": "gpt-6-luna", "reasoning_effort": "high"}},
        {"chat": None},
    ]


def test_a_teacher_chooses_nothing(models: Models, letting_out: LettingOut, cast: Cast, owner: Connection) -> None:
    attempts: list[Callable[[], None]] = [
        lambda: models.choose_chat(cast.mei, "gpt-6.1-terra", ReasoningEffort.NONE, NOW),
        lambda: models.use_usual_image(cast.mei),
        lambda: models.describe_portraits(cast.mei, style="photo", uniform="white shirt"),
        lambda: models.enter_price(cast.mei, OURS),
        lambda: letting_out.change(cast.mei, []),
    ]

    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()
    assert audited(owner) == []


def test_what_is_not_known_not_priced_or_not_possible_can_not_be_chosen(models: Models, cast: Cast) -> None:
    for model, effort, why in (
        ("gpt-5.1-chat-latest", ReasoningEffort.NONE, "No price is known"),
        ("our-server/llama", ReasoningEffort.NONE, "No price is known"),
        ("gpt-4o-mini", ReasoningEffort.HIGH, "can't think that long"),
    ):
        with pytest.raises(ChoiceRefused, match=why):
            models.choose_chat(cast.siti, model, effort, NOW)


def test_a_model_can_be_chosen_until_the_day_on_which_it_ends(models: Models, cast: Cast) -> None:
    last = datetime(2027, 1, 13, 15, 59, tzinfo=UTC)

    models.choose_chat(cast.siti, "gpt-4o-mini", ReasoningEffort.OMIT, last)
    with pytest.raises(ChoiceRefused, match="does not answer any more"):
        models.choose_chat(cast.siti, "gpt-4o-mini", ReasoningEffort.OMIT, last.replace(hour=16))

    option = models.view(cast.siti, NOW).chat_option("gpt-4o-mini")
    assert option.may_be_chosen
    assert option.end is not None
    assert (str(option.end.on), option.end.successor) == ("2027-01-14", "gpt-6-luna")


def test_a_price_by_hand_makes_a_model_choosable_and_stays_while_it_is_used(models: Models, cast: Cast) -> None:
    models.enter_price(cast.siti, OURS)
    models.enter_price(cast.siti, SUNBURST)
    models.choose_chat(cast.siti, OURS.model, ReasoningEffort.OMIT, NOW)
    models.choose_image(cast.siti, SUNBURST.model, ImageQuality.LOW, NOW)

    entered = models.view(cast.siti, NOW).prices
    assert [(one.model, one.entered_by, one.source) for one in entered] == [
        (OURS.model, "Siti Rahim", "Contract of 3 Nov"),
        (SUNBURST.model, "Siti Rahim", "openai.com/pricing"),
    ]
    for one in entered:
        assert one.id is not None
        with pytest.raises(ChoiceRefused, match="is in use"):
            models.forget_price(cast.siti, one.id)
    with pytest.raises(ChoiceRefused, match="No price is known"):
        models.choose_image(cast.siti, SUNBURST.model, ImageQuality.HIGH, NOW)


def test_prices_are_audited_and_belong_to_their_school(models: Models, cast: Cast, owner: Connection) -> None:
    models.enter_price(cast.siti, OURS)
    models.enter_price(cast.siti, replace(OURS, output_usd=Decimal(2)))
    [price] = models.view(cast.siti, NOW).prices
    assert price.id is not None
    models.forget_price(cast.ben, price.id)
    with pytest.raises(NotAllowed):
        models.forget_price(cast.mei, price.id)
    assert models.view(cast.ben, NOW).prices == ()
    models.forget_price(cast.siti, price.id)

    lines = audited(owner)
    assert [line.action for line in lines] == ["model_price.added", "model_price.corrected", "model_price.removed"]
    assert [(line.before or {}).get("output_usd") for line in lines] == [None, Decimal("1.5"), 2]
    assert [(line.after or {}).get("output_usd") for line in lines] == [Decimal("1.5"), 2, None]


def test_what_the_table_prices_needs_no_price_by_hand(models: Models, cast: Cast) -> None:
    for typed in (replace(OURS, model="gpt-6-luna"), replace(SUNBURST, model="gpt-image-2")):
        with pytest.raises(ChoiceRefused, match="has a price already"):
            models.enter_price(cast.siti, typed)


def change_directly(database: Database, person: Person, settings: str) -> None:
    with database.as_person(person) as session:
        values = {"settings": settings, "school": person.school_id}
        session.execute(text("update schools set settings = cast(:settings as jsonb) where id = :school"), values)


def test_the_database_itself_refuses_what_is_no_choice(database: Database, cast: Cast) -> None:
    for settings in (
        '{"chat": {"model": "gpt-6-luna", "reasoning_effort": "endless"}}',
        '{"chat": {"model": "gpt-6-luna; drop", "reasoning_effort": "none"}}',
        '{"chat": {"model": "gpt-6-luna", "reasoning_effort": "none", "temperature": 2}}',
        '{"chat": "gpt-6-luna"}',
        '{"image": {"model": "gpt-image-2"}}',
        '{"to_model": ["case", "medical"]}',
        '{"to_model": "case"}',
        '{"style": "photorealistic"}',
        '{"uniform": ""}',
        '{"colour": "red"}',
    ):
        with pytest.raises(ChoiceRefused):
            change_directly(database, cast.siti, settings)


@pytest.mark.usefixtures("cast")
def test_the_operator_can_not_write_nonsense_either(owner: Connection) -> None:
    with pytest.raises(DBAPIError, match="no choice for style"):
        owner.execute(text("""insert into schools (name, settings) values ('East', '{"style": "oil"}')"""))
    owner.execute(text("""update schools set settings = '{"uniform": "white shirt"}'"""))

    assert audited(owner) == []


def test_one_choice_leaves_the_others_as_they_are(models: Models, letting_out: LettingOut, cast: Cast) -> None:
    models.describe_portraits(cast.siti, style="illustrated", uniform="  white shirt,\n blue shorts ")
    letting_out.change(cast.siti, [RecordKind.RESULT])
    models.choose_chat(cast.siti, "gpt-6.1-terra", ReasoningEffort.NONE, NOW)

    view = models.view(cast.siti, NOW)
    assert (view.style, view.uniform) == ("illustrated", "white shirt, blue shorts")
    assert view.chat.model == "gpt-6.1-terra"
    assert list(letting_out.view(cast.siti).kinds) == [RecordKind.RESULT]


def test_cases_need_a_confirmation_once_and_who_changed_it_last_is_said(
    letting_out: LettingOut, cast: Cast, owner: Connection
) -> None:
    first = letting_out.view(cast.siti)
    assert (first.is_usual, first.last_change, RecordKind.CASE in first.kinds) == (True, None, False)
    with pytest.raises(ChoiceRefused, match="Confirm"):
        letting_out.change(cast.siti, list(RecordKind))

    letting_out.change(cast.siti, list(RecordKind), confirms_cases=True)
    letting_out.change(cast.siti, [RecordKind.CASE, RecordKind.NOTE])

    seen = letting_out.view(cast.siti)
    assert (sorted(seen.kinds), seen.is_usual) == (["case", "note"], False)
    assert seen.last_change is not None
    assert seen.last_change.by == "Siti Rahim"
    assert [row.after for row in audited(owner)] == [
        {"to_model": ["attendance", "result", "observation", "case", "note"]},
        {"to_model": ["case", "note"]},
    ]


def test_another_name_or_time_zone_of_the_school_is_audited_with_before_and_after(
    database: Database, cast: Cast, owner: Connection
) -> None:
    with database.as_person(cast.siti) as session:
        session.execute(text("update schools set time_zone = 'Asia/Tokyo'"))
        session.execute(text("update schools set time_zone = 'Asia/Tokyo', name = 'North Primary'"))

    [row] = audited(owner)
    assert (row.actor_id, row.action, row.object) == (
        cast.siti.staff_id,
        "school.corrected",
        f"schools/{cast.siti.school_id}",
    )
    here = {"name": "North Primary", "locale": "en-SG"}
    assert (row.before, row.after) == (
        {**here, "time_zone": "Asia/Singapore"},
        {**here, "time_zone": "Asia/Tokyo"},
    )
