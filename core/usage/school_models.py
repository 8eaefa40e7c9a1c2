"""The service behind the section "Models": an admin chooses, and enters a price where none is known."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.accounts.person import Person
from core.db.engine import Database
from core.db.tables.people import Staff
from core.db.tables.usage import ModelPrice
from core.errors import ChoiceRefused, NotAllowed
from core.settings import ImageQuality, ReasoningEffort
from core.usage.choosable import ChatOption, ImageOption, chat_options, image_options
from core.usage.entered_prices import EnteredPrice, checked_price, entered_price, needs_none
from core.usage.model_choice import CHAT, IMAGE, STYLE, UNIFORM, ChatModel, ImageChoice, UsualModels, school_choices
from core.usage.months import Use, use_of
from core.usage.school_settings import ADMINS_DECIDE, change_settings

LONGEST_UNIFORM = 120
NOT_PRICED = "No price is known for {}. Enter it below first; then it can be chosen."
OVER = "{} does not answer any more. Choose another."


@dataclass(frozen=True, kw_only=True)
class ModelsView:
    """What is used now, and what might be; `is_usual_…` says that it is the operator's choice."""

    chat: ChatModel
    is_usual_chat: bool
    image: ImageChoice
    is_usual_image: bool
    usual: UsualModels
    use: Use
    chat_options: tuple[ChatOption, ...]
    image_options: tuple[ImageOption, ...]
    prices: tuple[EnteredPrice, ...]
    style: str | None
    uniform: str | None

    def chat_option(self, model: str) -> ChatOption:
        """Raises ChoiceRefused for a model that nobody knows."""
        found = next((one for one in self.chat_options if one.model == model), None)
        if found is None:
            raise ChoiceRefused(NOT_PRICED.format(model))
        return found

    def image_option(self, model: str) -> ImageOption:
        found = next((one for one in self.image_options if one.model == model), None)
        if found is None:
            raise ChoiceRefused(NOT_PRICED.format(model))
        return found


@dataclass(frozen=True, kw_only=True)
class Models:
    """For admins; whoever else changes anything gets NotAllowed from the database."""

    database: Database
    usual: UsualModels

    def view(self, person: Person, now: datetime) -> ModelsView:
        with self.database.as_person(person) as session:
            return self._view(session, person, now)

    def choose_chat(self, person: Person, model: str, effort: ReasoningEffort, now: datetime) -> None:
        """From the next question on. Raises ChoiceRefused for one that ended or has no price."""
        with self.database.as_person(person) as session:
            option = self._view(session, person, now).chat_option(model)
            _check(model, is_over=option.end is not None and option.end.is_over, is_priced=option.month_usd is not None)
            if effort not in option.offered.efforts:
                raise ChoiceRefused(f"{model} can't think that long. Choose another effort.")
            change_settings(session, person, {CHAT: {"model": model, "reasoning_effort": effort.value}})

    def choose_image(self, person: Person, model: str, quality: ImageQuality, now: datetime) -> None:
        """From the next portrait on. Raises ChoiceRefused for one that ended or has no price."""
        with self.database.as_person(person) as session:
            option = self._view(session, person, now).image_option(model)
            of = f"{model} at quality {quality}"
            _check(of, is_over=option.end is not None and option.end.is_over, is_priced=quality in option.each_usd)
            if not option.may_be_chosen(quality):
                raise ChoiceRefused(f"{model} has no quality {quality}. Choose another.")
            change_settings(session, person, {IMAGE: {"model": model, "quality": quality.value}})

    def use_usual_chat(self, person: Person) -> None:
        """The operator's choice holds again."""
        self._change(person, {CHAT: None})

    def use_usual_image(self, person: Person) -> None:
        self._change(person, {IMAGE: None})

    def describe_portraits(self, person: Person, *, style: str, uniform: str) -> None:
        """The style that is offered first, and the school's dress in a few words."""
        words = " ".join(uniform.split())
        if len(words) > LONGEST_UNIFORM:
            raise ChoiceRefused(f"The uniform takes {len(words)} characters; {LONGEST_UNIFORM} are the most.")
        self._change(person, {STYLE: style, UNIFORM: words or None})

    def enter_price(self, person: Person, typed: EnteredPrice) -> None:
        """Or corrects it. Raises ChoiceRefused for an amount that can't be, or a model that has a price already."""
        price = checked_price(typed)
        if needs_none(price, self.usual.image.size):
            raise ChoiceRefused(f"{price.model} has a price already; nothing has to be entered.")
        with self.database.as_person(person) as session:
            session.execute(_upsert(person, price, self.usual.image.size))

    def forget_price(self, person: Person, price_id: UUID) -> None:
        """Raises ChoiceRefused for one that the school's choice needs."""
        with self.database.as_person(person) as session:
            row = session.get(ModelPrice, price_id)
            if row is not None and self._needs(session, person, row):
                raise ChoiceRefused(f"{row.model} is in use. Choose another model first.")
            gone = session.scalar(delete(ModelPrice).where(ModelPrice.id == price_id).returning(ModelPrice.id))
            if row is not None and gone is None:
                raise NotAllowed(ADMINS_DECIDE)

    def _needs(self, session: Session, person: Person, row: ModelPrice) -> bool:
        """Also where the operator's choice has no other price; not where the price table knows it by now."""
        choices = school_choices(session, person.school_id)
        if needs_none(entered_price(row, ""), row.size):
            return False
        if row.type == CHAT:
            return (choices.chat or self.usual.chat).model == row.model
        return choices.portrait(self.usual.image).choice == ImageChoice(row.model, row.size, row.quality)

    def _change(self, person: Person, changes: dict[str, Any]) -> None:
        with self.database.as_person(person) as session:
            change_settings(session, person, changes)

    def _view(self, session: Session, person: Person, now: datetime) -> ModelsView:
        choices, use = school_choices(session, person.school_id), use_of(session, person.school_id, now)
        today = now.astimezone(person.zone).date()
        return ModelsView(
            chat=choices.chat or self.usual.chat,
            is_usual_chat=choices.chat is None,
            image=choices.portrait(self.usual.image).choice,
            is_usual_image=choices.image is None,
            usual=self.usual,
            use=use,
            chat_options=chat_options(self.usual, choices, use, today),
            image_options=image_options(self.usual, choices, use, today),
            prices=_entered(session),
            style=choices.style,
            uniform=choices.uniform,
        )


def _check(model: str, *, is_over: bool, is_priced: bool) -> None:
    if is_over:
        raise ChoiceRefused(OVER.format(model))
    if not is_priced:
        raise ChoiceRefused(NOT_PRICED.format(model))


def _entered(session: Session) -> tuple[EnteredPrice, ...]:
    rows = session.execute(
        select(ModelPrice, Staff.full_name)
        .join(Staff, Staff.id == ModelPrice.entered_by)
        .order_by(ModelPrice.type, ModelPrice.model, ModelPrice.quality)
    )
    return tuple(entered_price(row, name) for row, name in rows)


def _upsert(person: Person, price: EnteredPrice, size: str) -> Any:
    key = {"type": price.type, "model": price.model, "size": size if price.quality else "", "quality": price.quality}
    amounts = {
        "input_usd": price.input_usd,
        "cached_usd": price.cached_usd,
        "output_usd": price.output_usd,
        "image_usd": price.image_usd,
        "source": price.source,
        "entered_by": person.staff_id,
    }
    return (
        insert(ModelPrice)
        .values(school_id=person.school_id, **key, **amounts)
        .on_conflict_do_update(
            index_elements=["school_id", "type", "model", "size", "quality"],
            set_={**amounts, "entered_at": func.clock_timestamp()},
        )
    )
