"""Recipes proposed for an unknown export: the tool by its shape, the fields by headers and cells, doubts marked.

The layout of a sheet adds headings that are values, and merged cells to fill. Beside a recipe a person sees, while
naming the columns, headers, first values and first rows, without contacts.
"""

import re
import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import duckdb

from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import UserError
from etl.readers.exports import ExportFile, list_members, open_export
from etl.readers.files import POST_EXTENSIONS
from etl.readers.sheets import Sheet
from etl.recipes.fields import FIELDS, Kind, field_names
from etl.recipes.known_headers import FILE, read_set_files
from etl.recipes.other_rows import PlannedSheet, list_understood_headings, reject_other_rows
from etl.recipes.propose.matching import Guess, guess_fields
from etl.recipes.propose.pairs import Knowledge
from etl.recipes.propose.profiles import BLANKS, Profile, Spellings, profile_columns
from etl.recipes.propose.write import (
    CHECK,
    Sources,
    find_rival,
    has_doubtful_order,
    header_of,
    is_other_day,
    list_open,
    one_line,
    write_recipe,
)
from etl.recipes.recipe_file import Recipe, load_recipes, parse_recipe
from etl.recipes.recognition import KnownRecipes
from etl.recipes.shapes.model import Column, Shape
from etl.recipes.shapes.model import Role as ColumnRole
from etl.recipes.shapes.shape import read_shape
from etl.recipes.sheet_plan import SheetPlan
from etl.sqlfiles import ask
from etl.texts.contacts import without_contacts
from etl.texts.folding import Folding
from etl.texts.phones import EVERY_REGION
from etl.texts.plain import plain

ROWS = 5
"""The rows that are shown as they would be read."""
VALUES = 4
LONGEST = 120
_PARTS = re.compile(r"[/:|()\[\]–—]+| - ")


class SeenChoice(NamedTuple):
    """One column as a choice, with its meaning if it were one.

    Attributes:
        header: Its name in a recipe.
        values: Its first different values, as of `SeenColumn`.
        taken: For each of the first rows, whether its cell takes the choice.
        means: The code that its header spells, by field; none where it spells none.
    """

    header: str
    values: tuple[str, ...]
    taken: tuple[bool, ...]
    means: dict[str, str]


class SeenColumn(NamedTuple):
    """One column, or those of a question with a column a choice.

    Attributes:
        headers: Its names in a recipe.
        values: Its first different values; none where they may be contacts or names of persons.
        is_hidden: Whether its cells are hidden.
        cells: Its cells in the first rows, empty where they are hidden.
        choices: Each of its columns as a choice.
        is_other_day: Whether it holds days and its header keeps it from every field.
        rival_of: The field that it could be as well as the proposed column.
    """

    headers: tuple[str, ...]
    values: tuple[str, ...]
    filled: int
    is_hidden: bool
    cells: tuple[str, ...]
    choices: tuple[SeenChoice, ...]
    is_other_day: bool
    rival_of: str | None


def look(sources: Sources, connection: duckdb.DuckDBPyConnection) -> list[SeenColumn]:
    """List the columns that have a header, in order; the connection has the build's macros."""
    used_columns = {c.index for match in sources.guess.fields.values() for c in match.columns}
    used_columns |= sources.guess.result_columns
    grouped: dict[int, list[Column]] = {}
    for column in sources.shape.columns:
        if header_of(column, sources):
            grouped.setdefault(column.index if column.group is None else column.group, []).append(column)
    shape = sources.shape
    rows = [row for row in sources.sheet.preview[shape.header_row + shape.rows_after_header :] if any(row)]
    cells = sorted({cell for row in rows[:ROWS] for cell in row if cell})
    ticked_cells = {cell for (cell,) in ask(connection, "recipe/taken", {"cells": cells})}
    return [_see(columns, sources, used_columns, rows, ticked_cells) for columns in grouped.values()]


def _see(
    columns: list[Column],
    sources: Sources,
    used_columns: Collection[int],
    rows: Sequence[Sequence[str | None]],
    ticked_cells: Collection[str],
) -> SeenColumn:
    headers = tuple(dict.fromkeys(header_of(column, sources) for column in columns))
    profile = sources.profiles[columns[0].index]
    is_personal = columns[0].role is ColumnRole.PERSONAL and columns[0].index not in used_columns
    is_hidden = profile.is_personal or is_personal
    cells = [] if is_hidden or len(headers) > 1 else [row[columns[0].index] or "" for row in rows]
    filled = max(sources.profiles[column.index].filled for column in columns)
    is_other = columns[0].index not in used_columns and is_other_day(columns[0], profile)
    choices = {header_of(c, sources): _as_choice(c, sources, [row[c.index] or "" for row in rows], ticked_cells)
               for c in reversed(columns)}  # fmt: skip
    if is_hidden:
        choices = {header: one._replace(values=(), taken=()) for header, one in choices.items()}
    examples, choice_examples = tuple(map(_cut, cells[:ROWS])), tuple(choices[header] for header in headers)
    rival, _ = find_rival(columns[0], sources) or (None, None)
    return SeenColumn(headers, _first(cells), filled, is_hidden, examples, choice_examples, is_other, rival)


def _as_choice(column: Column, sources: Sources, cells: Sequence[str], ticked_cells: Collection[str]) -> SeenChoice:
    header = header_of(column, sources)
    words = [word for word in (column.choice, header, _PARTS.split(header.rstrip(" )]:"))[-1].strip()) if word]
    means = {}
    for field in FIELDS[sources.guess.kind]:
        codes = (sources.spellings.look_up(field.codelist, word) for word in words if field.codelist)
        if code := next(filter(None, codes), None):
            means[field.name] = code
    return SeenChoice(header, _first(cells), tuple(cell in ticked_cells for cell in cells[:ROWS]), means)


def _first(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_cut(cell) for cell in cells if cell))[:VALUES]


def _cut(cell: str) -> str:
    text = " ".join(without_contacts(cell, EVERY_REGION).split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


_FEW = 2  # merged cells of a field that are proposed to be filled


def add_layout(
    connection: duckdb.DuckDBPyConnection,
    number: int,
    sheet: Sheet,
    file_name: str,
    text: str,
    recipes: Path,
    fold: Folding,
) -> tuple[str, int]:
    """Add `[headings]` and `fill_merged` to the proposed recipe by the sheet's layout; return it and how many it added.

    `raw_<number>` holds the sheet's rows below its headers; `recipes` is the recipe's folder-to-be.
    """
    content = tomllib.loads(text)
    recipe = parse_recipe(recipes / f"{content['id']}.toml", content, read_set_files(recipes / FILE))
    plan = KnownRecipes([recipe], fold).recognise(file_name, sheet)
    if plan is None:
        return text, 0
    reject_other_rows(connection, [PlannedSheet(number, plan, sheet)], fold)
    headings = list_understood_headings(connection, number)
    field_headings = [one for one in headings if one[0] in field_names(recipe.holds)]
    filled = _merged_fields(plan, sheet)
    for field, count in filled.items():
        remark = (
            f"fill_merged = true # {CHECK} {count} cells are merged over several rows: do they hold for all of them?"
        )
        text = re.sub(rf"(?m)^(\[fields\.{field}\].*)$", lambda match: f"{match[1]}\n{remark}", text, count=1)  # noqa: B023
    if field_headings:
        examples = "; ".join(
            f"{count} name {field}, such as {' '.join(', '.join(words).split())}"
            for field, count, words in field_headings
        )
        fields = ", ".join(f'"{field}"' for field, *_ in field_headings)
        part = (
            f"[headings] # {CHECK} do these headings among the rows hold for those below? {examples}\n"
            f"fields = [{fields}]\n"
        )
        text = re.sub(r"(?m)^\[fields\.", lambda match: f"{part}\n{match[0]}", text, count=1)
    return text, len(filled) + bool(field_headings)


def _merged_fields(plan: SheetPlan, sheet: Sheet) -> dict[str, int]:
    """Count the cells merged over rows of data, by field."""
    counts = {}
    for field, place in plan.places.items():
        columns = {column + 1 for column in place.all_columns}
        merged = [
            m for m in sheet.merged or () if m.first_column in columns and plan.first_row <= m.first_row < m.last_row
        ]
        if len(merged) >= _FEW and place.columns:
            counts[field] = len(merged)
    return counts


@dataclass(frozen=True)
class Proposal:
    """One proposed recipe.

    Attributes:
        file: The file, inside an archive with the archive in front.
        sheet: The sheet; None for delimited text.
        recipe_id: The proposed id, which is the file name to save it under.
        known_by: The recipe that reads the sheet already, if there is one.
        left_open: The headers of the columns without a use: neither counted nor published.
        asks_order: Whether nothing separates day from month.
        known_text: The recipe that reads the sheet already, where it is the campaign's; else empty.
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
    """The proposals for one file: the recipes, and the sheets without data, each with the reason."""

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

    The work database begins with the campaign's codelists; sheets go into it. A person may have given the sheet,
    the kind of its rows and the id of the one recipe; otherwise each recipe gets a free id.

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
        """Make an id that reveals nothing of the file's name: the ids and titles of recipes are published."""
        recipe_id = f"{'export' if shape.tool == 'plain' else shape.tool}_{guess.kind}"
        free, number = recipe_id, 2
        while free in self._ids:
            free, number = f"{recipe_id}_{number}", number + 1
        self._ids.add(free)
        return free


def _kind_of_items(name: str, sheet: Sheet) -> Kind | None:
    """Return the kind of rows in a sheet from a website, a feed or a calendar; None for any table."""
    ending = PurePosixPath(name).suffix.lower()
    if ending not in POST_EXTENSIONS:
        return None
    return Kind.EVENTS if ending == ".ics" or "event" in (sheet.name or "") else Kind.STORIES
