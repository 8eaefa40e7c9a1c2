"""Places in a text that say who somebody is."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from core.assistant.known_names import Kind


@dataclass(frozen=True)
class Span:
    """`text[start:end]` is to be replaced; `entity` is the same for all forms of one person or thing."""

    start: int
    end: int
    kind: Kind
    entity: str


def without_overlaps(spans: Iterable[Span]) -> list[Span]:
    """In order of the text; of those that overlap the longest says who it is, and all together what goes."""
    apart: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start, -one.end)):
        if apart and span.start < apart[-1].end:
            before = apart.pop()
            longest = max(before, span, key=lambda one: one.end - one.start)
            span = replace(longest, start=before.start, end=max(before.end, span.end))  # noqa: PLW2901 - merged
        apart.append(span)
    return apart


def parted(spans: Iterable[Span]) -> list[Span]:
    """Spans that touch made one, since a token is not found in the middle of a word."""
    apart: list[Span] = []
    for span in spans:
        if apart and apart[-1].end == span.start:
            before = apart.pop()
            span = Span(before.start, span.end, before.kind, f"{before.entity} and {span.entity}")  # noqa: PLW2901 - merged
        apart.append(span)
    return apart
