"""Migrations, and the policies that they made: what the database has against what is shipped."""

from collections.abc import Collection, Iterator

from core.db.inspection import DatabaseFacts
from core.db.migrations import migrations
from core.db.shipped_policies import shipped_policies
from core.doctor.evidence import Evidence
from core.doctor.finding import Finding, fine, problem, warning

MIGRATIONS, POLICIES = "migrations", "policies"
_MOST_NAMED = 3


def migrations_applied(evidence: Evidence) -> Iterator[Finding]:
    seen, about = _inspected(evidence), "Migrations"
    if seen is None:
        return
    wanted = {migration.version: migration.title for migration in migrations()}
    missing = sorted(wanted[version] for version in wanted.keys() - (seen.applied or frozenset()))
    unknown = sorted((seen.applied or frozenset()) - wanted.keys())
    if missing and evidence.settings.uses_embedded_database:
        yield warning(
            MIGRATIONS, about, f"{_named(missing)} not applied yet.", "The next start of the app applies them."
        )
    elif missing:
        yield problem(
            MIGRATIONS,
            about,
            f"{_named(missing)} not applied.",
            "Make a backup, then run `staffroom migrate` as the owner.",
        )
    elif unknown:
        yield warning(
            MIGRATIONS,
            about,
            f"The database has {_named(unknown)}, which this version of Staffroom does not know.",
            "Install the version that the database was migrated for, or put the backup back.",
        )
    else:
        yield fine(MIGRATIONS, about, f"All {len(wanted)} applied, and none that is unknown.")


def policies(evidence: Evidence) -> Iterator[Finding]:
    """Only where all migrations are there; else it would be about those that are missing."""
    seen, about = _inspected(evidence), "Row-level security"
    if seen is None or not is_migrated(seen):
        return
    shipped = _shipped(seen, is_embedded=evidence.settings.uses_embedded_database)
    faults = list(_faults(seen, shipped))
    if faults:
        yield problem(
            POLICIES,
            about,
            " ".join(faults),
            "Put it back as the migrations make it, and find out who changed it; till then rows may be open to others.",
        )
    else:
        yield fine(POLICIES, about, f"On for every table, with the {len(shipped)} policies that are shipped.")


def is_migrated(seen: DatabaseFacts) -> bool:
    return {one.version for one in migrations()} <= (seen.applied or frozenset())


def _shipped(seen: DatabaseFacts, *, is_embedded: bool) -> frozenset[str]:
    """Those on Storage's own table only where it is; the embedded server has a likeness of it that nobody uses."""
    looked_at = shipped_policies()
    if seen.has_storage and not is_embedded:
        return looked_at
    return frozenset(name for name in looked_at if name.startswith("public."))


def _faults(seen: DatabaseFacts, shipped: frozenset[str]) -> Iterator[str]:
    kept = {name for name in seen.policies if name.startswith("public.")}
    ours = {name for name in shipped if name.startswith("public.")}
    if seen.tables_without_security:
        yield f"It is off for {_named(seen.tables_without_security)}."
    if missing := sorted(shipped - seen.policies):
        yield f"Missing: {_named(missing)}."
    if strange := sorted(kept - ours):
        yield f"Not ours: {_named(strange)}."
    if seen.open_policies:
        yield f"For everybody, signed in or not: {_named(seen.open_policies)}."
    if seen.open_to_anyone:
        yield f"The role anon may use {_named(seen.open_to_anyone)}."
    if seen.careless_views:
        yield f"Views that read past it: {_named(seen.careless_views)}."


def _inspected(evidence: Evidence) -> DatabaseFacts | None:
    """By whichever login was let in; all may read the catalogue."""
    for seen in (evidence.app, evidence.worker, evidence.owner):
        if isinstance(seen, DatabaseFacts):
            return seen
    return None


def _named(names: Collection[str]) -> str:
    listed = list(names)
    more = f" and {len(listed) - _MOST_NAMED} more" if len(listed) > _MOST_NAMED else ""
    return ", ".join(listed[:_MOST_NAMED]) + more
