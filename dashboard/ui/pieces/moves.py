"""What became known of the same actions between two days, in words by measure."""

from dashboard.i18n import Translator
from dashboard.measures.moved import Moved


def say_moves(change: Moved, t: Translator) -> dict[str, str]:
    """How many moved, fell back and remain unknown, by the measure beside which that stands."""
    went = t("{n} newly", n=change.newly_completed)
    if change.fell_back:
        went = t("{moves}, {n} fell back", moves=went, n=change.fell_back)
    still = change.still_unknown
    return {
        "reported": t("{n} for the first time", n=change.newly_reported),
        "completed": went,
        "unknown": t.plural("{n} remains unknown", "{n} remain unknown", still),
    }
