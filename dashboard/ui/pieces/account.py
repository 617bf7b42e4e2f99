"""The account of input files in a table: of the rows read, how many were accepted, merged, rejected."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from dashboard import formats
from dashboard.campaign import origins
from dashboard.campaign.origins import Origin
from dashboard.campaign.source_notes import moment
from dashboard.campaign.sources import NAMES, Tool
from dashboard.settings import Settings
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import record_tables
from dashboard.ui.pieces.html_tables import Column
from dashboard.ui.pieces.record_tables import Cells


def lay_out(
    view: Frame, files: pd.DataFrame, extra_columns: Sequence[Cells] = (), *, build_id: str = "", total: str = ""
) -> tuple[list[Column], list[list[str]]]:
    """A line a file or sheet: its name, what else is said of it, and the four counts; as `html_tables` takes it.

    Args:
        view: The page.
        files: `source_file` and the counts by their names in the snapshot.
        extra_columns: What else is said of each.
        build_id: The build whose sources are named with their files; empty where they are not.
        total: The words before the counts of all together, in a last line; empty for none.
    """
    t = view.t
    names = {"rows_read": t("Rows read"), "rows_accepted": t("Accepted"), "rows_merged": t("Merged"),
             "rows_rejected": t("Rejected")}  # fmt: skip
    build_origins = origins.read_of_build(Settings.from_environment().campaign, build_id) if build_id else {}

    def name_file(file: Any) -> str:
        name = str(file["source_file"])
        return " · ".join(filter(None, (name, say_origin(view, origins.find(build_origins, name)))))

    counts = [record_tables.count(view, label, name) for name, label in names.items()]
    sums = [formats.format_count(int(files[name].sum()), view.lang) for name in names]
    columns, rows = record_tables.lay_out(files, [Cells(t("File"), name_file), *extra_columns, *counts])
    return columns, [*rows, *([[total, *[""] * len(extra_columns), *sums]] if total else [])]


def say_origin(view: Frame, origin: Origin | None) -> str:
    """`fetched from KoboToolbox, Mid-year survey, 1 July 2021, 09:00 UTC`; nothing where a person brought the file."""
    at = None if origin is None else moment(origin.at)
    if origin is None or at is None:
        return ""
    tool = next((view.t(NAMES[one]) for one in Tool if one.value == origin.tool), origin.tool)
    when = f"{formats.format_date(at.date(), view.lang)}, {at:%H:%M} UTC"
    return view.t("fetched from {tool}, {source}, {when}", tool=tool, source=origin.title, when=when)
