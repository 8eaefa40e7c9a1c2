"""The database is away, not running or not ready."""

from core.errors.app_error import AppError


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
