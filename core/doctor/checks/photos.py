"""Where photos are kept: whether a file stays there, who may open it, and whether browsers get it."""

from collections.abc import Iterator

from core.clients.supabase_storage import FILE_SIZE_LIMIT, MIME_TYPES
from core.doctor.evidence import Evidence
from core.doctor.finding import Finding, fine, problem, warning
from core.doctor.looks import Away
from core.doctor.machine_look import MachineFacts
from core.doctor.storage_look import BucketFacts
from core.settings import BucketAccess

STORE, BUCKET, LISTING, LINKS, LEFT_BEHIND = (
    "photo_store",
    "photo_bucket",
    "photo_listing",
    "photo_links",
    "photos_left_behind",
)
_SET_UP = "`staffroom photos bucket` makes it, or brings it to what it must be"


def store(evidence: Evidence) -> Iterator[Finding]:
    seen, about = evidence.bucket, f"Bucket {evidence.settings.photo_bucket}"
    if seen is None:
        yield from _local(evidence)
    elif isinstance(seen, Away):
        yield problem(STORE, about, f"Not reached: {seen.why}.", seen.to_do)
    elif not seen.state.exists:
        yield problem(STORE, about, "There is no such bucket.", f"See PHOTO_BUCKET; {_SET_UP}.")
    elif seen.refusal is not None:
        yield problem(
            STORE, about, f"A test file could not be kept. {seen.refusal}", f"See the bucket in the project; {_SET_UP}."
        )
    else:
        yield fine(STORE, about, "A test file was uploaded, read and deleted.")


def _local(evidence: Evidence) -> Iterator[Finding]:
    seen, about = evidence.machine, "Photos in the data folder"
    if not isinstance(seen, MachineFacts):
        return
    if not seen.photos_folder_is_writable:
        yield problem(
            STORE, about, "Nothing can be written there.", f"Give {seen.folder.path} to the user who runs Staffroom."
        )
    elif evidence.is_production:
        found = f"{seen.photos} files; they are served by this machine alone."
        yield fine(STORE, about, f"{found} With several machines set SUPABASE_URL and SUPABASE_SECRET_KEY.")
    else:
        yield fine(STORE, about, f"{seen.photos} files.")


def access(evidence: Evidence) -> Iterator[Finding]:
    """Access and limits as sql/supabase/config.toml declares them, and nobody who may list."""
    seen, settings = evidence.bucket, evidence.settings
    if not isinstance(seen, BucketFacts) or not seen.state.exists:
        return
    state, wanted = seen.state, settings.photo_bucket_access
    about = f"Access to {settings.photo_bucket}"
    if state.is_public is not (wanted is BucketAccess.PUBLIC):
        is_now = BucketAccess.PUBLIC if state.is_public else BucketAccess.PRIVATE
        yield problem(
            BUCKET,
            about,
            f"The bucket is {is_now}, and PHOTO_BUCKET_ACCESS says {wanted}.",
            f"Set PHOTO_BUCKET_ACCESS={is_now}, or make the bucket {wanted}: {_SET_UP}.",
        )
    elif state.file_size_limit is not None and state.file_size_limit < FILE_SIZE_LIMIT:
        yield problem(
            BUCKET, about, f"It takes files up to {state.file_size_limit} bytes only.", f"Allow 10 MB: {_SET_UP}."
        )
    elif state.allowed_mime_types is not None and (missing := set(MIME_TYPES) - set(state.allowed_mime_types)):
        yield problem(BUCKET, about, f"It refuses {', '.join(sorted(missing))}.", f"Allow them: {_SET_UP}.")
    elif state.file_size_limit is None or state.allowed_mime_types is None:
        yield warning(BUCKET, about, f"It is {wanted}, and takes files of any size or kind.", f"Limit it: {_SET_UP}.")
    else:
        yield fine(BUCKET, about, f"It is {wanted}, with limits of size and kind.")
    yield from _listing(seen)


def _listing(seen: BucketFacts) -> Iterator[Finding]:
    about = "Who may list the bucket"
    if seen.is_listed_to_anyone:
        yield problem(
            LISTING,
            about,
            "Whoever has the publishable key may list every photo.",
            "Remove the policies on storage.objects that let anon or public select; a public bucket needs none.",
        )
    elif seen.is_listed_to_anyone is False:
        yield fine(LISTING, about, "Nobody without the secret key.")


def links(evidence: Evidence) -> Iterator[Finding]:
    """The address that a browser is sent to, opened as a browser does."""
    seen, wanted = evidence.bucket, evidence.settings.photo_bucket_access
    about = f"{'Public' if wanted is BucketAccess.PUBLIC else 'Signed'} links to photos"
    if not isinstance(seen, BucketFacts) or seen.link_status is None:
        return
    if seen.link_status != 200:
        yield problem(
            LINKS,
            about,
            f"A test photo's link answers {seen.link_status or 'nothing'}, so no photo is shown.",
            "See the access of the bucket above, SUPABASE_URL, and this machine's clock.",
        )
    elif wanted is BucketAccess.PRIVATE and seen.bare_link_status == 200:
        yield problem(
            LINKS, about, "A photo opens without a signature as well.", "Make the bucket private in the project."
        )
    else:
        yield fine(LINKS, about, "A test photo's link opens.")


def left_behind(evidence: Evidence) -> Iterator[Finding]:
    """Photos of before the bucket; moving them up leaves the files where they are."""
    seen, about = evidence.bucket, "Photos that lie in the data folder"
    if not isinstance(seen, BucketFacts) or not seen.local:
        return
    if seen.only_local:
        yield warning(
            LEFT_BEHIND,
            about,
            f"{seen.only_local} of the {seen.local} files that were looked for are not in the bucket.",
            "Run `staffroom photos migrate`; it may be stopped and run again.",
        )
    else:
        yield fine(LEFT_BEHIND, about, f"The {seen.local} files that were looked for are in the bucket, too.")
