"""How far two clocks are apart, as far as that can be known from a question and its answer."""


def certainly_ahead_s(asked_at: float, answered_at: float, told: float, *, precise_to_s: float = 0) -> float:
    """Of the clock that asked, before the one that told; 0 where the time that passed may explain all of it."""
    if told + precise_to_s < asked_at:
        return asked_at - told - precise_to_s
    return min(0.0, answered_at - told)
