"""What an answer of 12 kB that takes half a minute sends to the browser, in paragraphs and as one."""

import sys

from bench._findings import Findings
from tests.e2e.answer_weight import ONE_PARAGRAPH, PARAGRAPHS, bytes_of
from tests.e2e.browsing import open_browser
from tests.e2e.school import running_school
from tests.postgres import close_run, open_run

TAKES_S = 30
MOST_BYTES = 500_000


def main() -> int:
    findings = Findings("answer_weight")
    open_run()
    try:
        with running_school() as school, open_browser() as browser:
            for what, text in (("in paragraphs", PARAGRAPHS), ("as one paragraph", ONE_PARAGRAPH)):
                sent = bytes_of(text, browser, school, takes_s=TAKES_S)
                findings.add(f"12 kB {what}, on the wire", sent / 1000, "kB", at_most=MOST_BYTES / 1000)
    finally:
        close_run()
    return findings.close()


if __name__ == "__main__":
    sys.exit(main())
