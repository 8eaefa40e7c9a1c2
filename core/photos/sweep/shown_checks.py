"""What a student's row shows against the current photo."""

from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from core.photos.sweep.check import RowCheck
from core.photos.sweep.sources import Sources

_SHOW = text("select private.show_photo(:student, :photo, :address)")
_CURRENT = text("select p.id, p.address from photos as p where p.student_id = :student and p.is_current")
_LOCK = text("select from students as s where s.id = :student for no key update")


def show_current(session: Session, _sources: Sources, row: Row[Any]) -> None:
    """Whichever is current when nobody changes it any more."""
    session.execute(_LOCK, {"student": row.id})
    current = session.execute(_CURRENT, {"student": row.id}).one_or_none()
    photo, address = (current.id, current.address) if current else (None, None)
    session.execute(_SHOW, {"student": row.id, "photo": photo, "address": address})


SHOWN_DIFFERS = RowCheck(
    name="shown_differs",
    meaning="A student's row names another picture than the current photo.",
    remedy="It gets the current photo's address, or none; without a current photo, an address not ours is left.",
    rows="""
        select s.id, cast(null as uuid) as job_id,
            coalesce('current is ' || p.id, 'none is current') as detail,
            p.id is not null or s.profile_photo like '/app/static/photos/%'
            or exists (select from photos as o where o.student_id = s.id and o.address = s.profile_photo) as may_repair
        from students as s
        left join photos as p on p.student_id = s.id and p.is_current
        where s.profile_photo is distinct from p.address
    """,
    mend=show_current,
)

CHECKS = (SHOWN_DIFFERS,)
