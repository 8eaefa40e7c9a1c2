"""What a browser says of itself, in the words that a person has for it."""

from typing import Final

# Each is looked for in this order: Edge and Opera call themselves Chrome as well, and all call themselves Safari.
_BROWSERS: Final = (
    (("Edg/", "EdgA/", "EdgiOS/"), "Edge"),
    (("OPR/", "Opera"), "Opera"),
    (("SamsungBrowser/",), "Samsung Internet"),
    (("Firefox", "FxiOS"), "Firefox"),
    (("Chrome/", "CriOS/", "Chromium/"), "Chrome"),
    (("Safari/",), "Safari"),
)
_MACHINES: Final = (
    (("iPad",), "an iPad"),
    (("iPhone",), "an iPhone"),
    (("CrOS",), "a Chromebook"),
    (("Android",), "Android"),
    (("Windows",), "Windows"),
    (("Macintosh", "Mac OS X"), "a Mac"),
    (("Linux", "X11"), "Linux"),
)


def device(user_agent: str) -> str:
    """Firefox on Windows; "An unknown browser" for what says nothing that we know."""
    browser = _first(_BROWSERS, user_agent) or "An unknown browser"
    machine = _first(_MACHINES, user_agent)
    return f"{browser} on {machine}" if machine else browser


def _first(known: tuple[tuple[tuple[str, ...], str], ...], user_agent: str) -> str | None:
    return next((name for marks, name in known if any(mark in user_agent for mark in marks)), None)
