"""What is on show, for the page's fragments to draw; whoever changes it refreshes it."""

from dataclasses import dataclass
from uuid import UUID

from core.accounts.person import Person
from core.assistant.conversation import Thread
from core.assistant.message import Role, Subject
from core.bootstrap import App
from core.ui.poller import redraw_fragment

HEAD, THREAD, LIVE, STOP = "assistant_head", "assistant_thread", "assistant_live", "assistant_stop"
"""The fragments: title with its menu, the messages, within them the answer being written, and what stops it."""


@dataclass
class Board:
    """One open conversation."""

    person: Person
    app: App
    thread: Thread
    has_dialog: bool = False
    """Whether a dialog lies over the page; Esc is for closing it then."""

    @property
    def conversation_id(self) -> UUID:
        return self.thread.conversation.id

    @property
    def subject(self) -> Subject | None:
        """The class or student that it was about last."""
        return next((message.subject for message in reversed(self.thread.messages) if message.subject), None)

    @property
    def earlier_question(self) -> str | None:
        """The one that `subject` belongs to, where the newest question is about nobody."""
        newest = about = None
        for message in self.thread.messages:
            if message.role is Role.TEACHER:
                newest = message
            if message.subject is not None:
                about = newest
        return about.text if about is not None and about is not newest else None

    def refresh(self) -> None:
        self.thread = self.app.assistant.thread(self.person, self.conversation_id)

    def redraw(self) -> None:
        """All that an answer's end changes, and never the whole page: a drawer over it would lose what is typed."""
        self.refresh()
        redraw_fragment(HEAD, THREAD, STOP)
