import sys
import threading
import warnings

import pytest

from core import cli


@pytest.fixture(autouse=True)
def _hooks_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program takes Python's last words over for good."""
    for where, name in ((sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook")):
        monkeypatch.setattr(where, name, getattr(where, name))
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)


def test_a_fault_of_ours_is_a_sentence_with_a_reference_and_no_content(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise RuntimeError("Ana Lim")

    monkeypatch.setattr(cli, "owner_address", lambda _settings: fail())
    monkeypatch.setattr(sys, "argv", ["staffroom", "db", "url"])

    with pytest.raises(SystemExit) as left:
        cli.main()

    told = capsys.readouterr()
    *_, log_line, sentence = told.err.splitlines()
    reference = sentence.rstrip(".").split()[-1]
    assert (left.value.code, told.out) == (1, "")
    assert reference in log_line
    assert "RuntimeError" in log_line
    assert "test_cli.py:" in log_line
    assert "Ana" not in told.err
    assert "Traceback" not in told.err
