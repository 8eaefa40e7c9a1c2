"""The assistant as the app builds it: over the stand-in in this process, and looked after by the worker."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from core.bootstrap import App, build_app, build_worker
from core.demo.pauses import Timing
from core.errors import ServerRestarting
from core.settings import load_settings
from tests.cast import Cast
from tests.integration.assistant.recorder import recorder_in_every_app
from tests.postgres import Addresses


@pytest.fixture
def app(addresses: Addresses, owner: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    stand_in = recorder_in_every_app(monkeypatch, timing=Timing(chat_first_s=0.1, chat_piece_s=0.01))
    own = {
        "DATABASE_URL": addresses.app,
        "WORKER_DATABASE_URL": addresses.worker,
        "STAFFROOM_DATA_DIR": str(tmp_path),
    }
    app = build_app(load_settings(own))
    yield app
    app.close()
    assert stand_in.requests
    stand_in.assert_nobody_named(owner)


def test_a_question_is_answered_from_end_to_end(app: App, cast: Cast) -> None:
    asked = app.assistant.ask(cast.mei, "What shall I tell the parents of Ana Lim?")

    shown = "".join(app.assistant.tail(cast.mei, asked.message_id))

    [_, answer] = app.assistant.thread(cast.mei, asked.conversation_id).messages
    sent = app.assistant.sent(cast.mei, asked.message_id)
    assert answer.text == shown
    assert "Ana Lim" in shown
    assert answer.usage is not None
    assert answer.usage.cost_source == "reported"
    assert sent is not None
    assert "Ana Lim" not in str(sent.body)


def test_a_stop_is_felt_at_once_without_a_socket(app: App, cast: Cast) -> None:
    asked = app.assistant.ask(cast.mei, "How do I begin a talk with parents?")
    tail = app.assistant.tail(cast.mei, asked.message_id)
    next(piece for piece in tail if piece)

    began = time.monotonic()
    app.assistant.stop(cast.mei, asked.message_id)
    list(tail)

    assert time.monotonic() - began < 10
    assert app.assistant.thread(cast.mei, asked.conversation_id).messages[-1].note == "Stopped by you."


def test_closing_the_app_waits_for_what_is_being_written(app: App, cast: Cast, owner: Connection) -> None:
    app.assistant.ask(cast.mei, "How do I begin a talk with parents?")

    app.close()

    assert owner.scalar(text("select state from chat_messages where kind = 'answer'")) == "done"


def test_an_app_that_ends_takes_no_question_and_finishes_what_it_was_asked_before(
    app: App, cast: Cast, owner: Connection
) -> None:
    asked = app.assistant.ask(cast.mei, "How do I begin a talk with parents?")

    app.begin_to_end()

    with pytest.raises(ServerRestarting):
        app.assistant.ask(cast.mei, "And how do I end it?")
    with pytest.raises(ServerRestarting):
        app.assistant.go_on(cast.mei, asked.message_id)
    app.finish_answers()
    assert owner.execute(text("select state from chat_messages where kind = 'answer'")).all() == [("done",)]
    assert owner.scalar(text("select count(*) from chat_threads")) == 1


def test_the_worker_cuts_off_what_nobody_writes_any_more(app: App, cast: Cast, owner: Connection) -> None:
    asked = app.assistant.ask(cast.mei, "How do I begin a talk with parents?")
    list(app.assistant.tail(cast.mei, asked.message_id))
    owner.execute(
        text("update chat_messages set state = 'writing', heartbeat_at = now() - interval '16 seconds' where id = :id"),
        {"id": asked.message_id},
    )

    build_worker(app).care()

    assert owner.scalar(text("select error_code from chat_messages where kind = 'answer'")) == "answer_lost"
