from itertools import product

import pytest

from core.ui.usage.spans import spans_without_holes

SCHOOL = (2, 1, 1, 1, 1, 2, 1, 1, 1, 1, 1, 1)


def has_hole(spans: list[int], columns: int) -> bool:
    taken = 0
    for span in (min(span, columns) for span in spans):
        if taken + span > columns:
            return True
        taken = (taken + span) % columns
    return taken != 0


@pytest.mark.parametrize("columns", [1, 2, 3])
def test_no_mixture_of_tiles_leaves_a_hole(columns: int) -> None:
    mixtures = [wanted for count in range(1, 9) for wanted in product((1, 2), repeat=count)]

    assert [wanted for wanted in mixtures if has_hole(spans_without_holes(wanted), columns)] == []


def test_the_first_row_holds_the_days_and_something_beside_them() -> None:
    without_budget, with_budget = SCHOOL, (2, 1, 1, 1, 1, 2, 1, 1, 1, 1, 1, 1, 1)

    assert spans_without_holes(without_budget) == [2, 1, 1, 1, 1, 3, 1, 1, 1, 1, 1, 1]
    assert spans_without_holes(with_budget)[:2] == [2, 1]


def test_a_teachers_tiles_are_as_wide_as_they_want_to_be() -> None:
    own = [2, 1, 1, 1, 1, 2, 1, 1, 1, 1]

    assert spans_without_holes(own) == own
