"""The pages of sign-in: plain HTML that works without JavaScript, every value in it escaped."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from core.errors import (
    AppError,
    DatabaseAway,
    ForeignForm,
    SignInAway,
    SignInBusy,
    TooManyMails,
    TooManySignIns,
    UnknownMember,
    WrongPassword,
)

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
)
_STATUS: dict[type[AppError], int] = {
    WrongPassword: 401,
    UnknownMember: 403,
    ForeignForm: 403,
    TooManySignIns: 429,
    TooManyMails: 429,
    SignInBusy: 503,
    SignInAway: 503,
    DatabaseAway: 503,
}


def page(
    template: str, title: str, *, wrong: AppError | None = None, said: str | None = None, **values: Any
) -> HTMLResponse:
    """Never kept by the browser: it may hold an e-mail, and says who is signed in."""
    html = _PAGES.get_template(f"{template}.html").render(title=title, wrong=wrong, said=said, **values)
    headers = {"Cache-Control": "no-store"}
    if isinstance(wrong, TooManySignIns):
        headers["Retry-After"] = str(wrong.wait_s)
    return HTMLResponse(html, status_code=200 if wrong is None else _STATUS.get(type(wrong), 400), headers=headers)


def notice(
    title: str, *, wrong: AppError | None = None, said: str | None = None, link: str, link_text: str
) -> HTMLResponse:
    return page("notice", title, wrong=wrong, said=said, link=link, link_text=link_text)
