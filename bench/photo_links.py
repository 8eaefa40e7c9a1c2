"""A class's photo addresses in a private bucket: how often it is asked for them cold, and what they take warm."""

import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from statistics import median
from uuid import UUID

from bench._findings import Findings
from bench._studios import durable_server, studio_of
from core.clients.supabase_storage import build_bucket
from core.photos.links import PhotoLinks
from core.photos.supabase_storage import LINK_LIVES_S, SupabasePhotoStorage
from core.settings import BucketAccess
from tests.integration.photos.noting_stand_in import NotingStandIn
from tests.integration.photos.studio import Studio
from tests.storage_stand_in import SECRET, StorageStandIn, StoredFile

STUDENTS = 40
# As many connections does a browser open to one server.
AT_ONCE = 6
TIMES = 50
SIGNING = "/storage/v1/object/sign/"
_PHOTOGRAPH = """
    with job as (
        insert into photo_jobs (id, school_id, student_id, state)
        select gen_random_uuid(), s.school_id, s.id, 'done' from students as s where s.id = :student returning *
    )
    insert into photos (id, school_id, student_id, storage_key, thumb_key, address, width, height, sha256, model,
        style, prompt, cost_source, is_current)
    select j.id, j.school_id, j.student_id, concat_ws('/', j.school_id, j.student_id, j.id || '.webp'),
        concat_ws('/', j.school_id, j.student_id, j.id || '_thumb.webp'), 'a', 1, 1, repeat('0', 64), 'm', 's', 'p',
        'reported', true
    from job as j
"""


def main() -> int:
    findings = Findings("photo_links")
    with durable_server() as server, studio_of(server, NotingStandIn()) as (studio, _), private_bucket() as parts:
        project, links = parts
        photos = photographed(studio, project)
        cold(findings, studio, project, links, photos)
        warm(findings, studio, links, photos)
    return findings.close()


@contextmanager
def private_bucket() -> Iterator[tuple[StorageStandIn, PhotoLinks]]:
    with (
        StorageStandIn().served() as project,
        build_bucket(url=project.address, secret_key=SECRET, name="student-photos") as bucket,
    ):
        project.buckets["student-photos"].public = False
        store = SupabasePhotoStorage(bucket=bucket, access=BucketAccess.PRIVATE)
        yield project, PhotoLinks(store, signed_for_s=LINK_LIVES_S)


def photographed(studio: Studio, project: StorageStandIn) -> list[UUID]:
    for student in studio.enrol(STUDENTS):
        studio.run(_PHOTOGRAPH, student=student)
    rows = studio.rows("select id, thumb_key from photos")
    project.files.update({row.thumb_key: StoredFile(b"a picture", "image/webp", "no-cache") for row in rows})
    return [row.id for row in rows]


def link(studio: Studio, links: PhotoLinks, photo: UUID) -> str | None:
    """As the server finds one for a request."""
    mei = studio.cast.mei
    key = studio.photos.key_for(mei, photo, thumbnail=True)
    return links.link(key, lambda: studio.photos.keys_beside(mei, photo))


def cold(findings: Findings, studio: Studio, project: StorageStandIn, links: PhotoLinks, photos: list[UUID]) -> None:
    begun = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as browser:
        found = list(browser.map(lambda photo: link(studio, links, photo), photos))
    took_ms = 1000 * (time.monotonic() - begun)
    assert all(found)
    findings.add(f"{STUDENTS} addresses, cold: questions to the bucket", project.asked("POST", SIGNING), at_most=3)
    findings.add(f"{STUDENTS} addresses, cold, a request each, {AT_ONCE} at once", took_ms, "ms")


def warm(findings: Findings, studio: Studio, links: PhotoLinks, photos: list[UUID]) -> None:
    mei = studio.cast.mei

    def whole_class() -> list[str | None]:
        return [links.link(key) for key in studio.photos.keys_beside(mei, photos[0])]

    def one_by_one() -> list[str | None]:
        return [link(studio, links, photo) for photo in photos]

    findings.add(
        f"{STUDENTS} addresses, warm: the class's keys as a person, and links", ms(whole_class), "ms", at_most=10
    )
    findings.add(f"{STUDENTS} addresses, warm, a look-up each, one after the other", ms(one_by_one), "ms")


def ms(find: Callable[[], list[str | None]]) -> float:
    """In the middle of many times."""
    took = []
    for _ in range(TIMES):
        begun = time.monotonic()
        found = find()
        took.append(1000 * (time.monotonic() - begun))
        assert len(found) == STUDENTS
        assert all(found)
    return median(took)


if __name__ == "__main__":
    sys.exit(main())
