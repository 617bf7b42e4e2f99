"""An Excel sheet of the actions that are not classified yet, to be filled in and dropped into the inbox."""

import io
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from dashboard.campaign.codelists import UNCLASSIFIED, Code, load_codelists
from dashboard.campaign.folder import CampaignFolder, Language
from etl.deciding.class_answers import ClassifyError
from etl.deciding.classify import query_published, refuse_samples
from etl.faults import raise_explained
from etl.recipes.fields import Kind
from etl.recipes.recipe_file import load_recipes

CODES_SHEET = "Codes"  # the recipe classification_sheet takes no rows from it
_LONGEST = 2_000
# The columns to fill in, under headers that the recipe knows, and how many of each: a list in a cell takes one choice.
_KEYS = {
    "en": ("Action ID", "Stakeholder", "Title"),
    "fr": ("Identifiant", "Partie prenante", "Intitulé"),
    "es": ("Identificador", "Parte interesada", "Título"),
}
_CHOICES: dict[str, tuple[tuple[str, int], ...]] = {
    "en": (("Stakeholder group", 1), ("Category", 1), ("Theme", 3), ("Country", 3), ("Region", 1)),
    "fr": (("Groupe de parties prenantes", 1), ("Catégorie", 1), ("Thème", 3), ("Pays", 3), ("Région", 1)),
    "es": (("Grupo de partes interesadas", 1), ("Categoría", 1), ("Tema", 3), ("País", 3), ("Región", 1)),
}
_LISTS = (("stakeholder_groups",), ("categories",), ("themes",), ("countries",), ("regions", "subregions"))
# What is suggested, under headers that the recipe reads where staff say yes in the column that follows.
_NOTES = {
    "en": (
        "Still missing", "Suggested stakeholder group", "Suggested category", "Suggested themes", "Suggested places",
        "Words that suggest it",
    ),
    "fr": (
        "Manque encore", "Groupe de parties prenantes suggéré", "Catégorie suggérée", "Thèmes suggérés",
        "Lieux suggérés", "Mots qui le suggèrent",
    ),
    "es": (
        "Falta todavía", "Grupo de partes interesadas sugerido", "Categoría sugerida", "Temas sugeridos",
        "Lugares sugeridos", "Palabras que lo sugieren",
    ),
}  # fmt: skip
_ACCEPT = {
    "en": ("Accept the suggestions", "Yes"),
    "fr": ("Accepter les suggestions", "Oui"),
    "es": ("Aceptar las sugerencias", "Sí"),
}
_DESCRIPTION = {"en": "Description", "fr": "Description", "es": "Descripción"}
_TITLES = {"en": "Classification", "fr": "Classement", "es": "Clasificación"}
_WRAPPED = Alignment(vertical="top", wrap_text=True)
_TO_FILL = PatternFill("solid", fgColor="FFF4D6")


def write_sheet(folder: CampaignFolder, path: Path, language: Language) -> int:
    """Write the sheet; returns how many actions it lists.

    Raises:
        UserError: the campaign shows sample data, nothing is published, no action is left to classify, the name would
            not be recognised in the inbox, or the disk refuses.
    """
    refuse_samples(folder)
    _refuse_name(folder, path)
    rows = query_published(folder, "unclassified", {"language": language})
    if not rows:
        raise ClassifyError(
            "Every action has a stakeholder group, a category, themes and a place.", "There is nothing to fill in."
        )
    codelists = load_codelists(folder)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_TITLES[language])
    codes = book.create_sheet(CODES_SHEET)
    codes.sheet_state = "hidden"
    lists = [_labels(codelists, names, language) for names in _LISTS]
    _lay_out(sheet, language)
    _offer(sheet, language, [len(labels) for labels in lists], len(rows))
    for row in rows:
        sheet.append(_cells(sheet, row, language))
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


def _refuse_name(folder: CampaignFolder, path: Path) -> None:
    patterns = [
        pattern
        for recipe in load_recipes(folder)
        if recipe.holds is Kind.CLASSIFICATION
        for pattern in recipe.recognise.file_names or ("*",)
    ]
    if path.suffix.lower() != ".xlsx" or not any(fnmatchcase(path.name.casefold(), p.casefold()) for p in patterns):
        raise ClassifyError(
            f"{path.name} would not be recognised as a classification in the inbox.",
            'Choose a name such as "classification to fill in.xlsx".',
        )


def _labels(codelists: dict[str, list[Code]], names: tuple[str, ...], language: Language) -> list[str]:
    codes = [code for name in names for code in codelists[name] if code.code != UNCLASSIFIED]
    labels = [code.labels[language] for code in codes]
    return sorted(labels, key=str.casefold) if names == ("countries",) else labels


def _headers(language: Language) -> list[str]:
    choices = [header for header, times in _CHOICES[language] for _ in range(times)]
    return [*_KEYS[language], _DESCRIPTION[language], *_NOTES[language], _ACCEPT[language][0], *choices]


def _lay_out(sheet: Any, language: Language) -> None:
    headers = _headers(language)
    filled_from = len(headers) - sum(times for _, times in _CHOICES[language]) - 1
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


def _offer(sheet: Any, language: Language, lengths: list[int], rows: int) -> None:
    """A drop-down list for every cell to fill in; another spelling may be written all the same."""
    column = len(_KEYS[language]) + 1 + len(_NOTES[language]) + 1
    offers = [(f'"{_ACCEPT[language][1]}"', 1)]
    for place, ((_, times), length) in enumerate(zip(_CHOICES[language], lengths, strict=True), start=1):
        letter = get_column_letter(place)
        offers.append((f"={CODES_SHEET}!${letter}$1:${letter}${length}", times))
    for formula, times in offers:
        offered = DataValidation(type="list", formula1=formula, allow_blank=True, errorStyle="warning")
        offered.showErrorMessage = True
        offered.add(f"{get_column_letter(column)}2:{get_column_letter(column + times - 1)}{rows + 1}")
        sheet.data_validations.append(offered)
        column += times


def _cells(sheet: Any, row: tuple[Any, ...], language: Language) -> list[Any]:
    action_id, stakeholder, title, description, *lacks_and_suggestions = row
    lacks, suggestions = lacks_and_suggestions[:4], lacks_and_suggestions[4:]
    missing = ", ".join(
        header for (header, _), is_missing in zip(_CHOICES[language], lacks, strict=False) if is_missing
    )
    return [_text(sheet, text) for text in (action_id, stakeholder, title, description, missing, *suggestions)]


def _text(sheet: Any, text: str | None) -> Any:
    cell = WriteOnlyCell(sheet)
    if text:
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:_LONGEST]
        cell.data_type = "s"  # a text that begins with = is no formula
    cell.alignment = _WRAPPED
    return cell
