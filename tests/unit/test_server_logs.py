import json
import logging

import pytest
import uvicorn
import uvicorn.config
from streamlit import logger as streamlit_logger

from core.server.logs import set_up_server_logs
from core.settings import LogLevel


def test_the_server_s_packages_write_lines_like_ours_and_no_requests(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_server_logs(LogLevel.DEBUG)
    # What both do after we are asked.
    uvicorn.Config("nowhere:app", use_colors=False, access_log=True)
    streamlit_logger.get_logger("streamlit.made_later").warning("Refused: %s", "Mei Tan")
    streamlit_logger.update_formatter()

    logging.getLogger("uvicorn.error").error("Exception in ASGI application\nMei Tan")
    logging.getLogger("uvicorn.access").info('%s - "%s"', "127.0.0.1", "GET /sign-in?code=secret")
    logging.getLogger("uvicorn.error").info("Started server process [%d]", 1)

    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["logger"], line["event"]) for line in lines] == [
        ("streamlit.made_later", "Refused: %s"),
        ("uvicorn.error", "Exception in ASGI application"),
    ]
