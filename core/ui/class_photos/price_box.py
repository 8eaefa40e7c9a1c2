"""Before you start: cost, time, and the button."""

from datetime import UTC, datetime, timedelta

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.photos.batches.forecast import Forecast, Limit
from core.photos.batches.plan import Who
from core.photos.batches.service import Price, Quote
from core.roster.views import ClassSummary
from core.ui.class_photos.actions import start
from core.ui.class_photos.budget_lines import draw_budgets
from core.ui.class_photos.chosen import Wish
from core.ui.class_photos.words import about, duration
from core.ui.formats import NOT_PRICED, counted, money, time_or_day, window
from core.ui.text import escape_label
from core.usage.model_choice import ImageChoice

NOTHING = "–"
METRIC_PX = 220
PROMISE = "Portraits are imagined from what is recorded and the style. No name is sent."
LATE = timedelta(minutes=1)
"""As much later than the gaps alone make it, and the limit is worth a warning."""


def draw_price_box(person: Person, app: App, here: ClassSummary, wish: Wish) -> None:
    many = len(wish.plan.students)
    limit = app.class_photos.limit(person)
    forecast = app.class_photos.forecast(person, many)
    quote = app.class_photos.quote(person, many)
    price = quote.price
    with st.container(border=True):
        st.markdown("**Before you start**")
        grid = st.grid(2, min_column_width=METRIC_PX)
        grid.metric("Cost", cost(price) if many else NOTHING, help=_cost_help(quote.choice, price, many))
        grid.metric("Time", about(forecast.takes) if many else NOTHING, help=time_help(forecast, limit, many))
        budgets = app.budgets.for_class(person, here.id, datetime.now(UTC))
        draw_budgets(budgets, app.budgets.left_in_schools(person), person, price, many)
        for warning in _warnings(person, wish, limit, forecast, quote):
            st.warning(warning)
        _draw_button(person, app, here, wish)
        st.caption(PROMISE)


def cost(price: Price | None) -> str:
    """From and to, or one figure where both read alike."""
    if price is None:
        return NOT_PRICED.capitalize()
    low, high = money(price.from_usd), money(price.to_usd)
    return low if low == high else f"{low} to {high}"


def _cost_help(choice: ImageChoice, price: Price | None, many: int) -> str | None:
    of = escape_label(f"{choice.model}, {choice.quality}")
    if not many:
        return None
    if price is None:
        return f"The price table has no price for {of}."
    each = money(price.from_usd / many)
    return f"{many} × {each} a portrait ({of}) by the price table; the upper figure counts the longest request."


def time_help(forecast: Forecast, limit: Limit, many: int) -> str | None:
    if not many:
        return None
    each, at_once = duration(forecast.pace.each), forecast.pace.at_once
    gap = duration(timedelta(seconds=float(limit.gap_seconds)))
    return (
        f"{counted(many, 'portrait')}, {at_once} at once, usually {each} each; one starts every {gap} at most, "
        f"and {limit.at_most} {window(limit.per_seconds)}, what you made already included. It takes so long "
        "if nobody else makes photos at the same time."
    )


def _warnings(person: Person, wish: Wish, limit: Limit, forecast: Forecast, quote: Quote) -> list[str]:
    many = len(wish.plan.students)
    found = []
    if many and quote.price is None:
        found.append(f"No price is known for {escape_label(quote.choice.model)}; it may cost any amount.")
    if is_late(forecast, limit, many):
        last = time_or_day(forecast.last_starts_at, person.zone, forecast.now)
        which = "It starts" if many == 1 else "The last one starts"
        found.append(f"{which} at {last}, because {limit.at_most} {window(limit.per_seconds)} may be made.")
    return found


def is_late(forecast: Forecast, limit: Limit, many: int) -> bool:
    """Whether the limit, and not the gap between starts, says when the last one starts."""
    gaps = timedelta(seconds=float(limit.gap_seconds) * many)
    return bool(many) and forecast.last_starts_at > forecast.now + gaps + LATE


def _draw_button(person: Person, app: App, here: ClassSummary, wish: Wish) -> None:
    many = len(wish.plan.students)
    st.button(
        f"Generate photos for {counted(many, 'student')}",
        key="class_photos_start",
        type="primary",
        icon=":material/auto_awesome:",
        width="stretch",
        wrap=True,
        disabled=not many,
        on_click=start,
        args=(person, app.class_photos, here.id, wish),
    )
    if not many:
        st.markdown(why_nobody(wish, here.name))


def why_nobody(wish: Wish, class_name: str) -> str:
    if wish.who is Who.CHOSEN and wish.choosable:
        return "Choose at least one student."
    if wish.plan.left_out:
        return "Nobody can get a photo now; the reasons stand beside the names."
    return f"Everyone in {escape_label(class_name)} has a photo."
