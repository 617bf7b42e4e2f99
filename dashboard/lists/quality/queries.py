"""Read the faults of the input files, and their remedies: the rows of the data-quality page's lists in words.

Words stand instead of codes, in the reader's language, with the file, sheet and row that each line comes from.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from dashboard.campaign.file_names import find_names
from dashboard.formats import format_share
from dashboard.ground.codelist_codes import UNCLASSIFIED, Code
from dashboard.i18n import N_, Translator
from dashboard.lists.declaration import ListRequest, Rows
from dashboard.lists.quality import wording
from dashboard.lists.quality.wording import KIND_NAMES, check_text, name_field
from dashboard.measures.register import SEPARATOR, join_labels, name_stakeholder
from dashboard.snapshot.database import Snapshot, query_text

MOST_ROWS = 1_048_575
"""The most rows of an Excel sheet below its header."""

LEFT_OUT = "left out, as the recipe says: "
"""The beginning of the build's reason for a row that a recipe's rule leaves out."""

_CODELISTS = {
    "stakeholder_group": ("stakeholder_groups",),
    "category": ("categories",),
    "themes": ("themes",),
    "countries": ("countries", "subregions", "regions", "groupings"),
    "regions": ("regions", "subregions", "countries", "groupings"),
    "status": ("statuses",),
    "indicator": ("indicators",),
    "unit": ("units",),
}
EVERY_ACTION: dict[str, Any] = {
    "q": None,
    "typed": "",
    "lacks": "anything",
    "groups": None,
    "countries": None,
    "is_suggested": None,
    "answered_group": [],
    "answered_category": [],
    "answered_themes": [],
    "answered_places": [],
}
"""The parameters for every action that lacks something in the snapshot."""
SEVERITIES = {"warning": N_("Warning"), "note": N_("Note", "less than a warning")}
DIMENSIONS = {"all": N_("All", "all rows together"), "region": N_("Region"), "wave": N_("Survey wave")}
VERBS = {
    "same": N_("Same", "two entries are one"),
    "different": N_("Different", "two entries are not one"),
    "rename": N_("Renamed"),
    "assign": N_("Assigned"),
    "keep": N_("Kept", "an action that its register no longer has"),
    "gone": N_("Remove from the register"),
    "evidence": N_("Evidence"),
}
SUBJECTS = {
    "stakeholder": N_("Stakeholder"), "action": N_("Action"), "report": N_("Progress report"), "event": N_("Event"),
    "story": N_("Story"), "event_version": N_("Event in two languages"),
    "story_version": N_("Story in two languages"),
}  # fmt: skip


FILE, CHECK = "file", "check"
"""The filters of a list: the handle of a file, and a check."""
USUAL_ORDER = "usual"
"""The order of the build's queries."""


def read(list_id: str, request: ListRequest) -> Rows:
    """Read the requested rows of a list, in words, with the files' real names.

    The frame has the list's columns, and always `source_file`, `sheet`, `source_row` and `action_id` (None where the
    list has no such thing), and `row_number`, the place in the list.
    """
    snapshot, t, (sort, is_descending, limit, offset) = request.snapshot, request.t, request.slice
    statement, last = query_text(f"quality_{list_id}"), offset + limit
    file, check_id = (request.parameters.get(name) or None for name in (FILE, CHECK))
    arguments = EVERY_ACTION | {"file": file, "check_id": check_id, "first": 0, "most": last}
    if sort not in ("", USUAL_ORDER):
        statement = query_text("quality_in_order").replace("from listed", f"from (\n{statement}\n)")
        order = {"sort": _CODES.get(sort, sort), "descending": is_descending}
        arguments |= {"most": MOST_ROWS, "last": last, **order}
    parameters = {parameter: value for parameter, value in arguments.items() if f"${parameter}" in statement}
    frame = snapshot.ask(statement, parameters)
    total = int(frame["rows_in_all"].iloc[0]) if len(frame) else 0
    frame = find_names(snapshot.path).show(frame.iloc[offset:last].reset_index(drop=True))
    frame = name_persons(frame, snapshot, t.language)
    frame = frame.assign(**{name: None for name in _ORIGIN if name not in frame})
    frame = frame.assign(row_number=[str(number) for number in range(offset + 1, offset + len(frame) + 1)])
    frame = _add_words(frame, t)
    return Rows(_MORE_WORDS[list_id](frame, snapshot, t) if list_id in _MORE_WORDS else frame, total)


def name_persons(frame: pd.DataFrame, snapshot: Snapshot, lang: str) -> pd.DataFrame:
    """Write the words for unnamed persons in the reader's language."""
    persons = snapshot.person_names
    if not persons:
        return frame
    named_columns = {
        name: frame[name].map(lambda maker: name_stakeholder(maker, persons, lang)) for name in _MAKERS & set(frame)
    }
    for name in _SPELLINGS & set(frame):
        named_columns[name] = frame[name].map(
            lambda makers: [name_stakeholder(m, persons, lang) for m in as_list(makers)]
        )
    return frame.assign(**named_columns)


def label_codes(snapshot: Snapshot, field: str, codes: Iterable[str], lang: str) -> str:
    """Return the labels of a field's codes, in the order of the codes."""
    return SEPARATOR.join(_label(snapshot, field, code, lang) for code in codes)


_MAKERS = {"stakeholder", "left_name", "right_name", "left_stakeholder", "right_stakeholder", "likely_action"}
_SPELLINGS = {"left_spellings", "right_spellings"}
_ORIGIN = ("source_file", "sheet", "source_row", "action_id")


WORDS: tuple[tuple[str, str, Callable[[Translator, Any], str]], ...] = (
    ("reason_text", "reason", lambda t, reason: name_reason(t, reason)),
    ("remedy", "reason", lambda t, reason: t(wording.remedy(reason))),
    ("check_title", "check_id", lambda t, check: t(check_text(check).title)),
    ("remedy", "check_id", lambda t, check: t(check_text(check).remedy)),
    ("severity_name", "severity", lambda t, severity: t(SEVERITIES.get(severity, severity))),
    ("field_name", "field", lambda t, field: t(name_field(field))),
    ("kind_name", "kind", lambda t, kind: t((KIND_NAMES | SUBJECTS).get(kind, kind))),
    ("decided_name", "decided_by", lambda t, name: t(wording.DECIDERS.get(name, name))),
    ("reading_decided", "decided_by", lambda t, name: t(wording.READING_DECIDERS.get(name, name))),
    ("reading_name", "reading", wording.name_reading),
    ("dimension_name", "dimension", lambda t, name: t(DIMENSIONS.get(name, name))),
    ("why_text", "why", lambda t, why: t(why)),
    ("decision_name", "decision", lambda t, verb: t(VERBS.get(verb, verb))),
    ("subject_name", "subject", lambda t, subject: t(SUBJECTS.get(subject, subject))),
)
"""The columns of words from one code, in any list with that code: the column, that of the codes, their words."""
_CODES = {name: code for name, code, _ in WORDS} | {
    "use_name": "use", "nearest": "nearest_code", "status_name": "status", "applied": "is_applied",
}  # fmt: skip
"""The columns of words, with the codes that they sort by."""


def _add_words(frame: pd.DataFrame, t: Translator) -> pd.DataFrame:
    """Write each distinct code in words; unknown ones stay as they are."""
    columns = {}
    for name, code, say in WORDS:
        if code in frame:
            words = {value: say(t, value) for value in frame[code].dropna().unique()}
            columns[name] = frame[code].map(words).astype(object)
    return frame.assign(**columns)


def name_reason(t: Translator, reason: str) -> str:
    """Write a reason in the reader's language, with the beginning of a sentence."""
    if reason.startswith(LEFT_OUT):
        return t("Left out by the recipe: {reason}", reason=reason.removeprefix(LEFT_OUT))
    words = t(reason)
    return words[:1].upper() + words[1:]


def _files(frame: pd.DataFrame, _snapshot: Snapshot, t: Translator) -> pd.DataFrame:
    remarks = [_remark(t, row) for row in frame["remarks"]]
    return frame.assign(
        remark=pd.Series(remarks, index=frame.index, dtype=object),
        is_unread=[any(one["remark"] in wording.UNREAD for one in _listed(row)) for row in frame["remarks"]],
    )


def _listed(remarks: Any) -> list[dict[str, Any]]:
    """Return the remarks of one sheet; a sheet without any has null."""
    return list(remarks) if isinstance(remarks, Sequence | np.ndarray) else []


def _remark(t: Translator, remarks: Any) -> str | None:
    sentences = [
        t(
            wording.REMARKS[one["remark"]],
            field=t(name_field(one["field"])) if one["field"] else "",
            number=one["number"] or 0,
        )
        for one in _listed(remarks)
    ]
    return " ".join(sentences) or None


def _columns(frame: pd.DataFrame, _snapshot: Snapshot, t: Translator) -> pd.DataFrame:
    rows = frame.to_dict("records")
    return frame.assign(
        use_name=[name_use(t, row["use"], row["target"]) for row in rows],
        remark=pd.Series([explain_column(t, row) for row in rows], index=frame.index, dtype=object),
        remedy=pd.Series(
            t("Say what it is on the page Data quality (Columns, To decide)."), index=frame.index, dtype=object
        ).where(frame["use"] == "open", None),
    )


def _readings(frame: pd.DataFrame, _snapshot: Snapshot, t: Translator) -> pd.DataFrame:
    remedies = [
        t(wording.READING_REMEDIES[name]) if decided != "values" and name in wording.READING_REMEDIES else None
        for name, decided in zip((one.partition(" ")[0] for one in frame["reading"]), frame["decided_by"], strict=True)
    ]
    return frame.assign(remedy=pd.Series(remedies, index=frame.index, dtype=object))


def name_use(t: Translator, use: str, target: Any) -> str:
    """Name the use of a column: the field's name, else the kind of use."""
    if use == "field" and isinstance(target, str):
        return wording.name_target(t, target)
    return t(wording.USE_NAMES.get(use, use))


def explain_column(t: Translator, row: Mapping[Any, Any]) -> str | None:
    """Describe the likely use of an open column, and the share of its cells that fit it; None without one.

    `row` has `looks_like`, `understood` (a fraction of 1), `proposed` and `may_be_persons`.
    """
    if isinstance(row["looks_like"], str):
        field = wording.name_target(t, row["looks_like"])
        if row["looks_like"].startswith("question"):
            return t("It may be: {field}", field=field)
        if pd.isna(row["understood"]):
            return t("By its header it may be: {field}", field=field)
        share = format_share(row["understood"], t.language)
        return t("It looks like: {field}; {share} of its cells would be understood", field=field, share=share)
    if not isinstance(row["proposed"], str):
        return None
    if row["may_be_persons"]:
        return t("It may be a closed question, and about persons")
    return t("It may be a closed question")


def _unmatched(frame: pd.DataFrame, snapshot: Snapshot, t: Translator) -> pd.DataFrame:
    near = [
        _label(snapshot, field, code, t.language) if isinstance(code, str) else None
        for field, code in zip(frame["field"], frame["nearest_code"], strict=True)
    ]
    remedies = [_remedy_of_value(t, field, label) for field, label in zip(frame["field"], near, strict=True)]
    return frame.assign(
        nearest=pd.Series(near, index=frame.index, dtype=object),
        remedy=pd.Series(remedies, index=frame.index, dtype=object),
    )


def _remedy_of_value(t: Translator, field: str, nearest: str | None) -> str:
    if field == "percent":
        return t("Write a number from 0 to 100 into the file.")
    if field in ("baseline", "target", "actual"):
        return t("Write the number alone into the file, without words or signs beside it.")
    if field not in _CODELISTS and field != "language":
        return t("Write a date such as 2021-12-30 into the file, or leave the cell empty.")
    if nearest is not None:
        return t("If “{label}” is meant, say so on the page Data quality, or correct the file.", label=nearest)
    return t("Say what it means on the page Data quality, or correct the file.")


def _orphans(frame: pd.DataFrame, snapshot: Snapshot, t: Translator) -> pd.DataFrame:
    statuses = snapshot.codes.get("statuses", {})
    return frame.assign(
        status_name=frame["status"].map(lambda code: join_labels(code, statuses, t.language), na_action="ignore"),
        action_id=None,  # the likeliest action is not the report's
    )


def _unclassified(frame: pd.DataFrame, snapshot: Snapshot, t: Translator) -> pd.DataFrame:
    lang = t.language
    lacks = (
        ("lacks_group", t("Stakeholder group")),
        ("lacks_category", t("Category")),
        ("lacks_themes", t("Themes")),
        ("lacks_places", t("Country or region")),
    )
    rows = frame.to_dict("records")
    return frame.assign(
        missing=[SEPARATOR.join(label for name, label in lacks if row[name]) for row in rows],
        group_names=[
            label_codes(snapshot, "stakeholder_group", as_list(row["stakeholder_group"]), lang) for row in rows
        ],
        category_names=[label_codes(snapshot, "category", as_list(row["category"]), lang) for row in rows],
        theme_names=[label_codes(snapshot, "themes", as_list(row["themes"]), lang) for row in rows],
        place_names=[
            label_codes(snapshot, "countries", [*as_list(row["countries"]), *as_list(row["regions"])], lang)
            for row in rows
        ],
        word_list=[", ".join(as_list(row["words"])) for row in rows],
    )


def _coverage(frame: pd.DataFrame, snapshot: Snapshot, t: Translator) -> pd.DataFrame:
    members = [
        _name_member(snapshot, t, dimension, member)
        for dimension, member in zip(frame["dimension"], frame["member"], strict=True)
    ]
    return frame.assign(
        member_name=pd.Series(members, index=frame.index, dtype=object),
        share=frame["rows_filled"] * 100 / frame["rows_total"].where(frame["rows_total"] > 0),
    )


def _name_member(snapshot: Snapshot, t: Translator, dimension: str, member: str) -> str:
    """Name a member of a dimension of the coverage: a region's label, a wave as written."""
    if member == "all":
        return t(N_("All", "all rows together"))
    regions = snapshot.codes.get("regions", {})
    if member in regions and (dimension == "region" or member == UNCLASSIFIED):
        return regions[member].labels[t.language]
    return member


def _decisions(frame: pd.DataFrame, _snapshot: Snapshot, t: Translator) -> pd.DataFrame:
    return frame.assign(
        applied=[
            t("Yes") if is_applied else t("No: {why}", why=t(why_not or ""))
            for is_applied, why_not in zip(frame["is_applied"], frame["why_not"], strict=True)
        ],
    )


_MORE_WORDS: dict[str, Callable[[pd.DataFrame, Snapshot, Translator], pd.DataFrame]] = {
    "files": _files,
    "columns": _columns,
    "readings": _readings,
    "unmatched": _unmatched,
    "duplicates": lambda frame, *_: frame.assign(score=frame["score"] * 100),
    "orphans": _orphans,
    "unclassified": _unclassified,
    "coverage": _coverage,
    "decisions": _decisions,
}


def as_list(value: Any) -> list[str]:
    """Return a list cell of a query's answer; empty where there is none."""
    return [] if value is None or (not hasattr(value, "__len__") and pd.isna(value)) else [str(part) for part in value]


def as_text(value: object) -> str:
    """Return a text cell of a query's answer; empty where it is missing."""
    return value if isinstance(value, str) else ""


def _label(snapshot: Snapshot, field: str, code: str, lang: str) -> str:
    lists: Iterable[dict[str, Code]] = (snapshot.codes.get(name, {}) for name in _CODELISTS.get(field, ()))
    code_entry = next((codes[code] for codes in lists if code in codes), None)
    return code if code_entry is None else code_entry.labels[lang]
