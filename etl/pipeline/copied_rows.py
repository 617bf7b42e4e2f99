"""Rows of a survey that stand in their sheet twice, every cell alike: a copy is no second answer.

Answers that bear an id, or name a known action, are told apart by that (`79_report_rows`); these have neither.
"""

import duckdb

from etl.profiling import timed
from etl.sqlfiles import ask, run_file


@timed("rows copied")
def reject_copied_rows(connection: duckdb.DuckDBPyConnection) -> None:
    """Reject each copy with the row that it repeats.

    Args:
        connection: The work database; `report_rows` holds the reports, `raw_<number>` each sheet's rows.
    """
    for (number,) in ask(connection, "readings/alike_reports"):
        run_file(connection, "steps/79_copied_rows", {"sheet_no": number}, raw=f"raw_{number}")
