"""`columns.csv`, `sheets.csv`, `answers.csv`: a line is an answer of staff about the thing of its first cells.

The uses that staff gave to columns, the sheets of workbooks that count, and the answers of staff to builds' questions.
`docs/clean-your-data.md` teaches the files. The answers of all kinds are kept, in a campaign or in a draft, by
`keep_answers`.
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from dashboard.campaign.answers.answer import OWN_STATUS, Answer, Meaning
from dashboard.campaign.answers.question_kinds import ANSWERS, BY_NAME, COLUMNS, ROWS, SHEETS, SPELLINGS, WORD
from dashboard.campaign.answers.staff_file import StaffFile
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.working_copy import find_version
from dashboard.errors import UserError, suggest
from etl.inputs.spellings_file import keep_meanings, open_spellings, withdraw_meaning
from etl.recipes.fields import Kind, field_names
from etl.recipes.recipe_file import Recipe, load_recipes
from etl.recipes.settled_plan import NAMED_QUESTION, OTHER_USES, ROUND, SHEET_USES, is_about_sheet
from etl.steps import Step, reached

NAMES = ("kind", "recipe", "file", "sheet", "field")
"""The parts of an answer that name the thing that it is about."""
_OWN = {name: kind for name, kind in BY_NAME.items() if kind.file == ANSWERS}


class AnswerError(UserError):
    """A line of a file of answers cannot be used: the line and the remedy are in the sentence."""


class _Form(NamedTuple):
    """The form of one of the files.

    Attributes:
        columns: The columns of the cells that name a thing, with the parts of the answer that they are.
        needed: Those of these columns that must be filled.
        kind: The kind of all its answers; empty where each line names its own.
    """

    columns: Mapping[str, str]
    needed: tuple[str, ...]
    kind: str = ""


_FORMS: Mapping[str, _Form] = MappingProxyType(
    {
        COLUMNS: _Form({"recipe": "recipe", "header": "field"}, ("recipe", "header"), "column"),
        SHEETS: _Form({"file": "file", "sheet": "sheet"}, ("file", "sheet"), "sheet"),
        ANSWERS: _Form({name: name for name in NAMES}, NAMES[:1]),
    }
)


@dataclass(frozen=True)
class UsesFile:
    """One such file, of a campaign or a draft."""

    path: Path

    def read(self) -> list[Answer]:
        """Read every line, in the order of the file; none where there is no file.

        Raises:
            AnswerError: the file cannot be read, or a line lacks a cell.
        """
        file, lines = self._file(), []
        for number, cells in file.rows():
            empty = next((name for name in file.needed if not cells[name]), None)
            if empty is not None:
                raise AnswerError(
                    f'{self.path.name}, row {number}: the column "{empty}" is empty.', "Fill it, or take the row out."
                )
            lines.append(self._make(cells, number))
        return lines

    def find(self, answer: Answer) -> list[Answer]:
        """Find the lines about the same thing, the one that counts last."""
        return [line for line in self.read() if _name(line) == _name(answer)]

    def keep(self, answers: Sequence[Answer]) -> tuple[int, int]:
        """Write or take back several answers, all of them or none; an empty use takes back, a later one replaces.

        Returns:
            How many are written and how many are taken back; a use already in force counts in neither.

        Raises:
            AnswerError: the file cannot be read; it stays as it is.
        """
        present: dict[tuple[str, ...], list[Answer]] = {}
        for line in self.read():
            present.setdefault(_name(line), []).append(line)
        added: dict[tuple[str, ...], Answer] = {}
        removed: list[Answer] = []
        kept_count = taken_back = 0
        today = date.today().isoformat()
        for answer in answers:
            name = _name(answer)
            lines = [added[name]] if name in added else present.get(name, [])
            if answer.use == (lines[-1].use if lines else ""):
                continue
            removed += present.pop(name, [])
            added.pop(name, None)
            if answer.use:
                added[name] = replace(answer, decided_on=today)
                kept_count += 1
            else:
                taken_back += 1
        cells = [
            {name: getattr(line, part) for name, part in self._form.columns.items()}
            | {"is": line.use, "note": line.note, "decided_on": line.decided_on}
            for line in added.values()
        ]
        reached(Step.SAY)
        self._file().change(cells, [line.line for line in removed])
        return kept_count, taken_back

    def refuse_changed(self, answers: Sequence[Answer], version: str | None) -> None:
        """Refuse answers that would overwrite newer ones than the caller has seen, unless nobody has looked (None).

        `version` is that of the file on which the answers rest (`campaign.working_copy`).

        Raises:
            AnswerError: the file has changed, and says something else about one of these things.
        """
        if version is None or find_version(self.path) == version:
            return
        for answer in answers:
            lines = self.find(answer)
            if lines and lines[-1].use != answer.use:
                names = ", ".join(filter(None, (getattr(answer, part) for part in self._form.columns.values())))
                raise AnswerError(
                    f"{self.path.name}, row {lines[-1].line}: {names} was said to be {lines[-1].use} since you looked.",
                    "Nothing of yours was kept: look at it, and keep yours or leave it.",
                )

    def read_list(self, text: str) -> list[Answer]:
        """Parse the lines of a list in the form of the file; a note may be missing, and an empty use takes back.

        Raises:
            AnswerError: it is empty or lacks a column.
        """
        rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
        needed = self._file().needed
        lacking = [name for name in needed if rows and name not in rows[0]]
        if lacking or not rows:
            raise AnswerError(
                f"The list lacks the column {', '.join(lacking)}." if rows else "The list is empty.",
                f"Write {','.join(needed)} into its first row and one of them below it a row.",
            )
        cells = [{name: (cell or "").strip() for name, cell in row.items() if isinstance(cell, str)} for row in rows]
        return [self._make(row) for row in cells]

    @property
    def _form(self) -> _Form:
        return _FORMS[self.path.name]

    def _file(self) -> StaffFile:
        header = (*self._form.columns, "is", "note", "decided_on")
        return StaffFile(self.path, header, (*self._form.needed, "is"), AnswerError)

    def _make(self, cells: Mapping[str, str], number: int = 0) -> Answer:
        subject = dict.fromkeys(NAMES, "") | {"kind": self._form.kind}
        subject |= {part: cells.get(name, "") for name, part in self._form.columns.items()}
        use = cells.get("is", "")
        use = use if subject["kind"] == WORD.name else use.casefold()  # codes of countries are capitals
        return Answer(number, **subject, use=use, note=cells.get("note", ""), decided_on=cells.get("decided_on", ""))


def _name(line: Answer) -> tuple[str, ...]:
    """Return the cells that name a thing, in the form for comparisons."""
    return tuple(getattr(line, part).casefold() for part in NAMES)


def read_answers(path: Path) -> list[Answer]:
    """Read the answers of staff to other questions than of columns and sheets; none where there is no file.

    Raises:
        AnswerError: the file cannot be read, or one of its lines is impossible.
    """
    answers = UsesFile(path).read()
    for answer in answers:
        check_answer(answer, f"{ANSWERS}, row {answer.line}")
    return answers


def read_column_uses(path: Path, recipes: Sequence[Recipe]) -> list[Answer]:
    """Read the uses that staff gave to columns, in the order of the file; none where there is no file.

    Skip a line of a recipe that the campaign does not have: its files are not read either.

    Raises:
        AnswerError: the file cannot be read, or one of its lines is impossible.
    """
    recipes_by_id = {recipe.id: recipe for recipe in recipes}
    answers: dict[tuple[str, ...], Answer] = {}
    for answer in UsesFile(path).read():
        if answer.recipe not in recipes_by_id:
            continue
        _check_column(recipes_by_id[answer.recipe], answer.use, f"{COLUMNS}, row {answer.line}")
        first = answers.setdefault((answer.recipe, answer.field.casefold()), answer)
        if first.use != answer.use:
            raise AnswerError(
                f"{COLUMNS}, row {answer.line}: “{answer.field}” is said to be {answer.use}, "
                f"but row {first.line} says {first.use}.",
                "Take one of these rows out.",
            )
    return list(answers.values())


def read_sheet_uses(path: Path) -> list[Answer]:
    """Read the uses that staff gave to sheets, in the order of the file; none where there is no file.

    Raises:
        AnswerError: the file cannot be read, or one of its lines is impossible.
    """
    answers = UsesFile(path).read()
    for answer in answers:
        _check_sheet(answer.use, f"{SHEETS}, row {answer.line}")
    return answers


def keep_answers(
    folder: CampaignFolder,
    answers: Sequence[Answer | Meaning],
    version: str | None = None,
    *,
    place: Path | None = None,
) -> tuple[int, int]:
    """Keep or withdraw answers of staff, each in the file of its kind; an empty one withdraws.

    `version`: the version of their file that they rest on, of several files that of `answers.csv`; None where nobody
    looked.
    `place`: the folder of the files; the campaign's by default, else that of a draft which tries the answers.

    Returns:
        The numbers of kept and of withdrawn answers; repeated ones count in neither.

    Raises:
        UserError: one of them cannot be kept; of its file none is.
    """
    by_file: dict[str, list[Answer]] = {}
    meanings: list[Meaning] = []
    for answer in answers:
        if isinstance(answer, Meaning) or answer.kind == WORD.name:
            meanings.append(answer if isinstance(answer, Meaning) else read_meaning(answer))
        else:
            by_file.setdefault(find_file(answer), []).append(answer)
    files = {name: UsesFile((place or folder.root) / name) for name in by_file}
    is_one_file = len({find_file(answer) for answer in answers}) == 1
    for name, file in files.items():
        _CHECKS[name](folder, file, by_file[name])
        file.refuse_changed(by_file[name], version if is_one_file or name == ANSWERS else None)
    counts = []
    if new := [one for one in meanings if one.means or one.based_on]:
        of_words = version if is_one_file else None
        lines = keep_meanings(folder, (place or folder.root) / SPELLINGS, new, of_words)
        counts.append((sum(is_new for _, is_new in lines), 0))
    for meaning in meanings:
        if meaning not in new:
            withdraw_meaning(folder, meaning)
            counts.append((0, 1))
    counts += [file.keep(by_file[name]) for name, file in files.items()]
    return sum(kept_count for kept_count, _ in counts), sum(back for _, back in counts)


def find_file(answer: Answer | Meaning) -> str:
    """Find the file in which an answer is kept."""
    if isinstance(answer, Meaning):
        return SPELLINGS
    kind = BY_NAME.get(answer.kind)
    return ANSWERS if kind is None else kind.file


def read_meaning(answer: Answer) -> Meaning:
    """Read the meaning of a word from an answer, whose field is `status/Ongoing?`.

    Raises:
        AnswerError: its field names no word.
    """
    field, _, word = answer.field.partition("/")
    if not word:
        raise AnswerError(f"“{answer.field}” is no word of a field.", "Write the field and the word: status/Ongoing?.")
    is_own = answer.use.startswith(OWN_STATUS)
    base, means = (answer.use.removeprefix(OWN_STATUS), "") if is_own else ("", answer.use)
    return Meaning(word, field, means, base, answer.recipe, answer.file, answer.note)


def list_kept(folder: CampaignFolder) -> list[Answer]:
    """List every kept answer, of all files.

    Raises:
        UserError: a file cannot be read.
    """
    answers = [answer for name in _FORMS for answer in UsesFile(folder.root / name).read()]
    if not folder.spellings_file.is_file():
        return answers
    with open_spellings(folder) as spellings:
        words = spellings.read()
    return answers + [
        Answer(word.line, WORD.name, word.recipe, word.file, "", f"{word.codelist}/{word.word}",
               f"{OWN_STATUS}{word.based_on}" if word.based_on else word.means, word.note, word.decided_on)
        for word in words
    ]  # fmt: skip


def check_answer(answer: Answer, where: str) -> None:
    """Make sure that a line answers a question; an empty answer takes back."""
    kind = _OWN.get(answer.kind)
    if kind is None:
        raise AnswerError(
            f"{where}: there is no question {answer.kind}.",
            f"{suggest(answer.kind, _OWN)}Write one of {', '.join(_OWN)}.",
        )
    is_of_all = kind.takes_day and answer.use == ROWS  # said of all files of a kind, whatever they say
    if kind.is_of_field != bool(answer.field) and not is_of_all:
        remedy = "Write the field" if kind.is_of_field else "Leave the field empty"
        raise AnswerError(
            f"{where}: {answer.kind} is asked of a {'field' if kind.is_of_field else 'sheet'}.", f"{remedy}."
        )
    if answer.use and not kind.is_answer(answer.use):
        raise AnswerError(
            f"{where}: “{answer.use}” is no answer to {answer.kind}.", f"Write one of {', '.join(kind.values)}."
        )


def _check_column(recipe: Recipe, use: str, where: str) -> None:
    """Refuse a use that a column of a recipe cannot have.

    Raises:
        AnswerError: it is no field of the recipe's kind, no question that it names, and no other use.
    """
    questions = [f"{NAMED_QUESTION}{name}" for name in recipe.questions]
    choices = {f"{NAMED_QUESTION}{name}/{code}" for name, one in recipe.questions.items() for code in one.choices}
    rounds = (ROUND,) if recipe.holds is Kind.ACTIONS else ()
    allowed = (*field_names(recipe.holds), *rounds, *OTHER_USES, *questions)
    if use not in allowed and use not in {choice.casefold() for choice in choices}:
        raise AnswerError(
            f"{where}: “{use}” is nothing that a column of {recipe.id} can be.",
            f"{suggest(use, allowed)}Write one of {', '.join(allowed)}.",
        )


def _check_sheet(use: str, where: str) -> None:
    """Make sure that a sheet can be this."""
    if use not in SHEET_USES:
        raise AnswerError(f"{where}: “{use}” is nothing that a sheet can be.", f"Write {' or '.join(SHEET_USES)}.")


def _check_answers(_folder: CampaignFolder, _file: UsesFile, answers: Sequence[Answer]) -> None:
    for answer in answers:
        check_answer(answer, f"“{answer.kind}”")


def _check_columns(folder: CampaignFolder, _file: UsesFile, answers: Sequence[Answer]) -> None:
    """Refuse answers about columns of a recipe that does not exist, and impossible uses."""
    recipes_by_id = {recipe.id: recipe for recipe in load_recipes(folder)}
    for answer in answers:
        if answer.recipe not in recipes_by_id:
            raise AnswerError(f"There is no recipe {answer.recipe}.", "Take that row out of the list.")
        if answer.use:
            _check_column(recipes_by_id[answer.recipe], answer.use, f"“{answer.field}”")


def _check_sheets(_folder: CampaignFolder, file: UsesFile, answers: Sequence[Answer]) -> None:
    """Refuse impossible uses of sheets, and to take back a use that only a line for several files or sheets gives."""
    lines = read_sheet_uses(file.path)
    for answer in answers:
        about = [line for line in lines if is_about_sheet(line, answer.file, answer.sheet)]
        if answer.use:
            _check_sheet(answer.use, f"“{answer.sheet}”")
        elif about and not file.find(answer):
            raise AnswerError(
                f"{SHEETS}, row {about[-1].line} says it of all sheets called “{about[-1].sheet}” in {about[-1].file}.",
                "Take that row out of the file, if it is not meant so.",
            )


_CHECKS: Mapping[str, Callable[[CampaignFolder, UsesFile, Sequence[Answer]], None]] = MappingProxyType(
    {ANSWERS: _check_answers, COLUMNS: _check_columns, SHEETS: _check_sheets}
)
"""What refuses answers that a file cannot keep."""
