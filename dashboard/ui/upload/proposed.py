"""The proposal for one sheet of a file of a new kind, and the reader's answers about it so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter

from dashboard.campaign import recipe_edit
from dashboard.campaign.code_uses import codelists_of
from dashboard.campaign.recipe_edit import (
    CHOICE,
    RESULT,
    RESULT_NUMBERS,
    RESULT_USES,
    Headers,
    RecipeAnswers,
    field_of,
    member_field_of,
)
from dashboard.i18n import Translator
from dashboard.lists.quality.open_columns import FIELDS, SEVERAL
from dashboard.lists.quality.wording import KIND_NAMES

SEPARATORS = ("", ";", "|", "/", ",", "\n")
PERSONS = ("reviewed_by", "verified_by")
"""Fields whose cells name persons: they are not shown."""
NEEDED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "actions": (("title",),),
    "progress_reports": (("submission_id", "title"), ("status", "percent", "completed_on")),
    "milestones": (("label",),),
    "results": (("indicator",), ("target", "actual"), ("submission_id", "title")),
    "classification": (("submission_id", "title"),),
    "events": (("title",), ("on_date", "starts_at")),
    "stories": (("title",),),
}
"""The fields that a file must have, by the kind of its rows: one field of each group."""
_DAYS = ("submitted_at", "due_on", "completed_on", "reported_on", "reached_on", "on_date", "ends_on", "starts_at")
_DETECTED = (";", "|")


@dataclass(frozen=True)
class SeenChoice:
    """One column as a choice: its first values, the first rows that have taken it, the meaning of its header.

    Attributes:
        means: The code of its header, by field.
    """

    header: str
    values: tuple[str, ...]
    taken: tuple[bool, ...]
    means: Mapping[str, str]


@dataclass(frozen=True)
class ProposedColumn:
    """One column, or those of a question with a column a choice; its first values, unless they may be contacts.

    Attributes:
        is_other_day: Whether it holds days that its header keeps from every field.
        rival_of: The field that it could be as well as the column proposed for it.
    """

    headers: Headers
    values: tuple[str, ...]
    filled: int
    is_hidden: bool
    cells: tuple[str, ...]
    choices: tuple[SeenChoice, ...]
    is_other_day: bool
    rival_of: str | None


@dataclass
class Proposed:
    """A recipe on its way.

    Attributes:
        text: The proposed recipe, or the campaign's.
        asks_order: Whether nothing in the file tells day from month.
        is_known: Whether the campaign's own recipe reads the sheet already.
        written_as: Its name in the draft; empty while it has none.
        guessed: The words of fields that look misspelt and have the guessed meaning.
        members: The meaning of each column that is a choice, or a number of a result, by its header.
        proposed_members: Those of results' numbers in the first proposal.
        proposed: The first proposal, as `state` gives it.
        offered: Uncertain proposals for columns; nothing is read from them before the reader confirms them.
        base: The text of the campaign's own recipe that `text` began with; None where there was none.
    """

    file: str
    sheet: str | None
    recipe_id: str
    text: str
    kind: str
    columns: list[ProposedColumn]
    asks_order: bool
    is_known: bool
    title: str
    uses: dict[Headers, str]
    separators: dict[str, str]
    date_order: str = ""
    guessed: set[tuple[str, str]] = field(default_factory=set)
    is_read: bool = True
    is_used: bool = False
    written_as: str = ""
    base: str | None = None
    members: dict[str, str] = field(default_factory=dict)
    proposed_members: dict[str, str] = field(default_factory=dict)
    offered: dict[Headers, str] = field(default_factory=dict)
    proposed: dict[str, Any] = field(default_factory=dict)

    def state(self) -> dict[str, Any]:
        """Return the answers about the sheet, as kept in a file."""
        return {
            "file": self.file, "sheet": self.sheet, "kind": self.kind, "title": self.title, "is_read": self.is_read,
            "uses": [[list(headers), use] for headers, use in self.uses.items()], "separators": dict(self.separators),
            "members": dict(self.members), "date_order": self.date_order,
            "guessed": sorted(map(list, self.guessed)),
        }  # fmt: skip

    @property
    def is_changed(self) -> bool:
        """Whether the answers differ from the proposal."""
        return self.state() != self.proposed

    def restore(self, state: Mapping[str, Any]) -> None:
        """Restore the answers about the sheet; skip columns that it no longer has."""
        self.title, self.is_read, self.date_order = state["title"], state["is_read"], state["date_order"]
        self.uses |= {tuple(headers): use for headers, use in state["uses"] if tuple(headers) in self.uses}
        self.separators, self.members = dict(state["separators"]), dict(state["members"])
        self.guessed = {(name, word) for name, word in state["guessed"]}

    @property
    def is_for_editors(self) -> bool:
        """Whether it is the campaign's own and describes its columns further than the questions here."""
        return self.is_known and not recipe_edit.is_columns_alone(self.text)

    @property
    def fields(self) -> set[str]:
        """The fields that columns are, or are choices of, by the answers."""
        return {field_of(use) for use in self.uses.values() if use and not use.startswith(RESULT)}

    @property
    def without_member(self) -> list[ProposedColumn]:
        """The columns that are choices and mean no member; of a question, where none of its columns does."""
        return [column for column in self.columns if self.count_without_member(column) == len(column.headers)]

    @property
    def partly_read(self) -> list[tuple[ProposedColumn, int]]:
        """The questions with a column a choice where some columns mean a member; the number of the others."""
        counts = [(column, self.count_without_member(column)) for column in self.columns]
        return [(column, without) for column, without in counts if 0 < without < len(column.headers)]

    def count_without_member(self, column: ProposedColumn) -> int:
        """Count the columns that are a choice, or a number of an indicator, and mean no member."""
        use = self.uses[column.headers]
        has_column = use in RESULT_NUMBERS and f"{RESULT}indicator" in self.uses.values()
        is_choice = bool(member_field_of(use)) and not has_column
        return sum(not self.members.get(header) for header in column.headers) if is_choice else 0

    @property
    def twice(self) -> list[str]:
        """The fields that several columns claim; of results, those of one indicator."""
        fields = [
            (use, self.members.get(headers[0]) if use in RESULT_NUMBERS else None)
            for headers, use in self.uses.items()
            if use and use not in recipe_edit.KEPT and not use.startswith(CHOICE)
        ]
        return sorted({field_of(one[0]) for one in fields if fields.count(one) > 1})

    def find_holder(self, field: str | None) -> str:
        """Find the header of the column of a field; empty where there is none."""
        return next((headers[0] for headers, use in self.uses.items() if use and use == field), "")

    @property
    def missing(self) -> list[tuple[str, ...]]:
        """The groups of fields without a column."""
        return [group for group in NEEDED.get(self.kind, ()) if not set(group) & self.fields]

    @property
    def has_days(self) -> bool:
        """Whether a column holds days."""
        return bool(set(_DAYS) & set(self.uses.values()))

    def list_choices(self, column: ProposedColumn) -> list[str]:
        """List the uses that a column can have; where each choice has its own column, only choices of a field."""
        names = FIELDS.get(self.kind, ())
        results = RESULT_USES if self.kind in ("actions", "progress_reports") and len(column.headers) == 1 else ()
        other_uses = [*results, *(CHOICE + name for name in names if codelists_of(name)), *recipe_edit.KEPT]
        if len(column.headers) > 1:
            use = self.uses[column.headers]
            return [*([use] if use and use not in other_uses else []), *other_uses]
        needed = list(dict.fromkeys(name for group in NEEDED.get(self.kind, ()) for name in group))
        return [*needed, *(name for name in names if name not in needed), *other_uses]

    def say(self, column: ProposedColumn, use: str) -> None:
        """Give a column a use; the columns of choices and results mean the members that their headers spell."""
        self.uses[column.headers] = use
        if use in SEVERAL:
            self.separators[use] = find_separator(column)
        for header in column.headers:
            self.members.pop(header, None)
        self.members.update(find_members(column, use))
        if use in RESULT_NUMBERS:
            self.members.update({h: self.proposed_members[h] for h in column.headers if h in self.proposed_members})

    def list_offered(self) -> list[tuple[ProposedColumn, str]]:
        """List the columns without a use, with the use that is proposed for each."""
        return [(column, use) for column in self.columns
                if (use := self.offered.get(column.headers)) and not self.uses[column.headers]]  # fmt: skip

    def write(self, recipe_id: str = "") -> str:
        """Write the recipe with the answers; a recipe for editors stays as it is."""
        if self.is_for_editors:
            return self.text
        assigned_uses = set(self.uses.values())
        separators = {name: mark for name, mark in self.separators.items() if name in assigned_uses}
        answers = RecipeAnswers(
            recipe_id or self.written_as or self.recipe_id,
            self.title,
            self.uses,
            separators,
            self.date_order if self.asks_order and self.has_days else "",
            self.members,
            frozenset(self.guessed),
        )
        return recipe_edit.write_recipe(self.text, answers)


_COLUMNS = TypeAdapter(list[ProposedColumn])


def read_proposal(t: Translator, answer: Mapping[str, Any]) -> Proposed:
    """Read the command's proposal for a sheet; for one that the campaign's own recipe reads, that recipe."""
    known_text = str(answer["known_text"])
    text = known_text or str(answer["text"])
    columns = _COLUMNS.validate_python(answer["columns"])
    content = recipe_edit.read_head(text)
    uses = recipe_edit.read_uses(text, [column.headers for column in columns])
    title = content.title if known_text else t(KIND_NAMES[content.holds])
    proposal = Proposed(
        str(answer["file"]), answer["sheet"], str(answer["known_by"] if known_text else answer["recipe_id"]), text,
        content.holds, columns, bool(answer["asks_order"]) and not content.date_order, bool(known_text), title, uses,
        recipe_edit.read_separators(text),
        is_read=bool(known_text) or answer["known_by"] is None, base=known_text or None,
        members=recipe_edit.read_members(text, [column.headers for column in columns]) if known_text else {},
    )  # fmt: skip
    if not known_text:
        doubtful, doubtful_results = recipe_edit.list_doubtful(text), recipe_edit.list_doubtful_results(text)
        proposal.offered = {
            headers: use
            for headers, use in uses.items()
            if (doubtful_results.intersection(headers) if use.startswith(RESULT) else field_of(use) in doubtful)
        }
        members = recipe_edit.read_members(text, [column.headers for column in columns])
        proposal.proposed_members = {
            headers[0]: members[headers[0]]
            for headers, use in uses.items()
            if use in RESULT_NUMBERS and headers not in proposal.offered and headers[0] in members
        }
        proposal.members.update(proposal.proposed_members)
        uses |= dict.fromkeys(proposal.offered, "")
        for column in columns:
            proposal.members.update(find_members(column, uses[column.headers]))  # a proposal may name words of no list
            use = uses[column.headers] or proposal.offered.get(column.headers, "")
            if use in SEVERAL and len(column.headers) == 1:
                proposal.separators.setdefault(use, find_separator(column))
    proposal.proposed = proposal.state()
    return proposal


def find_members(column: ProposedColumn, use: str) -> dict[str, str]:
    """Find the members that the headers of a column of choices spell; none where it is no such column."""
    if not use.startswith(CHOICE):
        return {}
    return {one.header: code for one in column.choices if (code := one.means.get(field_of(use)))}


def find_separator(column: ProposedColumn) -> str:
    """Find the separator of several values in a column's cells, where it is clear."""
    return next((mark for mark in _DETECTED if any(mark in value for value in column.values)), "")
