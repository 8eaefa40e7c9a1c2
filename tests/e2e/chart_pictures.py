"""Charts as a person sees them: which words and marks are drawn where and in which colour."""

from dataclasses import dataclass
from itertools import combinations

from playwright.sync_api import Page

CHARTS = '[data-testid="stPlotlyChart"]'
LEAST_TEXT, LEAST_MARK, SMALLEST_PX = 4.5, 3.0, 12
PATIENCE_MS, LOOK_EVERY_MS = 60_000, 100
Color = tuple[float, float, float]


@dataclass(frozen=True)
class Word:
    text: str
    left: float
    top: float
    right: float
    bottom: float
    color: Color
    size_px: float

    def covers(self, other: "Word") -> bool:
        return (
            min(self.right, other.right) - max(self.left, other.left) > 1
            and min(self.bottom, other.bottom) - max(self.top, other.top) > 2
        )


@dataclass(frozen=True)
class Picture:
    """`marks` are the colours of bars and lines, `ground` what it stands on; boxes count from the page's corner."""

    alt: str
    left: float
    right: float
    top: float
    bottom: float
    ground: Color
    words: tuple[Word, ...]
    marks: tuple[Color, ...]

    @property
    def is_dark(self) -> bool:
        return _luminance(self.ground) < 0.2


def pictures(page: Page, *, least: int, dark: bool = False) -> list[Picture]:
    """Once so many charts are drawn and without a flaw, in this light; if a flaw stays, as they are in the end."""
    waited = 0
    while True:
        drawn = pictures_now(page)
        is_there = len(drawn) >= least and drawn[0].is_dark == dark
        if is_there and not any(flaws(one) for one in drawn):
            return drawn
        if waited >= PATIENCE_MS:
            assert is_there, f"{len(drawn)} of {least} charts"
            return drawn
        page.wait_for_timeout(LOOK_EVERY_MS)
        waited += LOOK_EVERY_MS


def pictures_now(page: Page) -> list[Picture]:
    return [_picture(one) for one in page.evaluate(DRAWN)]


def flaws(picture: Picture) -> list[str]:
    """What a look at it would find wrong."""
    found = [f"“{one.text}” is not shown" for one in picture.words if one.right - one.left < 1]
    shown = [one for one in picture.words if one.right - one.left >= 1]
    found += [f"“{one.text}” is cut off" for one in shown if _is_cut(one, picture)]
    found += [f"“{a.text}” and “{b.text}” overlap" for a, b in combinations(shown, 2) if a.covers(b)]
    found += [f"“{one.text}” is too small" for one in shown if one.size_px < SMALLEST_PX]
    found += [f"“{one.text}” is too pale" for one in shown if contrast(one.color, picture.ground) < LEAST_TEXT]
    found += [f"a mark is too pale: {one}" for one in picture.marks if contrast(one, picture.ground) < LEAST_MARK]
    return found


def _is_cut(word: Word, picture: Picture) -> bool:
    return (
        word.left < picture.left - 1
        or word.right > picture.right + 1
        or word.top < picture.top - 1
        or word.bottom > picture.bottom + 1
    )


def contrast(one: Color, other: Color) -> float:
    """As WCAG defines it."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(color: Color) -> float:
    red, green, blue = (
        part / 255 / 12.92 if part / 255 <= 0.03928 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in color
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _picture(drawn: dict[str, object]) -> Picture:
    words = tuple(Word(**{**one, "color": tuple(one["color"])}) for one in drawn.pop("words"))  # type: ignore[attr-defined] # from the browser
    marks = tuple(tuple(color) for color in drawn.pop("marks"))  # type: ignore[attr-defined] # as above
    return Picture(**{**drawn, "ground": tuple(drawn["ground"])}, words=words, marks=marks)  # type: ignore[arg-type] # as above


# Charts that are not as wide as their place yet are left out, so that one waits for them.
DRAWN = """
() => {
  const parse = (text) => text.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const box = (element) => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    return Object.fromEntries(
      Object.entries({ left, top, right, bottom }).map(([name, px]) => [name, Math.round(10 * px) / 10]));
  };
  const ground = (chart) => parse(getComputedStyle(chart.querySelector(".main-svg")).backgroundColor);
  const isDrawn = (chart) => {
    const svg = chart.querySelector(".main-svg");
    return svg?.querySelector(".cartesianlayer .subplot") && Math.abs(svg.clientWidth - chart.clientWidth) < 2;
  };
  const bars = "g.trace.bars .point path, g.legend .legendbar path, .legend .legendundefined path";
  const colors = (chart) => [
    ...[...chart.querySelectorAll(bars)].map((mark) => getComputedStyle(mark).fill),
    ...[...chart.querySelectorAll("g.trace.scatter .js-line")].map((mark) => getComputedStyle(mark).stroke),
  ];
  return [...document.querySelectorAll('[data-testid="stPlotlyChart"]')].filter(isDrawn).map((chart) => ({
    alt: chart.getAttribute("aria-label") ?? "",
    ...box(chart.querySelector(".main-svg")),
    ground: ground(chart),
    words: [...chart.querySelectorAll(".main-svg text")].filter((one) => one.textContent.trim()).map((one) => {
      const style = getComputedStyle(one);
      return { text: one.textContent, ...box(one), color: parse(style.fill), size_px: parseFloat(style.fontSize) };
    }),
    marks: [...new Set(colors(chart))].filter((color) => color.startsWith("rgb")).map(parse),
  }));
}
"""
