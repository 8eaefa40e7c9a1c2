"""Each way in which a call went wrong: an icon, a plain sentence, and what to do."""

from dataclasses import dataclass

from core.errors import (
    AnswerLost,
    KeyRejected,
    ModelRetired,
    ModerationBlocked,
    NoAnswer,
    NotAnImage,
    ProviderBusy,
    ProviderUnreachable,
    QuotaUsedUp,
    ReplyLost,
    RequestRefused,
)
from core.usage.report import Failure, Series


@dataclass(frozen=True)
class FailureWords:
    """The sentences have no full stop where they stand as a heading."""

    icon: str
    sentence: str
    to_do: str


_CHECK_PHOTO = "Look at the student: you decide whether it is made again. It may have been charged."
_ASK_AGAIN = "Ask again. What was written until then stays, and was paid."
_WORDS = {
    ModerationBlocked.code: FailureWords(
        "shield", "{what} was refused by the safety filter", "Try again, or word it otherwise. Nothing was paid."
    ),
    ProviderBusy.code: FailureWords(
        "hourglass_top", "OpenAI asked us to slow down", "Nothing to do: it was tried again. Nothing was paid."
    ),
    ProviderUnreachable.code: FailureWords(
        "cloud_off", "OpenAI could not be reached", "Try again in a minute. Nothing was sent or paid."
    ),
    KeyRejected.code: FailureWords(
        "key", "OpenAI did not accept the key", "An admin sets a new OPENAI_API_KEY and restarts. Nothing was paid."
    ),
    ModelRetired.code: FailureWords(
        "event_busy", "The model has been retired", "An admin chooses its successor in the settings. Nothing was paid."
    ),
    QuotaUsedUp.code: FailureWords(
        "credit_card_off", "The OpenAI account had no credit left", "An admin adds credit there. Nothing was paid."
    ),
    RequestRefused.code: FailureWords(
        "block", "OpenAI refused the request", "An admin looks at the model's settings. Nothing was paid."
    ),
    NoAnswer.code: FailureWords("help", "{what} got no answer in time", _CHECK_PHOTO),
    AnswerLost.code: FailureWords(
        "help", "Staffroom stopped before the answer to {what_small} came", "It may have been charged; you decide."
    ),
    ReplyLost.code: FailureWords(
        "help", "An answer came and was lost here", "It may have been charged. Ask an admin to run staffroom sweep."
    ),
    NotAnImage.code: FailureWords(
        "broken_image", "What came back was not an image", "Generate it again. The first try was paid."
    ),
    "cut_off": FailureWords("content_cut", "An answer was cut off", _ASK_AGAIN),
    "broken_off": FailureWords("content_cut", "The connection broke while an answer was written", _ASK_AGAIN),
    "silent": FailureWords("content_cut", "An answer was cut off after a long silence", _ASK_AGAIN),
    "out_of_time": FailureWords("content_cut", "An answer took longer than we wait", _ASK_AGAIN),
    "closing": FailureWords("restart_alt", "Staffroom was restarted while an answer was written", _ASK_AGAIN),
}
_WHAT = {Series.CHAT: "A message", Series.IMAGE: "A portrait", Series.BATCH_IMAGE: "A class photo"}
_MESSAGE_LATE = "Ask again. It may have been charged."


def words_for(failure: Failure) -> FailureWords:
    return words_of(failure.code, failure.series)


def words_of(code: str, series: Series) -> FailureWords:
    """Of a code that has no words yet, the code itself, so that an admin can look it up."""
    what = _WHAT[series]
    known = _WORDS.get(code)
    if known is None:
        sentence = f"{what} failed ({code})"
        return FailureWords("error", sentence, "Try again; if it happens again, tell an admin this code.")
    sentence = known.sentence.format(what=what, what_small=what.lower())
    is_late_message = series is Series.CHAT and code == NoAnswer.code
    return FailureWords(known.icon, sentence, _MESSAGE_LATE if is_late_message else known.to_do)
