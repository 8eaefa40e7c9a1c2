"""Addresses of Postgres as people write them, and as SQLAlchemy and psycopg want them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import URL, make_url

# A server that vanished without a word is given up on within seconds, in every state a connection can be in.
PATIENCE: Mapping[str, Any] = {
    "connect_timeout": 3,
    "tcp_user_timeout": 10_000,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}


def sqlalchemy_url(address: str) -> URL:
    """`postgres://` and `postgresql://` both mean psycopg2 here; SQLAlchemy alone would take psycopg 3."""
    url = make_url(address.replace("postgres://", "postgresql://", 1))
    return url.set(drivername="postgresql+psycopg2")


def libpq_url(address: str) -> str:
    """The same address for psycopg, psql and the queue."""
    return sqlalchemy_url(address).set(drivername="postgresql").render_as_string(hide_password=False)
