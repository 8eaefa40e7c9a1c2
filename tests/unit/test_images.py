import hashlib
import io
import struct
import zlib
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from core.errors import NotAnImage
from core.photos.images import portrait_from
from core.photos.mark import Mark

MARK = Mark(model="gpt-image-2.5-flare", made_at=datetime(2026, 11, 23, 9, 30, tzinfo=UTC), by_stand_in=False)
SECRET = "Tan Mei Ling"


def picture(kind: str = "PNG", mode: str = "RGB", size: tuple[int, int] = (640, 480), **options: object) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(out, format=kind, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def png_claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header promises that many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_every_accepted_kind_becomes_a_webp_with_a_thumbnail(kind: str) -> None:
    portrait = portrait_from(picture(kind), MARK)

    full, thumbnail = opened(portrait.webp), opened(portrait.thumbnail)
    assert (full.format, full.mode, full.size) == ("WEBP", "RGB", (640, 480))
    assert (thumbnail.format, thumbnail.size) == ("WEBP", (320, 240))
    assert (portrait.width, portrait.height) == (640, 480)
    assert portrait.sha256 == hashlib.sha256(portrait.webp).hexdigest()


def test_a_small_picture_is_not_blown_up() -> None:
    assert opened(portrait_from(picture(size=(64, 48)), MARK).thumbnail).size == (64, 48)


def test_the_pixels_stay_clean() -> None:
    portrait = portrait_from(picture(size=(256, 256)), MARK)

    before, after = opened(picture(size=(256, 256))), opened(portrait.webp)
    differences = [abs(a - b) for a, b in zip(before.tobytes(), after.tobytes(), strict=True)]
    assert max(differences) < 16


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_kind_of_pixel_is_read(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (32, 32)).save(out, format="PNG")

    assert opened(portrait_from(out.getvalue(), MARK).webp).mode == "RGB"


def test_transparency_becomes_white_paper() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (32, 32), (200, 0, 0, 0)).save(out, format="PNG")

    assert opened(portrait_from(out.getvalue(), MARK).webp).getpixel((16, 16)) == (255, 255, 255)


@pytest.mark.parametrize("part", ["webp", "thumbnail"])
def test_the_file_says_what_it_is(part: str) -> None:
    xmp = opened(getattr(portrait_from(picture(), MARK), part)).info["xmp"].decode()

    assert "AI-generated, not a likeness" in xmp
    assert "digitalsourcetype/trainedAlgorithmicMedia" in xmp
    assert 'AISystemUsed="gpt-image-2.5-flare"' in xmp
    assert 'CreateDate="2026-11-23T09:30:00+00:00"' in xmp
    assert "demo" not in xmp.lower()


def test_a_demos_drawing_is_not_passed_off_as_a_models() -> None:
    xmp = Mark(model="demo", made_at=MARK.made_at, by_stand_in=True).xmp().decode()

    assert "digitalsourcetype/algorithmicMedia" in xmp
    assert "trainedAlgorithmicMedia" not in xmp
    assert "<rdf:li>demo</rdf:li>" in xmp


def test_a_models_name_can_not_break_out_of_the_mark() -> None:
    xmp = Mark(model='"/><script>\x00', made_at=MARK.made_at, by_stand_in=False).xmp().decode()

    assert 'AISystemUsed="&quot;/&gt;&lt;script&gt;"' in xmp


def test_nothing_of_the_original_travels_along() -> None:
    exif = Image.Exif()
    exif[0x010E] = SECRET
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", SECRET)
    raws = [
        picture("JPEG", exif=exif, comment=SECRET.encode()),
        picture("PNG", pnginfo=notes) + SECRET.encode(),
        picture("WEBP", xmp=SECRET.encode(), icc_profile=SECRET.encode()),
    ]

    for raw in raws:
        assert SECRET.encode() in raw
        portrait = portrait_from(raw, MARK)
        assert SECRET.encode() not in portrait.webp + portrait.thumbnail


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_truncated_file_is_no_image(kind: str) -> None:
    whole = picture(kind)

    with pytest.raises(NotAnImage):
        portrait_from(whole[: len(whole) // 2], MARK)


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "ICO", "PPM"])
def test_other_kinds_are_refused(kind: str) -> None:
    with pytest.raises(NotAnImage):
        portrait_from(picture(kind, size=(64, 64)), MARK)


@pytest.mark.parametrize(
    "raw", [b"", b"<html>", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n"]
)
def test_whatever_is_no_picture_is_refused(raw: bytes) -> None:
    with pytest.raises(NotAnImage):
        portrait_from(raw, MARK)


@pytest.mark.parametrize("size", [(4097, 4096), (1, 4097), (20_000, 20_000), (60_000, 60_000), (16_777_217, 1)])
def test_a_picture_that_claims_to_be_huge_is_refused_unread(size: tuple[int, int]) -> None:
    with pytest.raises(NotAnImage):
        portrait_from(png_claiming(*size), MARK)


@pytest.mark.parametrize("size", [(1, 1), (4096, 1), (1, 4096)])
def test_an_odd_shape_is_still_a_picture(size: tuple[int, int]) -> None:
    assert opened(portrait_from(picture(size=size), MARK).webp).size == size


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damage_anywhere_is_an_image_or_none(data: st.DataObject) -> None:
    raw = bytearray(picture(data.draw(st.sampled_from(["PNG", "JPEG", "WEBP"])), size=(24, 24)))
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))

    try:
        portrait = portrait_from(bytes(raw), MARK)
    except NotAnImage:
        return
    assert opened(portrait.webp).format == "WEBP"
