"""How long `staffroom doctor` takes as a whole: where all is well, and where addresses swallow everything."""

import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from bench._findings import Findings
from bench._studios import server_of_this_run
from core.settings import CHECKOUT
from tests.integration.doctors_patient import Patient, patient_of, stand_ins
from tests.production.programs import STAFFROOM

AT_MOST_S = 5.0
RUNS = 3


def main() -> int:
    findings = Findings("doctor")
    with (
        server_of_this_run() as server,
        server.migrated_database() as addresses,
        stand_ins() as around,
        tempfile.TemporaryDirectory(dir="/tmp") as folder,
        closing(socket.create_server(("127.0.0.1", 0))) as black_hole,
    ):
        patient = patient_of(addresses, around, Path(folder) / "data")
        hole = f"127.0.0.1:{black_hole.getsockname()[1]}"
        for name, changed in _deployments(patient, hole).items():
            _measure(findings, name, {**patient.environment, **changed})
    return findings.close()


def _deployments(patient: Patient, hole: str) -> dict[str, dict[str, str]]:
    """Well, one address that takes connections and never says a word, and all of them."""
    database = f"postgresql://staffroom_app@{hole}/school"
    provider = {"OPENAI_BASE_URL": f"http://{hole}/v1"}
    away = dict.fromkeys(("SUPABASE_URL", "OIDC_ISSUER", "PUBLIC_URL"), f"http://{hole}")
    databases = {name: database for name in patient.environment if name.endswith("DATABASE_URL")}
    return {
        "all well": {},
        "the provider of models swallows everything": provider,
        "the database swallows everything": {"DATABASE_URL": database},
        "everybody swallows everything": {**provider, **away, **databases},
    }


def _measure(findings: Findings, name: str, environment: Mapping[str, str]) -> None:
    taken = sorted(_run(environment) for _ in range(RUNS))
    wall_s, cpu_s = taken[len(taken) // 2]
    findings.add(f"{name}: the whole command", wall_s, "s", at_most=AT_MOST_S)
    findings.add(f"{name}: of it CPU", cpu_s, "s")


def _run(environment: Mapping[str, str]) -> tuple[float, float]:
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    command = [STAFFROOM, "doctor", "--json"]
    subprocess.run(command, env={**os.environ, **environment}, cwd=CHECKOUT, capture_output=True, check=False)
    wall_s, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall_s, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    sys.exit(main())
