"""What looks every so often beside the worker goes on whatever a look runs into, and ends when it is asked to."""

import threading
from dataclasses import dataclass, field

import pytest
from structlog.testing import capture_logs

from core.errors import DatabaseAway
from core.jobs.lookout import Lookout


@dataclass(kw_only=True)
class Stumbling(Lookout):
    name = "stumbling"

    errors: list[Exception]
    has_looked: threading.Event = field(default_factory=threading.Event)

    def look(self) -> None:
        if self.errors:
            raise self.errors.pop(0)
        self.has_looked.set()


@pytest.fixture
def stumbling() -> Stumbling:
    return Stumbling(look_every_s=0.001, errors=[DatabaseAway(), RuntimeError("about Ana Lim")])


def test_it_looks_again_after_what_went_wrong_and_says_it_without_content(stumbling: Stumbling) -> None:
    with capture_logs() as logs:
        stumbling.start()
        assert stumbling.has_looked.wait(60)
        stumbling.stop()

    assert [(entry["event"], entry["who"]) for entry in logs] == [
        ("database away, looking again", "stumbling"),
        ("a look failed, looking again", "stumbling"),
    ]
    assert "Ana" not in str(logs)


def test_it_ends_within_a_long_wait(stumbling: Stumbling) -> None:
    stumbling.first_look_s = 1000
    stumbling.start()

    stumbling.stop()

    assert not stumbling.has_looked.is_set()
    assert "stumbling" not in [thread.name for thread in threading.enumerate()]
