"""The charts: no title, no bar of buttons, no zoom; sizes and colours by the rules that all of them share."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

import plotly.graph_objects as go

from core.ui.usage import palette
from core.ui.usage.axes import date_axis, highest_amount, milliseconds, money_axis, whole_step
from core.ui.usage.label_room import room_for
from core.ui.usage.tables import WEEKDAYS
from core.ui.usage.words import OF_SERIES
from core.usage.report import DaySum, Hour, Series

WIDE_PX: Final = 290
SINGLE_PX: Final = 250
CONFIG: Final = {"displayModeBar": False}
TICK_PX: Final = 12
HEAD_ROOM: Final = 1.32
BAR_SHARE: Final = 0.7
FEW, BAR_SHARE_OF_FEW = 10, 0.45
MOST_PARTED: Final = 31
"""On a phone the bars of more days are so thin that the line between their parts would be all of them."""
LONGEST_NAME: Final = 20
LAST_DAY_PX: Final = 20
"""Half of its name: without that room behind the last bar it would be cut off."""
LEGEND_PX, BOTTOM_PX, SCALE_PX = 34, 24, 8
USUAL_HOURS: Final = (7, 19)
MOST_HOURS_BY_THREE: Final = 15
"""On a phone the names of more would stand on one another."""


def stacked_days(days: Sequence[DaySum], *, every: timedelta = timedelta(days=1)) -> go.Figure:
    """Spend by day, a colour a type, in one order everywhere."""
    width = milliseconds(every) * (BAR_SHARE if len(days) > FEW else BAR_SHARE_OF_FEW)
    parts = [_part_of_stack(series, days, width) for series in Series]
    traces = [part for part in parts if any(part["y"])]
    tops = [sum((one.cost_usd for one in day.by_series.values()), Decimal(0)) for day in days]
    highest = max(tops, default=Decimal(0))
    return figure(
        traces,
        WIDE_PX,
        x=date_axis([one.day for one in days], every, most_ticks=6),
        y=money_axis(highest),
        barmode="stack",
        showlegend=len(traces) > 0,
        legend=LEGEND,
        # On a phone the legend takes a second line, for which the chart makes room by itself.
        margin=_margin([highest_amount(highest)], right=LAST_DAY_PX, top=LEGEND_PX) | {"autoexpand": True},
    )


def _part_of_stack(series: Series, days: Sequence[DaySum], width: float) -> dict[str, Any]:
    return {
        "type": "bar",
        "x": [one.day for one in days],
        "y": [float(one.by_series[series].cost_usd) if series in one.by_series else 0.0 for one in days],
        "name": OF_SERIES[series],
        "marker": marker(palette.OF_SERIES[series], is_parted=len(days) <= MOST_PARTED),
        "width": width,
        "hovertemplate": f"%{{x|%-d %b}}: $%{{y:,.4~f}}<extra>{OF_SERIES[series]}</extra>",
    }


def bars(values: Sequence[tuple[str, float, str]]) -> go.Figure:
    """Lying bars from the top: name, length, and what is written behind."""
    places = list(range(len(values)))
    trace = {
        "type": "bar",
        "y": places,
        "x": [length for _, length, _ in values],
        "text": [said for _, _, said in values],
        "customdata": [name for name, _, _ in values],
        "orientation": "h",
        "textposition": "outside",
        "cliponaxis": False,
        "textfont": {"color": palette.TEXT, "size": TICK_PX},
        "marker": marker(palette.MAIN),
        "width": min(0.6, 0.14 * len(values)),
        "hovertemplate": "%{customdata}: %{text}<extra></extra>",
    }
    longest = max((length for _, length, _ in values), default=0)
    names = [cut(name) for name, _, _ in values]
    return figure(
        [trace],
        SINGLE_PX,
        x={"visible": False, "range": [0, longest * HEAD_ROOM or 1]},
        y={"tickvals": places, "ticktext": names, "autorange": "reversed", "showgrid": False},
        showlegend=False,
        margin=_margin(names, bottom=0),
    )


def heat_map(hours: Sequence[Hour]) -> go.Figure:
    counts = {(one.weekday, one.hour): one.requests for one in hours}
    used = [one.hour for one in hours if one.requests]
    most = max(counts.values(), default=1)
    shown = range(min([USUAL_HOURS[0], *used]), max([USUAL_HOURS[1], *used]) + 1)
    weekdays = [name[:3] for name in WEEKDAYS]
    trace = {
        "type": "heatmap",
        "z": [[counts.get((weekday, hour), 0) for hour in shown] for weekday in range(7)],
        "x": list(shown),
        "y": weekdays,
        "colorscale": [[place / 9, color] for place, color in enumerate(palette.SCALE)],
        "zmin": 0,
        "xgap": 2,
        "ygap": 2,
        "colorbar": {
            "thickness": SCALE_PX,
            "x": 1,
            "xpad": SCALE_PX,
            "outlinewidth": 0,
            "tickfont": _TICKS,
            "dtick": whole_step(most),
            "tick0": 0,
        },
        "hovertemplate": "%{y}, %{x}:00: %{z} requests<extra></extra>",
    }
    step = 3 if len(shown) <= MOST_HOURS_BY_THREE else 6
    marks = [hour for hour in shown if (hour - shown[0]) % step == 0]
    return figure(
        [trace],
        WIDE_PX,
        x={"tickvals": marks, "ticktext": [f"{hour}:00" for hour in marks]},
        y={"autorange": "reversed", "showgrid": False},
        margin=_margin(weekdays, right=2 * SCALE_PX + room_for([f"{most:,}"])),
    )


def cost_line(costs: Mapping[date, Decimal]) -> go.Figure:
    """What one of them cost, by day; a dot where a line has nothing to join."""
    days, highest = sorted(costs), max(costs.values(), default=Decimal(0))
    trace = {
        "type": "scatter",
        "x": days,
        "y": [float(costs[day]) for day in days],
        "mode": "lines+markers",
        "line": {"color": palette.MAIN, "width": 2},
        "marker": {"color": palette.MAIN, "size": 8 if len(days) == 1 else 4},
        "hovertemplate": "%{x|%-d %b}: $%{y:,.5~f}<extra></extra>",
    }
    return figure(
        [trace],
        SINGLE_PX,
        x=date_axis(days, timedelta(days=1)),
        y=money_axis(highest),
        showlegend=False,
        margin=_margin([highest_amount(highest)], right=LAST_DAY_PX),
    )


def weekly_bars(weeks: Mapping[date, int]) -> go.Figure:
    days, most = sorted(weeks), max(weeks.values(), default=1)
    trace = {
        "type": "bar",
        "x": days,
        "y": [weeks[day] for day in days],
        "text": [str(weeks[day]) for day in days] if len(days) <= 10 else None,
        "textposition": "outside",
        "cliponaxis": False,
        "textfont": {"color": palette.TEXT, "size": TICK_PX},
        "marker": marker(palette.MAIN),
        # Told, or the bar of a single week would be as thin as a line.
        "width": milliseconds(timedelta(days=7)) * BAR_SHARE,
        "hovertemplate": "Week from %{x|%-d %b}: %{y}<extra></extra>",
    }
    return figure(
        [trace],
        SINGLE_PX,
        x=date_axis(days, timedelta(days=7)),
        y={"rangemode": "tozero", "range": [0, most * 1.2], "dtick": whole_step(most)},
        showlegend=False,
        margin=_margin([f"{most:,}"], right=LAST_DAY_PX),
    )


def cut(name: str) -> str:
    """On axes alone; everywhere else a name is whole."""
    short = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"
    return short.replace("<", "&lt;")


_TICKS: Final = {"size": TICK_PX, "color": palette.TEXT}
LEGEND: Final = {
    "orientation": "h",
    "x": 0,
    "xanchor": "left",
    "yref": "container",
    "y": 1,
    "yanchor": "top",
    "title": {"text": ""},
    "traceorder": "normal",
    "font": {"size": 13, "color": palette.TEXT},
    "itemclick": False,
    "itemdoubleclick": False,
}


# What Plotly measures by itself it draws a second time.
_AXIS: Final = {
    "fixedrange": True,
    "tickfont": _TICKS,
    "zeroline": False,
    "automargin": False,
    "ticklabeloverflow": "allow",
    "ticks": "",
}


def _margin(labels: Sequence[str], *, right: int = 4, top: int = 8, bottom: int = BOTTOM_PX) -> dict[str, Any]:
    """With room for what is written along the upright axis."""
    return {"l": room_for(labels), "r": right, "t": top, "b": bottom, "autoexpand": False}


def figure(
    traces: Sequence[dict[str, Any]], height: int, *, x: Mapping[str, Any], y: Mapping[str, Any], **more: Any
) -> go.Figure:
    """In one go: each later change of a figure would check all of it anew."""
    layout = {
        "height": height,
        "barcornerradius": 3,
        "title": {"text": ""},
        "hoverlabel": {"font": {"size": 13}},
        # A chart keeps the light that it was drawn in, and so its own ground under its own colours.
        "paper_bgcolor": palette.BACKGROUND,
        "plot_bgcolor": palette.BACKGROUND,
        "xaxis": {**_AXIS, "showgrid": False, **x},
        "yaxis": {**_AXIS, "gridcolor": palette.GRID, **y},
        **more,
    }
    return go.Figure({"data": list(traces), "layout": layout})


def marker(color: str, *, is_parted: bool = True) -> dict[str, Any]:
    """Parts of a stack are told from each other by a line of the background."""
    return {"color": color, "line": {"color": palette.BACKGROUND, "width": 1 if is_parted else 0}}
