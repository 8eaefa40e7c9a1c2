"""Two workers, a class of 50 with 20 starts in 4 s, and one of them killed in the middle."""

import sys

from bench._findings import Findings
from bench._studios import server_of_this_run, studio_of
from core.demo.pauses import Timing
from tests.integration.photos.noting_stand_in import NotingStandIn
from tests.integration.photos.small_pictures import draw_full_once
from tests.integration.photos.two_workers import Limit, race

STUDENTS = 50
LIMIT = Limit(at_most=20, per_seconds=4)
RUNS = 3
CALL_S = 0.5


def main() -> int:
    findings = Findings("workers")
    with server_of_this_run() as server:
        for run in range(1, RUNS + 1):
            stand_in = NotingStandIn(Timing(image_s=CALL_S), draw=draw_full_once)
            with studio_of(server, stand_in) as (studio, provider):
                outcome = race(studio, stand_in, provider, students=STUDENTS, limit=LIMIT)
            for complaint in outcome.complaints:
                print(complaint, file=sys.stderr)
            name = f"run {run}:"
            findings.add(
                f"{name} most slots taken in any {LIMIT.per_seconds} s", outcome.most_slots, at_most=LIMIT.at_most
            )
            findings.add(f"{name} most requests in any such window", outcome.most_requests, at_most=LIMIT.at_most)
            findings.add(f"{name} contradictions in the books", len(outcome.complaints), at_most=0)
            findings.add(f"{name} portraits in the killed worker's hands", outcome.left_behind, at_least=1)
            findings.add(f"{name} from the kill to their rescue", outcome.rescued_after_s, "s", at_most=5)
            findings.add(f"{name} the whole class", outcome.took_s, "s")
    return findings.close()


if __name__ == "__main__":
    sys.exit(main())
