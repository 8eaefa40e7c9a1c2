"""The three addresses of the database: whether somebody is there, and whether it is what it must be."""

from collections.abc import Iterator

from core.db.inspection import DatabaseFacts
from core.doctor.evidence import Evidence
from core.doctor.finding import Finding, fine, problem, warning
from core.doctor.looks import Away, Seen

APP, WORKER, OWNER = "database", "database_worker", "database_owner"
OLDEST, NEWEST = 15, 18
_TITLES = {
    APP: "Database for the app (DATABASE_URL)",
    WORKER: "Database for the worker (WORKER_DATABASE_URL)",
    OWNER: "Database for its owner (MIGRATION_DATABASE_URL)",
}


def addresses(evidence: Evidence) -> Iterator[Finding]:
    if evidence.app is None:
        yield fine(APP, "Database", "None yet: the first start of the app makes the embedded one in the data folder.")
        return
    for name, seen in ((APP, evidence.app), (WORKER, evidence.worker), (OWNER, evidence.owner)):
        yield from _one(name, seen, is_embedded=evidence.settings.uses_embedded_database)
    if evidence.worker is None and evidence.is_production:
        yield warning(
            WORKER,
            _TITLES[WORKER],
            "Not set here, so the worker, the queue and what schools chose were not looked at.",
            "Run this once more where the worker runs, or with WORKER_DATABASE_URL set.",
        )


def _one(name: str, seen: Seen[DatabaseFacts], *, is_embedded: bool) -> Iterator[Finding]:
    title = "Database, embedded" if is_embedded else _TITLES[name]
    if seen is None or (is_embedded and name != APP):
        return
    if isinstance(seen, Away):
        yield problem(name, title, f"Not reached: {seen.why}.", seen.to_do)
        return
    what = f"PostgreSQL {seen.version_text} at {seen.place}"
    if seen.version < OLDEST:
        yield problem(name, title, f"{what}, which is too old.", f"Take PostgreSQL {OLDEST} to {NEWEST}.")
    elif name != APP and seen.is_pooled_by_transaction:
        yield problem(
            name,
            title,
            f"{what}, behind a pooler that lends a connection for one transaction: locks and notices get lost there.",
            "Use the direct address, or the pooler's session mode (port 5432 at Supabase).",
        )
    else:
        yield _reached(name, title, seen, what)


def _reached(name: str, title: str, seen: DatabaseFacts, what: str) -> Finding:
    if seen.version > NEWEST:
        return warning(
            name, title, f"{what}, which Staffroom was never tried on.", f"Prefer PostgreSQL {OLDEST} to {NEWEST}."
        )
    if not seen.is_here and not seen.is_encrypted:
        return warning(
            name, title, f"{what}, not encrypted on its way.", "Add ?sslmode=require to the end of the address."
        )
    return fine(name, title, f"{what}, {'through a pooler' if seen.is_pooled else 'directly'}.")
