"""Many settlements at once, told again and again: no deadlock, nothing left reserved, and books that agree."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import Connection, text

from core.db.engine import Database
from core.usage import ledger
from core.usage.ledger import Settlement, Tokens
from core.usage.prices import Cost, CostSource
from tests.cast import Cast
from tests.integration.db.records import record_everything
from tests.integration.usage.recount import calls_of
from tests.integration.usage.recounted_views import ROLLUPS, differing
from tests.postgres import Addresses, database_at

CALLS = 60
TIMES_TOLD = 3
DONE = Settlement(Cost(Decimal("0.0131700001"), CostSource.REPORTED), Tokens(84, 439, 523))
FAILED = Settlement(Cost(Decimal("0.02"), CostSource.POSSIBLE), error="no_answer")

_RESERVE = text(
    "insert into openai_usage (school_id, user_id, type, model, feature, class_id, held_cost, created_at)"
    " select :school, :user, case when n % 2 = 0 then 'image' else 'batch_image' end, 'gpt-image', 'portrait',"
    " case when n % 3 = 0 then cast(:class as uuid) end, 0.02, now() - make_interval(hours => n % 48)"
    " from generate_series(1, :count) as n returning id"
)


@pytest.fixture
def crowd(addresses: Addresses) -> Iterator[Database]:
    with database_at(addresses, pool_size=8) as database:
        yield database


def test_settlements_told_three_times_at_once_count_once(crowd: Database, owner: Connection, cast: Cast) -> None:
    values = {"school": cast.mei.school_id, "class": cast.integrity, "count": CALLS // 2}
    ids = [
        *owner.scalars(_RESERVE, {**values, "user": cast.mei.staff_id}),
        *owner.scalars(_RESERVE, {**values, "user": cast.arjun.staff_id}),
    ]
    rng = Random(7)
    failing = set(rng.sample(ids, CALLS * 3 // 10))
    told = [(one, FAILED if one in failing else DONE) for one in ids] * TIMES_TOLD
    rng.shuffle(told)

    def tell(one: tuple[UUID, Settlement]) -> None:
        with crowd.as_worker() as session:
            ledger.settle(session, *one)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(tell, told))

    assert owner.scalar(text("select count(*) from openai_usage where state <> 'settled'")) == 0
    with crowd.as_person(cast.siti) as session:
        assert differing(session, calls_of(owner, cast.siti), list(ROLLUPS)) == []
    counted = owner.execute(text("select count(*), sum(estimated_cost) from openai_usage")).one()
    assert tuple(counted) == (CALLS, 42 * Decimal("0.0131700001") + 18 * Decimal("0.02"))


def test_two_settlements_each_in_either_order_do_not_wait_for_each_other_for_ever(
    crowd: Database, owner: Connection, cast: Cast
) -> None:
    values = {"school": cast.mei.school_id, "class": cast.integrity, "count": 60}
    mine = owner.scalars(_RESERVE, {**values, "user": cast.mei.staff_id}).all()
    his = owner.scalars(_RESERVE, {**values, "user": cast.arjun.staff_id}).all()
    pairs = [pair if n % 2 else pair[::-1] for n, pair in enumerate(zip(mine, his, strict=True))]

    def settle(pair: tuple[UUID, UUID]) -> None:
        with crowd.as_worker() as session:
            for one in pair:
                ledger.settle(session, one, FAILED)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(settle, pairs))

    assert owner.scalar(text("select sum(requests) from usage_daily")) == 120


@pytest.mark.parametrize(
    ("table", "readers"),
    [
        ("usage_details", {"mei", "siti"}),
        ("usage_by_class", {"mei", "siti"}),
        ("usage_by_feature", {"mei", "siti"}),
        ("usage_by_model", {"mei", "siti"}),
        ("usage_by_hour", {"mei", "siti"}),
        ("usage_photo_success", {"mei", "siti"}),
        ("usage_active_teachers", {"mei", "siti"}),
    ],
)
def test_views_show_admins_the_school_s_and_others_their_own(
    database: Database, owner: Connection, cast: Cast, table: str, readers: set[str]
) -> None:
    record_everything(owner, cast)

    def reads(name: str) -> bool:
        with database.as_person(getattr(cast, name)) as session:
            return bool(session.scalar(text(f"select count(*) from {table}")))

    assert set(filter(reads, ("mei", "devi", "arjun", "siti", "ben"))) == readers


def test_a_school_goes_with_its_rollups(owner: Connection, cast: Cast) -> None:
    record_everything(owner, cast)
    owner.execute(text("alter table schools disable trigger keep_schools_that_paid"))

    owner.execute(text("delete from schools where id = :id"), {"id": cast.mei.school_id})

    for table in (*ROLLUPS, "usage_books"):
        assert owner.scalar(text(f"select count(*) from {table}")) == 0, table
