"""Recipes: one TOML a kind of export. How it is recognised and which header is which field.

`docs/recipes.md` teaches the format; this module is its definition.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as AnyMapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, ValidationError, model_validator

from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import sentence
from dashboard.file_faults import explain_value, name_setting
from dashboard.i18n import N_
from dashboard.languages import LanguageCode
from etl.recipes.fields import (
    ACTION_ID,
    FIELDS,
    IDS,
    NUMBERS,
    RESPONSE_ID,
    RESULT_FIELDS,
    ROUND_FIELDS,
    Kind,
    Role,
    field_names,
)
from etl.recipes.fields import Field as FieldOfRows
from etl.recipes.known_headers import RecipeError, SetFiles, fill_in, parse_toml, read_set_files

RECIPE_ID = "[a-z][a-z0-9_]*"
"""The form of a recipe's id, and so of its file's name: a pattern for the whole of it."""
BY_LINK = (
    "reports_by_link", "milestones_by_link", "results_by_link", "stories_by_link", "events_by_link",
    "actions_by_link", "annotations_by_link",
)  # fmt: skip
"""The recipes of what staff accepted of reports by link, which the program writes into the inbox."""
_ID = "submission_id"
_PAIRS = ("dmy", "mdy")  # `ymd` says nothing of dates that end with the year


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _as_text(value: object) -> object:
    return str(value) if isinstance(value, int | float) or hasattr(value, "isoformat") else value


Texts = Annotated[tuple[str, ...], BeforeValidator(_as_list)]
Text = Annotated[str, BeforeValidator(_as_text)]
QuestionName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
DateOrder = Annotated[str, Field(pattern="^(dmy|mdy|ymd)$")]
DecimalMark = Literal[",", "."]
_BELONGS = N_("{key}: only recipes of {kinds} have it")
_REPORTING = f"{Kind.ACTIONS}, {Kind.PROGRESS_REPORTS}"


def _fault(what: str, **values: str | int) -> ValueError:
    """Return a fault in a recipe, for pydantic to report."""
    return ValueError(sentence(what, **values))


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Recognise(_Part):
    """The conditions a sheet must meet; all that are given must hold."""

    file_names: Texts = ()
    sheets: Texts = ()
    headers: tuple[Texts, ...] = ()
    without: Texts = ()


class Read(_Part):
    """The layout and the notation of the sheet.

    Attributes:
        guarded: Whether texts that a spreadsheet would run have an apostrophe before them, which is no part of them.
    """

    header_row: int | None = Field(default=None, ge=1)
    rows_after_header: Annotated[int, Field(ge=0)] | Literal["found"] = 0
    ignore_sheets: Texts = ()
    group_separators: Texts = ()
    date_order: DateOrder | None = None
    decimal_mark: DecimalMark | None = None
    separators: Texts = ()
    blank: Texts = ()
    guarded: bool = False
    questions: Literal["all", "named"] = "all"
    ignore_questions: Texts = ()


class Mapping(_Part):
    """The place of one field (or question) in the export.

    Attributes:
        headers: Spellings of its header; the best one found counts.
        first_of: Several columns; in each row the first filled one counts.
        all_of: Several columns whose cells together are the field, as the parts of a key.
        not_taken: Words in the columns of choices that mean "no", besides the usual ones; None for no statement.
        fill_merged: Whether the value of merged cells is that of all their rows; None for no statement.
        fill_down: Whether a blank cell takes the value above it; None for no statement.
    """

    headers: Texts = ()
    first_of: tuple[Texts, ...] = ()
    all_of: tuple[Texts, ...] = ()
    required: bool = False
    prefix: str = ""
    separators: Texts | None = None
    date_order: DateOrder | None = None
    decimal_mark: DecimalMark | None = None
    percent_of: Literal[1, 100] | None = None
    choices: dict[str, Texts] = {}
    not_taken: Texts | None = None
    fill_merged: bool | None = None
    fill_down: bool | None = None

    @model_validator(mode="after")
    def _has_a_place(self) -> Self:
        ways = [bool(way) for way in (self.headers, self.first_of, self.all_of)]
        if not any(ways) and not self.choices:
            raise ValueError(N_("give headers or choices"))
        if sum(ways) > 1:
            raise ValueError(N_("give only one of headers, first_of and all_of"))
        if self.all_of and len(self.all_of) < 2:
            raise ValueError(N_("all_of takes two columns or more"))
        return self

    @property
    def spellings(self) -> tuple[str, ...]:
        """List every header that it names, except those of choices."""
        return (*self.headers, *(header for one in (*self.first_of, *self.all_of) for header in one))


class Question(Mapping):
    """A closed survey question: where it stands, its text and the labels of its choices in the campaign's languages."""

    text: dict[LanguageCode, str] = {}
    labels: dict[str, dict[LanguageCode, str]] = {}

    def label(self, choice: str) -> dict[LanguageCode, str]:
        """Return the labels of one choice by language; none where the recipe gives none."""
        return self.labels.get(choice, {})


class Headers(_Part):
    """Columns of one use, by their headers."""

    headers: Texts = ()


class Headings(_Part):
    """Headings among the rows are values: of these fields, the outer ones first, for the rows below."""

    fields: Annotated[Texts, Field(min_length=1)]


class LeaveOut(_Part):
    """Rows that the tool itself marks as not valid: one of these columns holds one of these values ("": nothing)."""

    headers: Annotated[Texts, Field(min_length=1)]
    values: Annotated[Texts, Field(min_length=1)]
    reason: str = Field(min_length=1)


class Parent(_Part):
    """The link from a row of a repeat to its parent row: its column `key` holds the parent's value in the column `of`.

    Attributes:
        table: A column with the name of the parent row's sheet.
    """

    key: Annotated[Texts, Field(min_length=1)]
    of: Annotated[Texts, Field(min_length=1)]
    table: Texts = ()


class RowPart(_Part):
    """Columns of a row that are something of their own beside it."""

    fields: dict[str, Mapping]


class Round(RowPart):
    """One of several rounds of reporting side by side in a row: its columns make a separate report.

    Attributes:
        wave: The round's name.
        reported_on: The day (or a period, which stands for its last day) where no column has it.
    """

    wave: Annotated[Text, Field(min_length=1)]
    reported_on: Text | None = None

    @model_validator(mode="after")
    def _is_report(self) -> Self:
        for name in self.fields:
            if name not in ROUND_FIELDS:
                raise _fault(
                    N_("fields.{name} is no field of a round; its fields are {fields}"),
                    name=name,
                    fields=", ".join(ROUND_FIELDS),
                )
        if self.reported_on is None and "reported_on" not in self.fields:
            raise ValueError(N_("give the round its date: reported_on, or a column for it under fields.reported_on"))
        return self

    @property
    def constants(self) -> dict[str, str]:
        """Return the values that are the same for every row of the round."""
        return {"wave": self.wave} | ({"reported_on": self.reported_on} if self.reported_on else {})


class Results(RowPart):
    """The columns of one result (a number promised or reached) in the row of its action or report.

    Attributes:
        indicator, unit, baseline_on, target_on, actual_on: What is the same in every row, where no column has it.
    """

    indicator: Text | None = None
    unit: Text | None = None
    baseline_on: Text | None = None
    target_on: Text | None = None
    actual_on: Text | None = None

    @model_validator(mode="after")
    def _is_result(self) -> Self:
        for name in self.fields:
            if name not in RESULT_FIELDS:
                raise _fault(
                    N_("fields.{name} is no field of a result; its fields are {fields}"),
                    name=name,
                    fields=", ".join(RESULT_FIELDS),
                )
        if self.indicator is None and "indicator" not in self.fields:
            raise ValueError(N_("say what is counted: indicator, or a column for it under fields.indicator"))
        if not any(name in self.fields for name in NUMBERS):
            raise _fault(N_("give the result a column for one of {fields}"), fields=", ".join(NUMBERS))
        return self

    @property
    def constants(self) -> dict[str, str]:
        """Return the values that are the same for every row."""
        return {name: text for name in RESULT_FIELDS if (text := getattr(self, name, None))}


class Targets(_Part):
    """One row a target: several rows are one commitment.

    Attributes:
        completed: When the commitment is: once any target is, once all are, or as the latest report of one says.
    """

    completed: Literal["any", "all", "latest"]


class Replaces(_Part):
    """Files that are versions of one register: the newest counts, it supersedes the older ones.

    Attributes:
        file_names: Their names; without it, all that the recipe reads.
        newest_by: The date in the file's name, the place of its name in `order`, or its latest day of reporting.
        order: Patterns of file names, the oldest first.
    """

    file_names: Texts = ()
    newest_by: Literal["date_in_name", "order", "last_report"]
    order: Texts = ()

    @model_validator(mode="after")
    def _has_an_order(self) -> Self:
        if (self.newest_by == "order") != bool(self.order):
            raise ValueError(N_('order goes with newest_by = "order", and only with that'))
        return self


class CellFormat(NamedTuple):
    """A recipe's rules for reading a field's cells; None for no rule.

    Attributes:
        field_order: `dmy` or `mdy`, for this field.
        order: The same, for all dates.
        percent_of: The value of a whole: 1 or 100.
        field_mark: The decimal mark (`,` or `.`), for this field.
        mark: The same, for all numbers.
    """

    field_order: str | None
    order: str | None
    percent_of: int | None
    field_mark: str | None
    mark: str | None


class Recipe(_Part):
    """One kind of export."""

    _is_own: bool = PrivateAttr(default=True)
    _named_id: str | None = PrivateAttr(default=None)

    id: str = Field(pattern=f"^{RECIPE_ID}$")
    title: str
    holds: Kind
    use: Texts = ()
    one_row_one_action: bool = False
    recognise: Recognise = Recognise()
    read: Read = Read()
    fields: dict[str, Mapping]
    rounds: tuple[Round, ...] = ()
    results: tuple[Results, ...] = ()
    targets: Targets | None = None
    replaces: Replaces | None = None
    constants: dict[str, Text] = {}
    values: dict[str, dict[str, Texts]] = {}
    personal: Headers = Headers()
    staff_only: Headers = Headers()
    set_aside: Headers = Headers()
    parent: Parent | None = None
    headings: Headings | None = None
    leave_out: tuple[LeaveOut, ...] = ()
    questions: dict[QuestionName, Question] = {}

    @cached_property
    def spellings(self) -> tuple[str, ...]:
        """List every header that it names, in order: some thousands for all recipes, and each build asks for them."""
        return tuple(self._list_spellings())

    def _list_spellings(self) -> Iterator[str]:
        parts = (mapping for one in (*self.rounds, *self.results) for mapping in one.fields.values())
        for mapping in (*self.fields.values(), *parts, *self.questions.values()):
            yield from mapping.spellings
            for headers in mapping.choices.values():
                yield from headers
        of_use = (self.personal.headers, self.staff_only.headers, self.set_aside.headers)
        for headers in (*self.recognise.headers, self.recognise.without, *of_use):
            yield from headers
        for rule in self.leave_out:
            yield from rule.headers

    @model_validator(mode="after")
    def _names_known(self) -> Self:
        allowed = field_names(self.holds)
        by_heading = self.headings.fields if self.headings else ()
        parts = (("fields", self.fields), ("constants", self.constants))
        for part, names in (*parts, ("headings", by_heading)):
            for name in names:
                if name not in allowed:
                    raise _fault(
                        N_("{name} is no field of {kind}; its fields are {fields}"),
                        name=f"{part}.{name}",
                        kind=str(self.holds),
                        fields=", ".join(allowed),
                    )
        coded = {field.name for field in self.coded_fields}
        for name in self.values:
            if name not in coded:
                raise _fault(
                    N_("values.{name}: values are taken by {fields} alone"), name=name, fields=", ".join(sorted(coded))
                )
        self._check_rounds()
        self._check_ids()
        if self.questions and self.holds is not Kind.PROGRESS_REPORTS:
            raise _fault(_BELONGS, key="questions", kinds=str(Kind.PROGRESS_REPORTS))
        return self

    def _check_ids(self) -> None:
        for name, mapping in self.fields.items():
            if mapping.all_of and name not in IDS:
                raise _fault(
                    N_("fields.{name}: all_of makes ids ({fields}) and nothing else"), name=name, fields=", ".join(IDS)
                )
        if any(question.all_of for question in self.questions.values()):
            raise ValueError(N_("questions take no all_of"))
        if self.one_row_one_action and self.holds is not Kind.ACTIONS:
            raise _fault(_BELONGS, key="one_row_one_action", kinds=str(Kind.ACTIONS))

    def _check_rounds(self) -> None:
        for key in ("rounds", "results", "targets"):
            if getattr(self, key) and self.holds not in (Kind.ACTIONS, Kind.PROGRESS_REPORTS):
                raise _fault(_BELONGS, key=key, kinds=_REPORTING)
        waves = [one.wave for one in self.rounds]
        if len(set(waves)) < len(waves):
            raise ValueError(N_("rounds: two have the same wave; give each its own"))
        twice = [name for name in ROUND_FIELDS if self.rounds and name in self.fields]
        if twice and self.holds is Kind.PROGRESS_REPORTS:
            raise _fault(
                N_("fields.{name}: a report with rounds has it in each of them; make it a round, too"), name=twice[0]
            )

    @property
    def coded_fields(self) -> tuple[FieldOfRows, ...]:
        """Return its fields that take codes, those of results in its rows as well."""
        results = FIELDS[Kind.RESULTS] if self.results else ()
        return tuple(field for field in (*FIELDS[self.holds], *results) if field.role is Role.CODES)

    @property
    def is_own(self) -> bool:
        """Whether the campaign's own folder holds the recipe."""
        return self._is_own

    @property
    def is_by_link(self) -> bool:
        """Whether it reads what the program itself wrote of reports by link, each row as staff accepted it."""
        return self.id in BY_LINK

    @property
    def named_id(self) -> str | None:
        """Return what a row's id identifies by the recipe: `action_id` or `response_id`; None for no statement."""
        return self._named_id

    def separators(self, field: str) -> tuple[str, ...]:
        """List the separators between several choices in a cell of this field."""
        mapping = self.fields.get(field)
        field_separators = mapping.separators if mapping else None
        return self.read.separators if field_separators is None else field_separators

    def stated(self, field: str, of: AnyMapping[str, Mapping] | None = None) -> CellFormat:
        """Return the recipe's rules for a field's cells: wherever it stands, or `of` one round's fields."""
        parts = [self.fields, *(one.fields for one in (*self.rounds, *self.results))] if of is None else [of]
        places = [fields[field] for fields in parts if field in fields]
        date_order = next((place.date_order for place in places if place.date_order), None)
        return CellFormat(
            date_order if date_order in _PAIRS else None,
            self.read.date_order if date_order is None and self.read.date_order in _PAIRS else None,
            next((place.percent_of for place in places if place.percent_of), None),
            next((place.decimal_mark for place in places if place.decimal_mark), None),
            self.read.decimal_mark,
        )


@lru_cache(maxsize=256)
def _read_recipe(path: Path, content: bytes, set_files: SetFiles, *, is_own: bool) -> Recipe:
    """Read the recipe from a file's content; cached, as a campaign has thirty, mostly unchanged."""
    if not content.strip():
        what = sentence(N_("The recipe {path} is empty."), path=path.name)
        raise RecipeError(what, N_("Remove that file from recipes/; python -m etl recipe FILE --to writes a new one."))
    return parse_recipe(path, parse_toml(path, content), set_files, is_own=is_own)


def parse_recipe(path: Path, content: dict[str, Any], set_files: SetFiles, *, is_own: bool = True) -> Recipe:
    """Read the recipe that a file holds, or would hold.

    Raises:
        RecipeError: a key is missing, unknown or wrong.
    """
    renamed, id_name = _with_one_id(path, content)
    sets = _as_list(renamed.get("use") or [])
    try:
        recipe = Recipe.model_validate(fill_in(path, renamed, sets, set_files) if isinstance(sets, list) else renamed)
    except ValidationError as error:
        first = error.errors()[0]
        where, fault = name_setting(first), explain_value(first)
        what = (
            sentence(N_("The recipe {path} is wrong at {where}: {fault}."), path=path.name, where=where, fault=fault)
            if where
            else sentence(N_("The recipe {path} is wrong: {fault}."), path=path.name, fault=fault)
        )
        raise RecipeError(what, N_("docs/recipes.md lists every key.")) from error
    if recipe.id != path.stem:
        raise RecipeError(
            sentence(N_("The recipe {path} has the id {recipe}."), path=path.name, recipe=recipe.id),
            sentence(N_("Name the file {file}."), file=f"{recipe.id}.toml"),
        )
    if id_name == RESPONSE_ID and recipe.holds is not Kind.ACTIONS:
        raise RecipeError(
            sentence(
                N_("The recipe {path} is wrong at fields.response_id: only a recipe of actions has one."),
                path=path.name,
            ),
            N_("The id of the action that a row speaks of is action_id; a report's own id is report_id."),
        )
    recipe._is_own, recipe._named_id = is_own, id_name
    return recipe


def _with_one_id(path: Path, content: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
    """Return a recipe with its id under the field's name, and the name in the file, where that says what it means."""
    fields = content.get("fields")
    names = (ACTION_ID, RESPONSE_ID, _ID)
    id_names = [name for name in names if name in fields] if isinstance(fields, AnyMapping) else []
    if len(id_names) > 1:
        raise RecipeError(
            sentence(
                N_("The recipe {path} has the fields {fields}: a row has one id."),
                path=path.name,
                fields=", ".join(id_names),
            ),
            N_("Keep action_id where the id names the action, response_id where a form tool numbers what is sent."),
        )
    if not id_names or id_names == [_ID]:
        return content, None
    renamed = {_ID if name == id_names[0] else name: mapping for name, mapping in content["fields"].items()}
    return {**content, "fields": renamed}, id_names[0]


def list_prefixes(recipes: Iterable[Recipe]) -> set[str]:
    """List the prefixes that recipes put before the ids of their files."""
    return {field.prefix for recipe in recipes for field in recipe.fields.values() if field.prefix}


def load_recipes(folder: CampaignFolder) -> list[Recipe]:
    """Read every recipe of a campaign: its own first, then the shipped ones it does not replace."""
    folders = {place / "recipes" for place in (folder.root, folder.overlay) if place is not None}
    files = [path for path in folder.recipe_files() if not path.name.startswith("_")]
    shipped = folder.shipped.headers_file
    own_sets = read_set_files(folder.headers_file, shipped)  # for a draft's recipe, too, which has no file beside it
    shipped_sets = read_set_files(shipped, shipped)
    return [
        _read_recipe(
            path, path.read_bytes(), own_sets if path.parent in folders else shipped_sets, is_own=path.parent in folders
        )
        for path in files
    ]
