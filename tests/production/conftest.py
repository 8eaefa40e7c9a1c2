"""One deployment, two schools and one browser for all tests here."""

from collections.abc import Generator, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.e2e.browsing import open_browser
from tests.postgres import running_server, versions
from tests.production.deployment import Deployment, deployed
from tests.production.schools import School, imported_schools, names_and_emails
from tests.production.visitor import NewVisitor, Visitor

EXPECT_MS = 20_000


@pytest.fixture(scope="session")
def deployment() -> Iterator[Deployment]:
    with deployed(running_server(versions()[0])) as deployment:
        yield deployment
        logs = deployment.logs()
        assert not any(secret in logs for secret in deployment.secrets), "a secret stands in a log"
        assert [name for name in names_and_emails(deployment) if name in logs] == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Function, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that fails shows what the programs said last."""
    report = yield
    deployment = item.funcargs.get("deployment")
    if report.failed and call.when == "call" and isinstance(deployment, Deployment):
        report.sections.append(("Logs", deployment.last_words()))
    return report


@pytest.fixture(scope="session")
def schools(deployment: Deployment) -> tuple[School, School]:
    return imported_schools(deployment)


@pytest.fixture(scope="session")
def contoso(schools: tuple[School, School]) -> School:
    return schools[0]


@pytest.fixture(scope="session")
def fabrikam(schools: tuple[School, School]) -> School:
    return schools[1]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=EXPECT_MS)
    with open_browser() as browser:
        yield browser


@pytest.fixture(scope="session")
def free_contexts() -> list[BrowserContext]:
    """A context keeps Streamlit's scripts, which would take a second to read anew."""
    return []


@pytest.fixture
def visitors(browser: Browser, deployment: Deployment, free_contexts: list[BrowserContext]) -> Iterator[NewVisitor]:
    """Each call is a browser of its own, in which nobody is signed in."""
    lent: list[Visitor] = []

    def visitor() -> Visitor:
        context = free_contexts.pop() if free_contexts else browser.new_context(locale="en-SG", reduced_motion="reduce")
        page = context.pages[0] if context.pages else context.new_page()
        lent.append(Visitor(context, page, deployment))
        return lent[-1]

    yield visitor
    for visitor_ in lent:
        visitor_.leave()
        if not visitor_.has_own_time:
            free_contexts.append(visitor_.context)


@pytest.fixture
def visitor(visitors: NewVisitor) -> Visitor:
    return visitors()
