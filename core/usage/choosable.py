"""The models that a school may choose among, with what each costs a month and when it ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.settings import ImageQuality, ReasoningEffort
from core.usage.hand_prices import HandPrices
from core.usage.model_choice import ImageChoice, Priced, SchoolChoices, UsualModels
from core.usage.months import Use
from core.usage.offered import OfferedChat, OfferedImage, offered_chat, offered_images
from core.usage.prices import shutdown_date, successor


@dataclass(frozen=True)
class End:
    """The day on which a model stops or stopped to answer."""

    on: date
    successor: str | None
    is_over: bool


@dataclass(frozen=True)
class ChatOption:
    """`month_usd` is None where no price is known."""

    offered: OfferedChat
    month_usd: Decimal | None
    end: End | None

    @property
    def model(self) -> str:
        return self.offered.model

    @property
    def may_be_chosen(self) -> bool:
        return self.month_usd is not None and not _is_over(self.end)

    def nearest(self, effort: ReasoningEffort) -> ReasoningEffort:
        """That effort where the model has it, else its least."""
        return effort if effort in self.offered.efforts else self.offered.efforts[0]


@dataclass(frozen=True)
class ImageOption:
    """`each_usd` of one portrait by quality, without those of which no price is known."""

    offered: OfferedImage
    each_usd: Mapping[ImageQuality, Decimal]
    portraits: int
    end: End | None

    @property
    def model(self) -> str:
        return self.offered.model

    def may_be_chosen(self, quality: ImageQuality) -> bool:
        return quality in self.offered.qualities and quality in self.each_usd and not _is_over(self.end)

    def month_usd(self, quality: ImageQuality) -> Decimal | None:
        each = self.each_usd.get(quality)
        return None if each is None else each * self.portraits


def end_of(model: str, today: date) -> End | None:
    on = shutdown_date(model)
    return None if on is None else End(on, successor(model), is_over=on <= today)


def chat_options(usual: UsualModels, choices: SchoolChoices, use: Use, today: date) -> tuple[ChatOption, ...]:
    """What we know, the operator's, the school's own, and what has a price by hand."""
    chosen = choices.chat.model if choices.chat else usual.chat.model
    known = offered_chat()
    models = dict.fromkeys([usual.chat.model, chosen, *known, *choices.prices.of_tokens])
    return tuple(
        ChatOption(
            known.get(model) or OfferedChat(model),
            use.chat.cost(model, choices.prices.chat(model)),
            end_of(model, today),
        )
        for model in models
    )


def image_options(usual: UsualModels, choices: SchoolChoices, use: Use, today: date) -> tuple[ImageOption, ...]:
    chosen = choices.portrait(usual.image).choice.model
    known = offered_images()
    by_hand = (model for model, _, _ in choices.prices.of_images)
    return tuple(
        ImageOption(
            known.get(model) or OfferedImage(model),
            _each(model, usual.image, choices.prices),
            use.portraits.portraits,
            end_of(model, today),
        )
        for model in dict.fromkeys([usual.image.model, chosen, *known, *by_hand])
    )


def _each(model: str, usual: ImageChoice, prices: HandPrices) -> dict[ImageQuality, Decimal]:
    found = {}
    for quality in ImageQuality:
        choice = ImageChoice(model, usual.size, quality.value)
        usd = Priced(choice, prices.image(model, usual.size, quality.value)).estimated_usd()
        if usd is not None:
            found[quality] = usd
    return found


def _is_over(end: End | None) -> bool:
    return end is not None and end.is_over
