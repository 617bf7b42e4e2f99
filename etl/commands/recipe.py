"""`python -m etl recipe`: propose a recipe for an export that no recipe knows."""

import re
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.working_copy import find_overlay
from dashboard.command_line import JsonOption, print_json
from dashboard.errors import UserError
from dashboard.ground.files.writing import write_file
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.commands.console import CampaignOption, open_errors, print_line
from etl.pipeline.workspace import open_for_looking
from etl.publish.history import published_snapshot
from etl.recipes.fields import Kind
from etl.recipes.propose.propose import Proposal, Proposals, propose
from etl.recipes.recipe_file import RECIPE_ID

_NAMED = 20  # open columns that a note names
_NO_ACTIONS = (
    "Its rows are taken for reports, and nothing is published yet that they could be about. If they are actions: "
    "python -m etl recipe FILE --holds actions."
)
_RULE = "# " + "=" * 96


def recipe(
    file: Annotated[Path, typer.Argument(help="The export.")],
    campaign: CampaignOption = SHIPPED_CAMPAIGN,
    sheet: Annotated[str | None, typer.Option("--sheet", help="Only this sheet of a workbook.")] = None,
    holds: Annotated[Kind | None, typer.Option(help="What its rows are, where the headers do not tell.")] = None,
    draft: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The preview in which it waits, for the settings that it brings.")
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE|FOLDER", help="Write it there, its id being the file's name; a folder gets a file each."
        ),
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Let --to write over a file that is there.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Propose a recipe for an export: its headers matched to fields, what is unsure marked. Prints TOML."""
    folder = CampaignFolder(campaign, overlay=find_overlay(draft) if draft else None)
    one_file = to if to and not _is_folder(to) else None
    if one_file:
        _check_file(one_file, may_replace=replace)
    with open_for_looking(folder, file) as connection:
        proposals = propose(connection, folder, file, sheet, holds, one_file.stem if one_file else None)
    paths = _write(proposals, to, may_replace=replace) if to else []
    if as_json:
        recipes = [_describe(one) for one in proposals.recipes]
        print_json({"ok": True, "recipes": recipes, "left_out": proposals.left_out, "written": [*map(str, paths)]})
        return
    if to is None:
        sys.stdout.write(join_texts(proposals))
    for path in paths:
        print_line(f"Written: {path}")
    notes = open_errors()
    for one in proposals.recipes:
        notes.print(_note(one), markup=False, highlight=False)
        if f'\nholds = "{Kind.PROGRESS_REPORTS}"\n' in one.text and published_snapshot(folder) is None:
            notes.print(_NO_ACTIONS, markup=False, highlight=False)
    for name, why in proposals.left_out:
        notes.print(f"No recipe for {name}: {why}.", markup=False, highlight=False)


def _is_folder(to: Path) -> bool:
    """Return whether a folder is meant; a campaign's folder of recipes may be missing yet."""
    return to.is_dir() or to.name == "recipes"


def _check_file(path: Path, *, may_replace: bool) -> None:
    """Refuse a path that cannot be a new recipe's file, before any work."""
    if path.suffix != ".toml" or not re.fullmatch(RECIPE_ID, path.stem):
        raise UserError(
            f"{path.name} cannot be a recipe's file.",
            "Name it by small letters, digits and _, with .toml at its end: --to mentions_survey.toml.",
        )
    if not path.parent.parent.is_dir():
        raise UserError(f"There is no folder {path.parent}.", "Make it first, or name another with --to.")
    if path.exists() and not may_replace:
        raise UserError(f"{path} is there already; nothing was written.", "Choose another name, or add --replace.")


def _write(proposals: Proposals, to: Path, *, may_replace: bool) -> list[Path]:
    """Write the files of the proposals: `to`, or one each in the folder `to`; all are checked before one is written."""
    paths = [to / f"{one.recipe_id}.toml" if _is_folder(to) else to for one in proposals.recipes]
    for path in paths:
        _check_file(path, may_replace=may_replace)
    for path, one in zip(paths, proposals.recipes, strict=True):
        path.parent.mkdir(exist_ok=True)  # a new campaign has no folder of recipes yet
        write_file(path, one.text, is_shared=True)
    return paths


def join_texts(proposals: Proposals) -> str:
    """Join the proposals into one text; several stand each below a rule that names its file."""
    if len(proposals.recipes) == 1:
        return proposals.recipes[0].text
    parts = []
    for one in proposals.recipes:
        where = f"{one.file}, sheet {one.sheet}" if one.sheet else one.file
        rule = f"{_RULE}\n# {where}: save what follows, up to the next such line, as {one.recipe_id}.toml\n{_RULE}\n"
        parts.append(rule + one.text)
    return "\n".join(parts)


def _describe(one: Proposal) -> dict[str, Any]:
    """Describe a proposal for a program; its columns' values lack contacts."""
    columns = [{**column._asdict(), "choices": [c._asdict() for c in column.choices]} for column in one.columns]
    return {**asdict(one), "columns": columns}


def _note(one: Proposal) -> str:
    where = f"{one.file}, sheet {one.sheet}" if one.sheet else one.file
    doubts = f"{one.doubts} to check" if one.doubts else "nothing to check"
    reader_note = f" The recipe {one.known_by} reads it already." if one.known_by else ""
    open_columns = "; ".join(one.left_open[:_NAMED])
    more = f"; and {len(one.left_open) - _NAMED} more" if len(one.left_open) > _NAMED else ""
    left_open = f" Left open, so neither counted nor published: {open_columns}{more}." if one.left_open else ""
    return f"{where}: {one.recipe_id}, {doubts}.{reader_note}{left_open}"
