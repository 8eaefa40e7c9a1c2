"""One run: look, judge, report."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace

from core.doctor.checklist import CHECKS, Check
from core.doctor.checks.settings import MODE
from core.doctor.evidence import ONE_OF_EACH, Evidence, Processes
from core.doctor.finding import Finding, Report, problem
from core.doctor.install_look import own_commit, own_version
from core.doctor.probes import LONGEST_S, build_probes, gather
from core.errors import SettingsError
from core.settings import Settings


def examine(settings: Settings, processes: Processes = ONE_OF_EACH) -> Report:
    """Changes nothing that lasts: one test file is put into the photo store and taken out again."""
    with ExitStack() as endings:
        evidence = gather(settings, build_probes(settings, endings), longest_s=LONGEST_S)
    return judge(replace(evidence, processes=processes))


def judge(evidence: Evidence, checks: Sequence[Check] = CHECKS) -> Report:
    return _report(tuple(finding for check in checks for finding in check(evidence)))


def unreadable_settings(error: SettingsError) -> Report:
    """Nothing else can be looked at without them."""
    return _report((problem(MODE, "Settings", "They can't be used, so nothing else was looked at.", str(error)),))


def _report(findings: tuple[Finding, ...]) -> Report:
    return Report(findings, version=own_version(), commit=own_commit())
