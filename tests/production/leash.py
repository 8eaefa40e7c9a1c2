"""Ends what a test run started once the run is gone, however it went.

Started as `python -m tests.production.leash FOLDER`. It reads process ids, one a line, and waits for the other end of
the pipe to close; then it ends those of them that still run, and takes the folder away.
"""

import shutil
import signal
import sys
from contextlib import suppress
from pathlib import Path

import psutil

MERCY_S = 10


def main(folder: Path) -> None:
    # Ctrl-C is for the run, which then closes the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    held: list[psutil.Process] = []
    for line in sys.stdin:
        with suppress(psutil.NoSuchProcess):
            held.append(psutil.Process(int(line)))
    _end(held)
    shutil.rmtree(folder, ignore_errors=True)


def _end(held: list[psutil.Process]) -> None:
    for process in held:
        with suppress(psutil.NoSuchProcess):
            process.terminate()
    _, alive = psutil.wait_procs(held, timeout=MERCY_S)
    for process in alive:
        with suppress(psutil.NoSuchProcess):
            process.kill()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
