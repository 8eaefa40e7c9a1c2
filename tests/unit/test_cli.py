import sys

import pytest

from core import cli


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
