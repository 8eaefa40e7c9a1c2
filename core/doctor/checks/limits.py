"""Who waits for a limit, a budget or the provider now, and what went wrong in the last hour."""

from collections.abc import Iterator, Mapping

from core.doctor.evidence import Evidence
from core.doctor.finding import Finding, fine, warning
from core.doctor.work_look import WorkFacts
from core.errors import KeyRejected, ModelRetired, QuotaUsedUp

LIMITS, FAILURES = "limits", "failures"
_KINDS = {"chat": "questions", "image": "portraits", "batch_image": "class photos"}
_WAITS = {"slot": "a free slot", "budget": "a budget", "provider": "the provider", "storage": "the photo store"}
_OPERATOR = {
    KeyRejected.code: "See the OpenAI key above.",
    QuotaUsedUp.code: "Add credit to the provider's account, or raise its limit there.",
    ModelRetired.code: "See the models above.",
}


def limits(evidence: Evidence) -> Iterator[Finding]:
    """A limit that holds is as it should be; what waits for money or others is worth a look."""
    seen, about = evidence.work, "Limits and budgets"
    if not isinstance(seen, WorkFacts):
        return
    told = [f"{many} at the limit of {_KINDS.get(what, what)}" for what, many in sorted(seen.at_limit.items())]
    told += [f"{many} portraits wait for {_WAITS.get(what, what)}" for what, many in sorted(seen.waiting.items())]
    told += [f"{many} class photos paused ({what})" for what, many in sorted(seen.paused_batches.items())]
    if seen.paused_for_s is not None:
        told.append(f"the provider asked for a pause of {seen.paused_for_s:.0f} seconds more")
    found = f"{'; '.join(told).capitalize()}." if told else "Nobody is at a limit, and nothing waits for one."
    if set(seen.waiting) - {"slot"} or seen.paused_batches or seen.paused_for_s is not None:
        yield warning(
            LIMITS,
            about,
            found,
            "Admins raise limits and budgets under School settings; Class photos says what paused.",
        )
    else:
        yield fine(LIMITS, about, found)


def failures(evidence: Evidence) -> Iterator[Finding]:
    seen, about = evidence.work, "Paid calls of the last hour"
    if not isinstance(seen, WorkFacts):
        return
    if not seen.failed:
        yield fine(FAILURES, about, "None failed.")
        return
    yield warning(FAILURES, about, f"Failed: {_counted(seen.failed)}.", _to_do(seen.failed))


def _counted(failed: Mapping[str, int]) -> str:
    return ", ".join(f"{code} {many} times" for code, many in sorted(failed.items(), key=lambda one: -one[1]))


def _to_do(failed: Mapping[str, int]) -> str:
    ours = [to_do for code, to_do in _OPERATOR.items() if code in failed]
    return " ".join(ours) or "Usage, section Errors, says of each what it means and what to do."
