"""Out of this browser, or out of every one."""

from starlette.responses import RedirectResponse, Response

from core.server.session_cookie import forget_session
from core.server.sign_in_templates import page
from core.server.starting import NOT_KEPT
from core.server.visits import Visit


def show_sign_out(visit: Visit) -> Response:
    person = visit.person
    if person is None:
        return RedirectResponse("/sign-in", status_code=303)
    return page("sign_out", "Sign out", name=person.full_name, school=person.school_name)


def sign_out(visit: Visit) -> Response:
    if visit.token is not None:
        visit.ways.sessions.end(visit.token)
    return _goodbye(visit, "out")


def sign_out_everywhere(visit: Visit) -> Response:
    person = visit.person
    if person is not None:
        visit.ways.sessions.end_all(person)
    return _goodbye(visit, "out-everywhere")


def _goodbye(visit: Visit, said: str) -> Response:
    response = RedirectResponse(f"/sign-in?said={said}", status_code=303, headers=NOT_KEPT)
    forget_session(response, is_https=visit.is_https)
    return response
