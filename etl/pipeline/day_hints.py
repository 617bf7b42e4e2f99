"""On which day may the statuses of a sheet have been true whose rows do not tell it? What its file says of days."""

from collections.abc import Mapping
from typing import Any

import duckdb

from etl.pipeline.versions import date_in_name
from etl.profiling import timed
from etl.sqlfiles import SQL, ask, run_file


@timed("days suggested")
def note_day_hints(connection: duckdb.DuckDBPyConnection, campaign: Mapping[str, Any]) -> None:
    """Note the day in the name of each such file, and the latest in its cells; nobody takes one of them unasked.

    Args:
        connection: The work database; `report_rows` holds the reports, `raw_<number>` each sheet's rows.
        campaign: The first and last day of the campaign, `starts_on` and `ends_on`.
    """
    for number, file in ask(connection, "readings/untold_days"):
        given = {"sheet_no": number, "in_name": date_in_name(file, with_years=False)}
        run_file(connection, SQL / "steps" / "79_day_hints.sql", {**campaign, **given}, raw=f"raw_{number}")
