"""When a class's portraits will be ready."""

from datetime import UTC, datetime, timedelta

from core.photos.batches.forecast import Pace, forecast

NOW = datetime(2026, 2, 2, 10, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def paced(each_s: float, at_once: int) -> Pace:
    return Pace(timedelta(seconds=each_s), at_once)


def test_quick_calls_go_by_the_limit_s_gap() -> None:
    found = forecast([after(2 * place) for place in range(36)], paced(5, 4), now=NOW)

    assert found.last_starts_at == after(70)
    assert found.ready_at == after(75)


def test_slow_calls_go_by_how_many_are_made_at_once() -> None:
    found = forecast([after(2 * place) for place in range(8)], paced(20, 4), now=NOW)

    assert found.ready_at == after(6 + 20 + 20)


def test_what_is_under_way_is_waited_for_first() -> None:
    found = forecast([NOW], paced(10, 1), now=NOW, under_way=[after(-4)])

    assert found.ready_at == after(6 + 10)


def test_a_call_that_takes_longer_than_usual_may_end_any_moment() -> None:
    assert forecast([], paced(10, 1), now=NOW, under_way=[after(-60)]).ready_at == NOW


def test_nothing_to_do_is_ready_now() -> None:
    assert forecast([], paced(10, 4), now=NOW).takes == timedelta(0)
