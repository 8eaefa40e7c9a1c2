"""What benches say, and how they count."""

import json

import pytest

from bench._findings import Finding, Findings, table
from tests.integration.photos.two_workers import most_in_any_window


@pytest.mark.parametrize(
    ("value", "at_most", "at_least", "ok"),
    [
        (1.1, 1.1, None, True),
        (1.11, 1.1, None, False),
        (3.5, None, 3.5, True),
        (3.49, None, 3.5, False),
        (1000.0, None, None, True),
    ],
)
def test_a_finding_is_right_up_to_its_bound(
    value: float, at_most: float | None, at_least: float | None, ok: bool
) -> None:
    assert Finding(bench="b", what="w", value=value, unit="s", at_most=at_most, at_least=at_least).ok is ok


def test_each_finding_is_a_line_of_json_and_one_that_is_not_right_ends_the_bench_with_1(
    capsys: pytest.CaptureFixture[str],
) -> None:
    findings = Findings("limiter")
    findings.add("most in a window", 20, at_most=20)
    assert findings.close() == 0
    findings.add("wait", 2.3456, "s", at_most=2)
    assert findings.close() == 1

    told = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    assert told == [
        {"bench": "limiter", "what": "most in a window", "value": 20, "unit": "", "at_most": 20, "ok": True},
        {"bench": "limiter", "what": "wait", "value": 2.346, "unit": "s", "at_most": 2, "ok": False},
    ]


def test_a_table_s_columns_stand_below_each_other() -> None:
    assert list(table([("what", "value"), ("a wait", "2 s")])) == ["what    value", "a wait  2 s"]


def test_a_window_holds_what_starts_in_it_wherever_it_begins() -> None:
    assert most_in_any_window([0.0, 0.9, 1.0, 1.1, 1.9], 1.0) == 3
    assert most_in_any_window([], 1.0) == 0
