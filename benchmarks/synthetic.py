"""A campaign folder of any size: N made-up actions and 3N progress reports as CSV exports, with their recipes.

python -m benchmarks.synthetic 100000 FOLDER           writes the exports
python -m benchmarks.synthetic 100000 FOLDER --build   builds and publishes the snapshot too
"""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb

from dashboard.paths import PROJECT, SHIPPED_CAMPAIGN

HERE = Path(__file__).parent
CODELISTS = {
    "groups": "stakeholder_groups",
    "categories": "categories",
    "themes": "themes",
    "countries": "countries",
    "statuses": "statuses",
}


def write_campaign(actions: int, folder: Path) -> list[Path]:
    """Write the exports and recipes of `actions` actions into `folder`; gives the exports."""
    inbox = folder / "inbox"
    inbox.mkdir(parents=True, exist_ok=True)
    shutil.copytree(HERE / "recipes", folder / "recipes", dirs_exist_ok=True)
    with duckdb.connect() as connection:
        parameters = {"actions": actions} | _spellings(connection)
        exports = []
        for name in ("synthetic_actions", "synthetic_reports"):
            export = inbox / f"{name}.csv"
            _write_csv(connection, HERE / "sql" / f"{name}.sql", parameters, export)
            exports.append(export)
    return exports


def build_snapshot(folder: Path) -> None:
    """Build and publish the snapshot of a campaign folder, as `python -m etl build` does."""
    command = [sys.executable, "-m", "etl", "build", "--quiet", "--campaign", str(folder)]
    subprocess.run(command, check=True, cwd=PROJECT)


def _spellings(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    query = (HERE / "sql" / "spellings.sql").read_text(encoding="utf-8")
    spellings: dict[str, list[str]] = {}
    for name, codelist in CODELISTS.items():
        file = str(SHIPPED_CAMPAIGN / "codelists" / f"{codelist}.csv")
        row = connection.execute(query, {"file": file}).fetchone()
        assert row is not None  # noqa: S101  (an aggregate without groups has one row)
        spellings |= {f"{name}_{language}": labels for language, labels in zip(("en", "fr", "es"), row, strict=True)}
    return spellings


def _write_csv(connection: duckdb.DuckDBPyConnection, query: Path, parameters: dict[str, Any], export: Path) -> None:
    statement = query.read_text(encoding="utf-8")
    named = duckdb.extract_statements(statement)[0].named_parameters
    values = {name: parameters[name] for name in named} | {"target": str(export)}
    connection.execute(f"copy ({statement}) to $target (format csv, header)", values)


def main() -> None:
    """Write a campaign as the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("actions", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--build", action="store_true", help="build and publish the snapshot too")
    options = parser.parse_args()
    for export in write_campaign(options.actions, options.folder):
        print(f"{export}: {export.stat().st_size / 1e6:.1f} MB")
    if options.build:
        build_snapshot(options.folder)


if __name__ == "__main__":
    main()
