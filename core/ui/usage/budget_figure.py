"""A budget as a bar: the grey track is all of it, on it what is used and held, and where the month is heading."""

from decimal import Decimal
from typing import Any, Final

import plotly.graph_objects as go

from core.ui.usage import palette
from core.ui.usage.figures import BOTTOM_PX, LEGEND, LEGEND_PX, figure, marker
from core.usage.budget import BudgetNow

BUDGET_PX: Final = 132
MOST_SHARE: Final = 1.25
"""What is further beyond the budget than this is told by an arrow at the edge, or the budget itself would shrink."""
SIDE_PX: Final = 12
WIDTH: Final = 0.5


def budget_bar(now: BudgetNow) -> go.Figure:
    amount = float(now.amount_usd)
    edge = amount * MOST_SHARE
    spent, held = min(float(now.spent_usd), edge), float(now.held_usd)
    traces = [
        _bar("Budget", 0, amount, palette.TRACK, shown=False),
        _bar("Used", 0, spent, palette.USED),
        _bar("Held", spent, min(held, edge - spent), palette.HELD),
        *_forecast(now.forecast_usd, edge),
    ]
    highest = max(amount, float(now.used_usd), float(now.forecast_usd or 0))
    end = f"${amount:,.2f}".removesuffix(".00")
    return figure(
        traces,
        BUDGET_PX,
        x={
            "range": [0, min(highest, edge) * 1.02],
            "tickvals": [0, amount * 0.5, amount * 0.8, amount],
            "ticktext": ["$0", "50 %", "80 %", end],
        },
        y={"visible": False, "range": [-0.4, 0.4]},
        barmode="overlay",
        legend=LEGEND,
        showlegend=True,
        margin={"l": SIDE_PX, "r": 2 * SIDE_PX, "t": LEGEND_PX, "b": BOTTOM_PX, "autoexpand": False},
    )


def _bar(name: str, start: float, length: float, color: str, *, shown: bool = True) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "y": [0],
        "base": [start],
        "x": [length],
        "width": WIDTH,
        "marker": marker(color, is_parted=False),
        "showlegend": shown,
        "hovertemplate": f"{name}: $%{{x:,.2f}}<extra></extra>",
    }


def _forecast(forecast_usd: Decimal | None, edge: float) -> list[dict[str, Any]]:
    if forecast_usd is None:
        return []
    at = float(forecast_usd)
    return [
        {
            "type": "scatter",
            "name": "Forecast",
            "x": [min(at, edge)],
            "y": [0],
            "mode": "markers",
            "marker": {
                "symbol": "diamond" if at <= edge else "triangle-right",
                "size": 13,
                "color": palette.FORECAST,
                "line": {"color": palette.BACKGROUND, "width": 2},
            },
            "hovertemplate": f"Forecast: ${at:,.2f}<extra></extra>",
        }
    ]
