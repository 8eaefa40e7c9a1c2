"""Models: whether the provider has them, when they end, whether they take what is asked of them, and their price."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from core.clients.openai_models import ModelList
from core.doctor.evidence import Evidence
from core.doctor.finding import Finding, fine, problem, warning
from core.doctor.looks import Away
from core.usage.choosable import End, end_of
from core.usage.hand_prices import HandPrices
from core.usage.model_choice import ChatModel, ImageChoice, SchoolChoices
from core.usage.offered import offered_chat, offered_images
from core.usage.prices import estimate_chat, estimate_image

CHAT_MODEL, IMAGE_MODEL, SCHOOL_MODELS = "chat_model", "image_model", "school_models"
SOON = timedelta(days=90)
_A_QUESTION = {"prompt_tokens": 1000, "completion_tokens": 175}
_NO_PRICE = "{} has no known price, so hard budgets refuse it and totals read “at least”"
_ENTER = "An admin enters its price under School settings, Models."


def usual_models(evidence: Evidence) -> Iterator[Finding]:
    """Those of the settings, for schools that chose no others."""
    settings = evidence.settings
    chat = ChatModel(settings.chat_model, settings.chat_reasoning_effort)
    image = ImageChoice(settings.image_model, settings.image_size, settings.image_quality)
    yield from _judged(evidence, CHAT_MODEL, "CHAT_MODEL", chat.model, _chat_faults(evidence, chat, HandPrices()))
    yield from _judged(evidence, IMAGE_MODEL, "IMAGE_MODEL", image.model, _image_faults(evidence, image, HandPrices()))


def school_models(evidence: Evidence) -> Iterator[Finding]:
    """Those that admins chose, each once."""
    if evidence.work is None or isinstance(evidence.work, Away):
        return
    about, found = "Models that schools chose", list[Finding]()
    for choices in evidence.work.choices:
        found += _of_school(evidence, choices, about)
    bad = [finding for finding in dict.fromkeys(found) if finding.to_do]
    yield from bad
    if not bad:
        yield fine(SCHOOL_MODELS, about, _nothing_wrong(len(evidence.work.choices)))


def _nothing_wrong(schools: int) -> str:
    return "No school chose its own." if schools == 0 else f"In order; schools that chose their own: {schools}."


def _of_school(evidence: Evidence, choices: SchoolChoices, about: str) -> Iterator[Finding]:
    if choices.chat is not None:
        faults = _chat_faults(evidence, choices.chat, choices.prices)
        yield from _judged(evidence, SCHOOL_MODELS, about, choices.chat.model, faults)
    if choices.image is not None:
        settings = evidence.settings
        usual = ImageChoice(settings.image_model, settings.image_size, settings.image_quality)
        image = choices.portrait(usual).choice
        yield from _judged(evidence, SCHOOL_MODELS, about, image.model, _image_faults(evidence, image, choices.prices))


Fault = tuple[bool, str, str]
"""Whether it stops the work, what was found, and what to do."""


def _judged(evidence: Evidence, name: str, about: str, model: str, faults: Iterator[Fault]) -> Iterator[Finding]:
    """One finding for a model: its worst, or that all is well, as far as anybody said that it is there."""
    found = sorted(faults, key=lambda fault: not fault[0])
    if not found:
        there = "not looked for, " if isinstance(evidence.models, Away) else "there, "
        yield fine(name, about, f"{_shown(model)}: {there}priced, and no end announced.")
        return
    stops, what, to_do = found[0]
    rest = "".join(f" {also}." for _, also, _ in found[1:])
    yield (problem if stops else warning)(name, about, f"{what}.{rest}", to_do)


def _chat_faults(evidence: Evidence, choice: ChatModel, prices: HandPrices) -> Iterator[Fault]:
    yield from _faults(evidence, choice.model)
    offered = offered_chat().get(choice.model)
    if offered is not None and choice.effort not in offered.efforts:
        efforts = ", ".join(offered.efforts)
        what = f"{choice.model} refuses the reasoning effort {choice.effort}"
        yield not evidence.settings.uses_stand_in, what, f"Choose one of: {efforts} (CHAT_REASONING_EFFORT)."
    if estimate_chat(choice.model, _A_QUESTION, by_hand=prices.chat(choice.model)).cost_usd is None:
        yield False, _NO_PRICE.format(_shown(choice.model)), _ENTER


def _image_faults(evidence: Evidence, choice: ImageChoice, prices: HandPrices) -> Iterator[Fault]:
    yield from _faults(evidence, choice.model)
    offered = offered_images().get(choice.model)
    if offered is not None and choice.quality not in offered.qualities:
        what = f"{choice.model} has no quality {choice.quality}"
        yield True, what, f"Set IMAGE_QUALITY to one of: {', '.join(offered.qualities)}."
    if _price_of(choice, prices) is None:
        yield False, _NO_PRICE.format(f"{_shown(choice.model)} at {choice.size}, {choice.quality}"), _ENTER


def _price_of(choice: ImageChoice, prices: HandPrices) -> Decimal | None:
    by_hand = prices.image(choice.model, choice.size, choice.quality)
    return estimate_image(choice.model, choice.size, choice.quality, by_hand=by_hand)


def _faults(evidence: Evidence, model: str) -> Iterator[Fault]:
    """The provider's own list has the last word; a compatible server may still have what ended elsewhere."""
    listed = evidence.models if isinstance(evidence.models, ModelList) else None
    end = _end(evidence, model, listed)
    instead = f"Choose {end.successor}" if end and end.successor else "Choose another"
    if listed is not None and not listed.ends:
        yield False, f"The provider's list is empty, so {_shown(model)} could not be looked for", "Try it once."
    elif listed is not None and model not in listed.ends:
        yield (
            True,
            f"{_shown(model)} is not among the provider's models",
            f"{instead}, or another that the key may use.",
        )
    elif end is not None and end.is_over and (listed is None or evidence.settings.openai_base_url is None):
        yield True, f"{_shown(model)} was switched off on {end.on}", f"{instead}."
    elif end is not None and not end.is_over and end.on - evidence.today <= SOON:
        yield False, f"{_shown(model)} ends on {end.on}", f"{instead} before that day."


def _end(evidence: Evidence, model: str, listed: ModelList | None) -> End | None:
    known = end_of(model, evidence.today)
    said = listed.ends.get(model) if listed is not None else None
    if said is None:
        return known
    return End(said, known.successor if known else None, is_over=said <= evidence.today)


def _shown(model: str) -> str:
    """An admin may have typed anything."""
    return "".join(sign for sign in model if sign.isprintable())[:60]
