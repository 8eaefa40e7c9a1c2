"""One school, and one stand-in of each provider, for all tests of a module."""

from collections.abc import Iterator

import pytest

from tests.integration.accounts.school import SignInSchool, school_on
from tests.postgres import running_server, versions


@pytest.fixture(scope="module")
def school() -> Iterator[SignInSchool]:
    with school_on(running_server(versions()[0])) as school:
        yield school
