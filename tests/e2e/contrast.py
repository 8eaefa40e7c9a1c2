"""How well quiet text and chosen controls can be read."""

from playwright.sync_api import Page

LEAST = 4.5
QUIET_TEXT = '[data-testid="stCaptionContainer"], .stMarkdownBadge'
CHOSEN = '[aria-checked="true"], [aria-selected="true"], [aria-current="page"], [kind$="Active"]'

# The smallest ratio of text to what it stands on, opacity of everything between included.
SMALLEST_RATIO = """
(selector) => {
  const parse = (text) => {
    const numbers = text.match(/[\\d.]+/g).map(Number);
    const scale = text.startsWith("color(") ? 255 : 1;
    return [...numbers.slice(0, 3).map((part) => part * scale), numbers[3] ?? 1];
  };
  const over = (top, alpha, below) => top.map((part, i) => part * alpha + below[i] * (1 - alpha));
  const luminance = (color) => {
    const [r, g, b] = color.map((part) => part / 255)
      .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (element) => {
    let opacity = 1;
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      const [r, g, b, alpha] = parse(style.backgroundColor);
      if (alpha > 0) layers.push([[r, g, b], alpha]);
      if (layers.every(([, a]) => a < 1)) opacity *= Number(style.opacity);
    }
    const ground = layers.reverse().reduce((below, [color, alpha]) => over(color, alpha, below), [255, 255, 255]);
    const [r, g, b, alpha] = parse(getComputedStyle(element).color);
    const text = over([r, g, b], alpha * opacity, ground);
    const [high, low] = [luminance(text), luminance(ground)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  const holdsText = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const inside = [...document.querySelectorAll(selector)].flatMap((found) => [found, ...found.querySelectorAll("*")]);
  return inside.filter(holdsText).map((element) => [ratio(element), element.textContent]).sort((a, b) => a[0] - b[0]);
}
"""

# The page follows the system's wish without being loaded anew, by way of a transition.
DRAWN_IN = """
async (scheme) => {
  const ground = () => getComputedStyle(document.querySelector('[data-testid="stApp"]')).backgroundColor;
  const isDark = () => Number(ground().match(/\\d+/)[0]) < 128;
  while (isDark() !== (scheme === "dark")) await new Promise((drawn) => setTimeout(drawn, 20));
  const transitions = document.getAnimations().filter((one) => one instanceof CSSTransition);
  await Promise.allSettled(transitions.map((one) => one.finished));
}
"""


def expect_readable_by_day_and_night(page: Page) -> None:
    """In the dark scheme and in the light one, which stays."""
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        page.evaluate(DRAWN_IN, scheme)
        expect_readable(page)


def expect_readable(page: Page) -> None:
    ratios: list[tuple[float, str]] = page.evaluate(SMALLEST_RATIO, f"{QUIET_TEXT}, {CHOSEN}")
    assert ratios
    assert [(round(ratio, 2), text) for ratio, text in ratios if ratio < LEAST] == []
