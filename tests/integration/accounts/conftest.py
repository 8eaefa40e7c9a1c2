"""One school, and one stand-in of each provider, for all tests of a module."""

from collections.abc import Iterator

import pytest

from tests.integration.accounts.loopback import served
from tests.integration.accounts.oidc_stand_in import OidcStandIn
from tests.integration.accounts.school import SignInSchool, school_on
from tests.integration.accounts.supabase_stand_in import SupabaseStandIn
from tests.postgres import running_server, versions


@pytest.fixture(scope="module")
def school() -> Iterator[SignInSchool]:
    with school_on(running_server(versions()[0])) as school:
        yield school


@pytest.fixture(scope="module")
def supabase_server() -> Iterator[SupabaseStandIn]:
    stand_in = SupabaseStandIn()
    with served(stand_in) as stand_in.address:
        yield stand_in


@pytest.fixture
def supabase(supabase_server: SupabaseStandIn) -> SupabaseStandIn:
    """As on its first day, at the same address and with the same keys."""
    fresh = SupabaseStandIn(keys=supabase_server.keys, address=supabase_server.address)
    vars(supabase_server).update(vars(fresh))
    return supabase_server


@pytest.fixture(scope="module")
def oidc_server() -> Iterator[OidcStandIn]:
    stand_in = OidcStandIn()
    with served(stand_in) as stand_in.address:
        yield stand_in


@pytest.fixture
def oidc(oidc_server: OidcStandIn) -> OidcStandIn:
    """As on its first day, at the same address and with the same keys."""
    fresh = OidcStandIn(keys=oidc_server.keys, address=oidc_server.address)
    vars(oidc_server).update(vars(fresh))
    return oidc_server
