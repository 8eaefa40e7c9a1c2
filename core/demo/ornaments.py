"""Our own strokes on a drawn portrait: school collar, pinafore, plaits and the DEMO mark."""

from core.demo.features import Features, Top, Uniform

SHIRT_COLOURS = {Uniform.CREAM_SHIRT: "#FFF6E0", Uniform.SKY_SHIRT: "#D3E4F6"}
PINAFORE_COLOURS = {Uniform.NAVY_PINAFORE: "#34507A", Uniform.GREEN_PINAFORE: "#3F7361"}
EDGE = "#B9C3C9"

# Strokes of each letter on a grid 4 wide and 6 high, so that no font is needed.
LETTERS = {
    "D": "M0 0V6H2Q4 6 4 3T2 0Z",
    "E": "M4 0H0V6H4M0 3H3",
    "M": "M0 6V0L2 3L4 0V6",
    "O": "M2 0Q0 0 0 3T2 6T4 3T2 0Z",
}


def shirt_colour(uniform: Uniform) -> str:
    """The shirt's colour; a pinafore goes over a white one."""
    return SHIRT_COLOURS.get(uniform, "#FFFFFF")


def beneath_hair(features: Features) -> str:
    """What lies over the shirt and under the hair, in the avatar's coordinates."""
    layers = [_buttons(), _pinafore(features.uniform)]
    if features.top is not Top.HIJAB:
        layers.append(_collar(shirt_colour(features.uniform)))
    if features.top is Top.PLAITS:
        layers += [_plait(66, features.hair_colour.value), _plait(198, features.hair_colour.value)]
    return "".join(layers)


def _collar(colour: str) -> str:
    shape = f'fill="{colour}" stroke="{EDGE}" stroke-width="1.6" stroke-linejoin="round"'
    return (
        f'<path {shape} d="M100 198Q104 217 132 226L114 243Q96 226 92 203Z"/>'
        f'<path {shape} d="M164 198Q160 217 132 226L150 243Q168 226 172 203Z"/>'
    )


def _buttons() -> str:
    return f'<g fill="{EDGE}" stroke="{EDGE}"><path d="M132 228V280"/><circle cx="132" cy="252" r="1.4"/></g>'


def _pinafore(uniform: Uniform) -> str:
    colour = PINAFORE_COLOURS.get(uniform)
    if colour is None:
        return ""
    return f'<path fill="{colour}" d="M70 208L92 202L100 252H164L172 202L194 208L198 280H66Z"/>'


def _plait(x: int, colour: str) -> str:
    beads = "".join(
        f'<ellipse cx="{x + (2 if step % 2 else -2)}" cy="{132 + 13 * step}" rx="{12 - step * 0.6:.1f}" ry="9.5"/>'
        for step in range(8)
    )
    band = f'<rect x="{x - 7}" y="229" width="14" height="6" rx="3" fill="#D9534F"/>'
    tip = f'<path d="M{x - 6} 234Q{x} 262 {x + 6} 234Z"/>'
    return f'<g fill="{colour}" stroke="#000" stroke-opacity=".22" stroke-width="1">{beads}{tip}{band}</g>'


def corner_mark(word: str, *, right: float, bottom: float) -> str:
    """A small pill with `word`, made of the letters D, E, M and O, its corner near (`right`, `bottom`)."""
    width = 7 * len(word) + 9
    letters = "".join(
        f'<path transform="translate({6 + 7 * at} 5)" d="{LETTERS[letter]}"/>' for at, letter in enumerate(word)
    )
    return (
        f'<g transform="translate({right - width - 8} {bottom - 24})">'
        f'<rect width="{width}" height="16" rx="8" fill="#FFFFFF" fill-opacity=".86"/>'
        f'<g fill="none" stroke="#3C4A50" stroke-width="1.3" stroke-linejoin="round">{letters}</g></g>'
    )
