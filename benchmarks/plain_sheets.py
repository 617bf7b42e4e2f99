"""The baseline of `benchmarks.etl_build` for workbooks: fastexcel reads each into DuckDB, with no other work done.

python -m benchmarks.plain_sheets DATABASE XLSX...
"""

import sys
from pathlib import Path

import duckdb
import fastexcel


def read_files(database: Path, files: list[Path]) -> None:
    """Make one table of the first sheet of each file."""
    with duckdb.connect(str(database)) as connection:
        for number, file in enumerate(files):
            rows = fastexcel.read_excel(file).load_sheet(0).to_arrow()
            connection.register("rows", rows)
            connection.execute(f"create table t{number} as from rows")
            connection.unregister("rows")


if __name__ == "__main__":
    read_files(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
