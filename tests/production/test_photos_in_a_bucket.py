"""Portraits in a Supabase bucket, as a browser gets them: by public links, and by signed ones."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import APIResponse, Page, expect

from core.photos.images import THUMBNAIL_SIDE
from core.photos.supabase_storage import LINK_LIVES_S
from tests.production.deployment import Deployment
from tests.production.schools import School
from tests.production.visitor import NewVisitor, Visitor, width_of


@contextmanager
def private(deployment: Deployment) -> Iterator[None]:
    """As the project has the bucket of a school that wants no public links."""
    bucket = deployment.project.buckets["student-photos"]
    bucket.public = False
    try:
        yield
    finally:
        bucket.public = True


def open_choir(visitor: Visitor, school: School, server: str) -> Page:
    page = visitor.open(f"/Student_roster?class={school.choir.id}", server=server)
    expect(page.get_by_role("button", name=next(iter(school.choir.students.values())), exact=True)).to_be_visible()
    return page


def expect_pictures(page: Page, how_many: int) -> None:
    """Thumbnails that are really there, and not only their addresses."""
    pictures = page.locator('img[src*="/app/static/photos/"]')
    expect(pictures).to_have_count(how_many)
    for picture in pictures.all():
        expect(picture).to_have_js_property("naturalWidth", THUMBNAIL_SIDE)


def way(visitor: Visitor, server: str, school: School) -> APIResponse:
    """What the app's own address of a portrait answers."""
    return visitor.context.request.get(f"{server}/app/static/photos/{school.choir.photos[0]}", max_redirects=0)


def test_a_class_s_portraits_are_shown_by_public_links(
    visitors: NewVisitor, deployment: Deployment, contoso: School, fabrikam: School
) -> None:
    craig, edna = visitors(), visitors()
    craig.sign_in(contoso, contoso.teacher)
    edna.sign_in(fabrikam, fabrikam.teacher)

    expect_pictures(open_choir(craig, contoso, deployment.second), 3)

    fetched = [one for one in deployment.project.seen if one.path.startswith("/storage/v1/object/public/")]
    assert len(fetched) >= 3
    assert not any({"referer", "authorization", "apikey"} & one.headers.keys() for one in fetched)
    reply = way(craig, deployment.second, contoso)
    assert reply.headers["location"].startswith(f"{deployment.project.address}/storage/v1/object/public/")
    assert way(edna, deployment.second, contoso).status == 404
    of_students = "select count(*) from students where profile_photo like :start"
    assert deployment.value(of_students, start=f"{deployment.project.address}/storage/v1/object/public/%") >= 6


def test_in_a_private_bucket_links_are_signed_and_end(
    visitors: NewVisitor, deployment: Deployment, contoso: School, fabrikam: School
) -> None:
    project, server = deployment.project, deployment.first
    craig, edna = visitors(), visitors()
    craig.sign_in(contoso, contoso.teacher)
    edna.sign_in(fabrikam, fabrikam.teacher)
    questions = project.asked("POST", "/storage/v1/object/sign/")

    with private(deployment):
        page = open_choir(craig, contoso, server)
        expect_pictures(page, 3)
        assert project.asked("POST", "/storage/v1/object/sign/") - questions <= 2

        link = way(craig, server, contoso).headers["location"]
        assert way(edna, server, contoso).status == 404
        assert opens(craig, link)
        assert not opens(craig, link.replace("/sign/", "/public/").partition("?")[0])

        craig.context.clear_cookies()
        assert way(craig, server, contoso).status == 404
        assert width_of(page, f"{server}/app/static/photos/{contoso.choir.photos[1]}?again") == 0

        project.clock_ahead_s = LINK_LIVES_S + 1
        try:
            assert not opens(craig, link)
        finally:
            project.clock_ahead_s = 0


def opens(visitor: Visitor, link: str) -> bool:
    reply = visitor.context.request.get(link)
    return reply.ok and reply.headers["content-type"] == "image/webp"
