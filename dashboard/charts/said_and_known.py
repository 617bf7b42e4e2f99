"""The words of the chart of days that publications have spoken of: what was said, what is known now, and why."""

from collections.abc import Iterator

from dashboard.i18n import N_, Part, Phrase, phrase, plural
from dashboard.measures.spoken_days import CAUSES, SpokenDay

NOTHING_SAID = N_(
    "No earlier publication is on record, so there is nothing yet that was said then and is known better now."
)


def find_spoken(spoken: SpokenDay | None) -> Iterator[Phrase]:
    """Find what was said of a day, and what is known of it now."""
    if spoken is None:
        yield phrase(NOTHING_SAID)
        return
    for message, figures in ((_SAID, spoken.figures_then), (_KNOWN, spoken.figures_now)):
        part, denominator = figures["completed"], figures["actions"]
        bounds = {"rate": Part(part, denominator), "upper": Part(part + figures["unknown"], denominator)}
        yield phrase(message, day=spoken.day, part=part, whole=denominator, **bounds)


_SAID = N_("Of {day} it was said: {part} of {whole} completed ({rate}, up to {upper}).")
_KNOWN = N_("Known of that day now: {part} of {whole} ({rate}, up to {upper}).")


def summarise_spoken(spoken: SpokenDay | None) -> Phrase:
    """Summarise by cause how the number of completed actions of a day has changed since it was said."""
    if spoken is None:
        return phrase(NOTHING_SAID)
    changes = [
        phrase(N_("{name}: {value}"), name=phrase(CAUSES[cause]), value=_write_change(figures["completed"]))
        for cause, figures in spoken.add_causes().items()
        if figures["completed"]
    ]
    if not changes:
        return phrase(N_("The number of completed actions of {day} has not changed since."), day=spoken.day)
    return phrase(N_("Changes of the completed actions of {day} – {changes}."), day=spoken.day, changes=changes)


def _write_change(change: int) -> Phrase:
    return phrase("+{n}", n=change) if change > 0 else phrase("{n}", n=change)


def note_spoken(spoken: SpokenDay | None) -> Iterator[Phrase]:
    """List the notes on what was said and what changed."""
    if spoken is None:
        return
    yield phrase(N_("What was said of a day is what the first publication with it as its last day showed."))
    yield phrase(
        N_(
            "Each action that stands otherwise falls into one cause; a decision is where the same rows are read "
            "otherwise, a correction where rows were changed."
        )
    )
    if steps := len(spoken.steps):
        yield plural(
            N_("{n} later publication has changed figures of {day}."),
            N_("{n} later publications have changed figures of {day}."),
            steps,
            day=spoken.day,
        )
    if any("unsplit" in step.parts for step in spoken.steps):
        yield phrase(N_("Some changes are not told apart: the build before was no longer there to compare with."))
