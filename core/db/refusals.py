"""What the database refuses, as errors a person may see."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from core.errors import (
    AnswerUnderWay,
    AppError,
    ChoiceRefused,
    ClassBusy,
    DatabaseAway,
    DemoCrowded,
    ImportOutOfDate,
    LastAdmin,
    NobodyLeft,
    NotAllowed,
    NotOneself,
    PhotoGone,
    PortraitNotAllowed,
    StudentElsewhere,
    TooManyWaiting,
    UndoNotPossible,
    UnknownConversation,
    UnknownStudent,
    budget_error,
)

_INSUFFICIENT_PRIVILEGE = "42501"


def refusal(error: DBAPIError | PoolTimeout, zone: ZoneInfo) -> AppError | None:
    """The error behind an SQLSTATE of our functions (SR…), or None for a fault of our own."""
    if isinstance(error, PoolTimeout | OperationalError | InterfaceError):
        return DatabaseAway()
    code = getattr(error.orig, "pgcode", None)
    if code == "SR429":
        return _too_many_waiting(error, zone)
    if code == "SR402":
        return budget_error(json.loads(_detail(error)))
    if code == "SR430":
        return DemoCrowded(int(_detail(error)))
    if code == "SR413":
        return UndoNotPossible(_detail(error))
    known: dict[str | None, type[AppError]] = {
        "SR404": UnknownStudent,
        "SR409": PortraitNotAllowed,
        "SR410": PhotoGone,
        "SR412": ImportOutOfDate,
        "SR414": StudentElsewhere,
        "SR416": NobodyLeft,
        "SR417": ClassBusy,
        "SR418": AnswerUnderWay,
        "SR419": UnknownConversation,
        "SR421": LastAdmin,
        "SR422": ChoiceRefused,
        "SR424": NotOneself,
        _INSUFFICIENT_PRIVILEGE: NotAllowed,
    }
    return known[code]() if code in known else None


def _detail(error: DBAPIError) -> str:
    """What our function put there for Python to read."""
    return str(error.orig.diag.message_detail)  # type: ignore[union-attr]  # psycopg2's


def _too_many_waiting(error: DBAPIError, zone: ZoneInfo) -> TooManyWaiting:
    detail = json.loads(_detail(error))
    first = detail["first_starts_at"]
    return TooManyWaiting(detail["waiting"], datetime.fromisoformat(first).astimezone(zone) if first else None)
