"""Why a connection could not be made, from what Postgres or a pooler says; its own words may hold a login."""

import psycopg2

from core.errors import Unreachable

_AGAIN = "Set the login's password anew with `staffroom db roles`, and write what is special in it as %40 for @."
# What is said, in lower case, what that means, and what to do about it. The first that fits counts.
_MEANINGS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("password authentication failed", "sasl", "no password supplied"), "login or password is wrong", _AGAIN),
    (
        ("tenant or user not found", "tenant/user"),
        "the pooler does not know this login",
        "At Supabase's pooler the login is written staffroom_app.PROJECT; `staffroom db roles` prints it so.",
    ),
    (
        ("too many clients", "remaining connection slots", "max client connections", "too many connections"),
        "it has no connection left",
        "Raise its limit, or lower DB_POOL_SIZE, WORKER_CONCURRENCY or the number of processes.",
    ),
    (
        ("no pg_hba.conf entry", "is not permitted to log in"),
        "it does not let this login in from here",
        "Allow this machine and login there (pg_hba.conf, or the project's network restrictions).",
    ),
    (('database "',), "there is no such database", "Correct the database's name at the end of the address."),
    (('role "',), "there is no such login", "Run `staffroom migrate` and `staffroom db roles` as the owner."),
    (
        ("could not translate host name", "name or service not known", "nodename nor servname"),
        "its host's name is not known here",
        "Correct the host's name, or this machine's DNS.",
    ),
    (
        ("connection refused", "no such file or directory"),
        "nobody listens there",
        "Start the server, or correct host and port.",
    ),
    (
        ("timeout", "timed out"),
        "no answer in time",
        "See whether host and port are right and a firewall in the way; Supabase's direct address needs IPv6.",
    ),
    (
        ("ssl", "certificate"),
        "no encrypted connection could be agreed on",
        "See `sslmode` at the end of the address, and the server's certificate.",
    ),
)


def unreachable(error: psycopg2.Error) -> Unreachable:
    said = str(error).lower()
    for words, why, to_do in _MEANINGS:
        if any(word in said for word in words):
            return Unreachable(why, to_do)
    return Unreachable("no connection", "See the database's own log.")
