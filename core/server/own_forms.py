"""Tells our own forms from those of other sites, and reads them."""

from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request

from core.errors import ForeignForm

LONGEST_FORM = 16_384
MOST_FIELDS = 20


async def own_form(request: Request, public_url: str) -> dict[str, str]:
    """The fields of a form that one of our own pages sent; raises ForeignForm."""
    if not _is_own(request, public_url):
        raise ForeignForm
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LONGEST_FORM:
            raise ForeignForm
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        raise ForeignForm from None


def _is_own(request: Request, public_url: str) -> bool:
    """Browsers say where a form stood; Origin and Sec-Fetch-Site can't be set by a page."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin")
    if origin is None:
        return False
    return origin == public_url or urlsplit(origin).netloc == request.headers.get("host")
