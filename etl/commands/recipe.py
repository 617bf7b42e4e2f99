"""`python -m etl recipe`: propose a recipe for an export that no recipe knows."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from dashboard.campaign.folder import CampaignFolder
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.console import CampaignOption, JsonOption, open_errors, print_json, refusals
from etl.publish.settings_files import find_overlay
from etl.recipes.fields import Kind
from etl.recipes.propose.propose import Proposal, Proposals, propose

_NAMED = 20  # open columns that a note names
_RULE = "# " + "=" * 96


def recipe(
    file: Annotated[Path, typer.Argument(help="The export.")],
    campaign: CampaignOption = SHIPPED_CAMPAIGN,
    sheet: Annotated[str | None, typer.Option("--sheet", help="Only this sheet of a workbook.")] = None,
    holds: Annotated[Kind | None, typer.Option(help="What its rows are, where the headers do not tell.")] = None,
    draft: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The preview in which it waits, for the settings that it brings.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Propose a recipe for an export: its headers matched to fields, what is unsure marked. Prints TOML."""
    with refusals(as_json):
        folder = CampaignFolder(campaign, overlay=find_overlay(draft) if draft else None)
        proposals = propose(folder, file, sheet, holds)
    if as_json:
        recipes = [_describe(one) for one in proposals.recipes]
        print_json({"ok": True, "recipes": recipes, "left_out": proposals.left_out})
        return
    sys.stdout.write(join_texts(proposals))
    notes = open_errors()
    for one in proposals.recipes:
        notes.print(_note(one), markup=False, highlight=False)
    for name, why in proposals.left_out:
        notes.print(f"No recipe for {name}: {why}.", markup=False, highlight=False)


def join_texts(proposals: Proposals) -> str:
    """The proposals as one text; where there are several, each below a rule that says where to save it."""
    if len(proposals.recipes) == 1:
        return proposals.recipes[0].text
    parts = []
    for one in proposals.recipes:
        where = f"{one.file}, sheet {one.sheet}" if one.sheet else one.file
        rule = f"{_RULE}\n# {where}: save what follows, up to the next such line, as {one.recipe_id}.toml\n{_RULE}\n"
        parts.append(rule + one.text)
    return "\n".join(parts)


def _describe(one: Proposal) -> dict[str, Any]:
    """A proposal for a program; what its columns hold without contacts."""
    columns = [{**column._asdict(), "choices": [c._asdict() for c in column.choices]} for column in one.columns]
    return {**asdict(one), "columns": columns}


def _note(one: Proposal) -> str:
    where = f"{one.file}, sheet {one.sheet}" if one.sheet else one.file
    doubts = f"{one.doubts} to check" if one.doubts else "nothing to check"
    known = f" The recipe {one.known_by} reads it already." if one.known_by else ""
    named = "; ".join(one.left_open[:_NAMED])
    more = f"; and {len(one.left_open) - _NAMED} more" if len(one.left_open) > _NAMED else ""
    left_open = f" Left open, so neither counted nor published: {named}{more}." if one.left_open else ""
    return f"{where}: {one.recipe_id}, {doubts}.{known}{left_open}"
