"""The differences of two builds, in words: headline figures, figures by group, lists, and single fields of actions.

The page Data quality compares the published build with the one before; a preview compares a draft with the published
build: its files' accounts, its refusals, the figures before and after, in all and by group. A preview is read at once,
so that no file of the draft is open when it is published. Contacts are in neither snapshot, and a preview does not read
the cells of rejected rows.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from dashboard import formats
from dashboard.campaign import changes
from dashboard.campaign.answers.question import Question
from dashboard.campaign.changes import Changes
from dashboard.campaign.file_names import FileNames, find_names
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.snapshot_schema import OtherSchemaError
from dashboard.campaign.uncounted import Uncounted, find_refusal, read_uncounted
from dashboard.campaign.uploads import OTHER_DRAFT, UPLOAD_AGAIN, Draft, read_recipe_titles
from dashboard.errors import SnapshotError, UserError
from dashboard.ground.codelist_codes import Code
from dashboard.lists.declaration import ListRequest, Rows
from dashboard.lists.quality.alike_sheets import AlikeSheet, SheetKey, read_alike, read_settled
from dashboard.lists.quality.file_questions import read_questions
from dashboard.lists.quality.open_columns import OpenColumn, read_open
from dashboard.lists.quality.queries import name_persons
from dashboard.lists.quality.wording import name_field
from dashboard.measures.counts import DIMENSIONS, Headline, by_dimension, headline, list_unused
from dashboard.measures.register import join_labels, name_stakeholder
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

Persons = dict[str, dict[str, str]]
"""The replacement of an unnamed person in tables, and its wording by language."""


COMPARED = ("actions", "reported", "completed", "unknown")
"""The compared counts; the rates of a group come from them."""

Counts = dict[str, int]
"""The counts of `COMPARED`, by their names."""


@dataclass(frozen=True)
class GroupChange:
    """A group with other figures.

    Attributes:
        group: Its entry in the later build, else in the earlier.
    """

    group: Code
    before: Counts | None
    after: Counts | None


@dataclass(frozen=True)
class DimensionChanges:
    """The groups of one dimension with other figures, in the order of the later build's list, gone ones last.

    Attributes:
        dimension: Its name among `DIMENSIONS`.
        changed: Those that change, new and gone ones among them.
        unchanged: The number of the others that have actions, or are shown without.
    """

    dimension: str
    changed: tuple[GroupChange, ...]
    unchanged: int


@dataclass(frozen=True)
class Comparison:
    """The differences of one build from the build before.

    Attributes:
        before: The headline figures of the build before, on its last day; None where there is none.
        codes: The later build's codelists, for the labels of changed values.
        persons: The replacements of unnamed persons of either build, by language.
    """

    before: Headline | None
    after: Headline
    groups: tuple[DimensionChanges, ...]
    changes: Changes
    codes: dict[str, dict[str, Code]]
    persons: Persons


def compare_builds(before: Snapshot | None, after: Snapshot) -> Comparison:
    """Compare two builds; without `before` everything is new.

    Raises:
        SnapshotError: they cannot be compared.
    """
    return Comparison(
        None if before is None else headline(before, Selection()),
        headline(after, Selection()),
        compare_groups(before, after),
        _compare(None if before is None else before.path, after.path),
        after.codes,
        _list_persons(before, after),
    )


def _list_persons(before: Snapshot | None, after: Snapshot) -> Persons:
    return {**({} if before is None else before.person_names), **after.person_names}


@lru_cache(maxsize=4)
def _compare(before: Path | None, after: Path) -> Changes:
    """Compare two published snapshots once, since their files never change."""
    return changes.compare(before, after)


MOST_LISTED = 200
MUCH = 0.05
"""The share of rejected rows, or of a lost figure, from which a preview warns before it offers to publish."""
FIRST_ROWS = 3
"""The number of rows of each sheet shown as they are read."""
WORDS_LOOKED_AT = 2_000
OWN_LISTS = {"themes": "themes", "categories": "category"}
"""The lists that a campaign may fill from its files, with the field of their words."""
_PAIR = ["kind", "left_id", "right_id"]
_COMPARED = 10_000  # the most suggested pairs to compare with those before
_CACHE_MB = 1  # ask each query once


@dataclass(frozen=True)
class Preview(Comparison):
    """The effects of publishing a draft; without a published build, or with the sample alone, all is new.

    Attributes:
        account: One row an input file that was uploaded: `upload`, `source_file`, `recipe` (title), the row counts.
        first_rows: The first rows of the uploaded files as they are read, field by field, `file` and `row` with them.
        columns: Columns without a use; an open question about one stops publishing.
        sheets: Sheets with the same actions; any of them stops publishing.
        questions: The questions that the files leave open, or with other readings; an open one stops publishing.
        rejected: Rejected rows of the uploaded files, the first ones; `in_all` counts them all, `rows_of_reason` those
            of the same reason.
        words: Words of the uploaded files that match no code (without an upload those of all files), the first ones;
            `words_in_all` counts them all, `own_list` is the campaign's list that could get it as a member.
        unmatched: Values of the uploaded files that are no dates or percentages, the first ones; `in_all` counts them
            all.
        duplicates: Suggested pairs that are not suggested now.
        checks: Checks that find more rows than now: `check_id`, `severity`, `before`, `after`.
        criteria: The criteria that the commitments of the uploaded files meet, and what the others lack, as
            `queries/draft_criteria.sql`.
        uncounted: The reports that no figure counts because of their day.
        figures: The figures that answers about columns may change: headline counts, and actions without category,
            theme, place.
    """

    account: pd.DataFrame
    first_rows: pd.DataFrame
    columns: list[OpenColumn]
    sheets: list[list[AlikeSheet]]
    settled_sheets: dict[SheetKey, str]
    questions: list[Question]
    rejected: pd.DataFrame
    words: pd.DataFrame
    settled_words: pd.DataFrame
    unmatched: pd.DataFrame
    duplicates: pd.DataFrame
    checks: pd.DataFrame
    criteria: pd.DataFrame
    figures: dict[str, int]
    uncounted: Uncounted

    @property
    def refusal(self) -> UserError | None:
        """The reason why no answer of staff allows publishing: no report counts because of its day."""
        return find_refusal(self.uncounted, date.today())

    @property
    def is_asked(self) -> bool:
        """Whether publishing waits for an answer of staff."""
        is_open = any(question.is_open for question in self.questions)
        return is_open or bool(self.sheets) or any(column.is_asked for column in self.columns)

    @property
    def rejections(self) -> tuple[int, int] | None:
        """Rejected rows of the uploaded files and all rows read, where the share is large; else None."""
        rejected, read = (int(self.account[name].sum()) for name in ("rows_rejected", "rows_read"))
        return (rejected, read) if rejected >= MUCH * max(read, 1) else None

    @property
    def falls(self) -> dict[str, tuple[int, int]]:
        """The headline counts that would fall strongly: before and after, by the names of the measures."""
        if self.before is None:
            return {}
        pairs = {name: (getattr(self.before, name), getattr(self.after, name)) for name in _RISING}
        return {name: (was, now) for name, (was, now) in pairs.items() if was - now >= MUCH * max(was, 1)}


_RISING = ("actions", "reported", "completed")
_COUNTED = ("actions", "reported", "completed", "unknown", "unmatched_reports")


def make_preview(folder: CampaignFolder, draft: Path, note: Draft, published: Snapshot | None) -> Preview:
    """Compare a draft with the published build; for exports, the fictional sample counts as nothing published.

    Raises:
        SnapshotError: the draft's snapshot cannot be opened, or another version of the program made it.
    """
    path = draft / "snapshot.duckdb"
    try:
        after = Snapshot(path, note.build_id, note.made_at, cache_mb=_CACHE_MB)
    except OtherSchemaError as error:
        raise SnapshotError(OTHER_DRAFT, UPLOAD_AGAIN) from error
    is_replaced = published is not None and published.is_shipped_sample and bool(note.files)
    before = None if is_replaced else published
    names = find_names(path)
    pairs = [(handle, file.name) for file in note.files for handle in names.handles_in(file.name)]
    files = {"files": [handle for handle, _ in pairs]}
    account = names.show(after.query("draft_account", files | {"uploads": [upload for _, upload in pairs]}))
    titles = read_recipe_titles(folder)  # the snapshot has the recipes' ids
    figures = headline(after, Selection())
    draft_figures = after.query("draft_figures").iloc[0]
    listed_words: dict[str, object] = {"files": files["files"] or None, "most": WORDS_LOOKED_AT, "first": 0}
    return Preview(
        account=account.assign(
            recipe=[", ".join(titles.get(one, one) for one in recipes.split(", ")) for recipes in account["recipe"]]
        ),
        first_rows=_read_first(after, names, files),
        columns=read_open(after, files=files["files"] or None),
        sheets=read_alike(after),
        settled_sheets=read_settled(after),
        questions=read_questions(after),
        rejected=names.show(after.query("draft_rejected", files | {"most": MOST_LISTED})),
        words=_name_lists(folder, after.query("unmatched_words", listed_words)),
        settled_words=after.query("settled_words"),
        unmatched=names.show(after.query("draft_unmatched", files | {"most": MOST_LISTED})),
        duplicates=_new_pairs(before, after),
        checks=_new_findings(before, after),
        criteria=after.query("draft_criteria", files),
        before=None if before is None else headline(before, Selection()),
        after=figures,
        groups=compare_groups(before, after),
        changes=changes.compare(None if before is None else before.path, path),
        codes=after.codes,
        persons=_list_persons(before, after),
        figures={name: int(getattr(figures, name)) for name in _COUNTED}
        | {str(name): int(number) for name, number in draft_figures.items()},
        uncounted=read_uncounted(path, date.today()),
    )


def _read_first(after: Snapshot, names: FileNames, files: dict[str, list[str]]) -> pd.DataFrame:
    """Read the first rows of the uploaded files, with the replacements of unnamed persons."""
    frame = names.show(after.query("draft_first_rows", {**files, "most": FIRST_ROWS}))
    frame = frame.rename(columns={"source_file": "file", "source_row": "row"}).astype(object)
    return frame.where(frame.notna(), None)


def _name_lists(folder: CampaignFolder, words: pd.DataFrame) -> pd.DataFrame:
    """Add to the words the campaign's list that each may join."""
    is_own = folder.root != SHIPPED_CAMPAIGN
    lists = {field: name for name, field in OWN_LISTS.items() if is_own and folder.has_own_codelist(name)}
    return words.assign(own_list=words["field"].map(lists).astype(object))


def _new_pairs(before: Snapshot | None, after: Snapshot) -> pd.DataFrame:
    pairs = after.query("draft_duplicates", {"most": _COMPARED})
    if before is None:
        return pairs
    pairs_before = before.query("draft_duplicates", {"most": _COMPARED})[_PAIR]
    compared = pairs.merge(pairs_before, on=_PAIR, how="left", indicator=True)
    return compared[compared["_merge"] == "left_only"].drop(columns="_merge").reset_index(drop=True)


def _new_findings(before: Snapshot | None, after: Snapshot) -> pd.DataFrame:
    checks = after.query("draft_checks").rename(columns={"found": "after"})
    compared = checks.assign(before=0)
    if before is not None:
        published_checks = before.query("draft_checks")[["check_id", "found"]].rename(columns={"found": "before"})
        compared = checks.merge(published_checks, on="check_id", how="left")
        compared["before"] = compared["before"].fillna(0).astype("int64")
    return compared[compared["after"] > compared["before"]].reset_index(drop=True)


_CODELISTS = {
    "status": "statuses",
    "stakeholder_group": "stakeholder_groups",
    "category": "categories",
    "themes": "themes",
    "regions": "regions",
    "countries": "countries",
}
_DATES = frozenset({"submitted_on", "reported_on", "due_on", "on_date"})


def say_value(
    lang: str, codes: Mapping[str, dict[str, Code]], persons: Mapping[str, Mapping[str, str]], field: str, value: Any
) -> str | None:
    """Write a value for readers: labels for codes, dates and percentages as written; None for none.

    `value`: the value; for several codes a list, or a text with commas between them.
    """
    if isinstance(value, list | tuple):
        value = ", ".join(map(str, value)) or None
    if pd.isna(value):
        return None
    text = str(value)
    if field in _CODELISTS:
        return join_labels(text.split(", "), codes.get(_CODELISTS[field], {}), lang)
    if field in _DATES:
        return formats.format_date(date.fromisoformat(text[:10]), lang)
    if field == "percent":
        return formats.format_share(float(text) / 100, lang)
    return str(name_stakeholder(text, persons, lang)) if field == "stakeholder" else text


BEFORE = "before"
"""The parameter of a list of changes: the file of the snapshot before."""
_CHANGE_COLUMNS = ["change", "action_id", "title", "stakeholder", "field_name", "before", "after"]


def read_changes(request: ListRequest) -> Rows:
    """List actions added and removed, and each changed field, of the first rows of a list.

    Without the snapshot of a build before in the request's parameters, everything is added.

    Raises:
        SnapshotError: one of the snapshots cannot be opened, or another version of the program made it.
    """
    snapshot, t, most, before = request.snapshot, request.t, request.slice.limit, request.parameters.get(BEFORE)
    differences = changes.compare(Path(before) if before else None, snapshot.path, most=most)
    fields = differences.changed
    parts = [
        name_persons(differences.added, snapshot, t.language).assign(change=t("Added")),
        name_persons(differences.removed, snapshot, t.language).assign(change=t("Removed")),
        fields.assign(
            change=t("Changed"),
            field_name=[t(name_field(field)) for field in fields["field"]],
            before=_say_all(snapshot, t.language, fields["field"], fields["before"]),
            after=_say_all(snapshot, t.language, fields["field"], fields["after"]),
        ),
    ]
    frame = pd.concat([part.reindex(columns=_CHANGE_COLUMNS).astype(object) for part in parts], ignore_index=True)
    frame = frame.assign(source_file=None, sheet=None, source_row=None)
    total = max(differences.actions_added + differences.actions_removed + len(fields), 1)
    return Rows(frame, len(frame) if len(frame) < most else total)


def _say_all(snapshot: Snapshot, lang: str, fields: pd.Series, values: pd.Series) -> pd.Series:
    words = [
        say_value(lang, snapshot.codes, snapshot.person_names, field, value)
        for field, value in zip(fields, values, strict=True)
    ]
    return pd.Series(words, index=values.index, dtype=object)


def compare_groups(before: Snapshot | None, after: Snapshot) -> tuple[DimensionChanges, ...]:
    """Compare two builds by every dimension; without `before` every group with actions is new.

    A group in only one of their lists is a change even without an action. A dimension without a value in either build
    is left out.
    """
    unused = list_unused(after).intersection(DIMENSIONS if before is None else list_unused(before))
    return tuple(_compare_dimension(before, after, dimension) for dimension in DIMENSIONS if dimension not in unused)


def _compare_dimension(before: Snapshot | None, after: Snapshot, dimension: str) -> DimensionChanges:
    old, new = _list_groups(before, dimension), _list_groups(after, dimension)
    now = _count_dimension(after, dimension, new.keys() - old.keys() if before is not None else set())
    was = _count_dimension(before, dimension, old.keys() - new.keys())
    counted_codes = set(now.index).union(was.index)
    codes = pd.Index([code for code in {**new, **old} if code in counted_codes], dtype="str")
    was, now = (counts.reindex(codes, fill_value=0) for counts in (was, now))
    is_changed = (was != now).any(axis=1) | ~codes.isin(list(old)) | ~codes.isin(list(new))
    pairs = zip(was[is_changed].to_dict("records"), now[is_changed].to_dict("records"), strict=True)
    changed = tuple(
        GroupChange(
            new.get(code) or old[code],
            _name_counts(left) if code in old else None,
            _name_counts(right) if code in new else None,
        )
        for code, (left, right) in zip(codes[is_changed], pairs, strict=True)
    )
    return DimensionChanges(dimension, changed, int((~is_changed).sum()))


def _list_groups(snapshot: Snapshot | None, dimension: str) -> dict[str, Code]:
    return {} if snapshot is None else snapshot.codes.get(DIMENSIONS[dimension].codelist, {})


def _count_dimension(snapshot: Snapshot | None, dimension: str, besides: set[str]) -> pd.DataFrame:
    """Count groups by their codes: those with actions, those that are always shown, and those `besides`."""
    if snapshot is None:
        return pd.DataFrame(columns=COMPARED, index=pd.Index([], dtype="str"), dtype="int64")
    return by_dimension(snapshot, Selection(), dimension, besides).set_index("code")[list(COMPARED)]


def _name_counts(counts: dict[Hashable, Any]) -> Counts:
    return {str(name): int(count) for name, count in counts.items()}
