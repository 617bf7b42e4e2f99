"""`python -m etl source`: what sources there are, which forms one may see, what one would bring."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from dashboard.campaign import source_notes
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.sources import NAMES, Source
from dashboard.errors import UserError
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.scratch import Scratch
from etl.commands.check import try_files
from etl.console import CampaignOption, JsonOption, open_console, print_json, progress_bar, refusals
from etl.sources.fetching import bring_whole, list_forms
from etl.sources.named import find_source, say_outcome


class What(StrEnum):
    """What is asked."""

    LIST = "list"
    FORMS = "forms"
    TEST = "test"


def source(
    what: Annotated[
        What,
        typer.Argument(
            help="list: the sources and how they stand; forms: the forms that one's secret may see; test: fetch one "
            "and say what it would add, change and reject, as check does."
        ),
    ],
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="The source; of list, all by default.")] = "",
    campaign: CampaignOption = SHIPPED_CAMPAIGN,
    as_json: JsonOption = False,
) -> None:
    """Look at the places that exports come from by themselves; changes and publishes nothing."""
    with refusals(as_json):
        folder = CampaignFolder(campaign)
        sources = folder.load().source
        if what is What.LIST:
            _list(folder, [find_source(sources, name)] if name else list(sources), as_json)
            return
        if not name:
            raise UserError("Which source is not said.", f"Name one of: {', '.join(one.name for one in sources)}.")
        chosen = find_source(sources, name)
        if what is What.FORMS:
            forms = list_forms(chosen)
            if as_json:
                print_json({"ok": True, "forms": [vars(form) for form in forms]})
            for form in () if as_json else forms:
                typer.echo(
                    f"{form.form}  {form.title}{'' if form.answers is None else f'  ({form.answers:,} answers)'}"
                )
            return
        with Scratch("work") as work:
            with progress_bar() as progress:
                files = bring_whole(chosen, Path(work), progress)
            if not files:
                raise UserError(f"{chosen.label} has no files.", "Look at its address and at which files are taken.")
            try_files(folder, files, quiet=as_json)
            if as_json:
                print_json({"ok": True, "files": [path.name for path in files]})


def _list(folder: CampaignFolder, sources: list[Source], as_json: bool) -> None:
    if as_json:
        print_json({"ok": True, "sources": [_describe(folder, one) for one in sources]})
        return
    console = open_console()
    for one in sources:
        last = source_notes.read(folder.private, one.name).last
        said = "never fetched." if last is None else f"{last.at}: {say_outcome(last)}"
        words = f"{one.name} ({NAMES[one.tool]}, {one.host or one.address}): {said}"
        console.print(words, markup=False, highlight=False, soft_wrap=True)


def _describe(folder: CampaignFolder, one: Source) -> dict[str, Any]:
    note = source_notes.read(folder.private, one.name)
    return {**one.model_dump(mode="json"), "next_at": note.next_at, "last": vars(note.last) if note.last else None}
