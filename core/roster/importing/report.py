"""What the command prints as JSON, and the refused rows as a file to mend."""

import csv
import io
from collections.abc import Sequence
from typing import TypedDict

from core.roster.formulas import as_text
from core.roster.importing.neutral import Kind
from core.roster.importing.plan import ImportPlan, Outcome


class RefusedRow(TypedDict):
    """`column` is None where the row as a whole is wrong."""

    file: str
    row: int
    column: str | None
    problem: str


class ImportReport(TypedDict):
    """Counts by kind; the six words together count every row that was read."""

    import_id: str | None
    format: str
    created: dict[str, int]
    changed: dict[str, int]
    moved: dict[str, int]
    unchanged: dict[str, int]
    ignored: dict[str, int]
    refused: list[RefusedRow]


def report(plans: Sequence[ImportPlan], *, import_id: str | None) -> ImportReport:
    """One import of a file; a plan for each school in it. `import_id` is None for a dry run."""
    return ImportReport(
        import_id=import_id,
        format=plans[0].format,
        created=_counts(plans, Outcome.CREATED),
        changed=_counts(plans, Outcome.CHANGED),
        moved=_counts(plans, Outcome.MOVED),
        unchanged=_counts(plans, Outcome.UNCHANGED),
        ignored=_counts(plans, Outcome.IGNORED),
        refused=[
            RefusedRow(file=row.source.file, row=row.source.row, column=row.column, problem=row.what)
            for plan in plans
            for row in plan.of(Outcome.REFUSED)
        ],
    )


def refused_csv(plans: Sequence[ImportPlan]) -> str:
    """For a spreadsheet, so no cell can be taken for a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["File", "Row", "Column", "Name", "Problem"])
    for plan in plans:
        for row in plan.of(Outcome.REFUSED):
            texts = (row.source.file, str(row.source.row), row.column or "", row.name, row.what)
            writer.writerow([as_text(text) for text in texts])
    return out.getvalue()


def _counts(plans: Sequence[ImportPlan], outcome: Outcome) -> dict[str, int]:
    return {kind.value: sum(plan.counts(outcome)[kind] for plan in plans) for kind in Kind}
