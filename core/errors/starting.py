"""What stops a start or a command of the operator."""

from core.errors.app_error import AppError


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
