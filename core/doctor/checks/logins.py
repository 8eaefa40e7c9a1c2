"""What the two logins may do: row-level security holds only whoever can't step round it."""

from collections.abc import Iterator

from core.db.inspection import DatabaseFacts, Login
from core.db.preparing import APP_LOGIN, WORKER_LOGIN
from core.doctor.evidence import Evidence
from core.doctor.finding import Finding, fine, problem, warning
from core.doctor.looks import Away, Seen
from core.doctor.probes import AUTHENTICATED, SERVICE

APP, WORKER = "login_app", "login_worker"
QUEUE_SCHEMA = "procrastinate"


def logins(evidence: Evidence) -> Iterator[Finding]:
    yield from _judged(APP, evidence.app, APP_LOGIN, AUTHENTICATED)
    yield from _judged(WORKER, evidence.worker, WORKER_LOGIN, SERVICE)


def _judged(name: str, seen: Seen[DatabaseFacts], wanted: str, role: str) -> Iterator[Finding]:
    if seen is None or isinstance(seen, Away):
        return
    about = f"Login {seen.login.name}"
    faults = list(_faults(seen, wanted, role))
    if faults:
        to_do = "; ".join(to_do for _, to_do in faults)
        yield problem(name, about, f"It {', '.join(what for what, _ in faults)}.", f"As the owner: {to_do}.")
    elif seen.login.name.partition(".")[0] != wanted:
        yield warning(
            name, about, f"It may do what {wanted} may, under another name.", f"Prefer {wanted}: `staffroom db roles`."
        )
    else:
        yield fine(name, about, f"Owns nothing, steps round no policy, and may become {role} and nothing else.")


def _faults(seen: DatabaseFacts, wanted: str, role: str) -> Iterator[tuple[str, str]]:
    login = seen.login
    if login.is_superuser:
        yield "is a superuser", f"use the login {wanted} in the address"
        return
    yield from _attributes(login)
    if other := sorted(login.member_of - {role}):
        yield f"may also become {', '.join(other)}", f"revoke {', '.join(other)} from {login.name}"
    if login.may_become != role:
        yield f"can't become {role}", f"grant {role} to {login.name}"
    if role == SERVICE and QUEUE_SCHEMA not in seen.search_path:
        yield (
            "does not look into the queue's schema",
            f"alter role {login.name} set search_path = public, procrastinate",
        )


def _attributes(login: Login) -> Iterator[tuple[str, str]]:
    if login.bypasses_policies:
        yield "steps round row-level security (BYPASSRLS)", f"alter role {login.name} nobypassrls"
    if login.inherits:
        yield "inherits the rights of its roles", f"alter role {login.name} noinherit"
    if login.makes_roles:
        yield (
            "may make roles or databases, or replicate",
            f"alter role {login.name} nocreaterole nocreatedb noreplication",
        )
    if login.owns:
        yield f"owns {login.owns} things", f"reassign owned by {login.name} to the owner"
