"""A class of 36, the bucket away for five minutes in the middle: every paid picture is stored, none is paid twice."""

import sys

from bench._findings import Findings
from bench._studios import server_of_this_run, studio_of
from core.clients.supabase_storage import build_bucket
from core.demo.pauses import Timing
from core.photos.finishing import LAST_STORAGE_RETRY
from core.photos.supabase_storage import SupabasePhotoStorage
from core.settings import BucketAccess
from tests.integration.photos.noting_stand_in import NotingStandIn
from tests.integration.photos.programs import worker_processes
from tests.integration.photos.small_pictures import draw_full_once
from tests.integration.photos.storage_outages import Trouble, keeping_in, through_outage
from tests.storage_stand_in import SECRET, Fault, StorageStandIn

STUDENTS = 36
CALL_S = 2.0
TROUBLE = Trouble([Fault.CUT, Fault.HANG, Fault.BROKEN, Fault.GATEWAY, Fault.BUSY], lasts_s=300)
# Who waits asks again at least that often; what is over by then is the storing itself.
OVER_WITHIN_S = LAST_STORAGE_RETRY.total_seconds() + 30


def main() -> int:
    findings = Findings("storage_outage")
    stand_in = NotingStandIn(Timing(image_s=CALL_S), draw=draw_full_once)
    with (
        server_of_this_run() as server,
        StorageStandIn().served() as project,
        studio_of(server, stand_in) as (studio, provider),
        build_bucket(url=project.address, secret_key=SECRET, name="student-photos") as bucket,
        worker_processes(studio, provider, besides={"SUPABASE_URL": project.address, "SUPABASE_SECRET_KEY": SECRET}),
    ):
        studio.pace_batches()
        kept = keeping_in(studio, SupabasePhotoStorage(bucket=bucket, access=BucketAccess.PUBLIC))
        outage = through_outage(kept, stand_in, project, STUDENTS, TROUBLE)
    for complaint in outage.complaints:
        print(complaint, file=sys.stderr)
    findings.add("portraits stored before the bucket went away", outage.stored_before, at_least=1)
    findings.add(f"paid and waiting after {TROUBLE.lasts_s:g} s without it", outage.waited, at_least=1)
    findings.add("questions to it meanwhile", outage.tries)
    findings.add("calls to the provider for the class", stand_in.ledger.requests, at_least=STUDENTS, at_most=STUDENTS)
    findings.add("pictures lost, paid twice or wrongly booked", len(outage.complaints), at_most=0)
    findings.add("from its return until all are stored", outage.over_after_s, "s", at_most=OVER_WITHIN_S)
    return findings.close()


if __name__ == "__main__":
    sys.exit(main())
