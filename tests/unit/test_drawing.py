import dataclasses
import io
from random import Random

import pytest
from PIL import Image

from core.demo.drawing import draw_portrait, draw_scene
from core.demo.features import (
    BOYS_TOPS,
    GIRLS_TOPS,
    Background,
    Eyes,
    Features,
    GenderWord,
    Glasses,
    Mouth,
    Skin,
    Top,
    Uniform,
    random_features,
)

PLAIN = Features(Top.CROP, Skin.HONEY)


def opened(png: bytes) -> Image.Image:
    with Image.open(io.BytesIO(png)) as picture:
        return picture.convert("RGB")


def rgb(colour: str) -> tuple[int, int, int]:
    return (int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16))


def test_a_portrait_is_a_square_png_of_the_wanted_size() -> None:
    png = draw_portrait(PLAIN, size=320)

    assert png.startswith(b"\x89PNG")
    assert opened(png).size == (320, 320)


def test_a_scene_fills_the_whole_width_with_its_background() -> None:
    picture = opened(draw_scene(PLAIN, width=384, height=256, background=Background.SKY))

    assert picture.size == (384, 256)
    assert picture.getpixel((0, 0)) == rgb(Background.SKY) == picture.getpixel((383, 0))


def test_a_tall_scene_stands_on_its_lower_edge() -> None:
    picture = opened(draw_scene(PLAIN, width=256, height=384, background=Background.SKY))

    assert picture.getpixel((110, 383)) == (255, 255, 255)
    assert picture.getpixel((128, 30)) == rgb(Background.SKY)


def test_the_same_features_give_the_same_bytes() -> None:
    assert draw_portrait(PLAIN, size=128) == draw_portrait(PLAIN, size=128)


@pytest.mark.parametrize("top", list(Top))
def test_each_hair_or_covering_is_drawn_differently_from_a_crop(top: Top) -> None:
    drawn = draw_portrait(dataclasses.replace(PLAIN, top=top), size=96)

    assert (drawn == draw_portrait(PLAIN, size=96)) is (top is Top.CROP)


@pytest.mark.parametrize(
    "changed",
    [
        Features(Top.CROP, Skin.COCOA),
        Features(Top.CROP, Skin.HONEY, eyes=Eyes.SMILING),
        Features(Top.CROP, Skin.HONEY, mouth=Mouth.GRIN),
        Features(Top.CROP, Skin.HONEY, glasses=Glasses.ROUND),
        Features(Top.CROP, Skin.HONEY, glasses=Glasses.SQUARE),
        Features(Top.CROP, Skin.HONEY, uniform=Uniform.SKY_SHIRT),
        Features(Top.CROP, Skin.HONEY, uniform=Uniform.NAVY_PINAFORE),
    ],
)
def test_each_feature_can_be_seen(changed: Features) -> None:
    assert draw_portrait(changed, size=128) != draw_portrait(PLAIN, size=128)


def test_the_chosen_skin_is_the_colour_of_the_cheek() -> None:
    picture = opened(draw_portrait(PLAIN, size=300))

    assert picture.getpixel((112, 150)) == rgb(Skin.HONEY)


def test_the_mark_stands_in_the_lower_right_corner_only() -> None:
    marked, plain = opened(draw_portrait(PLAIN, size=300)), opened(draw_portrait(PLAIN, size=300, mark=None))
    corner = (250, 270, 300, 300)

    assert marked.crop(corner).tobytes() != plain.crop(corner).tobytes()
    assert marked.crop((0, 0, 250, 300)).tobytes() == plain.crop((0, 0, 250, 300)).tobytes()


def test_random_features_repeat_for_the_same_seed_and_vary_over_seeds() -> None:
    first = [random_features(Random(seed)) for seed in range(40)]

    assert first == [random_features(Random(seed)) for seed in range(40)]
    assert len(set(first)) > 35


@pytest.mark.parametrize(("gender", "tops"), [("female", GIRLS_TOPS), ("male", BOYS_TOPS)])
def test_a_known_gender_chooses_among_its_own_tops_but_no_sign_of_religion(
    gender: GenderWord, tops: tuple[Top, ...]
) -> None:
    chosen = {random_features(Random(seed), gender=gender).top for seed in range(200)}

    assert chosen == set(tops) - {Top.HIJAB, Top.TURBAN}
