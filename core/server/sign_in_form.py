"""The page that everybody meets first: the school's account, or e-mail and password."""

from starlette.responses import RedirectResponse, Response

from core.errors import AppError, SignInStale
from core.server.safe_next import HOME, safe_next
from core.server.sign_in_templates import page
from core.server.starting import start, welcome
from core.server.visits import Visit, note

SAID = {
    "out": "You are signed out.",
    "out-everywhere": "You are signed out on every device.",
    "over": "You were signed out. Sign in to go on where you were.",
}
# Whoever signed out on a shared machine is not to be signed in again by the provider's own session.
_CHOOSE_AGAIN = ("out", "out-everywhere")


def show(visit: Visit) -> Response:
    wanted, said = safe_next(visit.asked("next")), visit.asked("said")
    if visit.person is not None:
        return RedirectResponse(wanted, status_code=303)
    return _form(visit, wanted, said=SAID.get(said), choose=said in _CHOOSE_AGAIN)


def by_password(visit: Visit) -> Response:
    wanted, email = safe_next(visit.form.get("next", HOME)), visit.form.get("email", "")
    if visit.ways.passwords is None:
        raise SignInStale
    try:
        identity = visit.ways.passwords.sign_in(email, visit.form.get("password", ""), visit.address)
        started = start(identity, visit)
    except AppError as error:
        note(error)
        return _form(visit, wanted, wrong=error, email=email)
    return welcome(started, wanted, visit)


def _form(
    visit: Visit,
    wanted: str,
    *,
    wrong: AppError | None = None,
    said: str | None = None,
    email: str = "",
    choose: bool = False,
) -> Response:
    return page(
        "sign_in",
        "Sign in",
        wrong=wrong,
        said=said,
        next=wanted,
        email=email,
        choose="yes" if choose else "no",
        by_password=visit.ways.passwords is not None,
        by_provider=visit.ways.single_sign_on is not None,
    )
