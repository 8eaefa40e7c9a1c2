"""Draws a friendly school portrait from features, as a PNG with a small DEMO mark."""

import python_avatars as parts
import resvg_py

from core.demo.features import Background, Eyes, Features, Glasses, Mouth, Nose, Top
from core.demo.flattening import without_masks
from core.demo.ornaments import beneath_hair, corner_mark, shirt_colour

CANVAS = 300
"""Side of the square that the drawing's own coordinates span."""

TOPS: dict[Top, parts.TopType] = {
    Top.CROP: parts.HairType.CAESAR,
    Top.SIDE_PARTING: parts.HairType.CAESAR_SIDE_PART,
    Top.SHORT_FLAT: parts.HairType.SHORT_FLAT,
    Top.SHORT_ROUND: parts.HairType.SHORT_ROUND,
    Top.SHORT_CURLY: parts.HairType.SHORT_CURLY,
    Top.SHORT_WAVED: parts.HairType.SHORT_WAVED,
    Top.BUZZ_CUT: parts.HairType.BUZZCUT,
    Top.TURBAN: parts.HatType.TURBAN,
    Top.PIXIE: parts.HairType.PIXIE,
    Top.BOB: parts.HairType.BOB,
    Top.FRINGED_BOB: parts.HairType.MIA_WALLACE,
    Top.CURLY_BOB: parts.HairType.CURLY,
    Top.SHOULDER_LENGTH: parts.HairType.LONG_NOT_TOO_LONG,
    Top.LONG_STRAIGHT: parts.HairType.STRAIGHT_1,
    Top.LONG_FRINGED: parts.HairType.STRAIGHT_STRAND,
    Top.BUN: parts.HairType.BUN,
    Top.BUNCHES: parts.HairType.DREADLOCKS,
    Top.PLAITS: parts.HairType.SHORT_ROUND,
    Top.HIJAB: parts.HatType.HIJAB,
}
EYES = {Eyes.OPEN: parts.EyeType.DEFAULT, Eyes.SMILING: parts.EyeType.HAPPY}
MOUTHS = {
    Mouth.SMILE: parts.MouthType.SMILE,
    Mouth.GENTLE: parts.MouthType.TWINKLE,
    Mouth.GRIN: parts.MouthType.BIG_SMILE,
}
NOSES = {Nose.ROUND: parts.NoseType.DEFAULT, Nose.SMALL: parts.NoseType.SMALL, Nose.WIDE: parts.NoseType.WIDE}
GLASSES = {
    Glasses.NONE: parts.AccessoryType.NONE,
    Glasses.ROUND: parts.AccessoryType.ROUND,
    Glasses.SQUARE: parts.AccessoryType.PRESCRIPTION_2,
}


def draw_portrait(
    features: Features, *, size: int = 1024, background: Background = Background.SAGE, mark: str | None = "DEMO"
) -> bytes:
    """The square portrait as PNG, `size` pixels wide; `mark` is drawn in the lower right corner."""
    return draw_scene(features, width=size, height=size, background=background, mark=mark)


def draw_scene(
    features: Features, *, width: int, height: int, background: Background, mark: str | None = "DEMO"
) -> bytes:
    """The portrait in the middle of a picture of any shape, as PNG."""
    side = min(width, height) / CANVAS
    spare_x, spare_y = (width / side - CANVAS) / 2, (height / side - CANVAS) / 2
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="{-spare_x} {-2 * spare_y} {CANVAS + 2 * spare_x} {CANVAS + 2 * spare_y}">'
        f'<g transform="translate(18 20)">{_person(features)}</g>'
        f"{corner_mark(mark, right=CANVAS + spare_x, bottom=CANVAS) if mark else ''}</svg>"
    )
    # System fonts are skipped: nothing here is text, and looking for fonts takes longer than drawing.
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, background=background.value, skip_system_fonts=True))


def _person(features: Features) -> str:
    avatar = parts.Avatar(
        style=parts.AvatarStyle.TRANSPARENT,
        top=TOPS[features.top],
        hair_color=features.hair_colour.value,
        hat_color=features.cloth.value,
        skin_color=features.skin.value,
        eyebrows=parts.EyebrowType.DEFAULT_NATURAL,
        eyes=EYES[features.eyes],
        mouth=MOUTHS[features.mouth],
        nose=NOSES[features.nose],
        accessory=GLASSES[features.glasses],
        clothing=parts.ClothingType.SHIRT_CREW_NECK,
        clothing_color=shirt_colour(features.uniform),
    )
    hair_layer = '<g id="transparent_Top"'
    return without_masks(avatar.render()).replace(hair_layer, beneath_hair(features) + hair_layer, 1)
