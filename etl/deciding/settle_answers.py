"""Answers of staff to the questions of builds, one or many, each kept in the file of its kind."""

from collections.abc import Mapping, Sequence
from csv import DictReader, DictWriter
from io import StringIO

from dashboard.answers.answer import Answer
from dashboard.answers.meaning import NOTHING, Meaning
from dashboard.answers.question import Candidate, Question, Subject
from dashboard.answers.question_kinds import A_DAY, ANSWERS, BY_NAME, COLUMNS, SHEETS, SPELLINGS, WORD
from dashboard.campaign.codelists import BASE_STATUSES, DERIVED_STATUSES, UNCLASSIFIED, Code, load_codelists
from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import sentence
from etl.deciding.settle_words import UnmatchedWord, settle, take_back
from etl.inputs.answers_file import NAMES, AnswerError, answers_csv, check_answer, settle_answers
from etl.inputs.columns_file import columns_csv, settle_columns
from etl.inputs.sheets_file import settle_sheets, sheets_csv
from etl.inputs.spellings_editor import open_spellings
from etl.pipeline.open_questions import say_question
from etl.recipes.fields import STATUSES
from etl.recipes.recipe_file import load_recipes
from etl.recipes.settlements import Settlement, SheetSettlement

OWN = "own:"
"""How an answer about a word begins that makes it a status of its own, before the base status."""
_FEW = 25  # codes that an answer names
HEADER = (*NAMES, "is", "note", "question", "answers")
"""The columns of the list that `write_list` gives and `read_list` takes; the last two are for whoever fills it in."""


def write_list(questions: Sequence[Question]) -> str:
    """Questions as a CSV list, to be filled in: the column `is` is empty."""
    text = StringIO(newline="")
    writer = DictWriter(text, HEADER, restval="", lineterminator="\n")
    writer.writeheader()
    for question in questions:
        options = [(one.value, str(one.words)) for one in question.candidates]
        options += [(A_DAY, "any other day")] if question.kind.takes_day else []
        answers = "; ".join(f"{value}: {words}" for value, words in options)
        writer.writerow({**question.key._asdict(), "question": str(say_question(question)), "answers": answers})
    return text.getvalue()


def read_answers(text: str, *, takes_back: bool = False) -> list[Answer]:
    """The answers of such a list; a line without one says nothing, or takes back.

    Raises:
        AnswerError: it is empty, or lacks a column.
    """
    rows = list(DictReader(StringIO(text.removeprefix("\ufeff"), newline="")))
    lacking = [name for name in ("kind", "is") if rows and name not in rows[0]]
    if lacking or not rows:
        raise AnswerError(
            f"The list lacks the column {', '.join(lacking)}." if rows else "The list is empty.",
            "python -m etl answer --list writes it.",
        )
    answers = [_read(row) for row in rows]
    return [answer for answer in answers if answer.use or takes_back]


def ask_words(folder: CampaignFolder, words: Sequence[UnmatchedWord]) -> list[Question]:
    """The questions what words mean that match no code, one a word; its codes are named where they are few."""
    codelists = load_codelists(folder)
    return [_ask_word(word, codelists) for word in words]


def _ask_word(word: UnmatchedWord, codelists: Mapping[str, Sequence[Code]]) -> Question:
    codes = [
        code for code in codelists.get(word.looked_up_in, ()) if code.code not in (UNCLASSIFIED, *DERIVED_STATUSES)
    ]
    looks = f" It looks like {word.nearest_code}." if word.nearest_code else ""
    what = f"“{word.word}” matches no code ({word.rows} rows).{looks}"
    options = [(code.code, code.labels["en"]) for code in codes] if len(codes) <= _FEW else []
    if not options:
        options = [("CODE", "a code, or a spelling of one; several with | between them")]
    if word.looked_up_in == STATUSES:
        options.append((f"{OWN}STATUS", f"a status of its own, counted as one of {', '.join(BASE_STATUSES)}"))
    candidates = [Candidate(value, sentence(words)) for value, words in (*options, (NOTHING, "the field stays empty"))]
    subject = Subject(file=", ".join(word.files), field=f"{word.field}/{word.word}")
    return Question(WORD, subject, sentence(what), tuple(candidates))


def keep_answers(folder: CampaignFolder, answers: Sequence[Answer], version: str | None = None) -> tuple[int, int]:
    """Keep or take back answers, each in the file of its kind; an empty one takes back.

    Args:
        folder: The campaign.
        answers: What is said.
        version: The version of `answers.csv` that they rest on; None where nobody looked.

    Returns:
        How many are kept and how many are taken back; what was said already counts in neither.

    Raises:
        UserError: one of them cannot be kept; of its file none is.
    """
    by_file: dict[str, list[Answer]] = {COLUMNS: [], SHEETS: [], ANSWERS: [], SPELLINGS: []}
    for answer in answers:
        kind = BY_NAME.get(answer.kind)
        if kind is None or kind.file == ANSWERS:
            check_answer(answer, f"“{answer.kind}”")
        by_file[ANSWERS if kind is None else kind.file].append(answer)
    counts = []
    meanings = [(_read_meaning(one), one.use) for one in by_file[SPELLINGS]]
    if new := [meaning for meaning, use in meanings if use]:
        counts.append((sum(is_new for _, is_new in settle(folder, new)), 0))
    if undone := [meaning for meaning, use in meanings if not use]:
        counts.append((0, sum(bool(take_back(folder, meaning)) for meaning in undone)))
    if columns := [Settlement(0, one.recipe, one.field, one.use, one.note) for one in by_file[COLUMNS]]:
        counts.append(settle_columns(folder.columns_file, load_recipes(folder), columns))
    if sheets := [SheetSettlement(0, one.file, one.sheet, one.use, one.note) for one in by_file[SHEETS]]:
        counts.append(settle_sheets(folder.sheets_file, sheets))
    if general_answers := by_file[ANSWERS]:
        answers_csv(folder.answers_file).refuse_changed(general_answers, version)
        counts.append(settle_answers(folder.answers_file, general_answers))
    return sum(kept_count for kept_count, _ in counts), sum(back for _, back in counts)


def list_kept(folder: CampaignFolder) -> list[Answer]:
    """Every kept answer, of all files.

    Raises:
        UserError: a file cannot be read.
    """
    columns = columns_csv(folder.columns_file).read()
    sheets = sheets_csv(folder.sheets_file).read()
    return [
        *(Answer(c.line, "column", c.recipe, "", "", c.header, c.use, c.note, c.decided_on) for c in columns),
        *(Answer(s.line, "sheet", "", s.file, s.sheet, "", s.use, s.note, s.decided_on) for s in sheets),
        *answers_csv(folder.answers_file).read(),
        *_list_words(folder),
    ]


def _list_words(folder: CampaignFolder) -> list[Answer]:
    """What is kept about words, as answers."""
    if not folder.spellings_file.is_file():
        return []
    with open_spellings(folder) as spellings:
        words = spellings.read()
    return [
        Answer(word.line, WORD.name, word.recipe, word.file, "", f"{word.codelist}/{word.word}",
               f"{OWN}{word.based_on}" if word.based_on else word.means, word.note, word.decided_on)
        for word in words
    ]  # fmt: skip


def _read(row: Mapping[str, str]) -> Answer:
    cells = {name: (row.get(name) or "").strip() for name in HEADER}
    kind, recipe, file, sheet, field = (cells[name] for name in NAMES)
    use = cells["is"] if kind == WORD.name else cells["is"].casefold()  # codes of countries are capitals
    return Answer(0, kind, recipe, file, sheet, field, use, cells["note"])


def _read_meaning(answer: Answer) -> Meaning:
    """What an answer says of a word, whose field is `status/Ongoing?`."""
    field, _, word = answer.field.partition("/")
    if not word:
        raise AnswerError(f"“{answer.field}” is no word of a field.", "Write the field and the word: status/Ongoing?.")
    is_own = answer.use.startswith(OWN)
    base, means = (answer.use.removeprefix(OWN), "") if is_own else ("", answer.use)
    return Meaning(word, field, means, base, answer.recipe, answer.file, answer.note)
