"""Text and code as Markdown shows them to the letter, on a page that makes links and icons out of bare words too."""

import re

ADDRESS_SHOWN = 200

# Character references are read after the page has found all markup, so these can't be part of any.
_SPECIAL = re.compile(r"[\\`*_\[\]<>$~|#@&{}:]")
# What begins a list, a heading's underline or a table at the start of a line.
_LEADING = re.compile(r"([-+=])|(\d{1,9})([.)])")
# The page looks for these in the text once more after all references are read.
_ICON = re.compile(r":(?=[\w+-]+:)", re.ASCII)
_ADDRESS = re.compile(r"(?i:https?://|www\.)\S*|(?<![-.\w+])[-.\w+]++@[-.\w+@]+", re.ASCII)
_AFTER_ADDRESS = ".,;:!?'\")*"
_BLANK = re.compile(r"[\t\n\v\f\r]")
# Keeps two signs apart and shows nothing.
JOINER = "\u2060"
JOINER_REFERENCE = "&#8288;"


def escaped(text: str, *, begins_line: bool) -> str:
    text = _BLANK.sub(" ", text)
    if begins_line:
        text = text.lstrip()
    shown, at = [], 0
    for match in _ADDRESS.finditer(text):
        address = match[0].rstrip(_AFTER_ADDRESS)
        shown += [_to_the_letter(text[at : match.start()]), shown_address(address)]
        at = match.start() + len(address)
    markdown = "".join([*shown, _to_the_letter(text[at:])])
    return _LEADING.sub(_as_references, markdown, count=1) if begins_line and _LEADING.match(markdown) else markdown


def shown_address(address: str) -> str:
    """As code, which is never made a link and can be copied."""
    plain = "".join(f"%{ord(sign):02X}" if sign in "`|\\" or sign.isspace() else sign for sign in address)
    return code_span(plain if len(plain) <= ADDRESS_SHOWN else plain[:ADDRESS_SHOWN] + "…") if plain else ""


def code_span(code: str) -> str:
    marks = "`" * (_longest_run(code) + 1)
    padding = " " if code[:1] in "` " or code[-1:] in "` " else ""
    return f"{marks}{padding}{without_icons(code)}{padding}{marks}"


def fence_round(code: str) -> str:
    return "`" * max(4, _longest_run(code) + 1)


def without_icons(code: str) -> str:
    """The page changes an icon's name even in code."""
    return code.replace(":material/", f":{JOINER}material/")


def _longest_run(code: str) -> int:
    return max(map(len, re.findall(r"`+", code)), default=0)


def _to_the_letter(text: str) -> str:
    return _SPECIAL.sub(_as_reference, _ICON.sub(f":{JOINER}", text))


def _as_reference(match: re.Match[str]) -> str:
    return f"&#{ord(match[0])};"


def _as_references(match: re.Match[str]) -> str:
    sign, digits, after = match.groups()
    return f"&#{ord(sign)};" if sign else f"{digits}&#{ord(after)};"
