"""A text as names are looked for in it: as it is seen, and without the markup inside its words."""

import re
from collections.abc import Iterator
from itertools import chain

from core.assistant.plain_text import PlainText, plain

TAG = r"</?(?:b|br|em|i|p|s|span|strong|sub|sup|u)/?>"
MARKUP = rf"[*_~`]|{TAG}|&shy;|&zwn?j;"
# "Zach**ary**", "wei_ming", and "Zach-" with "ary" on the next line.
INSIDE = re.compile(rf"(?<=\S)(?:{MARKUP}){{1,4}}(?=\S)|(?<=\w)-\n?(?=\w)")


def readings(text: str) -> Iterator[PlainText]:
    seen = plain(text)
    yield seen
    if INSIDE.search(seen.text):
        yield _without_markup(seen)


def _without_markup(seen: PlainText) -> PlainText:
    starts, ends = [0], []
    for match in INSIDE.finditer(seen.text):
        ends.append(match.start())
        starts.append(match.end())
    kept = [range(start, end) for start, end in zip(starts, [*ends, len(seen.text)], strict=True)]
    places = [place if seen.places is None else seen.places[place] for place in chain.from_iterable(kept)]
    return PlainText(seen.original, "".join(seen.text[one.start : one.stop] for one in kept), places)
