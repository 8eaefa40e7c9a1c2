"""Which charts there are for whom, and what each shows."""

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

import plotly.graph_objects as go
import streamlit as st

from core.accounts.person import Person
from core.ui.text import escape_label
from core.ui.usage import figures, findings, tables
from core.ui.usage.budget_tile import budget_tile
from core.ui.usage.limits import draw_limits
from core.ui.usage.tables import Table
from core.ui.usage.tile import Tile, slug
from core.ui.usage.words import amount, with_others
from core.usage.report import Report, Slice

DOUBLE = 2


def tiles_of(report: Report, person: Person) -> list[Tile]:
    """In the order of the page; a tile without data is absent."""
    zone = person.zone
    of_school = report.is_school
    portraits = _portraits(report)
    budget = budget_tile(report, person, _light())
    asked_and_when = [*(_topics(report) if of_school else portraits), *_hours(report)]
    if of_school and budget:
        # Only so the days and their budget share a row that leaves no hole further down.
        asked_and_when.reverse()
    return [
        _days(report),
        *budget,
        *(_teachers(report) if of_school else _topics(report)),
        *_spend("By class", "Class", report.by_class),
        *_spend("What it was used for", "What for", tables.features(report.by_feature)),
        *asked_and_when,
        _limits(report, zone),
        *_spend("By model", "Model", report.by_model),
        *_costs(report),
        *(portraits if of_school else []),
        *_active_teachers(report),
    ]


def _days(report: Report) -> Tile:
    periods, table = tables.by_period(report), tables.days_table(report)
    every = timedelta(days=1 if len(periods) == len(report.days) else 7)
    figure = figures.stacked_days(periods, every=every)
    return _chart(table, figure, findings.of_days(report), columns=DOUBLE)


def _teachers(report: Report) -> list[Tile]:
    return _spend("By teacher", "Teacher", report.by_teacher)


def _spend(title: str, first: str, slices: Sequence[Slice]) -> list[Tile]:
    if not slices:
        return []
    rows = with_others(slices)
    figure = figures.bars(
        [(name, float(total.cost_usd), amount(total).replace("least ", "least<br>")) for name, total in rows]
    )
    return [_chart(tables.slices_table(title, first, slices), figure, findings.of_spend(title, rows))]


def _topics(report: Report) -> list[Tile]:
    """What the assistant was asked, by command and intent and never by text."""
    topics = tables.topics(report.by_feature)
    if not topics:
        return []
    rows, title = with_others(topics), "Topics of questions"
    figure = figures.bars([(name, float(total.requests), f"{total.requests:,}") for name, total in rows])
    return [_chart(tables.slices_table(title, "Topic", topics), figure, findings.of_requests(title, rows))]


def _hours(report: Report) -> list[Tile]:
    if not any(one.requests for one in report.hours):
        return []
    figure = figures.heat_map(report.hours)
    return [_chart(tables.hours_table(report.hours), figure, findings.of_hours(report.hours), columns=DOUBLE)]


def _limits(report: Report, zone: ZoneInfo) -> Tile:
    table = tables.limits_table(report.limits, zone)
    return Tile(table.name, table, lambda: draw_limits(report, zone))


def _costs(report: Report) -> list[Tile]:
    found = []
    for what, costs in (("photo", report.cost_per_photo), ("message", report.cost_per_message)):
        if costs:
            table = tables.costs_table(f"Cost of one {what}", costs)
            note = _first_words(report) if what == "message" else None
            found.append(_chart(table, figures.cost_line(costs), findings.of_costs(what, costs), note=note))
    return found


def _first_words(report: Report) -> str | None:
    if report.first_token_ms is None:
        return None
    return f"Its first words came after {report.first_token_ms / 1000:.1f} s on average."


def _portraits(report: Report) -> list[Tile]:
    portraits = report.portraits
    if portraits is None or not portraits.made:
        return []
    figure = figures.bars([(name, float(count), f"{count:,}") for name, count in _made_and_kept(report)])
    note = None if portraits.success is None else f"{findings.share(portraits.success)} of the tries gave a picture."
    return [_chart(tables.portraits_table(portraits), figure, findings.of_portraits(portraits), note=note)]


def _made_and_kept(report: Report) -> list[tuple[str, int]]:
    return [] if report.portraits is None else [("Made", report.portraits.made), ("Kept", report.portraits.kept)]


def _active_teachers(report: Report) -> list[Tile]:
    if not any(report.active_teachers.values()):
        return []
    weeks = report.active_teachers
    return [_chart(tables.teachers_table(weeks), figures.weekly_bars(weeks), findings.of_teachers(weeks))]


def _chart(table: Table, figure: go.Figure, finding: str, *, columns: int = 1, note: str | None = None) -> Tile:
    def draw() -> None:
        st.plotly_chart(figure, config=figures.CONFIG, key=f"chart_{slug(table.name)}_{_light()}", alt=finding)
        if note is not None:
            st.caption(escape_label(note))

    return Tile(table.name, table, draw, columns)


def _light() -> str:
    """Each has charts of its own, since the browser puts the theme's colours in only when a chart is new."""
    return st.context.theme.type or ""
