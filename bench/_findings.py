"""What a bench found: one JSON object a line while it runs, a table in the end, and an exit code."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

HEADINGS = ("what", "value", "bound", "")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One number; without a bound it only tells what the others are measured against."""

    bench: str
    what: str
    value: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None

    @property
    def ok(self) -> bool:
        is_low_enough = self.at_most is None or self.value <= self.at_most
        return is_low_enough and (self.at_least is None or self.value >= self.at_least)

    def as_json(self) -> str:
        told = {key: value for key, value in asdict(self).items() if value is not None}
        return json.dumps({**told, "value": round(self.value, 3), "ok": self.ok})

    def cells(self) -> tuple[str, ...]:
        bound = f"≤ {self.at_most:g}" if self.at_most is not None else ""
        bound = f"≥ {self.at_least:g}" if self.at_least is not None else bound
        return (self.what, f"{self.value:.3g} {self.unit}".strip(), bound, "ok" if self.ok else "NOT OK")


class Findings:
    """All of one bench."""

    def __init__(self, bench: str) -> None:
        self._bench = bench
        self._all: list[Finding] = []

    def add(
        self, what: str, value: float, unit: str = "", *, at_most: float | None = None, at_least: float | None = None
    ) -> None:
        """Printed at once, so that a bench that is stopped has told what it knew."""
        finding = Finding(bench=self._bench, what=what, value=value, unit=unit, at_most=at_most, at_least=at_least)
        self._all.append(finding)
        print(finding.as_json(), flush=True)

    def close(self) -> int:
        """Prints the table; the exit code."""
        print("\n".join(table([HEADINGS, *[finding.cells() for finding in self._all]])), flush=True)
        return 0 if all(finding.ok for finding in self._all) else 1


def table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
