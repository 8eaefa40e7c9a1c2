from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from core.accounts.signatures import Signatures
from core.accounts.throttle import Throttle, neighbourhood
from core.errors import SignInAway, TooManyMails, TooManySignIns, WrongPassword
from tests.integration.accounts.school import SignInSchool


def fresh() -> tuple[str, str]:
    """An account and an address that no other test counts."""
    return f"{uuid4().hex}@north.school", uuid4().hex


def fails(school: SignInSchool, account: str | None, address: str) -> bool:
    """Whether the attempt was made at all."""
    try:
        with school.throttle.attempt(account, address):
            get_it_wrong()
    except TooManySignIns:
        return False
    except WrongPassword:
        pass
    return True


def get_it_wrong() -> None:
    raise WrongPassword


def test_an_account_is_tried_10_times_in_15_minutes_from_wherever(school: SignInSchool) -> None:
    account, _ = fresh()

    assert [fails(school, account, fresh()[1]) for _ in range(11)] == [True] * 10 + [False]
    assert not fails(school, f"  {account.upper()} ", fresh()[1])
    assert fails(school, fresh()[0], fresh()[1])


def test_the_refusal_says_when_to_come_back(school: SignInSchool) -> None:
    account, address = fresh()
    for _ in range(10):
        fails(school, account, address)

    with (
        pytest.raises(TooManySignIns, match="try again in 15 minutes") as refused,
        school.throttle.attempt(account, "x"),
    ):
        pass

    until = refused.value.opens_at - datetime.now(UTC)
    assert timedelta(minutes=14, seconds=50) < until <= timedelta(minutes=15)
    assert 890 < refused.value.wait_s <= 900


def test_an_attempt_is_free_again_when_the_oldest_is_15_minutes_old(school: SignInSchool) -> None:
    account, address = fresh()
    for _ in range(10):
        fails(school, account, address)
    key = Signatures(["a key of the school that is long enough"]).keyed_hash("account", account)
    school.run(
        "update sign_in_attempts set created_at = created_at - interval '15 minutes' where key_hash = :key and"
        " created_at = (select min(created_at) from sign_in_attempts where key_hash = :key)",
        key=key,
    )

    assert [fails(school, account, address) for _ in range(2)] == [True, False]


def test_exactly_10_of_many_at_once_are_let_through(school: SignInSchool) -> None:
    account, address = fresh()

    with ThreadPoolExecutor(16) as threads:
        tried = list(threads.map(lambda _: fails(school, account, address), range(32)))

    assert sum(tried) == 10


def test_who_gets_it_right_starts_anew(school: SignInSchool) -> None:
    account, address = fresh()
    for _ in range(9):
        fails(school, account, address)

    with school.throttle.attempt(account, address):
        pass

    assert [fails(school, account, address) for _ in range(11)] == [True] * 10 + [False]


def test_what_the_provider_could_not_answer_counts_for_nothing(school: SignInSchool) -> None:
    account, address = fresh()
    for _ in range(12):
        with pytest.raises(SignInAway), school.throttle.attempt(account, address):
            raise SignInAway

    assert [fails(school, account, address) for _ in range(11)] == [True] * 10 + [False]


def test_an_address_may_fail_300_times_and_a_whole_school_signs_in_behind_it(school: SignInSchool) -> None:
    _, address = fresh()
    hashed = Signatures(["a key of the school that is long enough"]).keyed_hash("address", address)
    school.run(
        "insert into sign_in_attempts (kind, key_hash) select 'address', :key from generate_series(1, 299)", key=hashed
    )

    for _ in range(3):
        with school.throttle.attempt(fresh()[0], address):
            pass

    assert [fails(school, fresh()[0], address) for _ in range(2)] == [True, False]
    assert not fails(school, None, address)


def test_three_mails_an_hour_go_to_an_account(school: SignInSchool) -> None:
    account, address = fresh()
    for _ in range(3):
        school.throttle.mail(account, address)

    with pytest.raises(TooManyMails, match="Look for the last one, or try again in 60 minutes"):
        school.throttle.mail(account, fresh()[1])


def test_neither_account_nor_address_stands_in_the_database(school: SignInSchool) -> None:
    account, _ = fresh()
    fails(school, account, "203.0.113.77")

    rows = str(school.owner.exec_driver_sql("select string_agg(a::text, ' ') from sign_in_attempts as a").scalar())

    for plain in (account, "203.0.113.77"):
        assert plain not in rows
        assert plain.encode().hex() not in rows


def test_another_key_counts_anew(school: SignInSchool) -> None:
    account, address = fresh()
    for _ in range(10):
        fails(school, account, address)

    with Throttle(database=school.database, signatures=Signatures(["n" * 32])).attempt(account, address):
        pass


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
    ],
)
def test_one_customer_s_addresses_count_as_one(address: str, counted_as: str) -> None:
    assert neighbourhood(address) == counted_as
