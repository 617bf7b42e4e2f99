"""The preparation of a process that waits for a command of *Upload* (`dashboard.ground.processes.child.wait`)."""

import gc
from importlib import import_module

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
    with lend():
        pass
