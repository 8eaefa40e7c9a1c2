"""Many paid calls that fail in every way, some in processes that are killed, until nothing of them is held any more."""

import multiprocessing
import multiprocessing.forkserver
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from itertools import cycle, islice
from random import Random
from time import monotonic
from uuid import UUID

from core.assistant.live import LiveAnswers
from core.assistant.lost import cut_off_lost_answers
from core.assistant.service import Assistant
from core.clients.openai_chat import Patience
from core.clients.openai_images import OpenAIImages
from core.demo.faults import Fault
from core.demo.pauses import Timing
from core.demo.provider.billing import Ledger
from core.jobs.worker import Worker
from core.photos.job import ACTIVE_STATES
from core.photos.spool_care import revisit
from core.photos.strays import return_strays
from tests.integration.assistant.desk import writing
from tests.integration.photos.noting_stand_in import NotingStandIn
from tests.integration.photos.studio import Studio, over_a_socket, served, wait_until, working
from tests.integration.usage import doomed
from tests.integration.usage.insistent import InsistentDatabase
from tests.integration.usage.settlement_books import reserved

PATIENT = Patience()
QUICK = Timing(chat_first_s=0, chat_piece_s=0, hang_s=4, drip_s=0.05)
FOR_EVER = Timing(chat_first_s=0, hang_s=600)
QUESTIONS = ("How is Ana Lim doing?", "/ptm Ana Lim", "/lesson science p5 plants")
ASKING = 6

# One process that has imported everything already; each one to be killed is a fork of it.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload([doomed.__name__])


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How much of each; three in ten fail. `kills` processes die, each in the middle of as many calls of both kinds.

    `patience` is with everything: short only where some faults hang.
    """

    answers: int
    portraits: int
    of_a_class: int
    kills: int
    in_flight: int
    chat_faults: Sequence[Fault]
    image_faults: Sequence[Fault]
    patience: Patience = PATIENT

    @property
    def calls(self) -> int:
        return self.answers + self.portraits + self.of_a_class + 2 * self.kills * self.in_flight


def three_in_ten(faults: Sequence[Fault], calls: int) -> list[Fault]:
    """Every kind in turn, in an order of chance that is the same each time."""
    failing = list(islice(cycle(faults), calls * 3 // 10))
    plan = [*failing, *[Fault.NONE] * (calls - len(failing))]
    Random(7).shuffle(plan)
    return plan


class Run:
    """One of a plan; `asked` are the jobs and answers, `bills` what providers would have charged."""

    def __init__(self, studio: Studio, plan: Plan, database: InsistentDatabase) -> None:
        self.studio = studio
        self.plan = plan
        self.asked: list[UUID] = []
        self.bills: list[Ledger] = []
        self.database = database
        self._pictures = self._stand_in(plan.image_faults, plan.portraits + plan.of_a_class)
        self._answers = self._stand_in(plan.chat_faults, plan.answers)

    def all_of_it(self, *, after_a_kill: Callable[[], None]) -> float:
        """Seconds from the last kill until nothing was held any more."""
        # It imports while the first calls are made.
        multiprocessing.forkserver.ensure_running()
        self._lift_limits()
        with (
            over_a_socket(self._pictures) as images,
            served(self._answers) as provider,
            writing(self.database, provider, patience=self.plan.patience) as live,
        ):
            for part in range(self.plan.kills):
                with working(self._worker(images)):
                    self._ask(live, part)
                    wait_until(self._is_over, timeout_s=600)
                self._kill()
                after_a_kill()
            killed_at = monotonic()
            with working(self._worker(images)):
                wait_until(lambda: self._is_over() and not reserved(self.studio.owner), timeout_s=180)
        return monotonic() - killed_at

    def _stand_in(self, faults: Sequence[Fault], calls: int) -> NotingStandIn:
        stand_in = NotingStandIn(QUICK, retry_after_s=1)
        stand_in.faults.upcoming(*three_in_ten(faults, calls))
        self.bills.append(stand_in.ledger)
        return stand_in

    def _lift_limits(self) -> None:
        self.studio.limit_images(at_most=10_000)
        self.studio.pace_batches(at_most=10_000)
        self.studio.run("update limits set at_most = 10000 where type = 'chat'")

    def _worker(self, images: OpenAIImages) -> Worker:
        maker = replace(self.studio.over(images, deadline_s=self.plan.patience.deadline_s), database=self.database)
        maker = replace(maker, finisher=replace(maker.finisher, database=self.database))

        def care() -> None:
            revisit(self.database, maker.spool)
            return_strays(self.database)
            cut_off_lost_answers(self.database)

        return Worker(
            address=self.studio.addresses.worker,
            database=self.database,
            make_portrait=maker.make,
            care=care,
            concurrency=4,
        )

    def _ask(self, live: LiveAnswers, part: int) -> None:
        """This part's share: a class, single portraits, and answers that are followed to their end."""
        plan, studio = self.plan, self.studio
        assistant = Assistant(database=self.database, live=live, terms=doomed.TERMS)
        of_a_class, portraits, answers = (
            _share(of_all, plan.kills, part) for of_all in (plan.of_a_class, plan.portraits, plan.answers)
        )
        self.asked += studio.jobs_of(studio.start_batch(studio.enrol(of_a_class)))
        self.asked += [studio.ask(student) for student in studio.enrol(portraits)]
        people = (studio.cast.mei, studio.cast.devi, studio.cast.siti)

        def answered(number: int) -> UUID:
            person = people[number % len(people)]
            asked = assistant.ask(person, QUESTIONS[number % len(QUESTIONS)])
            list(assistant.tail(person, asked.message_id))
            return asked.message_id

        with ThreadPoolExecutor(ASKING) as threads:
            self.asked += threads.map(answered, range(answers))

    def _is_over(self) -> bool:
        """A class that stopped by itself goes on."""
        studio = self.studio
        for batch in studio.rows("select id from photo_batches where state = 'paused'"):
            studio.class_photos.resume(studio.cast.mei, batch.id)
        jobs, answers = (
            studio.one(f"select count(*) as n from {table} where state = any(:states)", states=states).n
            for table, states in (("photo_jobs", [*ACTIVE_STATES]), ("chat_messages", ["writing"]))
        )
        return not jobs and not answers

    def _kill(self) -> None:
        """A process of its own that asks and makes, while its provider has everything and says nothing."""
        studio, many = self.studio, self.plan.in_flight
        provider = NotingStandIn(FOR_EVER)
        provider.faults.always(Fault.HANG_BILLED)
        self.bills.append(provider.ledger)
        self.asked += [studio.ask(student) for student in studio.enrol(many)]
        with closing(provider), served(provider) as address:
            questions = list(islice(cycle(QUESTIONS), many))
            process = FORKS.Process(
                target=doomed.work,
                args=(studio.addresses, studio.maker.data_dir, address, studio.cast.mei, questions, many),
                daemon=True,
            )
            process.start()
            wait_until(lambda: len(provider.ledger.bills) >= 2 * many)
            process.kill()
            process.join(30)
        self.asked += [row.id for row in studio.rows("select id from chat_messages where state = 'writing'")]


def _share(of_all: int, parts: int, part: int) -> int:
    return of_all // parts + (part < of_all % parts)


@contextmanager
def running(studio: Studio, plan: Plan) -> Iterator[Run]:
    with closing(InsistentDatabase(studio.addresses)) as database:
        yield Run(studio, plan, database)
