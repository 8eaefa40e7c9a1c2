"""Jobs against photos."""

from core.photos.sweep.check import RowCheck

DONE_WITHOUT_PHOTO = RowCheck(
    name="done_without_photo",
    meaning="A job says done, and there is no photo of it.",
    remedy="Nothing repairs it: generate the portrait again, which costs again, or restore the photo from a backup.",
    rows="""
        select j.id, j.id as job_id, 'no row in photos' as detail
        from photo_jobs as j
        where j.state = 'done' and not exists (select from photos as p where p.id = j.id) and {at_rest}
    """,
)

PHOTO_OF_UNDONE_JOB = RowCheck(
    name="photo_of_undone_job",
    meaning="A photo is there, and its job does not say done.",
    remedy="Nothing repairs it: look at the job and its row of the ledger.",
    rows="""
        select p.id, j.id as job_id, 'the job is ' || j.state as detail
        from photos as p
        inner join photo_jobs as j on j.id = p.id
        where j.state <> 'done' and {at_rest}
    """,
)

CHECKS = (DONE_WITHOUT_PHOTO, PHOTO_OF_UNDONE_JOB)
