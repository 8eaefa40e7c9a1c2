"""How each made-up student's drawn portrait looks, kept in its job as plain words."""

from dataclasses import dataclass, fields, replace
from random import Random
from typing import Any, get_type_hints

from core.demo.features import Background, Features, Top, Uniform, random_background, random_features
from core.demo.people import DemoStudent

PINAFORE_TOPS = frozenset({Top.BUN, Top.BUNCHES, Top.PLAITS, Top.BOB, Top.FRINGED_BOB, Top.CURLY_BOB, Top.PIXIE})
"""Hair that leaves the shoulders free, so that the pinafore's straps are seen."""


@dataclass(frozen=True)
class Look:
    """Everything that `draw_portrait` needs."""

    features: Features
    background: Background

    def stored(self) -> dict[str, str]:
        """As a job's options hold it."""
        chosen = {one.name: getattr(self.features, one.name).value for one in fields(Features)}
        return {**chosen, "background": self.background.value}


def look_of(student: DemoStudent) -> Look:
    """The school's own record of the look, with the rest left to chance; the name plays no part but as a seed."""
    rng = Random(f"look of {student.full_name}")
    drawn = random_features(rng, gender=student.pupil.gender)
    top = rng.choice(student.pupil.tops)
    features = replace(drawn, top=top, skin=student.pupil.skin, uniform=_uniform(student, top))
    return Look(features, random_background(rng))


def look_from(stored: dict[str, Any]) -> Look:
    """The look that `stored` gave. Raises KeyError or ValueError for anything else."""
    chosen = {name: kind(stored[name]) for name, kind in get_type_hints(Features).items()}
    return Look(Features(**chosen), Background(stored["background"]))


def _uniform(student: DemoStudent, top: Top) -> Uniform:
    wears_pinafore = student.pupil.gender == "female" and top in PINAFORE_TOPS
    return Uniform.NAVY_PINAFORE if wears_pinafore else Uniform.WHITE_SHIRT
