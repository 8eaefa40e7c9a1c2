"""Every error a person may see, each with one clear sentence that says what to do next."""

from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID


class AppError(Exception):
    """The family's root; `str(error)` is the sentence to show, `code` what logs and rows keep."""

    code: ClassVar[str] = "error"
    sentence: ClassVar[str] = "Something went wrong. Try again."
    page_can_go_on: ClassVar[bool] = True

    def __init__(self, sentence: str | None = None) -> None:
        super().__init__(sentence or self.sentence)


class SettingsError(AppError):
    """A variable that stops the start; its value is never repeated, since it may be a secret."""

    code = "settings"

    def __init__(self, name: str, allowed: str) -> None:
        super().__init__(f"{name} must be {allowed}. Correct it in the environment or in .env.")


class OpenDemo(AppError):
    """A demo, which anyone may use, about to listen where others can reach a paid key."""

    code = "open_demo"

    def __init__(self) -> None:
        super().__init__(
            "A demo with a real OPENAI_API_KEY listens on 127.0.0.1 only. "
            "Set HOST=127.0.0.1, or DEMO_SPEND_LIMIT_USD to what it may cost."
        )


class SignInMissing(AppError):
    """Production asked of a version that can't tell who is here."""

    code = "sign_in_missing"
    page_can_go_on = False
    sentence = "There is no sign-in yet, so production shows nothing. Set STAFFROOM_MODE=demo to look around."


class NotADemo(AppError):
    """A command for the made-up school, in production."""

    code = "not_a_demo"
    sentence = "This is for a demo only, and STAFFROOM_MODE says production; nothing was changed."


class DemoWasPaid(AppError):
    """The demo school is to be thrown away, but calls of it were really paid."""

    code = "demo_was_paid"
    sentence = "The demo school's ledger holds calls that were really paid and can't forget them; take a new database."


class WorkerLoginMissing(AppError):
    """A command that needs more than the web process's login."""

    code = "worker_login_missing"
    sentence = "This needs the worker's login. Set WORKER_DATABASE_URL and try again."


class DatabaseAway(AppError):
    """No connection, or one that broke."""

    code = "database_away"
    page_can_go_on = False
    sentence = "The database is away. Your work is safe; this page tries again by itself."


class DatabaseNotRunning(AppError):
    """The embedded server, asked for by a command that does not keep it running."""

    code = "database_not_running"
    sentence = "The embedded database runs only while the app or a worker does; start one and ask again."


class MigrationFailed(AppError):
    """A migration that the database refused; nothing of it was kept."""

    code = "migration_failed"

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"Migration {name} failed and nothing of it was kept: {reason}")


class DatabaseNotMigrated(AppError):
    """An external database that lacks migrations; starting the app never applies them."""

    code = "database_not_migrated"
    page_can_go_on = False

    def __init__(self, missing: int) -> None:
        super().__init__(f"The database lacks {missing} migrations. The operator runs staffroom migrate first.")


class NotAllowed(AppError):
    """Someone asked for what their role or classes don't give them."""

    code = "not_allowed"
    sentence = "You may not open this class. Choose one of your own."


class UnknownStudent(AppError):
    """No such student among those this person may see."""

    code = "unknown_student"
    sentence = "This student is not in your classes. Look for the name in the roster."


class MeetingNotPossible(AppError):
    """A time or a guardian that a meeting can't have; each with its own sentence."""

    code = "meeting_not_possible"


class AmbiguousStudent(AppError):
    """A sourced id that stands in more than one school."""

    code = "ambiguous_student"

    def __init__(self, candidates: list[str]) -> None:
        super().__init__("Several students have this id; name one of: " + ", ".join(candidates))


class UnknownClass(AppError):
    """No class by that id, sourced id or name is there, or it is archived."""

    code = "unknown_class"
    sentence = "There is no such class now. Name one by its id, its sourced id or its name."


class AmbiguousClass(AppError):
    """A sourced id or a name that more than one class has."""

    code = "ambiguous_class"

    def __init__(self, candidates: list[str]) -> None:
        super().__init__("Several classes are called this; name one of: " + ", ".join(candidates))


class RecordRefused(AppError):
    """A record as nobody may keep it: something is missing, too long, or can't be true."""

    code = "record_refused"


class RecordExists(RecordRefused):
    """There is one of the same day or assessment already; `record_id` is that one's."""

    code = "record_exists"

    def __init__(self, sentence: str, record_id: UUID) -> None:
        super().__init__(sentence)
        self.record_id = record_id


class RecordChanged(AppError):
    """Somebody else corrected the record after it was read."""

    code = "record_changed"
    sentence = (
        "Somebody else changed this record meanwhile, and it says now what stands above. "
        "Save again to put yours in its place."
    )


class RecordGone(AppError):
    """The record was removed, or is somebody else's to change."""

    code = "record_gone"
    sentence = "This record can't be changed any more: it was removed, or is not yours. Look at what is there now."


class PortraitNotAllowed(AppError):
    """The student left, or the school recorded that no portrait may be made."""

    code = "portrait_not_allowed"
    sentence = "No portrait may be made of this student. Ask the school's office."


class TooManyWaiting(AppError):
    """As many portraits wait as may be made in one window of the limit."""

    code = "too_many_waiting"

    def __init__(self, waiting: int, first_starts_at: datetime | None) -> None:
        at = f" The first starts at {first_starts_at:%H:%M:%S}." if first_starts_at else ""
        super().__init__(f"{waiting} portraits are already waiting.{at} Try again after that.")


class UnknownBatch(AppError):
    """An address that names a batch which is gone, or is somebody else's."""

    code = "unknown_batch"
    sentence = "These class photos are not among your classes'. Choose a class."


class NobodyLeft(AppError):
    """A batch for students of whom none may be started now."""

    code = "nobody_left"
    sentence = (
        "Nobody is left to start: each has a photo, one under way, one that waits for a decision, or none allowed. "
        "Look at the class again."
    )


class ClassBusy(AppError):
    """Failed ones of an earlier batch, to be tried again while another batch of the class runs."""

    code = "class_busy"
    sentence = "Photos of this class are being made already. Try again when they are ready."


class DemoSpendLimitReached(AppError):
    """A demo with a real key has spent what DEMO_SPEND_LIMIT_USD allows."""

    code = "demo_spend_limit"
    sentence = "This demo has spent what it may. Nothing was paid; look around, or try your own copy."


class PhotoGone(AppError):
    """A photo version that was removed meanwhile."""

    code = "photo_gone"
    sentence = "This photo is no longer there. Open the student again to see what is."


class DiskFull(AppError):
    """Checked before paying, so that a reply can always be kept."""

    code = "disk_full"
    sentence = "The disk is full, so nothing was sent or paid. An admin has to make room."


class StorageAway(AppError):
    """The photo store did not take a file; the paid reply is kept and tried again."""

    code = "storage_away"
    sentence = "The photo is made but can't be stored now. It is safe and will be stored by itself."


class ImageAway(StorageAway):
    """The provider answered with an address, and the address does not answer now."""

    code = "image_away"
    sentence = "The photo is made but can't be fetched now. It will be fetched by itself."


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


class ReplyLost(AppError):
    """The reply came, and what was kept of it is gone: a disk or a database that was restored."""

    code = "reply_lost"
    sentence = "OpenAI's answer came and was lost here. It may have been charged; the old photo stays."


class NotAnImage(AppError):
    """The reply was paid but holds no image that can be used."""

    code = "not_an_image"

    def __init__(self, cost: str | None = None) -> None:
        paid = f"It was paid ({cost})" if cost else "It may have been charged"
        super().__init__(f"What came back was not an image. {paid} and the old photo stays.")


class UnknownConversation(AppError):
    """A conversation or message that is somebody else's, forgotten, or replaced meanwhile."""

    code = "unknown_conversation"
    sentence = "This part of the conversation is no longer there. Open it again, or start a new one."


class AnswerUnderWay(AppError):
    """A question into a conversation whose last answer is still being written."""

    code = "answer_under_way"
    sentence = "An answer is still being written. Wait for its end, or stop it; nothing was sent."


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


class UnreadableFile(AppError):
    """An upload that is none of the formats that can be read."""

    code = "unreadable_file"
    sentence = "We could not read this file. It is not a CSV file or a zip. Export it again and retry."


class ImportOutOfDate(AppError):
    """The roster changed between the preview and the click on Apply."""

    code = "import_out_of_date"
    sentence = "The class list changed since this preview. Look at the new preview and apply again."


class ImportTargetUnclear(AppError):
    """A file that does not say which school or class it is for, or names none that is here."""

    code = "import_target_unclear"

    def __init__(self, what: str, wanted: str | None, candidates: list[str]) -> None:
        problem = f"There is no {what} “{wanted}” here" if wanted else f"Say which {what} this file is for"
        known = f": {', '.join(candidates)}" if candidates else ""
        super().__init__(f"{problem}. Name one with --{what}{known}.")


class UnknownImport(AppError):
    """An id that no import has."""

    code = "unknown_import"
    sentence = "There is no import with this id. Give the one that the import printed."


class StudentElsewhere(AppError):
    """A class list names someone whom the school has and this person may not see."""

    code = "student_elsewhere"
    sentence = "Someone in this list is in the school already, in another class. Ask an admin to import it."


class UndoNotPossible(AppError):
    """Something was built on what the import created or changed."""

    code = "undo_not_possible"

    def __init__(self, reason: str) -> None:
        super().__init__(f"This import can't be undone any more: {reason}. Import a corrected list instead.")
