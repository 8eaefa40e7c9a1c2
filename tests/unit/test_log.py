import json
from collections.abc import Iterator

import pytest
import structlog

from core.log import places, set_up_logs
from core.settings import LogLevel


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def test_a_message_is_one_line_of_json_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(LogLevel.INFO)

    structlog.get_logger().info("job_done", job_id="j1")

    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["job_id"], line["level"]) == ("job_done", "j1", "info")


def test_less_severe_messages_than_asked_for_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(LogLevel.WARNING)

    structlog.get_logger().info("chatter")

    assert capsys.readouterr().err == ""


def test_the_places_of_an_error_hold_nothing_of_its_text() -> None:
    def fail() -> None:
        raise ValueError("Mei Tan")

    with pytest.raises(ValueError, match="Mei Tan") as caught:
        fail()

    found = places(caught.value)
    assert len(found) == 2
    assert all(place.startswith("test_log.py:") for place in found)
