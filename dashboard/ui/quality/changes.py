"""Changes: what this build shows that the build before it did not."""

from collections.abc import Mapping
from functools import partial

import streamlit as st

from dashboard import formats
from dashboard.campaign.builds import Build, build_before, read_builds
from dashboard.campaign.snapshot_schema import OtherSchemaError
from dashboard.errors import UserError
from dashboard.quality import differences
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import comparison, file_at_once, messages, record_tables
from dashboard.ui.pieces.record_tables import Cells
from dashboard.ui.quality import listing

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
    record_tables.show(sorted({*old, *new}), columns)
