"""Home: my classes, work in progress, this month's cost."""

from core.accounts.person import Person
from core.bootstrap import App
from core.ui.frame import draw_header


def home(person: Person, app: App) -> None:  # noqa: ARG001 -- the cards that read from the app come next
    """The welcome page."""
    draw_header(f"Good day, {person.full_name}", person.school_name)
