"""Files to take away, made outside the server's process: the job of a worker, and the name of a file."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from dashboard.files.extracts.choice import Choice
from dashboard.ground.files.csv_styles import find_style
from dashboard.ground.processes import runner
from dashboard.ground.processes.runner import Handle
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot, name_build
from dashboard.snapshot.selection import FILTERS, Selection

MOST_CODES_NAMED = 3
LONGEST_NAME = 120


def submit_file(module: str, snapshot: Snapshot, arguments: Mapping[str, Any]) -> Handle:
    """Have a worker make a file, or queue it.

    The worker opens the build that the reader sees, whatever is published meanwhile. The `answer_job` of the module
    gets the arguments, JSON-able, and opens the build by `open_build`.

    Raises:
        UserError: too many files are being made at once.
    """
    return runner.submit(runner.Job(module, name_build(snapshot) | dict(arguments)))


def submit_extract(
    snapshot: Snapshot, selection: Selection, choice: Choice | None = None, settings: Settings | None = None
) -> Handle:
    """Have a worker make a file of tables of a selection, or queue it.

    By default it is a workbook of the actions; its links lead to the dashboard of the settings, by default
    those of the environment.

    Raises:
        SelectionError: as `Choice.check`, or the way to write CSV is unknown.
        UserError: too many files are under way at once.
    """
    choice = choice or Choice()
    choice.check()
    csv = choice.csv_style(selection.lang)
    find_style(csv)
    arguments = {
        "query": selection.query_pairs(),
        "base_url": (settings or Settings.from_environment()).base_url,
        "choice": asdict(replace(choice, csv=csv)),
    }
    return submit_file("dashboard.files.extracts.table_files", snapshot, arguments)


def name_extract(snapshot: Snapshot, selection: Selection, choice: Choice) -> str:
    """Name a file of tables: `2021-actions-with-reports-milestones_…`, or `2021-all-tables_…` of all."""
    return name_file(snapshot, selection, choice.file_format, choice.name_content())


def name_file(snapshot: Snapshot, selection: Selection, file_format: str, content: str) -> str:
    """Name a file by its content: `2021-actions_africa_education_2021-12-31_fr.xlsx`.

    The name of fictional data begins with `sample`; long filters become `filtered`.
    """
    start = f"{snapshot.campaign['starts_on']:%Y}-{content.replace('_', '-')}"
    end = (selection.day(snapshot).isoformat(), selection.lang)
    filters = [_name_codes(selection.codes(f), f.attribute) for f in FILTERS if selection.codes(f)]
    filters += [_slug(selection.q) or "filtered"] if selection.q.strip() else []
    if len("_".join(filters)) > LONGEST_NAME:
        filters = ["filtered"]
    parts = (*(["sample"] if snapshot.is_sample else []), start, *filters, *end)
    return f"{'_'.join(parts)}.{file_format}"


def _name_codes(codes: tuple[str, ...], plural: str) -> str:
    if len(codes) > MOST_CODES_NAMED:
        return f"{len(codes)}-{plural}"
    return "-".join(_slug(code) for code in codes)


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
