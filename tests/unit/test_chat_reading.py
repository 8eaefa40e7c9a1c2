"""How the thread that reads an answer ends."""

import threading
from typing import Never

import pytest

from core.clients.chat_reading import Ended, Reading


@pytest.mark.parametrize("gives_up", [True, False])
def test_a_closed_client_ends_the_reading_quietly_only_where_it_was_given_up(gives_up: bool) -> None:
    loud: list[type[BaseException]] = []
    may_open = threading.Event()

    def open_stream() -> Never:
        may_open.wait(60)
        raise RuntimeError("Cannot send a request, as the client has been closed.")

    before, threading.excepthook = threading.excepthook, lambda args: loud.append(args.exc_type)
    try:
        reading = Reading(open_stream)
        if gives_up:
            reading.give_up()
        may_open.set()
        assert isinstance(reading.next(60), Ended)
        for thread in threading.enumerate():
            if thread.name == "chat-request":
                thread.join(60)
    finally:
        threading.excepthook = before

    assert loud == ([] if gives_up else [RuntimeError])
