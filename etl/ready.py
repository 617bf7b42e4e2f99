"""The preparation of a process that waits for a command of *Upload* (`dashboard.ground.processes.child.wait`)."""

import gc
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb

from dashboard.engines import lend
from etl.sqlfiles import parse_files


def make_ready() -> None:
    """Load the needs of a preview and its publishing: the modules, the parsed statements, an engine of the database."""
    gc.disable()
    try:
        import_module("etl.commands.draft")
    finally:
        gc.freeze()
        gc.enable()
    import_module("etl.inputs.inbox").hash_program()
    parse_files()
    for name, number in (("threads", 1), ("async_threads", 0)):  # of the engine that parses: a fork would lose them
        duckdb.default_connection().execute(f"set {name} = {number}")
    with lend():
        pass


def go_ahead(campaign: str, uploads: str, to: str, **options: Any) -> None:
    """Go ahead with a preview, until its answers come; `options` are those of `drafts.prepare_draft`.

    Raises:
        UserError, OSError: it could not be made now.
    """
    folder = import_module("dashboard.campaign.folder").CampaignFolder(Path(campaign))
    import_module("etl.publish.drafts").prepare_draft(folder, Path(uploads), Path(to), **options)


def stop() -> None:
    """End what has gone ahead."""
    import_module("etl.pipeline.ahead").stop()
