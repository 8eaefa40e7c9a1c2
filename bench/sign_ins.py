"""A school in the morning: a hundred members sign in within 20 s, each until their first page is drawn."""

import asyncio
import statistics
import sys
import time
from typing import Any
from uuid import uuid4

import httpx
import psutil
from sqlalchemy import create_engine, text
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from bench._findings import Findings
from bench._studios import durable_server
from core.accounts.sessions import SESSION_COOKIE
from core.db.addresses import sqlalchemy_url
from tests.e2e.browsing import Running, running_app
from tests.integration.accounts.loopback import served
from tests.integration.accounts.supabase_stand_in import PUBLISHABLE, SECRET, Account, SupabaseStandIn
from tests.postgres import Addresses

MEMBERS, WITHIN_S, AT_MOST_S = 100, 20.0, 3.0
CLASSES, STUDENTS_EACH = 40, 36
PASSWORD = "a long password of theirs"  # noqa: S105 -- of the stand-in
DATABASE = "bench"


def main() -> int:
    findings = Findings("sign_ins")
    stand_in = SupabaseStandIn(accounts=[Account(email_of(one), PASSWORD) for one in range(MEMBERS)])
    with durable_server() as server, server.migrated_database() as addresses, served(stand_in) as stand_in.address:
        fill(addresses)
        with running_app(**settings_of(addresses, stand_in)) as running:
            # The first page of all is drawn before the school comes.
            asyncio.run(signed_in(running.address, 0))
            cpu_before = cpu_s(running)
            took = asyncio.run(morning(running.address))
            findings.add("CPU of the server per sign-in", (cpu_s(running) - cpu_before) / MEMBERS * 1000, "ms")
    findings.add("sign-ins that ended with a page", len(took), "", at_most=MEMBERS)
    findings.add("the middle one", statistics.median(took), "s")
    findings.add("95 of 100 within", statistics.quantiles(took, n=20)[18], "s", at_most=AT_MOST_S)
    findings.add("the slowest", max(took), "s")
    return findings.close()


async def morning(address: str) -> list[float]:
    """How long each took, in seconds; they come evenly."""

    async def member(number: int) -> float:
        await asyncio.sleep(number * WITHIN_S / MEMBERS)
        return await signed_in(address, number)

    return list(await asyncio.gather(*(member(number) for number in range(MEMBERS))))


async def signed_in(address: str, number: int) -> float:
    """From the form that is sent to the end of the first run of Home."""
    began = time.perf_counter()
    async with httpx.AsyncClient(base_url=address, headers={"Origin": address}, timeout=30) as browser:
        reply = await browser.post("/sign-in", data={"email": email_of(number), "password": PASSWORD})
        token = reply.cookies[SESSION_COOKIE]
        (await browser.get(reply.headers["location"], headers={"Accept": "text/html"})).raise_for_status()
    drawn = await first_page(address, token)
    took_s = time.perf_counter() - began
    if name_of(number).encode() not in drawn:
        raise RuntimeError("The first page is not this member's.")
    return took_s


async def first_page(address: str, token: str) -> bytes:
    """Everything that the page's first run sends."""
    headers = {"Cookie": f"{SESSION_COOKIE}={token}", "Origin": address}
    stream, protocols = f"{address.replace('http', 'ws', 1)}/_stcore/stream", [Subprotocol("streamlit")]
    drawn = b""
    async with connect(stream, additional_headers=headers, subprotocols=protocols, max_size=None) as socket:
        await socket.send(BackMsg(rerun_script=ClientState(query_string="")).SerializeToString())
        while True:
            message = await socket.recv(decode=False)
            drawn += message
            if ForwardMsg.FromString(message).WhichOneof("type") == "script_finished":
                return drawn


def settings_of(addresses: Addresses, stand_in: SupabaseStandIn) -> dict[str, Any]:
    return {
        "STAFFROOM_MODE": "production",
        "STAFFROOM_SECRET_KEY": "k" * 32,
        "DATABASE_URL": addresses.app,
        "SUPABASE_URL": stand_in.address,
        "SUPABASE_PUBLISHABLE_KEY": PUBLISHABLE,
        "SUPABASE_SECRET_KEY": SECRET,
    }


def email_of(number: int) -> str:
    return f"member.{number}@bench.school"


def name_of(number: int) -> str:
    return f"Member Number {number:03}"


def cpu_s(running: Running) -> float:
    times = psutil.Process(running.process.pid).cpu_times()
    return float(times.user + times.system)


def fill(addresses: Addresses) -> None:
    """Each member is form teacher of a class or teaches a subject in one."""
    engine = create_engine(sqlalchemy_url(addresses.owner), isolation_level="AUTOCOMMIT")
    values = {"school": uuid4(), "members": MEMBERS, "classes": CLASSES, "students": CLASSES * STUDENTS_EACH}
    with engine.connect() as connection:
        for statement in _FILL:
            connection.execute(text(statement), values)
    engine.dispose()


_FILL = (
    "insert into schools (id, name, time_zone) values (:school, 'Bench Primary', 'Asia/Singapore')",
    """
    insert into staff (school_id, full_name, email, sourced_id)
    select :school, 'Member Number ' || to_char(n, 'FM000'), 'member.' || n || '@bench.school', n::text
    from generate_series(0, :members - 1) as n
    """,
    """
    insert into classes (school_id, name, school_year, sourced_id)
    select :school, 'P5 Class ' || n, 2026, n::text from generate_series(0, :classes - 1) as n
    """,
    """
    insert into class_staff (school_id, class_id, staff_id, role)
    select :school, c.id, s.id, case when s.sourced_id::integer < :classes then 'form' else 'subject' end
    from staff as s inner join classes as c on s.sourced_id::integer % :classes = c.sourced_id::integer
    """,
    """
    insert into students (school_id, full_name, sourced_id)
    select :school, 'Student Number ' || n, n::text from generate_series(0, :students - 1) as n
    """,
    """
    insert into enrolments (school_id, class_id, student_id)
    select :school, c.id, s.id
    from students as s inner join classes as c on s.sourced_id::integer % :classes = c.sourced_id::integer
    """,
    "analyze",
)


if __name__ == "__main__":
    sys.exit(main())
