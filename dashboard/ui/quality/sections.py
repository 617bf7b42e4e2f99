"""Sections that inform: findings of checks, rejected rows, coverage of fields, changes since the last build, files."""

from collections.abc import Mapping
from functools import partial
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import formats
from dashboard.campaign import builds, uploads
from dashboard.campaign.answers.question_kinds import SHEETS
from dashboard.campaign.builds import Build, build_before, read_builds
from dashboard.campaign.file_names import find_names
from dashboard.campaign.snapshot_schema import OtherSchemaError
from dashboard.errors import UserError
from dashboard.i18n import N_
from dashboard.lists.declaration import Row
from dashboard.lists.quality import differences, wording
from dashboard.lists.quality.alike_sheets import read_settled, say_sheet_answer
from dashboard.lists.quality.lists import LISTS
from dashboard.lists.quality.queries import CHECK, SEVERITIES, as_text, name_reason
from dashboard.lists.quality.wording import KIND_NAMES, check_text
from dashboard.measures.definitions import FEW
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.ui.frame import link
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import account, answer_files, comparison, file_at_once, html_tables, messages, session_answers
from dashboard.ui.pieces.answer_files import DECISIONS, AnsweredLine
from dashboard.ui.pieces.html_tables import Cells
from dashboard.ui.quality import decide, listing
from dashboard.ui.quality.decision_cards import Choice


def show_checks(view: View, file: str | None, _numbers: Mapping[str, int]) -> None:
    """Draw the checks that found something, and their findings."""
    t = view.t
    checks = view.snapshot.query("quality_check_totals", {"file": file})
    failed = checks[checks["rows_found"] > 0]
    if failed.empty:
        st.success(t(LISTS["checks"].empty), icon=":material/check_circle:")
        return
    columns = (
        Cells(t("What was found"), lambda check: t(check_text(check["check_id"]).title)),
        Cells(t("Severity"), lambda check: t(SEVERITIES.get(check["severity"], check["severity"]))),
        html_tables.count(view, t("Rows"), "rows_found"),
        Cells(t("What to do"), lambda check: t(check_text(check["check_id"]).remedy)),
    )
    html_tables.show_records(failed, columns)
    passed = len(checks) - len(failed)
    st.caption(
        t.plural("{n} further check found nothing.", "{n} further checks found nothing.", passed)
        + f" {t('A warning is probably an error; a note may be fine.')}"
    )
    messages.show_card_title(t("Rows"))
    titles = {check: t(check_text(check).title) for check in failed["check_id"]}
    requested = view.parameters.get(CHECK)
    check_id = requested if requested in titles else None
    bound = link.bind("quality-check", CHECK, check_id, None, instead=listing.OTHER_LIST)
    listing.choose(t("Check"), titles, t("All checks"), width=420, **bound)
    listing.show(view, LISTS["checks"], file, check_id)


def show_rejected(view: View, file: str | None, _numbers: Mapping[str, int]) -> None:
    """Draw the reasons with their remedies, and the rows."""
    t = view.t
    reasons = view.snapshot.query("quality_reasons", {"file": file})
    if not reasons.empty:
        columns = (
            Cells(t("What is wrong"), lambda row: name_reason(t, row["reason"])),
            html_tables.count(view, t("Rows"), "row_count"),
            Cells(t("What to do"), lambda row: t(wording.remedy(row["reason"]))),
        )
        html_tables.show_records(reasons, columns, is_long=True)
    listing.show(view, LISTS["rejected"], file)


_DIVISIONS = {"region": N_("By region"), "wave": N_("By survey wave")}


def show_coverage(view: View, _file: str | None, _numbers: Mapping[str, int]) -> None:
    """Draw the table of one kind of rows."""
    t, spec = view.t, LISTS["coverage"]
    frame = listing.read_all(view, spec.list_id)
    kinds = {kind: t(name) for kind, name in KIND_NAMES.items() if kind in set(frame["kind"])}
    if not kinds:
        st.info(t(spec.empty))
        return
    st.markdown(
        t("How often each field is filled, of all rows that are shown: the stronger the colour, the more often.")
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = listing.choose_part(view, "quality-coverage-kind", kinds, next(iter(kinds)), t("Rows"))
        of_kind = frame[frame["kind"] == kind]
        dimensions = {name: t(label) for name, label in _DIVISIONS.items() if name in set(of_kind["dimension"])}
        dimension = next(iter(dimensions), None)
        if dimension is not None and len(dimensions) > 1:
            dimension = listing.choose_part(
                view, "quality-coverage-by", dimensions, dimension, t("Divided"), listing.BY
            )
        listing.show_download(view, spec, None)
    st.html(_render_coverage(view, of_kind, dimension))


def _render_coverage(view: View, frame: pd.DataFrame, dimension: str | None) -> str:
    """Render the table: a line a field, the least filled first; a column a member, with its number of rows."""
    t = view.t
    all_rows = frame[frame["dimension"] == "all"].sort_values(["share", "field_name"], na_position="first")
    parts = frame[frame["dimension"] == dimension]
    members = _order_members(view, parts, dimension)
    cells = {(row["member"], row["field"]): row for row in parts.to_dict("records")}
    totals = parts.groupby("member")["rows_total"].max().to_dict()
    heads = [(t(N_("All", "all rows together")), int(all_rows["rows_total"].max()) if len(all_rows) else 0)]
    heads += [(name, int(totals[member])) for member, name in members]
    head = "".join(_render_head(view, name, count) for name, count in heads)
    body = ""
    for row in all_rows.to_dict("records"):
        values = [row, *(cells.get((member, row["field"])) for member, _ in members)]
        drawn = "".join(_render_cell(view, value) for value in values)
        body += f'<tr><th scope="row">{escape(row["field_name"])}</th>{drawn}</tr>'
    table = (
        f'<table class="coverage"><thead><tr><th scope="col">{escape(t("Field"))}</th>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )
    return f'<div class="figures" tabindex="0">{table}</div>'


def _order_members(view: View, parts: pd.DataFrame, dimension: str | None) -> list[tuple[str, str]]:
    """Order members and their names as in the codelist; waves by name, the unclassified last."""
    names = dict(zip(parts["member"], parts["member_name"], strict=True))
    order = {code: place for place, code in enumerate(view.snapshot.codes.get("regions", {}))}
    if dimension != "region":
        order = {code: place for place, code in enumerate(sorted(names)) if code != "unclassified"}
    return sorted(names.items(), key=lambda item: (order.get(item[0], len(order)), item[1]))


def _render_head(view: View, name: str, count: int) -> str:
    number = formats.format_count(count, view.lang)
    return f'<th scope="col">{escape(name)}<br><span class="muted">n = {number}</span></th>'


def _render_cell(view: View, row: dict[Any, Any] | None) -> str:
    if row is None:
        return f"<td>{formats.NOTHING}</td>"
    filled, total = int(row["rows_filled"]), int(row["rows_total"])
    share = filled / total if total else 0.0
    count = view.t("{n} of {total}", n=filled, total=total)
    muted = ' class="muted"' if total < FEW else ""
    return (
        f'<td{muted} title="{escape(count)}" style="background: rgba(31,111,178,{share * 0.45:.2f})">'
        f"{formats.format_percent(filled, total, view.lang)}</td>"
    )


_CACHE_MB = 1  # each query runs once


def show_changes(view: View, _file: str | None, _numbers: Mapping[str, int]) -> None:
    """Draw the comparison with the build before; where there is none, explain the empty place."""
    t = view.t
    campaign = Settings.from_environment().campaign
    history = read_builds(campaign)
    before = build_before(campaign, history, view.snapshot.build_id)
    if before is None:
        st.info(
            t("There is no earlier build to compare with. After the next build you will see here what it changed."),
            icon=":material/info:",
        )
        return
    st.markdown(t("Compared with the build of {moment}.", moment=comparison.name_moment(view, before)))
    path = campaign / "published" / before.snapshot
    try:
        compared = differences.compare_builds(
            Snapshot(path, before.build_id, before.built_at, _CACHE_MB), view.snapshot
        )
    except OtherSchemaError as error:  # no build mends that: the comparison begins with the next one
        st.info(t((error.for_readers or ("",))[0]), icon=":material/info:")
        return
    except UserError as error:
        messages.show_error(view, error)
        return
    excel = listing.name_excel(view, "changes", t("Download as Excel"), ["changes"], before=path)
    file_at_once.show(view, "staff-files-changes", path, excel)
    comparison.show_figures(view, compared)
    comparison.show_changes(view, compared)
    after = next((build for build in history if build.build_id == view.snapshot.build_id), None)
    if after is not None:
        _show_files(view, before, after)


def _show_files(view: View, before: Build, after: Build) -> None:
    t = view.t
    messages.show_card_title(t("Rows of each file"))
    old, new = ({file.name: file for file in build.files} for build in (before, after))
    names = {"rows_read": t("Rows read"), "rows_accepted": t("Accepted"), "rows_rejected": t("Rejected")}

    def compare(name: str, count: str) -> str:
        files = (old.get(name), new.get(name))
        counts = (
            formats.NOTHING if one is None else formats.format_count(vars(one)[count], view.lang) for one in files
        )
        return comparison.say_change(*counts)

    def say_what(name: str) -> str:
        if name not in old:
            return t("new")
        if name not in new:
            return t("taken out")
        return t("same number of rows") if old[name] == new[name] else t("other rows")

    columns = (
        Cells(t("File"), str),
        *(Cells(label, partial(compare, count=count), is_words=False) for count, label in names.items()),
        Cells(t("What happened"), say_what),
    )
    html_tables.show_records(sorted({*old, *new}), columns)


def show_files(view: View, file: str | None, _numbers: Mapping[str, int]) -> None:
    """Draw the account of each file, and the rows that were merged; those of one action can be separated."""
    listing.show_download(view, LISTS["files"], file)
    show_account(view, file)
    _show_settled_sheets(view, file)
    _show_unread(view)
    messages.show_card_title(view.t(LISTS["merged"].title))
    listing.show(view, LISTS["merged"], file, show_buttons=partial(_show_parting, view))


def _show_parting(view: View, row: Row) -> None:
    """Draw the button that separates a merged row again."""
    if not row["submission_id"]:
        return
    answers = session_answers.tell(view, session_answers.find(view, "decide", DECISIONS))
    apart = Choice("different", "action", row["submission_id"], row["action_id"])
    key = f"apart-{row['submission_id']}"
    decide.show_buttons(view, answers, [(view.t("These are two actions"), apart)], key, row["title"] or "")


def show_account(view: View, file: str | None) -> None:
    """Draw one line a sheet, with the total."""
    t = view.t
    messages.show_card_title(t("What became of the rows"))
    st.markdown(t(LISTS["files"].note))
    frame = listing.read_all(view, "files", file)

    def say_kind(row: Any) -> str:
        return as_text(row["kind_name"]) or (t("Not read") if row["is_unread"] else t("Not read: no recipe"))

    extra_columns = (
        Cells(t("Sheet"), lambda row: as_text(row["sheet"])),
        Cells(t("Contains"), say_kind),
        Cells(t("Recipe"), lambda row: as_text(row["recipe"])),
    )
    account_table = account.lay_out(view, frame, extra_columns, build_id=view.snapshot.build_id, total=t("Total"))
    st.html(html_tables.render(*account_table, is_long=True))
    remarked = frame[frame["remark"].notna()]
    lines = zip(remarked["source_file"], remarked["sheet"], remarked["remark"], strict=True)
    remarks = "\n".join(f"- {plain(f'{file}, {sheet}: {remark}')}" for file, sheet, remark in lines)
    if remarks:
        st.markdown(remarks)


def _show_settled_sheets(view: View, file: str | None) -> None:
    """Draw staff's decisions on sheets, each with a button that takes it back."""
    answers = session_answers.begin(view, "files", SHEETS)
    lines = [
        AnsweredLine(say_sheet_answer(view.t, key, use), partial(answers.save, view, {key: ""}))
        for key, use in read_settled(view.snapshot, file).items()
        if key not in answers.undone
    ]
    if lines:
        messages.show_card_title(view.t("Which sheets count, as staff have said"))
        answer_files.show(view, lines, "undo-sheet", is_disabled=view.snapshot.is_shipped_sample)


def _show_unread(view: View) -> None:
    """Draw the files of the inbox that this build lacks."""
    if view.snapshot.is_shipped_sample:
        return
    names = find_names(view.snapshot.path).show(view.snapshot.query("input_files"))["source_file"]
    unread = builds.list_unread_files(Settings.from_environment().campaign, names, uploads.KINDS)
    if unread:
        sentence = view.t(
            "In the inbox, but not in this build: {names}. They were added later, or could not be read; the next "
            "build says why.",
            names=", ".join(unread),
        )
        st.warning(plain(sentence), icon=":material/block:")
