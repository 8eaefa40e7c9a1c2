"""From a proven identity to a browser that is signed in."""

import structlog
from starlette.responses import RedirectResponse, Response

from core.accounts.identity import Identity
from core.accounts.sessions import StartedSession
from core.server.session_cookie import set_session
from core.server.visits import Visit

NOT_KEPT = {"Cache-Control": "no-store"}


def start(identity: Identity, visit: Visit) -> StartedSession:
    """What the browser brought along ends, so that no session outlives a sign-in over it; raises UnknownMember."""
    started = visit.ways.sessions.start(identity, visit.user_agent)
    if visit.token is not None:
        visit.ways.sessions.end(visit.token)
    structlog.get_logger().info("signed_in", staff_id=str(started.person.staff_id))
    return started


def welcome(started: StartedSession, wanted: str, visit: Visit) -> Response:
    response = RedirectResponse(wanted, status_code=303, headers=NOT_KEPT)
    set_session(response, started.token, is_https=visit.is_https)
    return response
