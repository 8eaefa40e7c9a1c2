"""The checks, in the order in which they are told: each turns what was seen into findings, and looks at nothing."""

from collections.abc import Callable, Iterable, Sequence

from core.doctor.checks import (
    addresses,
    clock,
    connections,
    database,
    keys,
    limits,
    logins,
    machine,
    models,
    photos,
    schema,
    settings,
    sign_in,
    site,
    worker,
)
from core.doctor.evidence import Evidence
from core.doctor.finding import Finding

Check = Callable[[Evidence], Iterable[Finding]]

CHECKS: Sequence[Check] = (
    settings.mode,
    settings.secret_key,
    addresses.public_url,
    addresses.hosts,
    addresses.proxies,
    settings.env_file,
    keys.openai_key,
    models.usual_models,
    models.school_models,
    database.addresses,
    logins.logins,
    schema.migrations_applied,
    schema.policies,
    connections.connections,
    clock.clock,
    photos.store,
    photos.access,
    photos.links,
    photos.left_behind,
    sign_in.supabase_auth,
    sign_in.oidc,
    worker.worker,
    limits.limits,
    limits.failures,
    machine.disk,
    machine.replies,
    machine.python,
    machine.packages,
    site.site,
    site.stream,
)
