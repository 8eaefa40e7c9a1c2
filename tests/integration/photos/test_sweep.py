"""What a sweep leaves in peace: all that is in order, and all that is under way."""

from datetime import timedelta

from core.demo.faults import Fault
from core.demo.seeding import seed_demo_school
from core.photos.storage import photo_key
from core.photos.strays import return_strays
from core.photos.sweep import loose_files
from core.photos.sweep.findings import Finding
from core.photos.sweep.queue_checks import STRAY
from core.photos.sweep.sweeping import CHECKS
from tests.integration.photos.studio import Studio, wait_until, working
from tests.integration.photos.sweeping import (
    forget_turns,
    found,
    look,
    orphan,
    portrait,
    sources,
    worked_on,
)


def test_where_portraits_were_made_refused_or_perhaps_charged_nothing_is_found(studio: Studio) -> None:
    for fault in (Fault.NONE, Fault.MODERATION_BLOCKED, Fault.SERVER_ERROR, Fault.NOT_AN_IMAGE):
        studio.stand_in.faults.always(fault)
        portrait(studio, studio.enrol(1)[0])
    studio.stand_in.faults.always()
    studio.ask()

    report = look(studio)

    assert report.findings == ()
    assert report.checked == {
        "jobs": 5,
        "photos": 1,
        "replies": 0,
        "ledger_rows": 4,
        "queue_entries": 1,
        "batches": 0,
        "files": 2,
        "spool": 0,
    }


def test_what_waits_for_the_provider_or_was_taken_back_is_none(studio: Studio) -> None:
    studio.stand_in.faults.always(Fault.RATE_LIMITED)
    waiting = studio.make()
    taken_back = studio.ask(studio.cast.bala, person=studio.cast.arjun)
    studio.photos.cancel(studio.cast.arjun, taken_back)

    assert (studio.state(waiting), studio.state(taken_back)) == ("queued", "cancelled")
    assert look(studio, at_rest=timedelta(minutes=1)).findings == ()


def test_nothing_is_found_while_a_worker_makes_a_class_s_portraits(studio: Studio) -> None:
    studio.pace_batches()
    batch_id = studio.start_batch(studio.enrol(12))
    findings: list[Finding] = []

    def is_finished() -> bool:
        findings.extend(look(studio, repair=True, at_rest=timedelta(minutes=1)).findings)
        return studio.batch(batch_id).finished_at is not None

    with working(studio.worker()):
        wait_until(is_finished)

    assert findings == []
    assert {studio.state(job_id) for job_id in studio.jobs_of(batch_id)} == {"done"}
    assert look(studio).findings == ()


def test_a_paused_and_a_cancelled_batch_are_in_order(studio: Studio) -> None:
    paused = studio.start_batch(studio.enrol(2))
    cancelled = studio.start_batch([studio.cast.bala], person=studio.cast.arjun)
    studio.class_photos.pause(studio.cast.mei, paused)
    studio.class_photos.cancel(studio.cast.arjun, cancelled)
    with working(studio.worker()):
        wait_until(lambda: studio.rows("select from procrastinate.procrastinate_jobs") == [])

    assert look(studio).findings == ()


def test_the_made_up_school_has_nothing_to_find_before_its_portraits_are_drawn(studio: Studio) -> None:
    seed_demo_school(studio.database)

    assert look(studio, repair=True).findings == ()


def test_a_job_that_is_worked_on_is_left_out(studio: Studio) -> None:
    job_id = portrait(studio)
    orphan(studio, job_id)
    with worked_on(studio, job_id):
        assert look(studio, repair=True).findings == ()

    assert found(studio) == [("done_without_photo", str(job_id))]


def test_a_job_that_changed_just_now_is_left_out(studio: Studio) -> None:
    orphan(studio, portrait(studio))

    assert look(studio, at_rest=timedelta(minutes=1)).findings == ()


def test_each_check_says_what_it_means_and_what_to_do() -> None:
    assert len({check.name for check in CHECKS}) == len(CHECKS)
    for check in CHECKS:
        assert check.meaning.endswith(".")
        assert check.remedy.endswith((".", "?"))


def test_a_repair_looks_again_before_it_changes_anything(studio: Studio) -> None:
    studio.ask()
    forget_turns(studio)
    (stray,) = STRAY.look(sources(studio))
    return_strays(studio.database)

    assert STRAY.repair(sources(studio), stray) is None

    assert studio.count("procrastinate.procrastinate_jobs") == 1


def test_a_repair_leaves_what_a_worker_took_up_meanwhile(studio: Studio) -> None:
    studio.stand_in.faults.upcoming(Fault.NOT_AN_IMAGE)
    key = photo_key(studio.cast.mei.school_id, studio.cast.ana, portrait(studio))
    studio.storage.put(key, b"whatever", "image/webp")
    ((check, file),) = [(check, one) for check in loose_files.CHECKS for one in check.look(sources(studio))]
    assert file.may_repair
    assert file.job_id is not None

    with worked_on(studio, file.job_id):
        assert check.repair(sources(studio), file) is None

    assert key in set(studio.storage.keys())
