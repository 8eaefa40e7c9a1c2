"""This machine: its disk, paid replies that wait on it, Python and the packages."""

from collections.abc import Iterator

from core.doctor.evidence import Evidence
from core.doctor.finding import Finding, fine, problem, warning
from core.doctor.looks import Away
from core.doctor.machine_look import Folder, MachineFacts
from core.doctor.work_look import WorkFacts
from core.photos.room import ROOM_FOR_A_PORTRAIT

DISK, REPLIES, PYTHON, PACKAGES = "disk", "replies", "python", "packages"
LITTLE_ROOM = 1024**3
LONG_S = 600
OLDEST_PYTHON = (3, 11)
_MOST_NAMED = 3


def disk(evidence: Evidence) -> Iterator[Finding]:
    seen = evidence.machine
    if isinstance(seen, Away):
        yield warning(DISK, "Data folder", f"Could not be looked at: {seen.why}.", seen.to_do)
        return
    yield _judged(seen.folder, is_production=evidence.is_production)


def _judged(folder: Folder, *, is_production: bool) -> Finding:
    about, found = "Data folder", f"{folder.path}, {folder.free_bytes / 1e9:.1f} GB free."
    if not folder.is_writable:
        return problem(DISK, about, f"{found} It can't be written.", "Give it to the user who runs Staffroom.")
    if folder.free_bytes < ROOM_FOR_A_PORTRAIT:
        return problem(DISK, about, f"{found} That is too little for a portrait.", "Make room on this disk.")
    if folder.is_temporary and is_production:
        return problem(
            DISK, about, f"{found} It is emptied with the system's temporary files.", "Set STAFFROOM_DATA_DIR."
        )
    if folder.free_bytes < LITTLE_ROOM:
        return warning(DISK, about, f"{found} That is little.", "Make room on this disk.")
    if folder.is_there and folder.is_open_to_others:
        return warning(DISK, about, f"{found} Other users may look into it.", f"chmod 700 {folder.path}")
    return fine(DISK, about, found)


def replies(evidence: Evidence) -> Iterator[Finding]:
    """A reply is stored within seconds, unless the store is away."""
    seen, work = evidence.machine, evidence.work
    if not isinstance(seen, MachineFacts):
        return
    kept = work.replies if isinstance(work, WorkFacts) else 0
    found = f"{seen.replies} on this disk, {kept} in the database."
    if seen.oldest_reply_s > LONG_S:
        yield warning(
            REPLIES,
            "Paid replies that wait to be stored",
            f"{found} The oldest waits for {seen.oldest_reply_s / 60:.0f} minutes.",
            "Run `staffroom sweep`, which says what they are; nothing of it is lost.",
        )
    else:
        yield fine(REPLIES, "Paid replies that wait to be stored", found)


def python(evidence: Evidence) -> Iterator[Finding]:
    seen = evidence.machine
    if not isinstance(seen, MachineFacts):
        return
    version = ".".join(map(str, seen.python))
    if seen.python[:2] < OLDEST_PYTHON:
        yield problem(PYTHON, "Python", f"{version} is too old.", "Take Python 3.11 or newer.")
    else:
        yield fine(PYTHON, "Python", f"{version}.")


def packages(evidence: Evidence) -> Iterator[Finding]:
    seen, about = evidence.packages, "Packages"
    if isinstance(seen, Away):
        yield warning(PACKAGES, about, f"Could not be looked at: {seen.why}.", seen.to_do)
    elif seen.differing:
        named = ", ".join(
            f"{pin.name} {pin.found or 'missing'} (not {pin.wanted})" for pin in seen.differing[:_MOST_NAMED]
        )
        more = len(seen.differing) - _MOST_NAMED
        yield warning(
            PACKAGES,
            about,
            f"Others than in requirements.txt: {named}{f' and {more} more' if more > 0 else ''}.",
            "pip install --require-hashes -r requirements.txt",
        )
    else:
        yield fine(PACKAGES, about, f"As in requirements.txt ({seen.pinned} named).")
