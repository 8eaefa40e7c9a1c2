"""Questions that are not sent."""

from datetime import datetime, timedelta

from core.errors.app_error import AppError


class UnknownConversation(AppError):
    """A conversation or message that is somebody else's, forgotten, or replaced meanwhile."""

    code = "unknown_conversation"
    sentence = "This part of the conversation is no longer there. Open it again, or start a new one."


class AnswerUnderWay(AppError):
    """A question into a conversation whose last answer is still being written."""

    code = "answer_under_way"
    sentence = "An answer is still being written. Wait for its end, or stop it; nothing was sent."


class ServerRestarting(AppError):
    """A question to a process that is ending."""

    code = "server_restarting"
    sentence = "The server is restarting; try again in a minute. Your text stays in the box, and nothing was sent."


class NothingToContinue(AppError):
    """An answer that is not the last one, came to its end, or has no words yet."""

    code = "nothing_to_continue"
    sentence = "Only the last answer can be continued, if it broke off. Ask again instead; nothing was sent."


class TooManyMessages(AppError):
    """As many questions as the limit allows; `opens_at` is in the person's time zone."""

    code = "too_many_messages"

    def __init__(self, opens_at: datetime) -> None:
        # A part of a second more would be too early.
        full_second = opens_at.replace(microsecond=0) + timedelta(seconds=bool(opens_at.microsecond))
        super().__init__(
            "You have asked as often as you may for now. "
            f"Ask again at {full_second:%H:%M:%S}; your text stays in the box. Nothing was sent."
        )
        self.opens_at = opens_at


class QuestionTooLong(AppError):
    """More than anyone types; checked before anything is sent."""

    code = "question_too_long"

    def __init__(self, most_characters: int) -> None:
        super().__init__(f"This is longer than {most_characters} characters. Shorten it; nothing was sent.")


class StillPersonal(AppError):
    """The last check found something in the outgoing request that says who somebody is."""

    code = "still_personal"
    sentence = (
        "Something in this message still says who somebody is, and we can't replace it. "
        "Nothing was sent. Write it without names and numbers of people."
    )
