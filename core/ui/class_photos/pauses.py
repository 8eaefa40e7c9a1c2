"""Why a class's photos are paused, what to do about it and who can; everything here is safe inside a label."""

from dataclasses import dataclass

from core.errors import (
    BudgetUsedUp,
    DemoSpendLimitReached,
    DiskFull,
    KeyRejected,
    NoAnswer,
    NotPricedForBudget,
    ProviderBusy,
    ProviderUnreachable,
    QuotaUsedUp,
    RequestRefused,
)
from core.photos.batches.batch import ASKED, Batch, BatchLine
from core.ui.formats import counted
from core.ui.photo_states import first_sentence
from core.ui.text import escape_label

GOES_ON = {
    BudgetUsedUp.code: "It goes on by itself once there is room.",
    NotPricedForBudget.code: "It goes on by itself once a price is known.",
}


@dataclass(frozen=True)
class Why:
    """What happened, in few words, and the way on."""

    what: str
    way_on: str


_WHYS = {
    ASKED: Why("A person paused it", "Whoever may open the class can resume it."),
    QuotaUsedUp.code: Why(
        "The OpenAI account has no credit left", "An admin has to add credit; then resume, or cancel the batch."
    ),
    KeyRejected.code: Why(
        "OpenAI did not accept the key", "An admin has to set a new one; then resume, or cancel the batch."
    ),
    DemoSpendLimitReached.code: Why(
        "This demo has spent what it may", "Whoever runs it can raise its limit; then resume, or cancel the batch."
    ),
    BudgetUsedUp.code: Why("The budget is used up", "Ask an admin."),
    NotPricedForBudget.code: Why("No price is known for the model, and the budget is a hard one", "Ask an admin."),
    DiskFull.code: Why("The disk is full", "An admin has to make room; then resume, or cancel the batch."),
    ProviderUnreachable.code: Why(
        "OpenAI can't be reached",
        "Resume in some minutes. If it pauses again, an admin has to look at the network.",
    ),
    ProviderBusy.code: Why("OpenAI is too busy", "Resume in some minutes, or cancel the batch."),
    RequestRefused.code: Why(
        "OpenAI refused three requests in a row",
        "An admin has to look at the settings; then resume, or cancel the batch.",
    ),
    NoAnswer.code: Why(
        "OpenAI gave no answer three times in a row",
        "These may have been charged; decide about them below. Resume in some minutes, or cancel the batch.",
    ),
}


def why_paused(batch: Batch | BatchLine) -> str:
    """In few words, without a full stop; empty where nothing tells."""
    known = _WHYS.get(batch.pause_reason or "")
    return known.what if known else escape_label(first_sentence(batch.message))


def pause_sentences(batch: Batch) -> str:
    """What happened, the way on, and that whoever waits costs nothing."""
    if batch.pause_reason in GOES_ON:
        return _by_budget(batch, batch.pause_reason)
    known = _WHYS.get(batch.pause_reason or "")
    said = f"{known.what}. {known.way_on}" if known else _as_stored(batch)
    return f"**Paused.** {said} {left_line(batch.counts.waiting)}".strip()


def _by_budget(batch: Batch, reason: str) -> str:
    """Whose it is, how much is left and who can change it stands in the message."""
    what, many = _WHYS[reason].what, batch.counts.waiting
    left = f" {counted(many, 'photo')} {'is' if many == 1 else 'are'} left." if many else ""
    said = f"**Paused: {what[0].lower()}{what[1:]}.**{left} Ask an admin."
    return " ".join(part for part in (said, escape_label(batch.message or ""), GOES_ON[reason]) if part)


def left_line(waiting: int) -> str:
    """Such as "4 photos are left and wait at no cost."; empty where none is."""
    if not waiting:
        return ""
    are, wait = ("is", "waits") if waiting == 1 else ("are", "wait")
    return f"{counted(waiting, 'photo')} {are} left and {wait} at no cost."


def _as_stored(batch: Batch) -> str:
    """A retired model's sentence, too, because it names the model and its successor."""
    return f"{escape_label(batch.message or '')} Resume when that is mended, or cancel the batch.".strip()
