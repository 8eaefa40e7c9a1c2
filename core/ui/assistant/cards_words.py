"""What a student's card says: facts with their days, and nothing that weighs a child."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from textwrap import shorten

from core.meetings.choice import Sort
from core.meetings.readiness import Point, Readiness, Trend
from core.ui.formats import counted, day
from core.ui.text import escape_label

FEW_TO_DISCUSS, FEW_STRENGTHS, FEW_TAGS = 2, 1, 3
MOST_CHARACTERS, MOST_OF_A_QUESTION = 140, 60
NO_DATA, NO_BREAK = "no data", "\u00a0"
OVERRIDES = {"discuss": "You set: something to discuss", "nothing": "You set: nothing to discuss"}


def figures(one: Readiness, sort: Sort = Sort.REGISTER) -> str:
    """Attendance and one subject's results; by whatever the cards are sorted stands there."""
    parts = [_attendance(one), _results(one, sort)]
    if sort is Sort.CONCERNS and one.concerns:
        parts.append(f"{counted(one.concerns, 'concern')} noted")
    return escape_label(" · ".join(parts))


def points(one: Readiness, today: date) -> str:
    """What to discuss and what went well, a line each, or that there is neither."""
    lines = [*_to_discuss(one, today), *_some("Strength", one.strengths, FEW_STRENGTHS, today)]
    if not lines:
        return ":small[:gray[Nothing is on record yet.]]" if not one.has_data else ":small[:gray[Nothing stands out.]]"
    return "  \n".join(f":small[{line}]" for line in lines)


def tags(one: Readiness) -> str:
    """Grey words, those of what to discuss before the others."""
    few, more = one.tags[:FEW_TAGS], len(one.tags) - FEW_TAGS
    return " ".join(f":gray-badge[{escape_label(word)}]" for word in (*few, *([f"+{more}"] if more > 0 else [])))


def earlier_line(question: str) -> str:
    return f"From your earlier question “{escape_label(shorten(question, MOST_OF_A_QUESTION, placeholder='…'))}”."


def short_day(on: date, today: date) -> str:
    """12 Nov, with its year where that is another; never parted."""
    words = f"{on.day} {on:%b}" if on.year == today.year else day(on)
    return words.replace(" ", NO_BREAK)


def _attendance(one: Readiness) -> str:
    percent = one.attendance.percent if one.attendance else None
    return f"Attendance {NO_DATA}" if percent is None else f"Attendance {percent}{NO_BREAK}%"


def _results(one: Readiness, sort: Sort) -> str:
    trend = telling_trend(one.trends, sort)
    if trend is None:
        return f"Results {NO_DATA}"
    before = trend.before.percent if trend.before else None
    was = "" if before is None else f"{before}{NO_BREAK}→{NO_BREAK}"
    return f"{trend.latest.subject} {was}{trend.latest.percent}"


def telling_trend(trends: Sequence[Trend], sort: Sort) -> Trend | None:
    """The subject that changed most; the one that fell most where the cards are sorted by it."""
    changed = [trend for trend in trends if trend.change is not None]
    if not changed:
        return trends[0] if trends else None
    if sort is Sort.RESULTS:
        return min(changed, key=lambda trend: trend.change or 0)
    return max(changed, key=lambda trend: abs(trend.change or Decimal(0)))


def _to_discuss(one: Readiness, today: date) -> list[str]:
    if one.override is None:
        return _some("To discuss", one.to_discuss, FEW_TO_DISCUSS, today)
    said = f"**To discuss** {OVERRIDES[one.override]}"
    if one.override == "nothing":
        kept = f" :gray[· {len(one.to_discuss)} on record]" if one.to_discuss else ""
        return [said + kept]
    note = one.note.text if one.note else None
    own = [f":gray[Your note:] {_short(note)}"] if note else []
    return [said, *own, *_some("", one.to_discuss, FEW_TO_DISCUSS, today)]


def _some(title: str, all_points: Sequence[Point], few: int, today: date) -> list[str]:
    """The first ones, and how many more there are."""
    lines = [_line(point, today) for point in all_points[:few]]
    if lines and title:
        lines[0] = f"**{title}** {lines[0]}"
    if len(all_points) > few:
        lines[-1] += f" :gray[· and {len(all_points) - few} more]"
    return lines


def _line(point: Point, today: date) -> str:
    return f"{_short(point.text)} :gray[· {short_day(point.on, today)}]"


def _short(text: str) -> str:
    """Long words of a teacher's stand whole in the drawer."""
    return escape_label(shorten(text, MOST_CHARACTERS, placeholder="…").rstrip("."))
