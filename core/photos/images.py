"""Turns the provider's bytes into files of our own: decoded with suspicion, encoded afresh, marked."""

import hashlib
import io
import struct
import zlib
from dataclasses import dataclass

from PIL import Image

from core.errors import NotAnImage
from core.photos.mark import Mark

FORMATS = ("PNG", "JPEG", "WEBP")
LONGEST_SIDE = 4096
THUMBNAIL_SIDE = 320
QUALITY = 90
THUMBNAIL_QUALITY = 82
BACKGROUND = (255, 255, 255, 255)

# What Pillow's decoders raise for files made to confuse them. A bomb's warning is an error where warnings are;
# elsewhere the size check refuses the same file.
BROKEN_FILE = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    OverflowError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


@dataclass(frozen=True)
class Portrait:
    """The two files of one photo; width, height and sha256 are those of `webp`."""

    webp: bytes
    thumbnail: bytes
    width: int
    height: int
    sha256: str


def portrait_from(raw: bytes, mark: Mark) -> Portrait:
    """A clean WebP and its thumbnail. Raises NotAnImage for anything but a whole PNG, JPEG or WebP."""
    picture = _decoded(raw)
    xmp = mark.xmp()
    webp = _encoded(picture, xmp, QUALITY)
    thumbnail = _encoded(_shrunk(picture), xmp, THUMBNAIL_QUALITY)
    return Portrait(webp, thumbnail, picture.width, picture.height, hashlib.sha256(webp).hexdigest())


def _decoded(raw: bytes) -> Image.Image:
    try:
        picture = Image.open(io.BytesIO(raw), formats=FORMATS)
        # Before a pixel is unpacked: a small file can claim to be a huge picture.
        if max(picture.size) > LONGEST_SIDE:
            raise NotAnImage
        picture.load()
        return _flattened(picture)
    except BROKEN_FILE as error:
        raise NotAnImage from error


def _flattened(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    ground = Image.new("RGBA", picture.size, BACKGROUND)
    return Image.alpha_composite(ground, picture.convert("RGBA")).convert("RGB")


def _shrunk(picture: Image.Image) -> Image.Image:
    small = picture.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    return small


def _encoded(picture: Image.Image, xmp: bytes, quality: int) -> bytes:
    out = io.BytesIO()
    # Only what is named here goes into the file: no profile, no EXIF, nothing that travelled in the original.
    picture.save(out, format="WEBP", quality=quality, method=4, xmp=xmp, exif=b"", icc_profile=b"")
    return out.getvalue()
