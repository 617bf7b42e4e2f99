"""The baseline of `benchmarks.etl_build`: CSV files read into a DuckDB file, with no other work done.

python -m benchmarks.plain_read DATABASE CSV...
"""

import sys
from pathlib import Path

import duckdb

QUERY = Path(__file__).parent / "sql" / "plain_read.sql"


def read_files(database: Path, files: list[Path]) -> None:
    """Make one table of each file."""
    query = QUERY.read_text(encoding="utf-8")
    with duckdb.connect(str(database)) as connection:
        for number, file in enumerate(files):
            connection.execute(f"create table t{number} as {query}", {"file": str(file)})


if __name__ == "__main__":
    read_files(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
