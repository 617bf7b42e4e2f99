"""The ETL's command line: `python -m etl build | check | …`, one module of `etl.commands` each."""

if __name__ == "__main__":
    from dashboard import stopping

    stopping.begin()  # before all else is loaded, which takes a second

import gc
import sys
from importlib import import_module
from types import ModuleType
from typing import Any

from dashboard.paths import say_missing

if MISSING := say_missing():
    sys.exit(MISSING)

import typer

from dashboard.command_line import Group, Program, VersionOption
from dashboard.faults import told_at_last
from dashboard.ground.logs.begin import logged_command

# Each command with its module, in the order of the work. A module is imported when its command is called or its
# help is shown, since some need libraries that take longer to import than others take to run.
COMMANDS = {
    "new": "new",
    "source": "source",
    "fetch": "fetch",
    "recipe": "recipe",
    "check": "check",
    "validate": "validate",
    "build": "build",
    "watch": "watch",
    "answer": "answer",
    "column": "column",
    "sheet": "which_sheet",
    "spelling": "spelling",
    "decide": "decide",
    "classify": "classify",
    "reports": "reports_by_link",
    "draft": "draft",
    "publish-draft": "draft",
    "discard-draft": "draft",
    "history": "history",
    "restore": "history",
    "row": "row",
    "verify": "verify",
    "forget": "forget",
    "tidy": "tidy",
    "backup": "backup",
    "restore-backup": "backup",
    "store": "store",
}

READING = frozenset({"check", "history", "recipe", "row", "validate", "verify"})
"""Commands that change nothing of a campaign that is there."""
RECORDED = {
    "answer": ("question_answered", "column_confirmed", "sheet_confirmed", "spelling_confirmed", "answer_undone"),
    "backup": ("backed_up",),
    "restore-backup": ("backup_restored",),
    "tidy": ("tidied",),
    "build": ("published",),
    "classify": ("classified", "classes_undone"),
    "column": ("column_confirmed", "answer_undone"),
    "decide": ("decided", "decision_undone", "evidence_settled", "evidence_undone"),
    "draft": ("uploaded",),
    "publish-draft": ("published", "setting_changed"),
    "discard-draft": ("upload_dropped",),
    "fetch": ("fetched",),
    "new": ("campaign_made",),
    "restore": ("restored", "withdrawn"),
    "spelling": ("spelling_confirmed", "answer_undone"),
    "forget": ("erased",),
    "reports": ("reports_accepted", "report_asked", "reports_set_aside", "report_file_withdrawn"),
    "sheet": ("sheet_confirmed", "answer_undone"),
    "source": ("source_added", "source_changed", "source_removed"),
    "store": ("copies_sent",),
    "watch": ("published",),
}
"""All others, with their events in the audit log (`dashboard.access.audit.events`)."""


class Commands(Group):
    """The commands by name."""

    def __init__(self, **settings: Any) -> None:
        """List every name, for the help and for "Did you mean …?"."""
        super().__init__(**settings)
        self.commands: dict[str, Any] = dict.fromkeys(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Load one command by its name; None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        module = _load(f"etl.commands.{COMMANDS[cmd_name]}")
        alone = Program(no_args_is_help=False)
        command = getattr(module, cmd_name.replace("-", "_"))
        alone.command(cmd_name)(_load("etl.commands.console").on_campaign(command))
        return typer.main.get_command(alone)


def _load(name: str) -> ModuleType:
    """Load a module; its objects stay until the end, so Python need not look through them for unused ones."""
    if name in sys.modules:
        return sys.modules[name]
    gc.disable()
    try:
        return import_module(name)
    finally:
        gc.freeze()
        gc.enable()


app = Program(cls=Commands)


@app.callback()
def main(version: VersionOption = False) -> None:
    """Exports → snapshot."""


def run(name: str) -> None:
    """Run the program under the name that its help shows."""
    with logged_command("etl", COMMANDS), told_at_last():
        app(prog_name=name)


if __name__ == "__main__":
    run("python -m etl")
