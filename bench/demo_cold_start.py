"""A public demo as a small host starts it: from nothing to the first cards on 1 GB, and ten visitors' memory."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from uuid import uuid4

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from bench._findings import Findings
from tests.e2e.browsing import Running, Start, by_streamlit, running_app

MEMORY = 1024**3
VISITORS, FIRST_CARDS_S, AT_MOST_MB = 10, 20.0, 600.0
PAGES = ("", "Student_roster", "Class_photos", "Assistant", "Usage")
CARD = b"Generate photo"
DRAWN_S = 40


def main() -> int:
    findings = Findings("demo_cold_start")
    begun = time.monotonic()
    with limited() as within, running_app(start=within, DEMO_PER_VISIT="true") as running:
        asyncio.run(first_cards(running.address))
        findings.add("from nothing to the first cards", time.monotonic() - begun, "s", at_most=FIRST_CARDS_S)
        findings.add("CPU of the app until then", cpu_s(running), "s")
        # The portraits are drawn meanwhile, as beside any first visitors.
        asyncio.run(visits(running.address, lambda: weigh(findings, running)))
    return findings.close()


def weigh(findings: Findings, running: Running) -> None:
    app, postgres = memory_mb([psutil.Process(running.process.pid)]), memory_mb(postgres_of(running.data_dir))
    findings.add("the app, with ten visitors", app, "MB")
    findings.add("Postgres, with ten visitors", postgres, "MB")
    findings.add("both", app + postgres, "MB", at_most=AT_MOST_MB)


def memory_mb(processes: list[psutil.Process]) -> float:
    """What several share is counted once."""
    return sum(one.memory_full_info().pss for one in processes) / 1e6


def cpu_s(running: Running) -> float:
    times = psutil.Process(running.process.pid).cpu_times()
    return float(times.user + times.system)


def postgres_of(data_dir: Path) -> list[psutil.Process]:
    pid = int((data_dir / "postgres" / "postmaster.pid").read_text().splitlines()[0])
    return [psutil.Process(pid), *psutil.Process(pid).children()]


async def first_cards(address: str) -> None:
    async with visitor(address) as socket:
        if CARD not in await opened(socket, "Student_roster"):
            raise RuntimeError("The first page shows no cards.")


async def visits(address: str, look: Callable[[], None]) -> None:
    """Each in a school of their own, through every page, and all still there when it is weighed."""
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(visitor(address)) for _ in range(VISITORS)]
        for page in PAGES:
            await asyncio.gather(*(opened(socket, page) for socket in sockets))
        await asyncio.sleep(DRAWN_S)
        look()


@asynccontextmanager
async def visitor(address: str) -> AsyncIterator[ClientConnection]:
    stream, protocols = f"{address.replace('http', 'ws', 1)}/_stcore/stream", [Subprotocol("streamlit")]
    async with connect(stream, subprotocols=protocols, max_size=None, additional_headers={"Origin": address}) as socket:
        yield socket


async def opened(socket: ClientConnection, page: str) -> bytes:
    """Everything that the page's run sends."""
    drawn = b""
    await socket.send(BackMsg(rerun_script=ClientState(query_string="", page_name=page)).SerializeToString())
    while True:
        message = await socket.recv(decode=False)
        drawn += message
        if ForwardMsg.FromString(message).WhichOneof("type") == "script_finished":
            return drawn


@contextmanager
def limited() -> Iterator[Start]:
    """The start within a group of processes that may hold 1 GB, where the kernel lets us make one."""
    group = _group()
    if group is None:
        sys.stderr.write("No limit of memory can be set here; what follows is measured without one.\n")
        yield by_streamlit
        return
    try:
        yield lambda port: ["sh", "-c", f'echo $$ > {group}/cgroup.procs; exec "$@"', "sh", *by_streamlit(port)]
    finally:
        group.rmdir()


def _group() -> Path | None:
    name = f"staffroom-{uuid4().hex[:8]}"
    for root, file in (
        (Path("/sys/fs/cgroup"), "memory.max"),
        (Path("/sys/fs/cgroup/memory"), "memory.limit_in_bytes"),
    ):
        if not (root / "cgroup.procs").exists():
            continue
        try:
            (root / name).mkdir()
            (root / name / file).write_text(str(MEMORY))
        except OSError:
            continue
        return root / name
    return None


if __name__ == "__main__":
    raise SystemExit(main())
