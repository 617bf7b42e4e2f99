"""The survey questions of a sheet: those that its recipe names, and those that it asks besides."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from etl.recipes.model import Question as NamedQuestion
from etl.recipes.recognition import Place, SheetPlan
from etl.shapes.model import Column, Role, Shape
from etl.texts.folding import Folding, matches
from etl.texts.plain import plain

_LONGEST_KEY = 60
_NUMBERED = re.compile(r"^(q|question|v|var|col|column|field)?_?\d+[a-z]?(_\d+)*$")
_XML_NAME = re.compile(r"^[\w./:-]+$")
# Words so frequent that a few headers tell the language they are in.
_COMMON = {
    "en": frozenset({
        "the", "of", "you", "your", "did", "do", "does", "is", "are", "was", "were", "what", "which", "how", "have",
        "has", "and", "in", "with", "to", "for",
    }),
    "fr": frozenset({
        "le", "la", "les", "des", "du", "de", "vous", "votre", "vos", "est", "sont", "quel", "quelle", "quels",
        "quelles", "et", "dans", "avec", "pour", "une", "avez",
    }),
    "es": frozenset({
        "el", "la", "los", "las", "de", "del", "su", "sus", "que", "cual", "cuales", "es", "son", "como", "en", "con",
        "para", "una", "y", "usted", "recibio",
    }),
}  # fmt: skip
# Signs without which two choices could look alike: under 5 years, over 5 years.
_SIGNS = (
    ("<=", "at most"), ("≤", "at most"), (">=", "at least"), ("≥", "at least"), ("<", "under"), (">", "over"),
    ("+", "plus"),
)  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """One choice of a question: its code, its label as the sheet writes it, its columns if it has its own."""

    code: str
    label: str | None
    columns: tuple[int, ...] = ()
    is_other: bool = False


@dataclass(frozen=True)
class Question:
    """One question of one sheet.

    Attributes:
        key: Its name: the recipe's, else one made of its text.
        text: Its text as the sheet has it; None where the sheet only has a name for it.
        place: The columns, as for a field.
        choices: The choices that are known before any row is read.
        separators: What may stand between several choices in one cell.
        is_named: Whether the recipe names it, so that it is kept whatever its cells look like.
        is_split: Whether it has a column a choice.
        has_names: Whether its headers are names as form builders use them, which have no blanks: then neither do
            the names of its choices.
        cell_first: Whether the cell decides, and the choices' columns only speak where it is empty.
    """

    key: str
    text: str | None
    place: Place
    choices: tuple[Choice, ...] = ()
    separators: tuple[str, ...] = ()
    is_named: bool = False
    is_split: bool = False
    has_names: bool = False
    cell_first: bool = False

    @property
    def first_column(self) -> int:
        """Where the question begins."""
        return min(_columns(self.place))


def find_questions(plan: SheetPlan, shape: Shape, fold: Folding) -> list[Question]:
    """The questions of a sheet, in the order of their columns."""
    named = [_named(plan, name, place, shape) for name, place in plan.questions.items()]
    free = free_columns(plan, shape) if plan.recipe.read.questions == "all" else []
    ignored = [fold.pattern(spelling) for spelling in plan.recipe.read.ignore_questions]
    asked = [
        column
        for column in free
        if not any(
            matches(pattern, fold(text)) for pattern in ignored for text in (column.header, column.question) if text
        )
    ]
    taken = {question.key for question in named}
    found: list[Question] = []
    for columns in _grouped(asked):
        question = _unnamed(plan, columns, shape, taken, fold)
        if question is not None:
            taken.add(question.key)
            found.append(question)
    return sorted([*named, *found], key=lambda question: (question.first_column, question.key))


def free_columns(plan: SheetPlan, shape: Shape) -> list[Column]:
    """The columns that may be questions: answers that the recipe maps to nothing."""
    used = {c for place in [*plan.places.values(), *plan.questions.values()] for c in _columns(place)}
    used |= {c for _, columns in plan.left_out for c in columns} | set(plan.personal)
    # A recipe that names some choices of a question has spoken about the whole question.
    named = {shape.columns[c].group for c in used if shape.columns[c].choice is not None}
    return [
        c
        for c in shape.columns
        if c.role is Role.ANSWER and c.question and c.index not in used and (c.group is None or c.group not in named)
    ]


def vote_language(texts: Iterable[str]) -> str | None:
    """The language that most of the common words of these texts are in; None where that is in doubt."""
    seen = Counter(word for text in texts for word in set(plain(text).split()))
    votes = sorted(((sum(seen[word] for word in words), lang) for lang, words in _COMMON.items()), reverse=True)
    (most, lang), (second, _) = votes[:2]
    return lang if most > 1 and most > second else None


def _named(plan: SheetPlan, name: str, place: Place, shape: Shape) -> Question:
    recipe = plan.recipe.questions[name]
    choices = [Choice(code, _label(shape.columns[columns[0]].choice), columns) for code, columns in place.choices]
    known = {choice.code for choice in choices}
    choices += [Choice(code, None) for code in [*recipe.choices, *recipe.labels] if code not in known]
    separators = plan.recipe.read.separators if recipe.separators is None else recipe.separators
    column = shape.columns[min(_columns(place))]
    return Question(
        name, _text(column.question), place, tuple(dict.fromkeys(choices)), separators, is_named=True,
        is_split=bool(place.choices),
    )  # fmt: skip


def _unnamed(
    plan: SheetPlan, columns: Sequence[Column], shape: Shape, taken: set[str], fold: Folding
) -> Question | None:
    """The question that a column, or the columns of one split question, ask; None for what is no question."""
    cells = tuple(c.index for c in columns if c.choice is None)
    by_choice: dict[str, list[Column]] = {}
    for column in columns:
        if column.choice is not None:
            by_choice.setdefault(plain(column.choice) or column.choice, []).append(column)
    if not by_choice and all(c.is_other for c in columns):
        return None  # what people wrote under "Other, please specify"
    text = columns[0].question or ""
    key = _free_key(plan, text, columns[0], taken)
    choices = [
        Choice(key_of_choice(found[0].choice or "", fold), _label(found[0].choice), tuple(c.index for c in found),
               all(c.is_other for c in found))
        for found in by_choice.values()
    ]  # fmt: skip
    place = Place(cells, tuple((choice.code, choice.columns) for choice in choices))
    header = columns[0].header or ""
    separators = tuple(dict.fromkeys([*shape.separators, *plan.recipe.read.separators]))
    return Question(
        key, _text(text), place, tuple(choices), separators,
        is_split=any(not c.is_other for c in choices),
        has_names=bool(_XML_NAME.match(header)),
        cell_first=bool(cells) and all(c.is_other for c in choices),
    )  # fmt: skip


def _grouped(columns: Iterable[Column]) -> list[list[Column]]:
    """Columns of one split question together; every other column on its own."""
    by_group: dict[int, list[Column]] = {}
    groups: list[list[Column]] = []
    for column in columns:
        if column.group is None or column.group not in by_group:
            groups.append([column])
            if column.group is not None:
                by_group[column.group] = groups[-1]
        else:
            by_group[column.group].append(column)
    return groups


def _columns(place: Place) -> list[int]:
    return [*place.columns, *(c for _, columns in place.choices for c in columns)]


def _label(words: str | None) -> str | None:
    """A choice's words for people; None for a name that only the form's builder knows."""
    return None if words is None or re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", words) else words


def _text(words: str | None) -> str | None:
    """Words for people; None for a name that only the form's builder knows."""
    return None if words is None or (_XML_NAME.match(words) and re.search(r"[_./:\d]|^[a-z]+$", words)) else words


def _free_key(plan: SheetPlan, text: str, column: Column, taken: set[str]) -> str:
    key = make_key(text if _text(text) else column.name or text)
    if _NUMBERED.match(key):  # Q4 is another question in every survey
        key = f"{plan.recipe.id}_{key}"
    number = column.repeat
    result = key if number == 1 else f"{key}_{number}"
    while result in taken:
        number += 1
        result = f"{key}_{number}"
    return result


def make_key(text: str) -> str:
    """A question's key: its text in small letters with `_`; a long one is cut and ends in a few letters of its hash."""
    key = plain(text).replace(" ", "_") or "question"
    if len(key) <= _LONGEST_KEY:
        return key
    return f"{key[:_LONGEST_KEY].rpartition('_')[0] or key[:_LONGEST_KEY]}_{sha256(key.encode()).hexdigest()[:4]}"


def known_spellings(question: NamedQuestion | None, choices: Sequence[Choice]) -> dict[str, str]:
    """What a cell may write for each choice: its code, its labels, and what stands behind the question in a header."""
    spellings: dict[str, str] = {}
    for choice in choices:
        written: list[str] = [choice.code, choice.label or ""]
        if question is not None:
            written += question.label(choice.code).values()
            for header in question.choices.get(choice.code, ()):
                written += [part.strip(" *]") for part in re.split(r"/|\s-\s|\[", header)[-1:]]
        for text in written:
            if text:
                spellings.setdefault(text, choice.code)
    return spellings


def key_of_choice(text: str, fold: Folding) -> str:
    """A choice's code: its text in small letters with `_`; the SQL macro `choice_code` says the same of cells."""
    for sign, word in _SIGNS:
        text = text.replace(sign, f" {word} ")
    return fold(text).replace(" ", "_")
