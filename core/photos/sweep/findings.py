"""What a sweep found: ids and states, never a name."""

import json
from collections import Counter
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Finding:
    """Two things that should match and don't; `id` is that of the row, or the key of the file."""

    check: str
    id: str
    repaired: bool
    detail: str


@dataclass(frozen=True)
class Report:
    """`checked` counts what was looked at, by kind."""

    findings: tuple[Finding, ...]
    checked: dict[str, int]

    @property
    def counts(self) -> dict[str, int]:
        """Findings by check; a check that found nothing is left out."""
        return dict(Counter(finding.check for finding in self.findings))

    @property
    def left(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if not finding.repaired)

    def as_json(self) -> str:
        findings = [asdict(finding) for finding in self.findings]
        return json.dumps({"findings": findings, "counts": self.counts, "checked": self.checked})
