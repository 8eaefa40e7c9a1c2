"""Budgets: $5.00 with $4.90 used and 60 calls of $0.10 at once, and what asking costs where there are many."""

import json
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg2

from bench._findings import Findings
from core.db.embedded import EmbeddedPostgres
from core.db.preparing import DATABASE, OWNER, prepare_embedded

RUNS = 20
CALLS = 60
AMOUNT, USED, EACH = Decimal("5.00"), Decimal("4.90"), Decimal("0.10")
TEACHERS, CLASSES, LOOKS = 500, 40, 300
AT_MOST_MS = 5.0

_LEDGER = """
    insert into openai_usage (
        school_id, user_id, class_id, type, model, feature, state, cost_source, estimated_cost, created_at
    )
"""
_TEACHES = "insert into class_staff (school_id, class_id, staff_id, role)"
_BUDGET = "insert into budgets (school_id, class_id, staff_id, amount_usd, hard)"


@dataclass(frozen=True)
class Call:
    """A job that waits, or a conversation, and whose it is."""

    kind: str
    id: UUID
    staff_id: UUID


@dataclass(frozen=True)
class Spenders:
    """Teachers of one class of a new school who all ask for something."""

    school_id: UUID
    class_id: UUID
    calls: Sequence[Call]


@dataclass(frozen=True)
class Outcome:
    """How many calls were admitted, and what the ledger says then."""

    admitted: int
    refused: int
    counted_usd: Decimal


@dataclass(frozen=True)
class Rush:
    """Calls of these kinds in turn, by so many people in turn, whom the limiter alone would not keep apart."""

    kinds: Sequence[str]
    people: int
    budgets: Sequence[str]


RUSHES = {
    "portraits": Rush(["portrait"], CALLS, ["school", "class"]),
    "questions": Rush(["question"], CALLS, ["school", "class"]),
    "portraits and questions of one person": Rush(["portrait", "question"], 1, ["school", "class", "person"]),
}


def spenders_of(owner_address: str, rush: Rush, *, calls: int = CALLS) -> Spenders:
    """$4.90 of $5.00 is used for their class by the first of them; so much of each budget."""
    people = [uuid4() for _ in range(rush.people)]
    asked = [Call(rush.kinds[n % len(rush.kinds)], uuid4(), people[n % len(people)]) for n in range(calls)]
    found = Spenders(uuid4(), uuid4(), asked)
    school, in_class, first = str(found.school_id), str(found.class_id), str(people[0])
    with _connected(owner_address) as run:
        run("insert into schools (id, name) values (%s, 'Bench')", school)
        run("insert into classes (id, school_id, name, school_year) values (%s, %s, 'P5', 2026)", in_class, school)
        run("update limits set at_most = 10000, min_gap_seconds = 0 where school_id = %s", school)
        for one in map(str, people):
            run("insert into staff (id, school_id, full_name) values (%s, %s, 'Someone')", one, school)
            run(f"{_TEACHES} values (%s, %s, %s, 'subject')", school, in_class, one)
        for of in rush.budgets:
            whose = (in_class if of == "class" else None, first if of == "person" else None)
            run(f"{_BUDGET} values (%s, %s, %s, %s, true)", school, *whose, AMOUNT)
        run(
            f"{_LEDGER} values (%s, %s, %s, 'chat', 'm', 'question', 'settled', 'reported', %s, now())",
            school, first, in_class, USED,
        )  # fmt: skip
        for call in asked:
            _ADD[call.kind](run, call, school, in_class)
    return found


def _add_job(run: Callable[..., None], call: Call, school: str, in_class: str) -> None:
    student = str(uuid4())
    run("insert into students (id, school_id, full_name) values (%s, %s, 'A student')", student, school)
    run("insert into enrolments (school_id, class_id, student_id) values (%s, %s, %s)", school, in_class, student)
    run(
        "insert into photo_jobs (id, school_id, student_id, class_id, requested_by) values (%s, %s, %s, %s, %s)",
        str(call.id), school, student, in_class, str(call.staff_id),
    )  # fmt: skip


def _add_thread(run: Callable[..., None], call: Call, school: str, _class: str) -> None:
    run(
        "insert into chat_threads (id, school_id, staff_id) values (%s, %s, %s)",
        str(call.id),
        school,
        str(call.staff_id),
    )


def _claim(cursor: Any, _found: Spenders, call: Call) -> bool:
    values = [str(call.id), EACH]
    cursor.execute("select outcome from private.claim_portrait(%s, 'bench', 'key', 'gpt-image', %s)", values)
    return bool(_value(cursor) == "claimed")


def _send(cursor: Any, found: Spenders, call: Call) -> bool:
    claims = json.dumps({"sub": str(call.staff_id), "iss": "staffroom"})
    cursor.execute("select set_config('request.jwt.claims', %s, true)", [claims])
    try:
        cursor.execute(
            "select private.send_chat(%s, %s, %s, 'How are they?', '{}', 'm', %s, 'question', %s, %s, '{}')",
            [str(call.id), str(uuid4()), str(uuid4()), EACH, str(found.class_id), '{"body": {}, "sent_to": "bench"}'],
        )
    except psycopg2.Error as error:
        if error.pgcode != "SR402":
            raise
        return False
    return True


_ADD: dict[str, Callable[..., None]] = {"portrait": _add_job, "question": _add_thread}
_ASK: dict[str, Callable[[Any, Spenders, Call], bool]] = {"portrait": _claim, "question": _send}


def hammer(owner_address: str, found: Spenders, *, threads: int = CALLS) -> Outcome:
    """All at once, each in a transaction of its own on one of so many connections."""
    ready = threading.Barrier(threads)
    said: list[bool] = []

    def ask(calls: Sequence[Call]) -> None:
        with closing(psycopg2.connect(owner_address)) as connection:
            ready.wait()
            for call in calls:
                with connection.cursor() as cursor:
                    is_admitted = _ASK[call.kind](cursor, found, call)
                if is_admitted or call.kind == "portrait":
                    connection.commit()
                else:
                    connection.rollback()
                said.append(is_admitted)

    asking = [threading.Thread(target=ask, args=(found.calls[n::threads],)) for n in range(threads)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    return Outcome(said.count(True), said.count(False), _counted(owner_address, found))


def _counted(owner_address: str, found: Spenders) -> Decimal:
    with closing(psycopg2.connect(owner_address)) as connection, connection.cursor() as cursor:
        cursor.execute(
            "select sum(coalesce(estimated_cost, held_cost)) from openai_usage where school_id = %s",
            [str(found.school_id)],
        )
        return Decimal(_value(cursor))


def _value(cursor: Any) -> Any:
    return cursor.fetchone()[0]


class _connected:  # noqa: N801 - reads as the verb it stands for
    """A connection of the owner's, as a function that runs a statement; commits in the end."""

    def __init__(self, address: str) -> None:
        self._connection = psycopg2.connect(address)

    def __enter__(self) -> Callable[..., None]:
        cursor = self._connection.cursor()
        return lambda statement, *values: cursor.execute(statement, values or None)

    def __exit__(self, *_failure: object) -> None:
        self._connection.commit()
        self._connection.close()


def fill(owner_address: str) -> UUID:
    """A school of 500 teachers and 40 classes in a busy month; each of them and the school has a budget."""
    school = uuid4()
    with _connected(owner_address) as run:
        for statement in _FILL:
            run(
                statement.replace(":school", f"'{school}'::uuid")
                .replace(":teachers", str(TEACHERS))
                .replace(":classes", str(CLASSES))
            )
    with closing(psycopg2.connect(owner_address)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute("vacuum analyze")
    return school


# Rows of a month that is nearly over: what comes in now is of its last day, so the days before are closed.
_FILL = (
    "insert into schools (id, name, time_zone) values (:school, 'Large', 'UTC')",
    "insert into staff (school_id, full_name) select :school, 'Teacher ' || n from generate_series(1, :teachers) as n",
    """
    insert into classes (school_id, name, school_year)
    select :school, 'Class ' || n, 2026 from generate_series(1, :classes) as n
    """,
    """
    insert into budgets (school_id, class_id, staff_id, amount_usd, hard)
    select :school, null::uuid, null::uuid, 100000, true
    union all select :school, c.id, null, 100000, true from classes as c where c.school_id = :school
    union all select :school, null, s.id, 100000, true from staff as s where s.school_id = :school
    """,
    """
    insert into openai_usage (
        school_id, user_id, class_id, type, model, feature, state, cost_source, estimated_cost, created_at
    )
    select :school, s.id,
        (array(select c.id from classes as c where c.school_id = :school))[1 + (s.place + n) % :classes],
        case when n % 3 = 0 then 'image' else 'chat' end, case when n % 3 = 0 then 'image-model' else 'chat-model' end,
        (array['portrait', 'question', 'ptm', 'lesson'])[1 + n % 4], 'settled', 'reported', 0.001,
        least(date_trunc('month', now()) + (d || ' days')::interval + (7 + n % 10 || ' hours')::interval, now())
    from (select id, row_number() over (order by full_name) as place from staff where school_id = :school) as s
    cross join generate_series(0, extract(day from now())::integer - 1) as d
    cross join generate_series(1, 8) as n
    """,
)


def timed_asks(owner_address: str, school: UUID) -> tuple[list[float], list[float]]:
    """Milliseconds of a hold in all three budgets, and of the gauge of all that a teacher sees."""
    with closing(psycopg2.connect(owner_address)) as connection, connection.cursor() as cursor:
        cursor.execute("select id from staff where school_id = %s order by random() limit %s", [str(school), LOOKS])
        people = [row[0] for row in cursor.fetchall()]
        cursor.execute("select id from classes where school_id = %s limit 1", [str(school)])
        in_class = _value(cursor)
        connection.commit()
        holds = [
            _ms(connection, "select private.hold_in_budgets(%s, %s, %s, 0.01)", [str(school), in_class, person])
            for person in people
        ]
        plain = [
            _ms(connection, "select private.hold_in_budgets(%s, %s, %s, 0.01)", [str(uuid4()), in_class, person])
            for person in people
        ]
    return holds, plain


def _ms(connection: Any, statement: str, values: Sequence[object]) -> float:
    with connection.cursor() as cursor:
        began = time.perf_counter()
        cursor.execute(statement, values)
        took = (time.perf_counter() - began) * 1000
    connection.rollback()
    return took


def main() -> int:
    findings = Findings("budgets")
    with tempfile.TemporaryDirectory(prefix="sr-", ignore_cleanup_errors=True) as folder:
        server = EmbeddedPostgres(Path(folder))
        server.start()
        prepare_embedded(server)
        owner = server.address(OWNER, DATABASE)
        for name, rush in RUSHES.items():
            outcomes = [hammer(owner, found) for found in [spenders_of(owner, rush) for _ in range(RUNS)]]
            admitted = [outcome.admitted for outcome in outcomes]
            findings.add(f"{CALLS} {name} at once, {RUNS} runs: most admitted", max(admitted), at_most=1)
            findings.add("fewest admitted", min(admitted), at_least=1)
            findings.add("most counted", float(max(one.counted_usd for one in outcomes)), "$", at_most=float(AMOUNT))
        holds, plain = timed_asks(owner, fill(owner))
        findings.add(
            f"a hold in three budgets, {TEACHERS} teachers, median",
            statistics.median(holds),
            "ms",
            at_most=AT_MOST_MS,
        )
        findings.add("95 of 100 within", statistics.quantiles(holds, n=20)[18], "ms")
        findings.add("the same in a school without budgets, median", statistics.median(plain), "ms")
        server.stop()
    return findings.close()


if __name__ == "__main__":
    sys.exit(main())
