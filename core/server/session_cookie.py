"""The cookies of sign-in: what a browser holds of its session, and of a sign-in that is under way."""

from starlette.requests import Request
from starlette.responses import Response

from core.accounts.sessions import SESSION_COOKIE

# Back from the provider, which is another site, the browser sends Lax cookies along.
UNDER_WAY_COOKIE = "staffroom_sign_in"
NEW_PASSWORD_COOKIE = "staffroom_new_password"  # noqa: S105 -- a cookie's name
UNDER_WAY_S = 600
NEW_PASSWORD_S = 3600


def session_token(request: Request) -> str | None:
    return request.cookies.get(SESSION_COOKIE)


def set_session(response: Response, token: str, *, is_https: bool) -> None:
    """Without an age: a browser that is closed on a shared machine is signed out."""
    response.set_cookie(SESSION_COOKIE, token, path="/", httponly=True, secure=is_https, samesite="lax")


def forget_session(response: Response, *, is_https: bool) -> None:
    response.delete_cookie(SESSION_COOKIE, path="/", httponly=True, secure=is_https, samesite="lax")


def set_for_a_while(response: Response, name: str, value: str, *, age_s: int, is_https: bool) -> None:
    """Sent to the pages of sign-in alone."""
    response.set_cookie(name, value, max_age=age_s, path="/sign-in", httponly=True, secure=is_https, samesite="lax")


def forget(response: Response, name: str, *, is_https: bool) -> None:
    response.delete_cookie(name, path="/sign-in", httponly=True, secure=is_https, samesite="lax")
