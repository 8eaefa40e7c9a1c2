"""Which earlier turns go along: whole ones, and the newest of them."""

from core.assistant.history import Turn, within


def turn(question: str, size: int) -> Turn:
    return Turn(question, "x" * (size - len(question)))


def test_as_long_as_there_is_room_all_go_along_in_their_order() -> None:
    turns = [turn("one", 30), turn("two", 30)]

    assert within(turns, 20) == tuple(turns)


def test_beyond_the_budget_whole_turns_are_dropped_from_the_oldest() -> None:
    turns = [turn("one", 30), turn("two", 60), turn("three", 30)]

    assert [kept.question for kept in within(turns, 30)] == ["two", "three"]
    assert [kept.question for kept in within(turns, 29)] == ["three"]


def test_behind_a_gap_nothing_goes_along() -> None:
    turns = [turn("small", 6), turn("huge", 6000), turn("last", 6)]

    assert [kept.question for kept in within(turns, 100)] == ["last"]


def test_a_last_turn_that_is_too_long_is_dropped_whole() -> None:
    assert within([turn("huge", 6000)], 100) == ()
