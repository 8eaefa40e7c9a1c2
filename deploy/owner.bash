# Sourced by backup and restore: PostgreSQL's programs reach the database of MIGRATION_DATABASE_URL as "service=owner",
# with no password on a command line, which everybody on this machine could read.
# shellcheck shell=bash

checkout=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
: "${MIGRATION_DATABASE_URL:?is not set: run this with deploy/with-settings}"

# PostgreSQL's programs complain of a folder that they may not look into, such as root's.
cd / || exit
PGSERVICEFILE=$(mktemp)
export PGSERVICEFILE
trap 'rm -f "$PGSERVICEFILE"' EXIT
"$checkout/.venv/bin/python" - >"$PGSERVICEFILE" <<'PYTHON'
import os

from psycopg2.extensions import parse_dsn

print("[owner]")
for name, value in parse_dsn(os.environ["MIGRATION_DATABASE_URL"].replace("+psycopg2", "", 1)).items():
    print(f"{name}={value}")
PYTHON

ask() { psql service=owner --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 "$@"; }
