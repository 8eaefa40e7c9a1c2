"""Pauses that a provider asks for; they hold for everyone who uses the same key."""

from datetime import timedelta

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.db.tables.usage import ProviderPause


def pause_provider(session: Session, key_hash: str, *, wait: timedelta, why: str) -> None:
    """No call with this key before `wait` is over; a longer pause that is there already stays."""
    until = func.clock_timestamp() + wait
    pause = insert(ProviderPause).values(key_hash=key_hash, paused_until=until, why=why)
    session.execute(
        pause.on_conflict_do_update(
            index_elements=[ProviderPause.key_hash],
            set_={
                "paused_until": func.greatest(ProviderPause.paused_until, pause.excluded.paused_until),
                "why": pause.excluded.why,
            },
        )
    )
