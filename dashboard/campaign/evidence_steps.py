"""The steps of evidence: what may stand behind a status. Each has those before it behind it."""

from collections.abc import Collection

CLAIMED, EVIDENCED, REVIEWED, VERIFIED = STEPS = ("claimed", "evidenced", "reviewed", "verified")
"""The stakeholder says so; with a document or address; by the secretariat; by somebody independent."""

CLAIMED_ONLY = "claimed_only"
"""What a filter calls a status behind which nothing more stands than the claim."""


def furthest_steps(chosen: Collection[str]) -> list[str]:
    """The furthest steps that a filter finds: of a step itself and all after it, of `claimed_only` the claim alone."""
    matched_steps = {step for code in chosen if code != CLAIMED_ONLY for step in STEPS[STEPS.index(code) :]}
    if CLAIMED_ONLY in chosen:
        matched_steps.add(CLAIMED)
    return [step for step in STEPS if step in matched_steps]
