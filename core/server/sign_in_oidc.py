"""To the school's OpenID provider and back; what must come back unchanged waits in a signed cookie."""

from dataclasses import asdict
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from core.accounts.oidc import Answer, OpenIdConnect, Started
from core.errors import AppError, SignInStale
from core.server.safe_next import safe_next
from core.server.session_cookie import UNDER_WAY_COOKIE, UNDER_WAY_S, forget, set_for_a_while
from core.server.sign_in_templates import notice
from core.server.starting import NOT_KEPT, start, welcome
from core.server.visits import Visit, note

_PURPOSE = "oidc"
AGAIN = f"/sign-in/oidc?{urlencode({'choose': 'yes'})}"


def to_provider(visit: Visit) -> Response:
    started, address = _provider(visit).start(choose_account=visit.asked("choose") == "yes")
    kept = visit.ways.signatures.sign(_PURPOSE, {**asdict(started), "next": safe_next(visit.asked("next"))})
    response = RedirectResponse(address, status_code=303, headers=NOT_KEPT)
    set_for_a_while(response, UNDER_WAY_COOKIE, kept, age_s=UNDER_WAY_S, is_https=visit.is_https)
    return response


def from_provider(visit: Visit) -> Response:
    """The cookie is taken away whatever comes of it, so that an answer is good for one try."""
    try:
        response = _finish(visit)
    except AppError as error:
        note(error)
        response = notice("Sign in", wrong=error, link=AGAIN, link_text="Start again with your school account")
    forget(response, UNDER_WAY_COOKIE, is_https=visit.is_https)
    return response


def _finish(visit: Visit) -> Response:
    kept = visit.request.cookies.get(UNDER_WAY_COOKIE, "")
    fields = visit.ways.signatures.fields(_PURPOSE, kept, max_age_s=UNDER_WAY_S)
    if fields is None:
        raise SignInStale
    started = Started(fields["state"], fields["nonce"], fields["code_verifier"])
    answer = Answer(*(visit.asked(name) for name in ("state", "code", "error", "iss")))
    identity = _provider(visit).finish(started, answer, visit.address)
    return welcome(start(identity, visit), safe_next(fields["next"]), visit)


def _provider(visit: Visit) -> OpenIdConnect:
    if visit.ways.single_sign_on is None:
        raise SignInStale
    return visit.ways.single_sign_on
