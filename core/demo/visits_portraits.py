"""Shows in visits that began early the portraits that are drawn after the first start."""

from dataclasses import dataclass

from sqlalchemy import text

from core.db.engine import Database
from core.jobs.lookout import Lookout

LOOK_EVERY_S = 2.0
_SHARE = text("select private.share_demo_portraits()")


@dataclass(kw_only=True)
class VisitsPortraits(Lookout):
    """Each is drawn once, for the school that visits get copies of."""

    name = "portraits of visits"

    database: Database
    first_look_s: float = LOOK_EVERY_S
    look_every_s: float = LOOK_EVERY_S

    def look(self) -> None:
        with self.database.as_worker() as session:
            session.execute(_SHARE)
