"""A forgotten password: the mail that is asked for, and the page that its link opens."""

import secrets
from collections.abc import Mapping

from starlette.responses import Response

from core.accounts.passwords import FEWEST_CHARACTERS, PasswordSignIn
from core.clients.supabase_auth import MailLink
from core.errors import AppError, LinkUsedUp, SignInStale
from core.server.safe_next import HOME
from core.server.session_cookie import NEW_PASSWORD_COOKIE, NEW_PASSWORD_S, forget, set_for_a_while
from core.server.sign_in_templates import notice, page
from core.server.starting import start, welcome
from core.server.visits import Visit, note

TITLE = "New password"
MAIL_SENT = "If this e-mail belongs to an account, a link is on its way to it. It works for one hour."
_PURPOSE = "new password"
_VERIFIER_BYTES = 48


def show_forgotten(visit: Visit) -> Response:
    _passwords(visit)
    return page("forgotten", TITLE, email="")


def send_mail(visit: Visit) -> Response:
    email, back = visit.form.get("email", ""), f"{visit.ways.public_url}/sign-in/new-password"
    try:
        verifier = _passwords(visit).send_new_password_mail(email, back, visit.address)
    except AppError as error:
        note(error)
        return page("forgotten", TITLE, wrong=error, email=email)
    response = notice(TITLE, said=MAIL_SENT, link="/sign-in", link_text="Back to sign in")
    # Set in any case: its absence would tell that no mail was sent.
    kept = visit.ways.signatures.sign(_PURPOSE, verifier or secrets.token_urlsafe(_VERIFIER_BYTES))
    set_for_a_while(response, NEW_PASSWORD_COOKIE, kept, age_s=NEW_PASSWORD_S, is_https=visit.is_https)
    return response


def show_new_password(visit: Visit) -> Response:
    """Uses nothing up: programs that look at mails open links, too."""
    _passwords(visit)
    link = _link(visit, visit.request.query_params)
    if link.token_hash is None and link.code is None:
        return _used_up(LinkUsedUp())
    return page("new_password", TITLE, link=link, fewest=FEWEST_CHARACTERS)


def set_password(visit: Visit) -> Response:
    """Signs in here, and out everywhere else."""
    link = _link(visit, visit.form)
    try:
        identity = _passwords(visit).set_password(link, visit.form.get("password", ""), visit.address)
        started = start(identity, visit)
    except LinkUsedUp as error:
        return _used_up(error)
    except AppError as error:
        note(error)
        return page("new_password", TITLE, wrong=error, link=link, fewest=FEWEST_CHARACTERS)
    visit.ways.sessions.end_all(started.person, but_token=started.token)
    response = welcome(started, HOME, visit)
    forget(response, NEW_PASSWORD_COOKIE, is_https=visit.is_https)
    return response


def _link(visit: Visit, fields: Mapping[str, str]) -> MailLink:
    kept = visit.request.cookies.get(NEW_PASSWORD_COOKIE, "")
    return MailLink(
        kind="invite" if fields.get("type") == "invite" else "recovery",
        token_hash=fields.get("token_hash") or None,
        code=fields.get("code") or None,
        code_verifier=visit.ways.signatures.text(_PURPOSE, kept, max_age_s=NEW_PASSWORD_S),
    )


def _used_up(error: LinkUsedUp) -> Response:
    note(error)
    return notice(TITLE, wrong=error, link="/sign-in/forgotten", link_text="Ask for a new link")


def _passwords(visit: Visit) -> PasswordSignIn:
    if visit.ways.passwords is None:
        raise SignInStale
    return visit.ways.passwords
