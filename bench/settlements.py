"""A thousand calls, three in ten failing, some processes killed, every settlement told three times: what stays held."""

import sys
import tempfile
from itertools import chain
from pathlib import Path

from bench._findings import Findings
from bench._studios import server_of_this_run
from core.clients.openai_chat import Patience
from core.demo.faults import Fault
from tests.integration.photos.noting_stand_in import NotingStandIn
from tests.integration.photos.studio import open_studio
from tests.integration.usage.owners_statements import wrong_statements
from tests.integration.usage.settlement_books import reserved, wrong_settlements, wrong_sums
from tests.integration.usage.settlement_runs import Plan, Run, running

STILL_HELD_AFTER_S = 90
OF_IMAGES = {Fault.URL_REPLY, Fault.TRUNCATED_BASE64, Fault.TRUNCATED_IMAGE, Fault.NOT_AN_IMAGE}
OF_ANSWERS = {Fault.CUT_STREAM, Fault.SILENT_HALFWAY, Fault.ERROR_IN_CHUNK}
# It lets all portraits wait for twenty seconds; what says how long to wait goes the same way.
SLOW = {Fault.RATE_LIMITED}
PLAN = Plan(
    answers=480,
    portraits=300,
    of_a_class=180,
    kills=4,
    in_flight=5,
    chat_faults=[fault for fault in Fault if fault not in {Fault.NONE, *OF_IMAGES}],
    image_faults=[fault for fault in Fault if fault not in {Fault.NONE, Fault.URL_REPLY, *OF_ANSWERS, *SLOW}],
    patience=Patience(silence_s=1, deadline_s=2, usage_s=0.3),
)
# Of an answer whose process was killed the database itself says what it cost.
TOLD = PLAN.calls - PLAN.kills * PLAN.in_flight


def main() -> int:
    findings = Findings("settlements")
    with (
        server_of_this_run() as server,
        server.migrated_database() as addresses,
        tempfile.TemporaryDirectory(prefix="sr-", ignore_cleanup_errors=True) as folder,
        open_studio(addresses, Path(folder), NotingStandIn()) as studio,
        running(studio, PLAN) as run,
    ):
        held_for_s = run.all_of_it(after_a_kill=lambda: None)
        _report(findings, run, held_for_s)
    return findings.close()


def _report(findings: Findings, run: Run, held_for_s: float) -> None:
    studio = run.studio
    wrong = wrong_settlements(studio.owner, run.asked, run.bills)
    admin = studio.cast.siti
    differing = [*wrong_sums(studio.owner, studio.database, admin), *wrong_statements(studio.owner, admin)]
    for complaint in chain(wrong, differing):
        print(complaint, file=sys.stderr)
    findings.add("calls asked for", len(run.asked), at_least=1000)
    findings.add("rows of the ledger", studio.count("openai_usage"), at_least=1000)
    findings.add("rows with an error", studio.one("select count(error) as n from openai_usage").n, at_least=250)
    findings.add("settlements told again", run.database.told_again, at_least=2 * TOLD)
    findings.add("rows still reserved", reserved(studio.owner), at_most=0)
    findings.add("nothing reserved after the last kill", held_for_s, "s", at_most=STILL_HELD_AFTER_S)
    findings.add("calls not settled exactly once, or not as billed", len(wrong), at_most=0)
    findings.add(
        "rollups, views, sums of the page and the owner's statements that differ from a recount",
        len(differing),
        at_most=0,
    )


if __name__ == "__main__":
    sys.exit(main())
