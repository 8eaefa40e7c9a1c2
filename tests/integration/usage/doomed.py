"""A process that makes portraits and asks questions until it is killed."""

from collections.abc import Sequence
from pathlib import Path

from core.accounts.person import Person
from core.assistant.drafting import ChatChoice
from core.assistant.live import LiveAnswers
from core.assistant.sending import Terms
from core.assistant.service import Assistant
from core.clients.openai_chat import OpenAIChat
from core.clients.openai_client import build_openai
from core.clients.openai_images import OpenAIImages
from core.db.engine import Database, build_engine
from core.jobs.worker import Worker
from tests.integration.photos.studio import build_maker
from tests.postgres import Addresses

TERMS = Terms(
    choice=ChatChoice(model="gpt-6-luna", max_tokens=2000, reasoning_effort="none"),
    sent_to="api.openai.com",
    by_stand_in=False,
)


def work(
    addresses: Addresses, folder: Path, provider: str, person: Person, questions: Sequence[str], at_once: int
) -> None:
    """From a provider that never answers."""
    database = Database(
        app=build_engine(addresses.app, pool_size=4), worker=build_engine(addresses.worker, pool_size=8)
    )
    client = build_openai(api_key="sk-made-up", base_url=provider)
    assistant = Assistant(database=database, live=LiveAnswers(database=database, chat=OpenAIChat(client)), terms=TERMS)
    for question in questions:
        assistant.ask(person, question)
    Worker(
        address=addresses.worker,
        database=database,
        make_portrait=build_maker(database, folder, OpenAIImages(client)).make,
        care=lambda: None,
        concurrency=at_once,
    ).run()
