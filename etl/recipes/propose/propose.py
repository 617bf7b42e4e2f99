"""Recipes proposed for an unknown export: the tool by its shape, the fields by headers and cells, doubts marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import duckdb

from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import UserError
from etl.readers.exports import ExportFile, list_members, open_export
from etl.readers.files import POST_EXTENSIONS
from etl.readers.sheets import Sheet
from etl.recipes.fields import Kind
from etl.recipes.propose.arrangement import add_layout
from etl.recipes.propose.looking import SeenColumn, look
from etl.recipes.propose.matching import Guess, guess_fields
from etl.recipes.propose.profiles import BLANKS, Profile, Spellings, profile_columns
from etl.recipes.propose.spellings import Knowledge
from etl.recipes.propose.write import Sources, has_doubtful_order, list_open, one_line, write_recipe
from etl.recipes.recipe_file import Recipe, load_recipes
from etl.recipes.recognition import KnownRecipes
from etl.shapes.model import Shape
from etl.shapes.shape import read_shape
from etl.texts.folding import Folding
from etl.texts.plain import plain


@dataclass(frozen=True)
class Proposal:
    """One proposed recipe.

    Attributes:
        file: The file, inside an archive with the archive in front.
        sheet: The sheet; None for delimited text.
        recipe_id: The proposed id, which is the file name to save it under.
        text: The recipe, TOML with remarks.
        known_by: The recipe that reads the sheet already, if one does.
        doubts: How many things are marked to be checked.
        left_open: The headers of the columns that nothing is said of: neither counted nor published.
        columns: What a person sees of the columns.
        asks_order: Whether nothing tells day from month.
        known_text: The recipe that reads the sheet already, where it is the campaign's own; empty else.
    """

    file: str
    sheet: str | None
    recipe_id: str
    text: str
    known_by: str | None
    doubts: int
    left_open: tuple[str, ...] = ()
    columns: tuple[SeenColumn, ...] = ()
    asks_order: bool = False
    known_text: str = ""


@dataclass
class Proposals:
    """What came out for one file: the recipes, and the sheets that hold no data, each with the reason."""

    recipes: list[Proposal]
    left_out: list[tuple[str, str]]


def propose(
    connection: duckdb.DuckDBPyConnection,
    folder: CampaignFolder,
    path: Path,
    sheet: str | None = None,
    kind: Kind | None = None,
    recipe_id: str | None = None,
) -> Proposals:
    """Propose a recipe for every sheet of a file that holds data.

    Args:
        connection: A work database that begins with the campaign's codelists; sheets are put into it.
        folder: The campaign: its codelists and recipes are what is known.
        path: The export; a ZIP archive is looked into.
        sheet: Only this sheet.
        kind: What its rows are, where a person has said it.
        recipe_id: The id of the one recipe that is wanted; without it each gets one that is free.

    Raises:
        ReadError: The file cannot be read.
        UserError: The file has no such sheet, or holds no data, or several sheets of it where one recipe is wanted.
    """
    proposals = Proposals([], [])
    names: list[str] = []
    proposer = _Proposer(connection, folder)
    with list_members(path) as files:
        for file in files:
            with open_export(file.path, file.name) as export:
                sheets = [s for s in export.sheets if sheet is None or s.name == sheet]
                names += [s.name for s in export.sheets if s.name]
                for one in sheets:
                    several = len(export.sheets) > 1
                    proposer.add(proposals, file.name, export, one, several=several, kind=kind, recipe_id=recipe_id)
    if sheet is not None and sheet not in names:
        raise UserError(f"{path.name} has no sheet {sheet!r}.", f"Its sheets are {', '.join(names) or 'none'}.")
    if not proposals.recipes:
        reasons = "; ".join(f"{name}: {why}" for name, why in proposals.left_out)
        raise UserError(
            f"{path.name} holds no rows to read ({reasons or 'it is empty'}).",
            "Export the single responses, one row each.",
        )
    if recipe_id is not None and len(proposals.recipes) > 1:
        titles = ", ".join(one.sheet or one.file for one in proposals.recipes)
        raise UserError(
            f"{path.name} gives several recipes ({titles}), and a file holds one.",
            "Name a folder with --to, or one sheet with --sheet.",
        )
    return proposals


class _Proposer:
    """Knows the campaign's codelists and recipes, and proposes one recipe after another."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: CampaignFolder) -> None:
        self._connection = connection
        self._fold = Folding(connection, is_defined=True)
        dates = folder.load()
        self._recipes: Sequence[Recipe] = load_recipes(folder)
        self._known = KnownRecipes(self._recipes, self._fold)
        self._spellings = Spellings(connection, self._fold)
        between = dates.submission_deadline + (dates.action_deadline - dates.submission_deadline) / 2
        self._knowledge = Knowledge(self._recipes, self._spellings, between)
        self._ids = {recipe.id for recipe in self._recipes}
        self._tables = 0
        self._place = folder.root / "recipes"
        self._texts = {path.stem: path for path in folder.recipe_files()}

    def add(
        self,
        proposals: Proposals,
        name: str,
        export: ExportFile,
        sheet: Sheet,
        *,
        several: bool,
        kind: Kind | None = None,
        recipe_id: str | None = None,
    ) -> None:
        """Propose a recipe for one sheet, or note why it needs none."""
        title = f"{name}, sheet {sheet.name}" if sheet.name else name
        if not any(map(any, sheet.preview)):
            proposals.left_out.append((title, "it is empty"))
            return
        if not sheet.visible:
            proposals.left_out.append((title, "it is hidden, and not read"))
            return
        shape = read_shape(sheet)
        if not shape.is_data:
            proposals.left_out.append((title, f"{shape.title}: no answers"))
            return
        profiles = self._profile(export, sheet, shape)
        if not any(profile.filled for profile in profiles):
            proposals.left_out.append((title, "it has no row below its headers"))
            return
        plan = self._known.recognise(PurePosixPath(name).name, sheet)
        names = plain(f"{PurePosixPath(name).stem} {sheet.name or ''}")
        guess = guess_fields(shape, profiles, self._knowledge, names, kind or _kind_of_items(name, sheet))
        recipe_id = recipe_id or self._new_id(shape, guess)
        sources = Sources(name, sheet, several, shape, profiles, guess, self._spellings, self._recipes)
        text, doubts = write_recipe(recipe_id, sources)
        text, more = add_layout(
            self._connection, self._tables - 1, sheet, PurePosixPath(name).name, text, self._place, self._fold
        )
        known_by = plan.recipe.id if plan else None
        known_text = ""
        if plan and plan.recipe.is_own:
            known_text = self._texts[plan.recipe.id].read_text(encoding="utf-8-sig")
        left_open = tuple(dict.fromkeys(one_line(c.header or "") for c in list_open(sources)))
        proposals.recipes.append(
            Proposal(
                name,
                sheet.name,
                recipe_id,
                text,
                known_by,
                doubts + more,
                left_open,
                tuple(look(sources, self._connection)),
                has_doubtful_order(sources),
                known_text,
            )
        )

    def _profile(self, export: ExportFile, sheet: Sheet, shape: Shape) -> list[Profile]:
        raw = f"raw_{self._tables}"
        self._tables += 1
        export.load(self._connection, sheet, raw, shape.header_row + shape.rows_after_header + 1)
        return profile_columns(self._connection, raw, sheet.width, self._spellings, BLANKS)

    def _new_id(self, shape: Shape, guess: Guess) -> str:
        """An id that says nothing of the file's name: the ids and titles of recipes are published."""
        recipe_id = f"{'export' if shape.tool == 'plain' else shape.tool}_{guess.kind}"
        free, number = recipe_id, 2
        while free in self._ids:
            free, number = f"{recipe_id}_{number}", number + 1
        self._ids.add(free)
        return free


def _kind_of_items(name: str, sheet: Sheet) -> Kind | None:
    """What the rows are of a sheet that a website, a feed or a calendar wrote; None for any table."""
    ending = PurePosixPath(name).suffix.lower()
    if ending not in POST_EXTENSIONS:
        return None
    return Kind.EVENTS if ending == ".ics" or "event" in (sheet.name or "") else Kind.STORIES
