"""Live answers beside the raw SDK: the first word, thirty at once, and a stop while the provider is silent."""

import multiprocessing
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from multiprocessing.connection import Connection as Pipe
from statistics import median, quantiles

from openai import OpenAI
from sqlalchemy import create_engine, text

from bench._findings import Findings
from bench._studios import durable_server
from core.assistant.drafting import ChatChoice
from core.assistant.live import LiveAnswers
from core.assistant.outgoing import Outgoing
from core.assistant.sending import Terms
from core.assistant.service import Assistant
from core.clients.openai_chat import ChatMessage, ChatRequest, Patience
from core.clients.openai_client import build_openai
from core.db.addresses import sqlalchemy_url
from core.db.engine import Database, build_engine
from core.demo.faults import Fault
from core.demo.openai_stand_in import make_app
from core.demo.pauses import Timing
from core.demo.stand_in_server import StandInServer
from tests.cast import found_schools
from tests.integration.assistant.desk import MODEL, Desk, writing
from tests.integration.assistant.scripted import ScriptedStandIn

FIRST_WORD_S = 0.4
TIMES = 50
AT_ONCE = 30
ROUNDS = 3
STOPS = 20
QUESTION = "How do I begin a talk with the parents of STUDENT_1?"
FEW_WORDS = 8
SILENT_PIECES = 3
"""A quarter of a second without a word."""
PATIENCE = Patience()


def main() -> int:
    findings = Findings("answers")
    with provider(Fault.NONE) as well, provider(Fault.SILENT_HALFWAY) as silent, desk_at(well) as desk:
        first_words(findings, desk)
        many_at_once(findings, desk)
        with writing(desk.database, silent, patience=PATIENCE) as live:
            stops(findings, desk, live)
    return findings.close()


def first_words(findings: Findings, desk: Desk) -> None:
    """In turn, so that whatever else the machine does slows both alike."""
    raw, ours = list[float](), list[float]()
    with build_openai(api_key="sk-made-up", base_url=desk.address) as client:
        raw_first_word_s(client)
        our_first_word_s(desk)
        for _ in range(TIMES):
            raw.append(raw_first_word_s(client))
            ours.append(our_first_word_s(desk))
    assistant = Assistant(database=desk.database, live=desk.live, terms=terms())
    asked = [asked_first_word_s(desk, assistant) for _ in range(TIMES // 5)]
    findings.add("first word through the raw SDK, p50", 1000 * median(raw), "ms")
    findings.add("first word through a live answer, p50", 1000 * median(ours), "ms")
    findings.add("live answer to raw SDK", median(ours) / median(raw), at_most=1.05)
    findings.add("first word since the question, with all that is written down before, p50", 1000 * median(asked), "ms")


def raw_first_word_s(client: OpenAI) -> float:
    def ask() -> Iterator[str]:
        with client.chat.completions.create(**request().parameters()) as stream:
            for chunk in stream:
                yield (chunk.choices[0].delta.content or "") if chunk.choices else ""

    return first_piece_s(ask)


def our_first_word_s(desk: Desk) -> float:
    answer_id = desk.reserve()

    def ask() -> Iterator[str]:
        desk.live.start(desk.cast.mei, answer_id, Outgoing(request(), desk.tokens(), {}))
        return desk.live.tail(desk.cast.mei, answer_id)

    return first_piece_s(ask)


def asked_first_word_s(desk: Desk, assistant: Assistant) -> float:
    def ask() -> Iterator[str]:
        asked = assistant.ask(desk.cast.mei, "How do I begin a talk with the parents of Ana Lim?")
        return assistant.tail(desk.cast.mei, asked.message_id)

    return first_piece_s(ask)


def first_piece_s(ask: Callable[[], Iterator[str]]) -> float:
    """Reads to the end all the same, so that the next one finds the machine at rest."""
    began, first_s = time.monotonic(), 0.0
    for piece in ask():
        if piece and not first_s:
            first_s = time.monotonic() - began
    return first_s


def many_at_once(findings: Findings, desk: Desk) -> None:
    gaps_s = list[float]()
    with ThreadPoolExecutor(AT_ONCE) as pages:
        for _ in range(ROUNDS):
            for found in pages.map(lambda _: update_gaps_s(desk), range(AT_ONCE)):
                gaps_s += found
    findings.add(f"visible updates of {AT_ONCE} answers at once", len(gaps_s))
    findings.add("between two of an answer, p50", 1000 * median(gaps_s), "ms")
    findings.add("between two of an answer, p95", 1000 * quantiles(gaps_s, n=20)[-1], "ms", at_most=500)
    findings.add("between two of an answer, longest", 1000 * max(gaps_s), "ms")


def update_gaps_s(desk: Desk) -> list[float]:
    answer_id = desk.ask(QUESTION)
    came_at = [time.monotonic() for piece in desk.live.tail(desk.cast.mei, answer_id) if piece]
    return [later - earlier for earlier, later in pairwise(came_at)]


def stops(findings: Findings, desk: Desk, live: LiveAnswers) -> None:
    here = [stop_s(desk, live, live) for _ in range(STOPS)]
    elsewhere = [stop_s(desk, live, desk.live) for _ in range(STOPS)]
    findings.add("stop while the provider is silent, longest", 1000 * max(here), "ms", at_most=500)
    findings.add("the same from another process, longest", 1000 * max(elsewhere), "ms")


def stop_s(desk: Desk, live: LiveAnswers, stopping: LiveAnswers) -> float:
    """From the wish to the end of the tail, when the answer's last word is written down."""
    answer_id = desk.ask(QUESTION, live=live)
    tail = live.tail(desk.cast.mei, answer_id)
    next(piece for piece in tail if piece)
    for _ in range(SILENT_PIECES):
        next(piece for piece in tail if not piece)
    wished = list[float]()

    def wish() -> None:
        wished.append(time.monotonic())
        stopping.stop(desk.cast.mei, answer_id)

    threading.Timer(0.05, wish).start()
    list(tail)
    return time.monotonic() - wished[0]


def request() -> ChatRequest:
    return ChatRequest(
        model=MODEL, messages=(ChatMessage("user", QUESTION),), max_tokens=FEW_WORDS, reasoning_effort="none"
    )


def terms() -> Terms:
    choice = ChatChoice(model=MODEL, max_tokens=FEW_WORDS, reasoning_effort="none")
    return Terms(choice=choice, sent_to="the stand-in", by_stand_in=True)


@contextmanager
def desk_at(address: str) -> Iterator[Desk]:
    """A desk over a durable database, whose teacher may ask as often as the bench does."""
    with ExitStack() as running:
        server = running.enter_context(durable_server())
        addresses = running.enter_context(server.migrated_database())
        owner = create_engine(sqlalchemy_url(addresses.owner), isolation_level="AUTOCOMMIT")
        running.callback(owner.dispose)
        connection = running.enter_context(owner.connect())
        # As many connections as the app has by default.
        database = Database(app=build_engine(addresses.app, pool_size=5), worker=None)
        running.callback(database.close)
        cast = found_schools(connection)
        connection.execute(text("update limits set at_most = 10000 where type = 'chat'"))
        live = running.enter_context(writing(database, address, patience=PATIENCE))
        yield Desk(
            database=database, owner=connection, cast=cast, stand_in=ScriptedStandIn(), live=live, address=address
        )


@contextmanager
def provider(fault: Fault) -> Iterator[str]:
    """The stand-in in a process of its own, so that its work is not counted as ours; yields its base URL."""
    spawning = multiprocessing.get_context("spawn")
    ours, theirs = spawning.Pipe()
    process = spawning.Process(target=serve, args=(theirs, fault), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.terminate()
        process.join()


def serve(address: Pipe, fault: Fault) -> None:
    stand_in = make_app(faults=[fault], timing=Timing(chat_first_s=FIRST_WORD_S))
    stand_in.breaks_after_words = 5
    server = StandInServer(stand_in, 0)
    address.send(server.address)
    server.serve_forever(poll_interval=0.1)


if __name__ == "__main__":
    sys.exit(main())
