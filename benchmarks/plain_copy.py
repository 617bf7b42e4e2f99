"""The baseline of `benchmarks.extract_formats`: a plain `copy (select * from actions)`, and nothing else.

    python -m benchmarks.plain_copy CAMPAIGN FILE.csv|.parquet|.json

DuckDB alone with its own settings: the columns as they are stored, no labels, no status, no filter, no order.
"""

import json
import sys
from pathlib import Path

import duckdb

OPTIONS = {
    ".csv": "format csv, header true",
    ".parquet": "format parquet, compression zstd",
    ".json": "format json, array true",
}


def copy_plainly(campaign: Path, target: Path) -> None:
    """Write the table of actions of a campaign's snapshot as it is."""
    published = campaign / "published"
    name = json.loads((published / "current.json").read_text(encoding="utf-8"))["snapshot"]
    with duckdb.connect(published / name, read_only=True) as connection:
        statement = f"copy (select * from actions) to $target ({OPTIONS[target.suffix]})"  # noqa: S608  (from above)
        connection.execute(statement, {"target": str(target)})


if __name__ == "__main__":
    copy_plainly(Path(sys.argv[1]), Path(sys.argv[2]))
