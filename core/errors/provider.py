"""What a paid call can end in; the kinds differ in money."""

from core.errors.app_error import AppError


class DemoSpendLimitReached(AppError):
    """A demo with a real key has spent what DEMO_SPEND_LIMIT_USD allows."""

    code = "demo_spend_limit"
    sentence = "This demo has spent what it may. Nothing was paid; look around, or try your own copy."


class ProviderError(AppError):
    """What a paid call can end in when no usable reply came; the three kinds differ in money."""


class NotSent(ProviderError):
    """Surely not billed, and worth trying again by itself."""


class Refused(ProviderError):
    """A definite no: free, and the same request would be refused again."""


class MayBeCharged(ProviderError):
    """Sent, and no answer that tells: it may be billed and is never sent again by itself."""


class ProviderUnreachable(NotSent):
    """Connection refused, name not found, or no free connection."""

    code = "provider_unreachable"
    sentence = "OpenAI can't be reached. Nothing was sent or paid; try again in a minute."


class ProviderBusy(NotSent):
    """429 of the provider; `retry_after_s` is the provider's own wish, None where it said nothing."""

    code = "provider_busy"

    def __init__(self, retry_after_s: float | None = None) -> None:
        super().__init__("OpenAI is busy. Nothing was paid; try again in a minute.")
        self.retry_after_s = retry_after_s


class KeyRejected(Refused):
    """401 or 403."""

    code = "key_rejected"
    sentence = "OpenAI did not accept the key. An admin has to set a new one."


class ModelRetired(Refused):
    """404 for the model."""

    code = "model_retired"

    def __init__(self, model: str, successor: str | None) -> None:
        choice = f"An admin can choose {successor}." if successor else "An admin has to choose another."
        super().__init__(f"The model {model} has been retired. {choice}")


class QuotaUsedUp(Refused):
    """The provider account has no credit left (`insufficient_quota`)."""

    code = "insufficient_quota"
    sentence = "The OpenAI account has no credit left. Nothing was paid; an admin has to add credit."


class ModerationBlocked(Refused):
    """The provider's safety filter."""

    code = "moderation_blocked"
    sentence = "Refused by the safety filter. Nothing was paid."


class RequestRefused(Refused):
    """Any other 4xx."""

    code = "request_refused"
    sentence = "OpenAI refused the request. Nothing was paid; an admin can look at the settings."


class NoAnswer(MayBeCharged):
    """A time-out after sending, a dropped connection, a 5xx."""

    code = "no_answer"
    sentence = "OpenAI did not answer in time. It may have been charged; you decide what next."


class AnswerLost(MayBeCharged):
    """Our own process ended between the request and its answer."""

    code = "answer_lost"
    sentence = "We stopped before OpenAI's answer came. It may have been charged; you decide what next."
