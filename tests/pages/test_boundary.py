import pytest
from streamlit.testing.v1 import AppTest


def failing_page(kind: str) -> None:
    from sqlalchemy.exc import OperationalError

    from core.errors import KeyRejected, NotAllowed
    from core.ui.boundary import guarded

    def draw() -> None:
        raise {
            "not allowed": NotAllowed(),
            "key": KeyRejected(),
            "database": OperationalError("select secret", {}, Exception("password=hunter2")),
            "unknown": ValueError("Mei Tan scored 12"),
        }[kind]

    guarded(draw)


def stopping_page() -> None:
    import streamlit as st

    from core.ui.boundary import guarded

    def draw() -> None:
        st.write("before")
        st.stop()

    guarded(draw)
    st.write("after")


def opened(kind: str) -> AppTest:
    return AppTest.from_function(failing_page, args=(kind,), default_timeout=60).run()


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("not allowed", "You may not open this class. Choose one of your own."),
        ("key", "OpenAI did not accept the key. An admin has to set a new one."),
    ],
)
def test_a_known_error_is_one_sentence_and_the_page_goes_on(kind: str, sentence: str) -> None:
    page = opened(kind)

    assert [warning.value for warning in page.warning] == [sentence]
    assert not page.error


def test_a_lost_database_is_said_without_its_address() -> None:
    page = opened("database")

    assert [error.value for error in page.error] == [
        "The database is away. Your work is safe; this page tries again by itself."
    ]


def test_an_unknown_error_shows_and_logs_a_number_and_nothing_of_its_text(capsys: pytest.CaptureFixture[str]) -> None:
    page = opened("unknown")

    (error,) = page.error
    reference = error.value.rstrip(".").rpartition(" ")[2]
    output = capsys.readouterr()
    assert reference in output.out + output.err
    assert "Mei Tan" not in error.value + output.out + output.err


def test_streamlits_own_stop_passes_through() -> None:
    page = AppTest.from_function(stopping_page, default_timeout=60).run()

    assert [text.value for text in page.markdown] == ["before"]
    assert not page.error
