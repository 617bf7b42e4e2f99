"""Put the words of staff about columns and sheets, and their answers, into the plan that reads a sheet.

About a column: the use of the column under a header, for every sheet that a recipe reads. A recipe says the same for
all campaigns; this is one campaign's word, and it goes before the recipe's. It applies to next month's file as well,
since it names the recipe and the header and not the file.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as AnyMapping
from dataclasses import replace
from fnmatch import fnmatchcase

from dashboard.campaign.answers.answer import Answer
from etl.recipes.fields import FIELDS
from etl.recipes.recipe_file import Headings, Mapping, Recipe, Round
from etl.recipes.sheet_plan import Place, SheetPlan
from etl.texts.contacts import without_contacts
from etl.texts.folding import Folding

QUESTION = "question"
STAFF = "staff"
PERSONAL = "personal"
NOTHING = "nothing"
OTHER_USES = (QUESTION, STAFF, PERSONAL, NOTHING)
"""The uses of a column besides a field: a public question, for staff only, personal, or not used."""
ROUND = "round"
"""A sheet, or a register's column of a status, that is a round of reports with a day of its own."""
NAMED_QUESTION = "question:"
"""The prefix of the question that a column is, by its name in the recipe (`question:help`), or of the choice
of one (`question:help/money`)."""


DATA = "data"
SHEET_USES = (DATA, ROUND, NOTHING)
"""The uses of a sheet: data that counts, whatever another sheet holds; a round of reports about the actions of another
one; or nothing, so that it is not read."""


def is_about_sheet(answer: Answer, file: str, sheet: str | None) -> bool:
    """Whether an answer means this sheet of this file; `*` stands for anything, capitals make no difference."""
    names = ((file, answer.file), (sheet or "", answer.sheet))
    return all(fnmatchcase(name.casefold(), pattern.casefold()) for name, pattern in names)


def find_sheet_use(answers: Iterable[Answer], file: str, sheet: str | None) -> str | None:
    """Find the use of a sheet by the last answer of staff about it; None where there is none."""
    uses = [answer.use for answer in answers if is_about_sheet(answer, file, sheet)]
    return uses[-1] if uses else None


def settle_plan(plan: SheetPlan, settlements: Sequence[Answer], fold: Folding) -> SheetPlan:
    """Return the plan with the words of staff about its columns, which go before the recipe."""
    by_header = {fold(s.field): s for s in settlements if s.recipe == plan.recipe.id}
    if not by_header:
        return plan
    names = {i: fold(without_contacts(name)) for i, name in enumerate(plan.names) if name}
    headers = {i: fold(without_contacts(plan.headers[i] or "")) for i in names}
    of_all = {
        header for header, s in by_header.items() if s.use in (QUESTION, PERSONAL)
    }  # of every column that bears it
    columns = {
        i: by_header[key]
        for i, name in names.items()
        for key in ([name] if name in by_header else [headers[i]] if headers[i] in of_all else [])
    }
    present = set(names.values())
    plan = replace(plan, awaited=tuple(s.field for n, s in by_header.items() if s.use == QUESTION and n not in present))
    if not columns:
        return plan
    places = {name: _without(place, columns) for name, place in plan.places.items()}
    contested: dict[int, str] = {}
    for one in FIELDS[plan.recipe.holds]:
        field_columns = tuple(i for i, settlement in columns.items() if settlement.use == one.name)
        of_recipe = places.get(one.name, Place())
        if field_columns and one.several:
            places[one.name] = replace(of_recipe, columns=(*of_recipe.columns, *field_columns), first_of=())
        elif field_columns:
            places[one.name] = Place(field_columns)
            rivals = field_columns if len({names[i] for i in field_columns}) > 1 else ()
            contested |= dict.fromkeys((*of_recipe.all_columns, *rivals), one.name)

    def drop_settled(part_places: dict[str, Place]) -> dict[str, Place]:
        return {n: rest for n, place in part_places.items() if (rest := _without(place, columns)).all_columns}

    rounds = [(one, drop_settled(part_places)) for one, part_places in plan.rounds]
    rounds += [
        (Round.model_construct(wave=without_contacts(plan.names[i] or ""), fields={}), {"status": Place((i,))})
        for i, settlement in columns.items()
        if settlement.use == ROUND
    ]
    questions = {name: _without(place, columns, but=QUESTION) for name, place in plan.questions.items()}
    for name, mapping in plan.recipe.questions.items():
        questions[name] = _add_settled(name, mapping, questions.get(name, Place()), columns)
    uses = {
        use: tuple(sorted({*(i for i in now if i not in columns), *(i for i, s in columns.items() if s.use == use)}))
        for use, now in (
            (PERSONAL, plan.personal), (STAFF, plan.staff), (NOTHING, plan.set_aside), (QUESTION, plan.public)
        )
    }  # fmt: skip
    question_columns = {i for place in questions.values() for i in place.all_columns}
    settled_plan = replace(
        plan,
        places={name: place for name, place in places.items() if place.all_columns},
        questions={name: place for name, place in questions.items() if place.all_columns},
        personal=uses[PERSONAL],
        staff=uses[STAFF],
        set_aside=uses[NOTHING],
        public=tuple(i for i in uses[QUESTION] if i not in question_columns),
        decided=tuple(columns),
        contested=contested,
        rounds=tuple((one, part_places) for one, part_places in rounds if part_places),
        results=tuple((one, rest) for one, part_places in plan.results if (rest := drop_settled(part_places))),
    )
    return replace(settled_plan, personal=tuple(sorted(settled_plan.persons.union(settled_plan.personal))))


def answer_plan(plan: SheetPlan, answers: AnyMapping[tuple[str, str], str]) -> SheetPlan:
    """Return the plan with the answers of staff: the words for "no" in columns of choices go into their places."""
    plan = replace(plan, recipe=_with_headings(plan.recipe, answers), answers=answers)

    def answered(places: dict[str, Place]) -> dict[str, Place]:
        return {name: replace(place, not_taken=plan.not_taken(name, place.not_taken)) for name, place in places.items()}

    return replace(plan, places=answered(plan.places), questions=answered(plan.questions))


def _with_headings(recipe: Recipe, answers: AnyMapping[tuple[str, str], str]) -> Recipe:
    """Return the recipe with or without fields whose values are headings among the rows, as staff said."""
    answered = {name: use == "below" for (kind, name), use in answers.items() if kind == "headings"}
    recipe_fields = recipe.headings.fields if recipe.headings else ()
    fields = [name for name in dict.fromkeys((*recipe_fields, *answered)) if answered.get(name, name in recipe_fields)]
    if tuple(fields) == recipe_fields:
        return recipe
    return recipe.model_copy(update={"headings": Headings(fields=tuple(fields)) if fields else None})


def _without(place: Place, columns: dict[int, Answer], but: str = "") -> Place:
    """Return a place without the columns that staff gave another use."""
    remaining = [i for i in place.columns if i not in columns or columns[i].use == but]
    choices = [
        (value, tuple(i for i in places if i not in columns or columns[i].use == but))
        for value, places in place.choices
    ]
    if place.is_key and len(remaining) < len(place.columns):  # a part of a key is none
        remaining = []
    groups = tuple(part for group in place.first_of if (part := tuple(i for i in group if i in remaining)))
    return Place(
        tuple(remaining),
        tuple((value, places) for value, places in choices if places),
        groups,
        place.is_key,
        place.not_taken,
    )


def _add_settled(name: str, mapping: Mapping, place: Place, columns: dict[int, Answer]) -> Place:
    """Return the place of a recipe's question, with the columns that staff gave to it or to its choices."""

    def find(of: str) -> tuple[int, ...]:
        use = f"{NAMED_QUESTION}{of}".casefold()
        return tuple(i for i, settlement in columns.items() if settlement.use == use)

    by_code = dict(place.choices)
    choices = tuple((code, at) for code in mapping.choices if (at := find(f"{name}/{code}") or by_code.get(code)))
    own_columns = find(name)
    if not own_columns and choices == place.choices:
        return place
    return replace(
        place, columns=own_columns or place.columns, choices=choices, first_of=() if own_columns else place.first_of,
        not_taken=mapping.not_taken,
    )  # fmt: skip
