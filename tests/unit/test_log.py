import json
import logging
import sys
import threading
import warnings
from collections.abc import Callable
from typing import Any

import pytest
import structlog

from core.log import log_what_nobody_catches, places, set_up_logs, told_elsewhere
from core.settings import LogLevel


def test_a_message_is_one_line_of_json_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(LogLevel.INFO)

    structlog.get_logger().info("job_done", job_id="j1")

    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["job_id"], line["level"]) == ("job_done", "j1", "info")


def test_less_severe_messages_than_asked_for_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(LogLevel.WARNING)

    structlog.get_logger().info("chatter")

    assert capsys.readouterr().err == ""


def test_what_is_told_elsewhere_is_left_out_and_what_others_say_meanwhile_is_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up_logs(LogLevel.INFO)
    another = threading.Thread(target=lambda: structlog.get_logger().info("of another thread"))

    with told_elsewhere():
        structlog.get_logger().info("told elsewhere")
        another.start()
        another.join()
    structlog.get_logger().info("afterwards")

    said = [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()]
    assert said == ["of another thread", "afterwards"]


def foreign(capsys: pytest.CaptureFixture[str], log: Callable[[logging.Logger], None]) -> list[dict[str, Any]]:
    """The lines that come of what another package logs."""
    set_up_logs(LogLevel.INFO)
    log(logging.getLogger("another.package"))
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_what_other_packages_log_is_of_the_same_kind(capsys: pytest.CaptureFixture[str]) -> None:
    (line,) = foreign(capsys, lambda log: log.warning("%d tries left", 3))

    assert (line["event"], line["level"], line["logger"]) == ("3 tries left", "warning", "another.package")


def test_what_other_packages_fill_in_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    (line,) = foreign(capsys, lambda log: log.error("Refused: origin=%s, tries=%d", "Mei Tan", 3))

    assert line["event"] == "Refused: origin=%s, tries=%d"


def test_an_error_in_another_package_is_its_kind_and_where_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    def fail(log: logging.Logger) -> None:
        try:
            int("Mei Tan")
        except ValueError:
            log.exception("Never retrieved\nfuture: Mei Tan")

    (line,) = foreign(capsys, fail)

    assert (line["event"], line["error"]) == ("Never retrieved", "ValueError")
    assert line["at"][0].startswith("test_log.py:")
    assert "Mei" not in json.dumps(line)


def test_what_other_packages_say_in_passing_stays_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert foreign(capsys, lambda log: log.info("HTTP Request: GET https://provider.example/?code=secret")) == []


def test_an_error_of_ours_is_told_without_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(LogLevel.INFO)
    try:
        int("Mei Tan")
    except ValueError:
        structlog.get_logger().exception("broken")

    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["error"]) == ("broken", "ValueError")
    assert "Mei" not in json.dumps(line)


def test_the_last_words_of_a_program_are_a_line_like_any_other(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for where, name in ((sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook")):
        monkeypatch.setattr(where, name, getattr(where, name))
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)
    set_up_logs(LogLevel.INFO)

    log_what_nobody_catches()
    sys.excepthook(ValueError, ValueError("Mei Tan"), None)
    thread = threading.Thread(target=lambda: int("Mei Tan"))
    thread.start()
    thread.join()
    warnings.showwarning("Mei Tan", UserWarning, "/there/page.py", 7)

    uncaught, in_thread, warning = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert (uncaught["event"], uncaught["error"]) == ("uncaught", "ValueError")
    assert in_thread["at"][-1].startswith("test_log.py:")
    assert (warning["category"], warning["at"]) == ("UserWarning", "page.py:7")


def test_the_places_of_an_error_hold_nothing_of_its_text() -> None:
    def fail() -> None:
        raise ValueError("Mei Tan")

    with pytest.raises(ValueError, match="Mei Tan") as caught:
        fail()

    found = places(caught.value)
    assert len(found) == 2
    assert all(place.startswith("test_log.py:") for place in found)
