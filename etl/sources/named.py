"""Sources by name, and what became of them in words, for the command line and its log."""

from collections.abc import Sequence

from dashboard.campaign.source_notes import FetchNote, Outcome
from dashboard.campaign.sources import Source
from dashboard.errors import UserError, sentence
from dashboard.i18n import N_


def find_source(sources: Sequence[Source], name: str) -> Source:
    """The source of a name.

    Raises:
        UserError: there is none.
    """
    chosen = next((source for source in sources if source.name == name), None)
    if chosen is None:
        names = ", ".join(source.name for source in sources) or "–"
        what = sentence(N_("There is no source {name}."), name=name)
        raise UserError(what, sentence(N_("The campaign has: {names}."), names=names))
    return chosen


def say_outcome(note: FetchNote) -> str:
    """What a fetch came to, in a sentence."""
    if note.outcome in (Outcome.FAILED, Outcome.LATER):
        return f"{note.what} {note.remedy}".strip()
    total = "" if note.answers is None else f"{note.answers:,} answers"
    if note.outcome is Outcome.SAME:
        return f"nothing new{f' ({total})' if total else ''}."
    new = [f"{note.added:,} new"] if note.added else []
    new += [f"{note.changed:,} changed"] if note.changed else []
    words = ", ".join([total, *new] if total else ["a new version", *new])
    return f"{words}{' (waits for staff)' if note.outcome is Outcome.WAITS else ''}."
