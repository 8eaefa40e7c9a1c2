"""Which photo is shown, decided by the worker and by people at the same moment."""

import time
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Connection, text

from core.db.engine import Database
from tests.cast import Cast
from tests.integration.db.records import record_everything

_ANOTHER_PHOTO = """
    with job as (
        insert into photo_jobs (school_id, student_id, state)
        select school_id, student_id, 'done' from photo_jobs where id = :first returning id
    )
    insert into photos (school_id, id, student_id, storage_key, thumb_key, address, width, height, sha256, model,
        style, prompt, cost_source)
    select p.school_id, job.id, p.student_id, 'k2', 't2', 'b', 1, 1, p.sha256, p.model, p.style, p.prompt, p.cost_source
    from photos as p, job where p.id = :first
    returning id
"""


def _wait_until_someone_waits(owner: Connection) -> None:
    waiting = (
        "select count(*) from pg_locks where not granted"
        " and pid in (select pid from pg_stat_activity where datname = current_database())"
    )
    give_up_at = time.monotonic() + 60
    while owner.scalar(text(waiting)) == 0:
        assert time.monotonic() < give_up_at
        time.sleep(0.01)


def test_the_worker_s_new_photo_waits_for_a_click_on_an_earlier_one(
    database: Database, owner: Connection, cast: Cast
) -> None:
    first = record_everything(owner, cast)["photos"]
    new = owner.scalar(text(_ANOTHER_PHOTO), {"first": first})

    def finish() -> None:
        with database.as_worker() as session:
            session.execute(text("select private.show_photo(:ana, :photo, 'b')"), {"ana": cast.ana, "photo": new})

    with ThreadPoolExecutor(1) as worker:
        with database.as_person(cast.mei) as session:
            session.execute(text("select private.use_photo(:photo)"), {"photo": first})
            finished = worker.submit(finish)
            _wait_until_someone_waits(owner)
        finished.result(timeout=60)

    current = owner.scalars(text("select id from photos where is_current")).all()
    shown = owner.scalar(text("select profile_photo from students where id = :ana"), {"ana": cast.ana})
    assert (current, shown) == ([new], "b")
