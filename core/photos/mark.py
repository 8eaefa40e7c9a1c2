"""What is written into a portrait's file: that it was generated, by what and when, and that it is no likeness."""

from dataclasses import dataclass
from datetime import datetime
from html import escape

# https://cv.iptc.org/newscodes/digitalsourcetype/ : what made the picture, in the press's own vocabulary.
TRAINED_MODEL = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
DRAWN_BY_RULES = "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia"

SENTENCE = "AI-generated, not a likeness"
DEMO_SENTENCE = "AI-generated, not a likeness. Demo: drawn by a program, no model was asked."

XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
 xmp:CreateDate="{made_at}"
 xmp:CreatorTool="Staffroom"
 Iptc4xmpExt:AISystemUsed="{model}"
 Iptc4xmpExt:DigitalSourceType="{source}">
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{sentence}</rdf:li></rdf:Alt></dc:description>
<dc:subject><rdf:Bag>{subjects}</rdf:Bag></dc:subject>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


@dataclass(frozen=True)
class Mark:
    """Where a portrait comes from: a model, or the stand-in that draws; `made_at` has a time zone."""

    model: str
    made_at: datetime
    by_stand_in: bool

    def xmp(self) -> bytes:
        """The mark as an XMP packet."""
        subjects = ["AI-generated", "demo"] if self.by_stand_in else ["AI-generated"]
        return XMP.format(
            made_at=self.made_at.isoformat(timespec="seconds"),
            model=_attribute(self.model),
            source=DRAWN_BY_RULES if self.by_stand_in else TRAINED_MODEL,
            sentence=DEMO_SENTENCE if self.by_stand_in else SENTENCE,
            subjects="".join(f"<rdf:li>{subject}</rdf:li>" for subject in subjects),
        ).encode()


def _attribute(text: str) -> str:
    return escape("".join(char for char in text if char.isprintable()))
