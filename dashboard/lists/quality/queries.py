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

Row = Mapping[Any, Any]
Write = Callable[[Row, Snapshot, Translator], Any]
"""Writes a cell of a row in words; None for none."""

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
    frame, rows = _add_words(frame, t), frame.to_dict("records")
    columns = {
        name: pd.Series([write(row, snapshot, t) for row in rows], index=frame.index, dtype=object)
        for name, write in _OF_ROWS.get(list_id, {}).items()
    }
    return Rows(frame.assign(**columns), total)


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


def _name_nearest(row: Row, snapshot: Snapshot, t: Translator) -> str | None:
    return _label(snapshot, row["field"], row["nearest_code"], t.language) if as_text(row["nearest_code"]) else None


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


def _name_member(snapshot: Snapshot, t: Translator, dimension: str, member: str) -> str:
    """Name a member of a dimension of the coverage: a region's label, a wave as written."""
    if member == "all":
        return t(N_("All", "all rows together"))
    regions = snapshot.codes.get("regions", {})
    if member in regions and (dimension == "region" or member == UNCLASSIFIED):
        return regions[member].labels[t.language]
    return member


def _name_codes(field: str, *columns: str) -> Write:
    """Make the writer of a field's codes in one or several columns of a row."""
    return lambda row, snapshot, t: label_codes(
        snapshot, field, [code for name in columns for code in as_list(row[name])], t.language
    )


def _find_remedy_of_reading(row: Row, _snapshot: Snapshot, t: Translator) -> str | None:
    remedy = wording.READING_REMEDIES.get(row["reading"].partition(" ")[0])
    return t(remedy) if remedy and row["decided_by"] != "values" else None


_LACKS = {
    "lacks_group": N_("Stakeholder group"),
    "lacks_category": N_("Category"),
    "lacks_themes": N_("Themes"),
    "lacks_places": N_("Country or region"),
}
_OPEN = N_("Say what it is on the page Data quality (Columns, To decide).")
_OF_ROWS: dict[str, dict[str, Write]] = {
    "files": {
        "remark": lambda row, _, t: _remark(t, row["remarks"]),
        "is_unread": lambda row, *_: any(one["remark"] in wording.UNREAD for one in _listed(row["remarks"])),
    },
    "columns": {
        "use_name": lambda row, _, t: name_use(t, row["use"], row["target"]),
        "remark": lambda row, _, t: explain_column(t, row),
        "remedy": lambda row, _, t: t(_OPEN) if row["use"] == "open" else None,
    },
    "readings": {"remedy": _find_remedy_of_reading},
    "unmatched": {
        "nearest": _name_nearest,
        "remedy": lambda row, snapshot, t: _remedy_of_value(t, row["field"], _name_nearest(row, snapshot, t)),
    },
    "duplicates": {"score": lambda row, *_: row["score"] * 100},
    "orphans": {
        "status_name": lambda row, snapshot, t: (
            join_labels(row["status"], snapshot.codes.get("statuses", {}), t.language)
            if as_text(row["status"])
            else None
        ),
        "action_id": lambda *_: None,  # the likeliest action is not the report's
    },
    "unclassified": {
        "missing": lambda row, _, t: SEPARATOR.join(t(label) for name, label in _LACKS.items() if row[name]),
        "group_names": _name_codes("stakeholder_group", "stakeholder_group"),
        "category_names": _name_codes("category", "category"),
        "theme_names": _name_codes("themes", "themes"),
        "place_names": _name_codes("countries", "countries", "regions"),
        "word_list": lambda row, *_: ", ".join(as_list(row["words"])),
    },
    "coverage": {
        "member_name": lambda row, snapshot, t: _name_member(snapshot, t, row["dimension"], row["member"]),
        "share": lambda row, *_: row["rows_filled"] * 100 / row["rows_total"] if row["rows_total"] else None,
    },
    "decisions": {
        "applied": lambda row, _, t: t("Yes") if row["is_applied"] else t("No: {why}", why=t(row["why_not"] or "")),
    },
}
"""The columns of words from several cells of a row, by the list, and how each is written."""


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
