"""Models, months and prices as the section "Models" says them; what is safe inside a label says so."""

from datetime import date
from decimal import Decimal

from core.settings import ImageQuality, ReasoningEffort
from core.ui.formats import NOT_PRICED, counted, day, money, money_in_cell
from core.ui.text import escape_label
from core.usage.choosable import End
from core.usage.entered_prices import EnteredPrice
from core.usage.months import ChatUse, PortraitUse, Use

EFFORTS = {
    ReasoningEffort.OMIT: "As the model likes",
    ReasoningEffort.NONE: "None",
    ReasoningEffort.MINIMAL: "Minimal",
    ReasoningEffort.LOW: "Low",
    ReasoningEffort.MEDIUM: "Medium",
    ReasoningEffort.HIGH: "High",
    ReasoningEffort.XHIGH: "Very high",
    ReasoningEffort.MAX: "Most",
}
QUALITIES = {
    ImageQuality.LOW: "Low",
    ImageQuality.MEDIUM: "Medium",
    ImageQuality.HIGH: "High",
    ImageQuality.STANDARD: "Standard",
    ImageQuality.HD: "HD",
}
CACHE = "What the provider's cache saves is not counted."


def use_line(use: Use) -> str:
    """What the months are worked out from."""
    if use.chat.is_example and use.portraits.is_example:
        return f"Nothing was used in the last 30 days, so costs are those of an example month: {_use(use)}. {CACHE}"
    examples = [
        f"nobody {did}, so that part is an example"
        for did, is_example in (
            ("asked the assistant", use.chat.is_example),
            ("made portraits", use.portraits.is_example),
        )
        if is_example
    ]
    said = f" In these days {examples[0]}." if examples else ""
    return f"Costs a month are worked out from your school's last 30 days: {_use(use)}.{said} {CACHE}"


def a_month(month_usd: Decimal | None) -> str:
    """Safe inside a label."""
    return NOT_PRICED if month_usd is None else f"about {money(month_usd)} a month"


def a_month_in_cell(month_usd: Decimal | None) -> str:
    return NOT_PRICED if month_usd is None else f"about {money_in_cell(month_usd)} a month"


def compared(month_usd: Decimal | None, now_usd: Decimal | None) -> str:
    """With what is chosen now. Safe inside a label."""
    if month_usd is None:
        return "No price is known. Enter it below first; then it can be chosen."
    said = f"About {money(month_usd)} a month"
    if now_usd is None:
        return f"{said}."
    difference = month_usd - now_usd
    if not difference:
        return f"{said}, as now."
    return f"{said}, {money(abs(difference))} {'more' if difference > 0 else 'less'} than now."


def end_line(model: str, end: End, today: date) -> str:
    """Safe inside a label."""
    instead = f" Its successor is **{escape_label(end.successor)}**." if end.successor else ""
    name = f"**{escape_label(model)}**"
    if end.is_over:
        return f"{name} stopped answering on {day(end.on)}.{instead}"
    return f"{name} stops answering on {day(end.on)}, in {counted((end.on - today).days, 'day')}.{instead}"


def end_in_cell(end: End | None) -> str:
    if end is None:
        return ""
    return f"{'ended ' if end.is_over else ''}{day(end.on)}"


def end_in_list(end: End | None) -> str:
    if end is None:
        return ""
    return end_in_cell(end) if end.is_over else f"ends {day(end.on)}"


def price_line(price: EnteredPrice) -> str:
    """Safe inside a label."""
    if price.quality:
        return f"{money(price.image_usd)} an image at quality {QUALITIES[ImageQuality(price.quality)].lower()}"
    into, cached, out = (money(usd) for usd in (price.input_usd, price.cached_usd, price.output_usd))
    return f"{into} in, {cached} in from the cache, {out} out, for 1M tokens"


def _use(use: Use) -> str:
    return f"{_messages(use.chat)}, {_portraits(use.portraits)}"


def _messages(use: ChatUse) -> str:
    into, out = use.usual["prompt_tokens"], use.usual["completion_tokens"]
    return f"{use.messages:,} message{'' if use.messages == 1 else 's'} of about {into:,} tokens in and {out:,} out"


def _portraits(use: PortraitUse) -> str:
    return f"{use.portraits:,} portrait{'' if use.portraits == 1 else 's'}"
