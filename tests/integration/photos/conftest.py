"""A studio: the portrait path wired to a database of the test's own and the OpenAI stand-in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from core.clients.openai_images import OpenAIImages
from core.db.engine import Database
from core.demo.openai_stand_in import StandIn, make_app
from core.demo.pauses import Timing
from core.photos.storage import LocalPhotoStorage
from tests.cast import Cast
from tests.integration.photos.small_pictures import Draw, draw_small
from tests.integration.photos.studio import Studio, build_maker, in_process, over_a_socket
from tests.postgres import Addresses

HANGING = Timing(hang_s=600, drip_s=0.05)


@pytest.fixture
def draw() -> Draw:
    return draw_small


@pytest.fixture
def stand_in(draw: Draw) -> StandIn:
    return make_app(timing=HANGING, draw=draw)


@pytest.fixture
def studio(
    database: Database, owner: Connection, addresses: Addresses, cast: Cast, stand_in: StandIn, tmp_path: Path
) -> Iterator[Studio]:
    with in_process(stand_in) as images:
        maker = build_maker(database, tmp_path, images)
        yield Studio(
            database=database,
            owner=owner,
            addresses=addresses,
            cast=cast,
            stand_in=stand_in,
            maker=maker,
            storage=LocalPhotoStorage(tmp_path / "photos"),
            spool=maker.spool,
        )


@pytest.fixture
def socket_images(stand_in: StandIn) -> Iterator[OpenAIImages]:
    """The way to the same stand-in over loopback."""
    with over_a_socket(stand_in) as images:
        yield images
