"""The preview of a draft: figures before and after, the files' accounts, what is added and changed, what to look at.

What publishing adds, changes and removes: actions, fields with their values before and after, reports.
"""

from collections.abc import Callable
from datetime import date
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import formats
from dashboard.errors import UserError
from dashboard.i18n import N_
from dashboard.measures.counts import Headline
from dashboard.measures.definitions import DEFINITIONS
from dashboard.measures.register import join_labels
from dashboard.quality.differences import Comparison, Preview
from dashboard.quality.queries import name_reason
from dashboard.quality.wording import check_text, name_field
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import tables
from dashboard.ui.pieces.messages import plain
from dashboard.ui.pieces.original_row import place
from dashboard.ui.upload import recipe
from dashboard.ui.upload.state import Upload

_STATES = {
    "added": N_("new"),
    "replaces": N_("replaces the file of this name"),
    "unchanged": N_("same as the file that is there"),
    "removed": N_("taken out"),
}
_COUNTS = {
    "actions": DEFINITIONS["actions"].name,
    "reported": DEFINITIONS["reported"].name,
    "completed": DEFINITIONS["completed"].name,
    "unmatched_reports": N_("Reports without action"),
}
_RATES = ("completion_rate", "upper_bound", "reporting_rate")
_ROWS = ("rows_read", "rows_accepted", "rows_merged", "rows_rejected")


def show(view: Frame, upload: Upload) -> None:
    """Draw the preview of the session's upload."""
    if upload.preview is None or upload.note is None:
        return
    show_figures(view, upload.preview)
    _show_files(view, upload)
    show_changes(view, upload.preview)
    _show_rejected(view, upload.preview.rejected)
    _show_unmatched(view, upload.preview.unmatched)
    _show_duplicates(view, upload.preview.duplicates)
    _show_checks(view, upload.preview.checks)


def show_figures(view: Frame, preview: Preview | Comparison) -> None:
    """Draw the headline figures, now and after publishing."""
    t = view.t
    before, after = preview.before, preview.after
    labels = [t("Figure"), t("Before"), t("After"), t("Difference")]
    rows = [_count_row(view, name, before, after) for name in _COUNTS]
    rows += [_rate_row(view, name, before, after) for name in _RATES]
    if before is None:  # nothing to compare with
        labels, rows = [t("Figure"), t("After")], [[row[0], row[2]] for row in rows]
    st.html(f'<h3 class="card-title">{escape(t("Figures"))}</h3>')
    tables.show([tables.Column(label) for label in labels], rows)
    if before is None:
        st.caption(t("Nothing but the fictional sample was published before, so everything counts as new."))
    elif before.day != after.day:
        st.caption(
            t(
                "Before: as of {before}. After: as of {after}.",
                before=formats.format_date(before.day, view.lang),
                after=formats.format_date(after.day, view.lang),
            )
        )


def _count_row(view: Frame, name: str, before: Headline | None, after: Headline) -> list[str]:
    new = int(getattr(after, name))
    label = view.t(_COUNTS[name])
    if before is None:
        return [label, formats.NOTHING, formats.format_count(new, view.lang), formats.NOTHING]
    old = int(getattr(before, name))
    return [label, formats.format_count(old, view.lang), formats.format_count(new, view.lang), _signed(view, new - old)]


def _rate_row(view: Frame, name: str, before: Headline | None, after: Headline) -> list[str]:
    label = view.t(DEFINITIONS[name].name)
    new = _rate(view, name, after)
    if before is None:
        return [label, formats.NOTHING, new, formats.NOTHING]
    rates: tuple[float | None, ...] = (getattr(before, name), getattr(after, name))
    difference = None if rates[0] is None or rates[1] is None else rates[1] - rates[0]
    points = formats.format_points(difference, view.lang)
    return [label, _rate(view, name, before), new, view.t("{points} points", points=points)]


def _rate(view: Frame, name: str, headline: Headline) -> str:
    part, whole = headline.fraction(name)
    percent = formats.format_percent(part, whole, view.lang)
    counts = (formats.format_count(part, view.lang), formats.format_count(whole, view.lang))
    return view.t("{percent} ({part} of {whole})", percent=percent, part=counts[0], whole=counts[1])


def _signed(view: Frame, difference: int) -> str:
    return f"{'+' if difference > 0 else ''}{formats.format_count(difference, view.lang)}"


def _show_files(view: Frame, upload: Upload) -> None:
    t = view.t
    st.html(f'<h3 class="card-title">{escape(t("Files"))}</h3>')
    if upload.note is None or upload.preview is None:
        return
    columns = [tables.Column(t("File")), tables.Column(t("What happens"), True), tables.Column(t("Read as"), True)]
    labels = (t("Rows read"), t("Accepted"), t("Merged"), t("Rejected"))
    columns += [tables.Column(label) for label in labels]
    states = {file.name: file.state for file in upload.note.files}
    rows = [
        [
            file["source_file"],
            t(_STATES.get(states[file["upload"]], states[file["upload"]])),
            file["recipe"],
            *(formats.format_count(file[name], view.lang) for name in _ROWS),
        ]
        for file in upload.preview.account.to_dict("records")
    ]
    named = set(upload.preview.account["upload"])
    rows += [[name, t(_STATES[state]), *[""] * 5] for name, state in states.items() if name not in named]
    if rows:
        tables.show(columns, rows)
    for refused in upload.note.refused:
        error = recipe.for_the_page(UserError(refused.what, refused.remedy))
        text = t("{name} is left out: {what} {remedy}", name=refused.name, what=t(error.what), remedy=t(error.remedy))
        st.warning(plain(text), icon=":material/block:")


def _show_list(
    title: str, frame: pd.DataFrame, columns: list[tables.Column], row: Callable[[dict[Any, Any]], list[str]], note: str
) -> None:
    """Draw a list folded away under its title, with what to do about it."""
    with st.expander(title):
        if note:
            st.markdown(note)
        st.html(tables.render(columns, [row(found) for found in frame.to_dict("records")], is_long=True))


def _show_rejected(view: Frame, rejected: pd.DataFrame) -> None:
    t = view.t
    if rejected.empty:
        return
    count = int(rejected["rows_in_all"].iloc[0])
    _show_list(
        name_list(view, t("Rejected rows of these files"), count, len(rejected)),
        rejected,
        [tables.Column(t("Row")), tables.Column(t("Reason"), True)],
        lambda row: [place(view, row["source_file"], row["sheet"], row["source_row"]), name_reason(t, row["reason"])],
        t("These rows cannot be what their file claims. Correct them in the file and upload it again under its name."),
    )


def _show_unmatched(view: Frame, unmatched: pd.DataFrame) -> None:
    t = view.t
    if unmatched.empty:
        return
    count = int(unmatched["values_in_all"].iloc[0])
    columns = [
        tables.Column(t("Value")),
        tables.Column(t("Field"), True),
        tables.Column(t("Rows")),
        tables.Column(t("Nearest code"), True),
        tables.Column(t("File"), True),
    ]
    _show_list(
        name_list(view, t("Values of these files that match no code"), count, len(unmatched)),
        unmatched,
        columns,
        lambda row: [
            str(row["value"])[:120],
            t(name_field(row["field"])),
            formats.format_count(row["rows"], view.lang),
            row["nearest_code"] if isinstance(row["nearest_code"], str) else "",
            row["source_file"],
        ],
        t(
            "The rows are kept and the field stays empty. Correct the value in the file, "
            "or ask the operator to add the spelling to the codelist."
        ),
    )


def _show_duplicates(view: Frame, duplicates: pd.DataFrame) -> None:
    t = view.t
    if duplicates.empty:
        return
    _show_list(
        name_list(view, t("New pairs that may be the same"), len(duplicates), min(len(duplicates), 200)),
        duplicates.head(200),
        [tables.Column(t("One")), tables.Column(t("The other"), True), tables.Column(t("Alike"))],
        lambda row: [row["left_name"], row["right_name"], formats.format_share(row["score"], view.lang)],
        t("They stay apart until somebody decides, on the page Data quality."),
    )


def _show_checks(view: Frame, checks: pd.DataFrame) -> None:
    t = view.t
    if checks.empty:
        return
    _show_list(
        name_list(view, t("Checks that find more than before"), len(checks), len(checks)),
        checks,
        [tables.Column(t("Check")), tables.Column(t("Before")), tables.Column(t("After"))],
        lambda row: [
            t(check_text(row["check_id"]).title),
            formats.format_count(row["before"], view.lang),
            formats.format_count(row["after"], view.lang),
        ],
        t("Nothing is left out because of them; the page Data quality lists the rows."),
    )


_CODELISTS = {
    "status": "statuses",
    "stakeholder_group": "stakeholder_groups",
    "category": "categories",
    "themes": "themes",
    "regions": "regions",
    "countries": "countries",
}
_DATES = ("reported_on", "submitted_on", "due_on")
_LONGEST = 300  # characters of a value that are shown


def show_changes(view: Frame, preview: Preview | Comparison) -> None:
    """Draw the actions and reports that publishing adds, changes and removes."""
    t, changes = view.t, preview.changes
    st.html(f'<h3 class="card-title">{escape(t("Changes"))}</h3>')
    counted = (
        (t("Actions added"), changes.actions_added),
        (t("Actions changed"), changes.actions_changed),
        (t("of these with another status"), changes.statuses_changed),
        (t("Actions removed"), changes.actions_removed),
        (t("Progress reports added"), changes.reports_added),
        (t("Progress reports removed"), changes.reports_removed),
    )
    columns = (tables.Column(t("Change")), tables.Column(t("Number")))
    tables.show(columns, [[label, formats.format_count(number, view.lang)] for label, number in counted])
    _show_actions(view, t("Actions added"), changes.added, changes.actions_added)
    _show_changed(view, preview)
    _show_actions(view, t("Actions removed"), changes.removed, changes.actions_removed)


def _show_actions(view: Frame, title: str, actions: pd.DataFrame, count: int) -> None:
    t = view.t
    if actions.empty:
        return
    columns = (tables.Column(t("Title")), tables.Column(t("Stakeholder"), True), tables.Column(t("Action ID"), True))
    rows = [[_text(row["title"]), _text(row["stakeholder"]), row["action_id"]] for row in actions.to_dict("records")]
    with st.expander(name_list(view, title, count, len(rows))):
        st.html(tables.render(columns, rows, is_long=True))


def _show_changed(view: Frame, preview: Preview | Comparison) -> None:
    t, changed = view.t, preview.changes.changed
    if changed.empty:
        return
    columns = (
        tables.Column(t("Action")),
        tables.Column(t("Field"), True),
        tables.Column(t("Before"), True),
        tables.Column(t("After"), True),
    )
    rows = [
        [
            _text(row["title"]) or row["action_id"],
            t(name_field(row["field"])),
            _value(view, preview, row["field"], row["before"]),
            _value(view, preview, row["field"], row["after"]),
        ]
        for row in changed.to_dict("records")
    ]
    shown = int(changed["action_id"].nunique())
    with st.expander(name_list(view, t("Actions changed"), preview.changes.actions_changed, shown)):
        st.html(tables.render(columns, rows, is_long=True))


def _value(view: Frame, preview: Preview | Comparison, field: str, value: Any) -> str:
    """A field's value as a reader knows it: labels for codes, dates in words, a dash for none."""
    if pd.isna(value):
        return formats.NOTHING
    text = str(value)
    if field in _CODELISTS:
        return join_labels(text.split(", "), preview.codes.get(_CODELISTS[field], {}), view.lang)
    if field in _DATES:
        return formats.format_date(date.fromisoformat(text), view.lang)
    if field == "percent":
        return formats.format_share(float(text) / 100, view.lang)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def name_list(view: Frame, title: str, count: int, shown: int) -> str:
    """A list's title with its length, and how much of it is shown."""
    number = formats.format_count(count, view.lang)
    if shown < count:
        first = formats.format_count(shown, view.lang)
        return view.t("{title}: {count}, the first {shown} here", title=title, count=number, shown=first)
    return view.t("{title}: {count}", title=title, count=number)
