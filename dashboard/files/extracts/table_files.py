"""The file of a choice, in any format; the writer of a format is imported where it is needed.

Run as a module it is a worker's job (see `dashboard.ground.processes.runner`): the server never loads openpyxl.
"""

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from dashboard.files.extracts.choice import Choice
from dashboard.files.extracts.open_files import write_table
from dashboard.files.extracts.rows import read_selection, sparing
from dashboard.files.extracts.tables import find_table
from dashboard.ground.processes.child import answer
from dashboard.snapshot.database import Snapshot, open_build
from dashboard.snapshot.selection import Selection


def write_file(snapshot: Snapshot, selection: Selection, choice: Choice, target: Path, base_url: str) -> int:
    """Write the file of a choice to `target` and return how many rows it has.

    Raises:
        SelectionError: a table or a column is unknown.
        UserError: it took too long, the texts are too long for one workbook, or the campaign states nothing for IATI.
        OSError: the file cannot be written.
    """
    csv = choice.csv_style(selection.lang)
    if choice.file_format == "xlsx":
        from dashboard.files.extracts.workbook.book import write_workbook

        return write_workbook(snapshot, selection, target, base_url, choice.tables(), choice.columns)["rows"]
    if choice.file_format == "zip":
        from dashboard.files.extracts.package import write_package

        return write_package(snapshot, selection, target, base_url, choice.include, csv)["rows"]
    if choice.file_format == "xml":
        from dashboard.files.extracts.iati import write_activities

        return write_activities(snapshot, selection, target)
    return write_table(
        snapshot, selection, find_table(choice.table), choice.file_format, target, choice.columns, csv=csv
    )


def write_alone(snapshot: Snapshot, selection: Selection, choice: Choice, target: Path, base_url: str) -> int:
    """Write as `write_file` does, with little memory, in a process that serves nobody else and ends with the file."""
    with sparing(snapshot) if choice.file_format == "xlsx" else nullcontext():
        return write_file(snapshot, selection, choice, target, base_url)


def answer_job(arguments: dict[str, Any]) -> dict[str, Any]:
    """Do a worker's job from `order.submit_extract`; errors as in `write_file`, `open_build`."""
    snapshot = open_build(arguments)
    chosen = arguments["choice"]
    choice = Choice(**chosen | {name: tuple(chosen[name]) for name in ("columns", "include")})
    target = Path(arguments["to"])
    return {"rows": write_alone(snapshot, read_selection(arguments, snapshot), choice, target, arguments["base_url"])}


if __name__ == "__main__":
    sys.exit(answer(answer_job))
