"""`python -m etl fetch`: fetch the campaign's sources now, each once."""

from collections.abc import Sequence
from typing import Annotated

import typer

from dashboard.access.audit.events import Event
from dashboard.access.audit.log import acting_here
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.source_notes import FetchNote, Outcome
from dashboard.campaign.sources import NAMES, Source
from dashboard.command_line import JsonOption, print_json
from dashboard.errors import UserError, sentence
from dashboard.i18n import N_
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.commands.console import CampaignOption, QuietOption, progress_bar, send_copies
from etl.sources.fetching import fetch as fetch_source


def find_source(sources: Sequence[Source], name: str) -> Source:
    """Find the source of a name."""
    chosen = next((source for source in sources if source.name == name), None)
    if chosen is None:
        names = ", ".join(source.name for source in sources) or "–"
        what = sentence(N_("There is no source {name}."), name=name)
        raise UserError(what, sentence(N_("The campaign has: {names}."), names=names))
    return chosen


def say_outcome(note: FetchNote) -> str:
    """Describe the result of a fetch in a sentence."""
    if note.outcome in (Outcome.FAILED, Outcome.LATER):
        return f"{note.what} {note.remedy}".strip()
    total = "" if note.answers is None else f"{note.answers:,} answers"
    if note.outcome is Outcome.SAME:
        return f"nothing new{f' ({total})' if total else ''}."
    new = [f"{note.added:,} new"] if note.added else []
    new += [f"{note.changed:,} changed"] if note.changed else []
    words = ", ".join([total, *new] if total else ["a new version", *new])
    return f"{words}{' (waits for staff)' if note.outcome is Outcome.WAITS else ''}."


def fetch(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]…", help="Sources; all by default.")] = None,
    campaign: CampaignOption = SHIPPED_CAMPAIGN,
    is_whole: Annotated[bool, typer.Option("--whole", help="Fetch all answers, not only those that are new.")] = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Fetch exports from where campaign.toml says that they come from, into the inbox; builds nothing."""
    folder = CampaignFolder(campaign)
    all_sources = folder.load().source
    if not all_sources:
        raise UserError("The campaign has no sources.", "State one in campaign.toml (docs/sources.md).")
    sources = [find_source(all_sources, name) for name in names] if names else list(all_sources)
    notes = {source.name: _fetch(folder, source, is_whole, quiet=quiet, as_json=as_json) for source in sources}
    failed = [note for note in notes.values() if note.outcome in (Outcome.FAILED, Outcome.LATER)]
    not_sent = send_copies(folder) if any(note.outcome is Outcome.NEW for note in notes.values()) else {}
    if as_json:
        fetched = {name: vars(note) for name, note in notes.items()}
        print_json({"ok": True, "failed": len(failed), "fetched": fetched, **not_sent})
        return
    if failed:
        raise typer.Exit(1)


def _fetch(folder: CampaignFolder, source: Source, is_whole: bool, *, quiet: bool, as_json: bool) -> FetchNote:
    """Fetch one source, and report the result."""
    with (
        acting_here(folder.root, Event.FETCHED, source.label, source=source.name) as act,
        progress_bar(quiet, as_json) as progress,
    ):
        note = fetch_source(folder, source, progress, is_whole=is_whole)
        act.say(outcome=note.outcome.value, added=note.added, changed=note.changed)
    is_failed = note.outcome in (Outcome.FAILED, Outcome.LATER)
    if not as_json and (is_failed or not quiet):
        words = f"{NAMES[source.tool]}, {source.label}: {say_outcome(note)}"
        typer.echo(words, err=is_failed)
    return note
