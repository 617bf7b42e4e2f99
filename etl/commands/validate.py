"""`python -m etl validate`: which criteria of a good commitment a file's actions meet, and why; publishes nothing."""

import csv
import io
from pathlib import Path
from typing import Annotated, Any

import typer

from dashboard.campaign.codelist_edit import write_workbook
from dashboard.campaign.commitments.criteria import CRITERIA, REASONS
from dashboard.campaign.folder import CampaignFolder
from dashboard.command_line import JsonOption, print_json
from dashboard.errors import UserError
from dashboard.ground.files.formula_guard import guard
from dashboard.ground.files.writing import write_file
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.scratch import Scratch
from etl.commands.console import CampaignOption, QuietOption, open_console, progress_bar
from etl.pipeline.build import build
from etl.sqlfiles import ask, open_snapshot

COLUMNS = ("action_id", "title", "source_row", *(f"{name}{what}" for name in CRITERIA for what in ("", "_reason")))


def validate(
    file: Annotated[Path, typer.Argument(help="An export with commitments.")],
    campaign: CampaignOption = SHIPPED_CAMPAIGN,
    to: Annotated[
        Path | None, typer.Option(help="Write a row for each commitment into this file, .csv or .xlsx.")
    ] = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Say which criteria of a good commitment the commitments of a file meet, and why; publishes nothing."""
    if to is not None and to.suffix.lower() not in (".csv", ".xlsx"):
        raise UserError(f"{to} is neither .csv nor .xlsx.", "Name a file that ends so.")
    folder = CampaignFolder(campaign)
    with (
        progress_bar(quiet, as_json) as progress,
        Scratch("work") as work,
        build(folder, Path(work), exports=[(file.name, file)], progress=progress) as built,
        open_snapshot(built.snapshot) as connection,
    ):
        rows = [dict(zip(COLUMNS, row, strict=True)) for row in ask(connection, "validated")]
    if to is not None:
        _write_rows(to, rows)
    if as_json:
        print_json({"ok": True, "commitments": rows})
        return
    console = open_console(quiet)
    for row in rows:
        missing = [f"  {CRITERIA[name]}: {REASONS[row[f'{name}_reason']]}" for name in CRITERIA if row[name] is False]
        unread = row["specific"] is None
        verdict = "not read: its language has no patterns" if unread else "" if missing else "meets every criterion"
        console.print(f"Row {row['source_row']}: {row['title'] or row['action_id']}", markup=False)
        for line in missing or [f"  {verdict}"]:
            console.print(line, markup=False)
    judged = [row for row in rows if row["specific"] is not None]
    counts = ", ".join(f"{name.replace('_', '-')} {sum(row[name] for row in judged)}" for name in CRITERIA)
    console.print(f"{len(judged)} commitments read: {counts}. Nothing was published.", markup=False)


def _write_rows(to: Path, rows: list[dict[str, Any]]) -> None:
    """Write a row for each commitment, its criteria as yes or no and their reasons in words."""
    is_book = to.suffix.lower() == ".xlsx"
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        cells = [_write_cell(name, row[name]) for name in COLUMNS]
        writer.writerow(cells if is_book else map(guard, cells))
    text = target.getvalue()
    write_file(to, write_workbook(text, "Criteria") if is_book else "\ufeff" + text)


def _write_cell(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return REASONS[value] if name.endswith("_reason") else str(value)
