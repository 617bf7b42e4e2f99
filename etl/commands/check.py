"""`python -m etl check`: the additions, changes and rejections that files would bring; publishes nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from dashboard.campaign.folder import CampaignFolder
from dashboard.command_line import JsonOption, print_json
from dashboard.ground.processes.progress import Progress
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.scratch import Scratch
from etl.commands.console import CampaignOption, QuietOption, open_console, print_account, print_changes, progress_bar
from etl.inputs.inbox import list_inbox
from etl.pipeline.build import build
from etl.publish.history import read_pointer


def check(
    files: Annotated[list[Path], typer.Argument(help="Exports to try.")],
    campaign: CampaignOption = SHIPPED_CAMPAIGN,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Dry run: what these files would add, change and reject together with the inbox; publishes nothing."""
    with progress_bar(quiet, as_json) as progress:
        facts = try_files(CampaignFolder(campaign), files, progress, quiet=quiet or as_json)
    if as_json:
        print_json({"ok": True, **facts})


def try_files(
    folder: CampaignFolder,
    files: list[Path],
    progress: Progress,
    *,
    quiet: bool = False,
    look: Callable[[Path], None] | None = None,
) -> dict[str, object]:
    """Print what files would add, change and reject together with the inbox; return it for other programs too.

    `look` gets the snapshot, before it is removed.

    Raises:
        UserError: a file is refused, or the build does not hold together.
    """
    console = open_console(quiet)
    exports = dict(list_inbox(folder))
    tried = {path.name: path for path in files}
    exports |= tried
    with (
        Scratch("work") as work,
        build(folder, Path(work), exports=sorted(exports.items()), progress=progress) as built,
    ):
        account = print_account(console, built, only=set(tried))
        pointer = read_pointer(folder)
        published = None if pointer is None or pointer.get("is_sample") else folder.published / pointer["snapshot"]
        would_change = print_changes(console, built, published)
        if look is not None:
            look(built.snapshot)
    console.print("Nothing was published.")
    return {**account, "changes": would_change}
