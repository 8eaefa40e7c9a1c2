"""Why a class's photos are paused, what to do about it and who can; everything here is safe inside a label."""

from dataclasses import dataclass

from core.errors import (
    DemoSpendLimitReached,
    DiskFull,
    KeyRejected,
    NoAnswer,
    ProviderBusy,
    ProviderUnreachable,
    QuotaUsedUp,
    RequestRefused,
)
from core.photos.batches.batch import ASKED, Batch, BatchLine
from core.ui.formats import counted
from core.ui.photo_states import first_sentence
from core.ui.text import escape_label

BUDGET = "budget"


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
    BUDGET: Why("The budget is used up", "An admin can raise it; then resume, or cancel the batch."),
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
    known = _WHYS.get(batch.pause_reason or "")
    said = f"{known.what}. {known.way_on}" if known else _as_stored(batch)
    return f"**Paused.** {said} {left_line(batch.counts.waiting)}".strip()


def left_line(waiting: int) -> str:
    """Such as "4 photos are left and wait at no cost."; empty where none is."""
    if not waiting:
        return ""
    are, wait = ("is", "waits") if waiting == 1 else ("are", "wait")
    return f"{counted(waiting, 'photo')} {are} left and {wait} at no cost."


def _as_stored(batch: Batch) -> str:
    """A retired model's sentence, too, because it names the model and its successor."""
    return f"{escape_label(batch.message or '')} Resume when that is mended, or cancel the batch.".strip()
