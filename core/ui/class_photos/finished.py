"""What came of a batch."""

from datetime import UTC, datetime

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.photos.batches.batch import Batch
from core.ui.class_photos import costs
from core.ui.class_photos.decisions import draw_decisions
from core.ui.class_photos.earlier import draw_earlier
from core.ui.class_photos.progress import METRIC_PX, heading
from core.ui.class_photos.results import draw_results
from core.ui.class_photos.words import finished_sentence
from core.ui.links import portraits_usage_link
from core.ui.text import escape_label

UNCONFIRMED_HELP = "Sent, and no answer came: it may have been charged."


def draw_finished(person: Person, app: App, batch: Batch) -> None:
    with st.container(border=True):
        st.caption(escape_label(heading(batch, person)))
        st.markdown(finished_sentence(batch, person.zone, datetime.now(UTC)))
        _draw_metrics(batch)
        if batch.class_id is not None:
            portraits_usage_link("All that portraits of this class cost", class_id=batch.class_id)
    draw_decisions(person, app, batch)
    draw_results(batch, app.photos)
    if batch.class_id is not None:
        draw_earlier(person, app.class_photos, batch.class_id, shown=batch.id)


def _draw_metrics(batch: Batch) -> None:
    counts, spent = batch.counts, batch.spent
    grid = st.grid(4, min_column_width=METRIC_PX)
    grid.metric("Done", counts.done)
    grid.metric("Not made", counts.not_made)
    grid.metric("Unconfirmed", counts.unconfirmed, help=UNCONFIRMED_HELP)
    grid.metric(costs.label("Cost", spent), costs.total(spent), help=costs.explained(spent))
    if spent.possible_usd:
        # A metric would cut it.
        st.caption(f"The cost is {costs.in_line(spent)}.")
