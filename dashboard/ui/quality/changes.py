"""Changes: what this build shows that the build before it did not."""

from collections.abc import Mapping

import streamlit as st

from dashboard import formats
from dashboard.campaign.builds import Build, BuildFile, build_before, read_builds
from dashboard.campaign.snapshot_schema import OtherSchemaError
from dashboard.errors import UserError
from dashboard.quality import differences
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import comparison, file_at_once, html_tables, messages
from dashboard.ui.quality import listing

_COUNTS = ("rows_read", "rows_accepted", "rows_rejected")
_CACHE_MB = 1  # each query runs once


def show(view: View, _file: str | None, _numbers: Mapping[str, int]) -> None:
    """Draw the comparison with the build before; where there is none, say what would stand here."""
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
    except OtherSchemaError as error:  # no build mends that: it shows what the next one changes
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
    """The rows of each file, then and now."""
    t = view.t
    messages.show_card_title(t("Rows of each file"))
    old, new = ({file.name: file for file in build.files} for build in (before, after))
    columns = (
        *html_tables.words(t("File")),
        *html_tables.figures(t("Rows read"), t("Accepted"), t("Rejected")),
        *html_tables.words(t("What happened")),
    )
    rows = []
    for name in sorted({*old, *new}):
        was, now = old.get(name), new.get(name)
        counts = [_then_and_now(view, was, now, count) for count in _COUNTS]
        rows.append([name, *counts, _say_what(view, was, now)])
    html_tables.show(columns, rows)


def _then_and_now(view: View, was: BuildFile | None, now: BuildFile | None, count: str) -> str:
    texts = [
        formats.NOTHING if file is None else formats.format_count(getattr(file, count), view.lang)
        for file in (was, now)
    ]
    return comparison.say_change(*texts)


def _say_what(view: View, was: BuildFile | None, now: BuildFile | None) -> str:
    if was is None:
        return view.t("new")
    if now is None:
        return view.t("taken out")
    return view.t("same number of rows") if was == now else view.t("other rows")
