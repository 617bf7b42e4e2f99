"""On which day may the statuses of a sheet have been true whose rows do not tell it? What its file says of days."""

from collections.abc import Mapping
from typing import Any

import duckdb

from etl.pipeline.versions import date_in_name
from etl.profiling import timed
from etl.sqlfiles import ask, run_file


@timed("days suggested")
def note_day_hints(connection: duckdb.DuckDBPyConnection, campaign: Mapping[str, Any]) -> None:
    """Note the days in the names of each such file, sheet and column, and the latest in cells; none is taken unasked.

    Args:
        connection: The work database; `report_rows` holds the reports, `raw_<number>` each sheet's rows.
        campaign: The first and last day of the campaign, `starts_on` and `ends_on`.
    """
    untold = ask(connection, "readings/untold_days")
    names = {name for *_, title, header in untold for name in (title, header) if name and any(map(str.isdigit, name))}
    days = dict(ask(connection, "readings/days_in_titles", {"titles": sorted(names)})) if names else {}
    for number, round_no, file, title, header in untold:
        facts = {"sheet_no": number, "round_no": round_no, "in_title": days.get(title), "in_header": days.get(header)}
        facts["in_name"] = date_in_name(file, with_years=False)
        run_file(connection, "steps/79_day_hints", {**campaign, **facts}, raw=f"raw_{number}")
