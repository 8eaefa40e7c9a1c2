"""Where to go after signing in: an address of ours, whatever the link said."""

from urllib.parse import urlsplit

HOME = "/"
_NOT_PAGES = ("/sign-in", "/sign-out", "/_stcore", "/app/static", "/media", "/healthz", "/readyz")
LONGEST = 2000


def safe_next(wanted: str) -> str:
    """Home for anything but a path of this site."""
    is_path = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and "\\" not in wanted
    if not is_path or not wanted.isprintable() or not wanted.isascii() or len(wanted) > LONGEST:
        return HOME
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return HOME
    if parts.scheme or parts.netloc or parts.path.startswith(_NOT_PAGES):
        return HOME
    return wanted
