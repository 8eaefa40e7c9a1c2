"""Limits in plain sentences."""

from collections.abc import Iterable
from decimal import Decimal

from core.ui.formats import counted
from core.usage.limits_by_hand import Rule
from core.usage.report import Series

TITLES = {Series.CHAT: "Assistant", Series.IMAGE: "Single portraits", Series.BATCH_IMAGE: "Class photos"}
BEYOND = {
    Series.CHAT: "Beyond it a question is not sent; its text stays, and the page says when it may be sent.",
    Series.IMAGE: "Beyond it the next ones wait and say when they start. As many as one window holds may wait.",
    Series.BATCH_IMAGE: "Beyond it the others wait their turn; the page says when each group starts.",
}
WINDOWS = (10, 30, 60, 300, 600, 1800, 3600, 21600, 86400)
_THINGS = {Series.CHAT: "message", Series.IMAGE: "portrait", Series.BATCH_IMAGE: "portrait"}


def sentence(series: Series, rule: Rule, who: str = "each person") -> str:
    """Such as "50 portraits in any 60 minutes for each person, and at least 2 seconds from one to the next."."""
    said = f"{counted(rule.at_most, _THINGS[series])} in any {span(rule.per_seconds)} for {who}"
    return f"{said}, and at least {span(rule.gap_seconds)} from one to the next." if rule.gap_seconds else f"{said}."


def span(seconds: Decimal | int) -> str:
    """60 seconds, 5 minutes, 24 hours."""
    whole = Decimal(seconds)
    for length, unit in ((3600, "hour"), (60, "minute")):
        if whole > length and whole % length == 0:
            return counted(int(whole // length), unit)
    figure = whole.to_integral_value() if whole == whole.to_integral_value() else whole.normalize()
    return f"{figure:f} second{'' if whole == 1 else 's'}"


def windows(least: Decimal, most: Decimal, here: Decimal) -> list[Decimal]:
    """Those to choose from, with the one that is set now."""
    found: Iterable[Decimal] = {here, *(Decimal(one) for one in WINDOWS if least <= one <= most)}
    return sorted(found)
