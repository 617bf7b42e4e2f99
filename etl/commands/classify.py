"""`python -m etl classify`: keep the accepted suggestions of staff, or write an Excel sheet to fill in.

The sheet lists the actions that are not classified yet; filled in, it is dropped into the inbox.
"""

import io
import sys
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any

import typer
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from dashboard.access.audit.events import Event
from dashboard.access.audit.log import acting_here
from dashboard.campaign.accepted import ACCEPTED_FILE, FIELDS
from dashboard.campaign.codelists import load_codelists
from dashboard.campaign.folder import CampaignFolder
from dashboard.command_line import JsonOption, print_json
from dashboard.errors import UserError
from dashboard.faults import raise_explained
from dashboard.formats import join_list
from dashboard.ground.codelist_codes import UNCLASSIFIED, Code
from dashboard.ground.files.row_workbooks import RowsWorkbook
from dashboard.i18n import N_, translator
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.commands.class_answers import (
    NOT_CLASSIFIED,
    ClassifyError,
    Conflict,
    Outcome,
    accept,
    accept_suggested,
    query_published,
    take_back,
)
from etl.commands.console import CampaignOption, print_line
from etl.commands.keep_answer import refuse_samples
from etl.publish.holding import only_build
from etl.recipes.fields import Kind
from etl.recipes.recipe_file import Recipe, load_recipes
from etl.texts.plain import plain

CODES_SHEET = "Codes"  # the recipe classification_sheet takes no rows from it
_LONGEST = 2_000
_LONGEST_NAME = 31
# The columns to fill in, and the number of each: a list in a cell takes one choice.
_KEYS = (N_("Action ID"), N_("Stakeholder"), N_("Title"))
_CHOICES = (
    (N_("Stakeholder group"), 1), (N_("Category"), 1), (N_("Theme"), 3), (N_("Country"), 3), (N_("Region"), 1),
)  # fmt: skip
_LISTS = (("stakeholder_groups",), ("categories",), ("themes",), ("countries",), ("regions", "subregions"))
_DESCRIPTION = N_("Description")
# The suggestions, under headers that the recipe reads where staff say yes in the column that follows.
_NOTES = (
    N_("Still missing"), N_("Suggested stakeholder group"), N_("Suggested category"), N_("Suggested themes"),
    N_("Suggested places"), N_("Words that suggest it"),
)  # fmt: skip
_ACCEPT, _YES = N_("Accept the suggestions"), N_("Yes")
_WRAPPED = Alignment(vertical="top", wrap_text=True)
_TO_FILL = PatternFill("solid", fgColor="FFF4D6")


class _Words:
    """The words of the sheet in a language, as far as the recipes that will read it know them; else in English."""

    def __init__(self, recipes: Sequence[Recipe], language: str) -> None:
        """Gather the known headers."""
        self.language = language
        self._t = translator(language)
        self._known = {
            plain(header)
            for recipe in recipes
            for headers in (*(mapping.spellings for mapping in recipe.fields.values()), recipe.set_aside.headers)
            for header in headers
        }
        self.yes = self._t(_YES) if self._is_known(_ACCEPT) else _YES

    def _is_known(self, header: str) -> bool:
        return plain(self._t(header)) in self._known

    def header(self, message: str) -> str:
        """Return a column's header."""
        return self._t(message) if self._is_known(message) else message


def write_sheet(folder: CampaignFolder, path: Path, language: str) -> int:
    """Write the sheet; return the number of its actions.

    Raises:
        UserError: the campaign shows sample data, nothing is published, no action is left to classify, the name would
            not be recognised in the inbox, or the disk refuses.
    """
    refuse_samples(folder, NOT_CLASSIFIED)
    recipes = [recipe for recipe in load_recipes(folder) if recipe.holds is Kind.CLASSIFICATION]
    _refuse_name(recipes, path)
    words = _Words(recipes, language)
    rows = query_published(folder, "unclassified", {"language": language})
    if not rows:
        raise ClassifyError(
            "Every action has a stakeholder group, a category, themes and a place.", "There is nothing to fill in."
        )
    codelists = load_codelists(folder)
    book = RowsWorkbook()
    sheet = book.create_sheet(translator(language)(N_("Classification"))[:_LONGEST_NAME])
    codes = book.create_sheet(CODES_SHEET)
    codes.sheet_state = "hidden"
    lists = [_labels(codelists, names, language) for names in _LISTS]
    _lay_out(sheet, words)
    _offer(sheet, words, [len(labels) for labels in lists], len(rows))
    for row in rows:
        sheet.append(_cells(sheet, row, words))
    for number in range(max(map(len, lists))):
        codes.append([labels[number] if number < len(labels) else None for labels in lists])
    content = io.BytesIO()
    book.save(content)  # stopped half way, the library would complain of its own sheets
    try:
        path.write_bytes(content.getvalue())
    except OSError as error:
        raise_explained(error)
        raise ClassifyError(f"{path} cannot be written: {error.strerror}.", "Close it, or choose another.") from error
    return len(rows)


def _refuse_name(recipes: Sequence[Recipe], path: Path) -> None:
    patterns = [pattern for recipe in recipes for pattern in recipe.recognise.file_names or ("*",)]
    if path.suffix.lower() != ".xlsx" or not any(fnmatchcase(path.name.casefold(), p.casefold()) for p in patterns):
        raise ClassifyError(
            f"{path.name} would not be recognised as a classification in the inbox.",
            'Choose a name such as "classification to fill in.xlsx".',
        )


def _labels(codelists: dict[str, list[Code]], names: tuple[str, ...], language: str) -> list[str]:
    codes = [code for name in names for code in codelists[name] if code.code != UNCLASSIFIED]
    labels = [code.labels[language] for code in codes]
    return sorted(labels, key=str.casefold) if names == ("countries",) else labels


def _headers(words: _Words) -> list[str]:
    choices = [header for header, times in _CHOICES for _ in range(times)]
    return [words.header(one) for one in (*_KEYS, _DESCRIPTION, *_NOTES, _ACCEPT, *choices)]


def _lay_out(sheet: Any, words: _Words) -> None:
    headers = _headers(words)
    filled_from = len(headers) - sum(times for _, times in _CHOICES) - 1
    widths = [16, 30, 40, 50, 20, 24, 24, 30, 24, 36, 14]
    for number in range(1, len(headers) + 1):
        width = widths[number - 1] if number <= len(widths) else 24
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "D2"
    cells = []
    for number, header in enumerate(headers):
        cell = WriteOnlyCell(sheet, header)
        cell.font = Font(bold=True)
        cell.alignment = _WRAPPED
        if number >= filled_from:
            cell.fill = _TO_FILL
        cells.append(cell)
    sheet.append(cells)


def _offer(sheet: Any, words: _Words, lengths: list[int], rows: int) -> None:
    """Add a drop-down list to every cell to fill in; another spelling may be written all the same."""
    column = len(_KEYS) + 1 + len(_NOTES) + 1
    offers = [(f'"{words.yes}"', 1)]
    for place, ((_, times), length) in enumerate(zip(_CHOICES, lengths, strict=True), start=1):
        letter = get_column_letter(place)
        offers.append((f"={CODES_SHEET}!${letter}$1:${letter}${length}", times))
    for formula, times in offers:
        offered = DataValidation(type="list", formula1=formula, allow_blank=True, errorStyle="warning")
        offered.showErrorMessage = True
        offered.add(f"{get_column_letter(column)}2:{get_column_letter(column + times - 1)}{rows + 1}")
        sheet.data_validations.append(offered)
        column += times


def _cells(sheet: Any, row: tuple[Any, ...], words: _Words) -> list[Any]:
    action_id, stakeholder, title, description, *lacks_and_suggestions = row
    lacks, suggestions = lacks_and_suggestions[:4], lacks_and_suggestions[4:]
    missing = join_list(
        (words.header(header) for (header, _), is_missing in zip(_CHOICES, lacks, strict=False) if is_missing),
        words.language,
    )
    return [_text(sheet, text) for text in (action_id, stakeholder, title, description, missing, *suggestions)]


def _text(sheet: Any, text: str | None) -> Any:
    cell = WriteOnlyCell(sheet)
    if text:
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:_LONGEST]
        cell.data_type = "s"  # a text that begins with = is no formula
    cell.alignment = _WRAPPED
    return cell


_SECONDS = 60.0  # to wait for a build, or for a colleague's change, that is under way
_SHOWN = 20


def classify(
    campaign: CampaignOption = SHIPPED_CAMPAIGN,
    sheet: Annotated[
        Path | None, typer.Option("--sheet", help="Write the unclassified actions to this Excel file instead.")
    ] = None,
    lang: Annotated[str, typer.Option("--lang", help="Language of the sheet, one of the campaign's.")] = "en",
    by: Annotated[str, typer.Option("--by", help="Who classifies: a name or initials, kept beside each answer.")] = "",
    suggested: Annotated[
        bool, typer.Option("--accept-suggested", help="Accept every suggestion for what nobody has said yet.")
    ] = False,
    fields: Annotated[
        list[str] | None,
        typer.Option("--field", help=f"With --accept-suggested, of these fields only: {', '.join(FIELDS)}."),
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take back what the last run changed.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Accept classes: JSON lines on standard input, kept in the inbox; or write a sheet to fill in."""
    folder = CampaignFolder(campaign)
    if sheet is not None:
        action_count = write_sheet(folder, sheet, _check_language(folder, lang))
        if as_json:
            print_json({"ok": True, "actions": action_count})
            return
        print_line(f"{sheet} lists {action_count:,} actions. Fill it in and drop it into {folder.inbox}.")
        return
    event = Event.CLASSES_UNDONE if undo else Event.CLASSIFIED
    with acting_here(folder.root, event, by=by) as act, only_build(folder, _SECONDS):
        if undo:
            outcome = take_back(folder, by)
        elif suggested:
            outcome = accept_suggested(folder, fields or list(FIELDS), by)
        else:
            outcome = accept(folder, sys.stdin, by)
        ids = [line["action_id"] for line in outcome.undo]
        act.say(", ".join(ids[:3]), actions=outcome.actions, action_ids=ids, conflicts=len(outcome.conflicts))
    if as_json:
        conflicts = [conflict._asdict() for conflict in outcome.conflicts]
        print_json({"ok": True, "actions": outcome.actions, "undo": outcome.undo, "conflicts": conflicts})
        return
    _tell(outcome)


def _tell(outcome: Outcome) -> None:
    """Report the changes, and the conflicts with changes of somebody else."""
    changed = sum(len(line["was"]) for line in outcome.undo)
    print_line(f"{outcome.actions:,} actions changed in {ACCEPTED_FILE} ({changed:,} fields).")
    if outcome.conflicts:
        print_line(
            f"{len(outcome.conflicts):,} fields were changed by somebody else meanwhile; nothing of these is kept:"
        )
        for conflict in outcome.conflicts[:_SHOWN]:
            print_line(f"  {_describe(conflict)}")
        if len(outcome.conflicts) > _SHOWN:
            print_line(f"  and {len(outcome.conflicts) - _SHOWN:,} more.")
    if outcome.actions:
        print_line("Build to apply it: python -m etl build. Take it back: python -m etl classify --undo.")


def _describe(conflict: Conflict) -> str:
    theirs, yours = (", ".join(codes) or "nothing" for codes in (conflict.theirs, conflict.yours))
    source = " ".join(filter(None, (conflict.by and f"by {conflict.by}", conflict.at and f"on {conflict.at}")))
    return f"{conflict.action_id}, {conflict.field}: {theirs}{f' ({source})' if source else ''}; yours: {yours}"


def _check_language(folder: CampaignFolder, lang: str) -> str:
    languages = folder.load().offered
    if lang not in languages:
        raise UserError(f"There is no language {lang}.", f"Use {', '.join(languages)}.")
    return lang
