"""One look that hangs, or fails in whatever way, takes nothing from the others."""

import threading
import time
from typing import NoReturn

from core.doctor.looks import Away, Look
from core.errors import DatabaseAway, Unreachable


def fail(error: Exception) -> NoReturn:
    raise error


def test_what_is_seen_is_told() -> None:
    assert Look("one", lambda: 7).seen(time.monotonic() + 20) == 7


def test_one_that_hangs_is_given_up_on_while_others_are_told() -> None:
    released = threading.Event()
    hanging, other = Look("hanging", released.wait), Look("other", lambda: 7)

    told = hanging.seen(time.monotonic())

    assert isinstance(told, Away)
    assert told.why.startswith("no answer within")
    assert other.seen(time.monotonic() + 20) == 7
    released.set()


def test_an_error_of_ours_is_told_with_what_to_do() -> None:
    look = Look("one", lambda: fail(Unreachable("nobody listens there", "Start it.")))
    another = Look("other", lambda: fail(DatabaseAway()))

    assert look.seen(time.monotonic() + 20) == Away("nobody listens there", "Start it.")
    assert isinstance(another.seen(time.monotonic() + 20), Away)


def test_any_other_error_is_told_by_its_kind_alone() -> None:
    told = Look("one", lambda: fail(RuntimeError("sk-secret of Ana Lim"))).seen(time.monotonic() + 20)

    assert isinstance(told, Away)
    assert "RuntimeError" in told.why
    assert "secret" not in f"{told}"
