"""Fifty portraits that take 2 s each: against the ideal, against a plain loop, and what the queue adds."""

import base64
import io
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from statistics import mean
from uuid import UUID

from openai import OpenAI
from PIL import Image

from bench._findings import Findings
from bench._studios import durable_server, studio_of
from core.clients.openai_client import build_openai
from core.clients.openai_images import ImageRequest, OpenAIImages, RawReply
from core.demo.pauses import Timing
from core.demo.provider.image_answers import image_content
from core.demo.provider.image_requests import ImageOrder
from core.photos.prompt import Style, portrait_prompt
from tests.integration.photos.crash_runs import are_over
from tests.integration.photos.noting_stand_in import NotingStandIn
from tests.integration.photos.programs import KEY, worker_processes
from tests.integration.photos.small_pictures import draw_full_once
from tests.integration.photos.studio import CHOICE, Studio, wait_until, working
from tests.postgres import Server

STUDENTS = 50
CALL_S = 2.0
AT_ONCE = 4
IDEAL_S = STUDENTS * CALL_S / AT_ONCE
IN_THE_LOOP = 10
"""As many does the plain loop make; what it takes for all is worked out from that."""

WITHOUT_PICTURES = 200
SMALL = 16
SINGLES = AT_ONCE
GAP_S = 2.0
PACED = 10


def main() -> int:
    findings = Findings("class_photos")
    with durable_server() as server:
        measure_a_class(findings, server)
        measure_the_queue(findings, server)
        measure_fairness(findings, server)
        measure_the_pace(findings, server)
    return findings.close()


def measure_a_class(findings: Findings, server: Server) -> None:
    with studio_of(server, NotingStandIn(Timing(image_s=CALL_S), draw=draw_full_once)) as (studio, provider):
        loop_s = plain_loop_s(provider) * STUDENTS / IN_THE_LOOP
        class_s = class_s_of(studio, provider)
    findings.add(f"a plain loop with the SDK, worked out from {IN_THE_LOOP} calls", loop_s, "s")
    findings.add(f"{STUDENTS} portraits of {CALL_S:g} s, {AT_ONCE} at once", class_s, "s")
    findings.add(f"that against the ideal of {IDEAL_S:g} s", class_s / IDEAL_S, "×", at_most=1.10)
    findings.add("the plain loop against that", loop_s / class_s, "×", at_least=3.5)


def plain_loop_s(provider: str) -> float:
    """One call after the other, and each picture into a file."""
    prompt = portrait_prompt(gender=None, level=None, style=Style.PHOTO)
    asked = ImageRequest(prompt, CHOICE.model, CHOICE.size, CHOICE.quality, safety_id="bench").parameters()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, build_openai(api_key=KEY, base_url=provider) as client:
        for number in range(IN_THE_LOOP):
            reply = client.images.generate(**asked)
            Path(folder, f"{number}.webp").write_bytes(base64.b64decode(reply.data[0].b64_json))
        return time.monotonic() - begun


def class_s_of(studio: Studio, provider: str) -> float:
    """From the click until the last one is shown, with a worker process that is there already."""
    studio.pace_batches()
    students = studio.enrol(STUDENTS)
    with worker_processes(studio, provider, concurrency=AT_ONCE):
        begun = time.monotonic()
        made(studio, students)
        return time.monotonic() - begun


def made(studio: Studio, students: Sequence[UUID]) -> list[UUID]:
    """A class's jobs, when all are over."""
    batch_id = studio.start_batch(students)
    wait_until(lambda: studio.batch(batch_id).finished_at is not None, timeout_s=300)
    return studio.jobs_of(batch_id)


class AtOnce(OpenAIImages):
    """In the provider's place: answers in no time, with a picture so small that it is no work."""

    def __init__(self, client: OpenAI) -> None:
        super().__init__(client)
        order = ImageOrder("a child", CHOICE.model, "low", SMALL, SMALL, "png", 1, None)
        picture = io.BytesIO()
        Image.new("RGB", (SMALL, SMALL)).save(picture, format="PNG")
        self._body = json.dumps(image_content(order, [picture.getvalue()])).encode()

    def generate(
        self,
        request: ImageRequest,  # noqa: ARG002 - all get the same
        *,
        deadline_s: float = 0,  # noqa: ARG002 - it takes no time
        on_reply: Callable[[RawReply], None] = lambda _: None,
    ) -> RawReply:
        reply = RawReply(self._body, request_id=None)
        on_reply(reply)
        return reply


def measure_the_queue(findings: Findings, server: Server) -> None:
    """One portrait after the other, first by the worker, then without a queue."""
    with (
        studio_of(server, NotingStandIn(draw=draw_full_once)) as (studio, provider),
        build_openai(api_key=KEY, base_url=provider) as sdk,
    ):
        studio.pace_batches()
        maker = replace(studio.maker, images=AtOnce(sdk))
        students = studio.enrol(WITHOUT_PICTURES)
        with working(studio.worker(maker=maker, concurrency=1)):
            made(studio, students)
        by_the_worker_ms = ms_each(studio)
        studio.run("truncate rate_limits")
        jobs = studio.jobs_of(studio.start_batch(students))
        begun = time.monotonic()
        for job_id in jobs:
            maker.make(job_id)
        without_queue_ms = 1000 * (time.monotonic() - begun) / len(jobs)
    findings.add("the database and the disk, a portrait", without_queue_ms, "ms")
    findings.add("the same and the queue", by_the_worker_ms, "ms", at_most=50)
    findings.add("that against without the queue", by_the_worker_ms / without_queue_ms, "×")


def ms_each(studio: Studio) -> float:
    """From the first slot to the last end."""
    ended = studio.one("select max(finished_at) as at, count(*) as many from photo_jobs where state = 'done'")
    assert ended.many == WITHOUT_PICTURES
    return 1000 * float((ended.at - studio.slots()[0]).total_seconds()) / WITHOUT_PICTURES


def measure_fairness(findings: Findings, server: Server) -> None:
    """Another teacher asks for single ones while a class keeps all its places busy."""
    stand_in = NotingStandIn(Timing(image_s=CALL_S), draw=draw_full_once)
    with studio_of(server, stand_in) as (studio, provider), worker_processes(studio, provider, concurrency=AT_ONCE):
        studio.pace_batches()
        studio.limit_images(at_most=100)
        students = studio.enrol(SINGLES, class_id=studio.cast.courage)
        batch_id = studio.start_batch(studio.enrol(6 * AT_ONCE))
        wait_until(lambda: stand_in.ledger.requests >= AT_ONCE)
        singles = []
        for student in students:
            singles.append(studio.ask(student, person=studio.cast.arjun))
            time.sleep(CALL_S / SINGLES)
        assert studio.batch(batch_id).state == "running"
        wait_until(lambda: are_over(studio, singles))
        jobs = [studio.job(job_id) for job_id in singles]
    waits = [(job.called_at - job.created_at).total_seconds() for job in jobs]
    findings.add(f"a single portrait during a class's, {AT_ONCE} at once: longest wait", max(waits), "s", at_most=2)


def measure_the_pace(findings: Findings, server: Server) -> None:
    """The limit's own distance between a person's starts."""
    with (
        studio_of(server, NotingStandIn(draw=draw_full_once)) as (studio, provider),
        worker_processes(studio, provider, concurrency=AT_ONCE),
    ):
        studio.pace_batches(gap_s=GAP_S)
        made(studio, studio.enrol(PACED))
        distances = [(later - earlier).total_seconds() for earlier, later in pairwise(studio.slots())]
    findings.add(f"starts {GAP_S:g} s apart: the shortest distance", min(distances), "s", at_least=GAP_S)
    findings.add("their mean distance against that", mean(distances) / GAP_S, "×", at_most=1.05)


if __name__ == "__main__":
    sys.exit(main())
