"""An answer as it is written: what came, and what of it is shown, with names for tokens and known citations only."""

from collections.abc import Sequence

from core.assistant.citations import CitationFilter
from core.assistant.live_text import LiveText
from core.assistant.message import Source
from core.assistant.outgoing import Outgoing
from core.assistant.pseudonyms import Restorer


class Manuscript:
    """Written by one thread; `text` may be followed by others."""

    def __init__(self, outgoing: Outgoing) -> None:
        self.text = LiveText()
        self._sources = outgoing.sources
        self._restorer = Restorer(outgoing.tokens)
        self._citations = CitationFilter(known=outgoing.sources.keys())
        self._received: list[str] = []

    def take(self, piece: str) -> None:
        """The next words as the provider sent them."""
        self._received.append(piece)
        self.text.add(self._citations.feed(self._restorer.feed(piece)))

    def finish(self) -> None:
        """What was kept back as the possible start of a token or a citation is shown, too."""
        self.text.add(self._citations.feed(self._restorer.finish()))
        self.text.add(self._citations.finish())

    @property
    def received(self) -> str:
        return "".join(self._received)

    @property
    def cited(self) -> Sequence[tuple[str, Source]]:
        """In the order in which they are cited."""
        return [(mark, self._sources[mark]) for mark in self._citations.cited]

    @property
    def removed_citations(self) -> int:
        return self._citations.removed
