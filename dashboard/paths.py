"""The paths of the project's own files. `dashboard.campaign.folder` handles campaign folders."""

import importlib.util
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
"""The folder of `dashboard` and `etl`: a checkout, or where packages are installed."""
IS_INSTALLED = not (PROJECT / "app.py").is_file()
PROGRAM = PROJECT / "dashboard" / "program" if IS_INSTALLED else PROJECT
"""The folder of app.py, pages, guides and the shipped campaign: the wheel holds them inside `dashboard`."""
SHIPPED_CAMPAIGN = PROGRAM / "data"
CAMPAIGN_FILE = "campaign.toml"
SAMPLE_FOLDER = "2021-actions-sample"
"""Where an installed program puts the shipped campaign to work on."""
QUERIES = PROJECT / "dashboard" / "queries"
LOCALES = PROJECT / "dashboard" / "locales"


def quote_path(path: Path) -> str:
    """Write `path` as an SQL string literal, for ATTACH, which takes no bound parameter."""
    return "'" + str(path).replace("'", "''") + "'"


def find_package(name: str) -> Path:
    """Find the folder of an installed package without importing it; raise `ModuleNotFoundError` where there is none."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(name)
    return Path(next(iter(spec.submodule_search_locations)))


def say_missing() -> str:
    """Advise whoever runs a Python that lacks the program's packages; empty where it has them."""
    missing = [name for name in ("typer", "duckdb", "pydantic", "streamlit") if importlib.util.find_spec(name) is None]
    if not missing:
        return ""
    return (
        f"{missing[0]} is not installed for {sys.executable}. Type . .venv/bin/activate in the project's folder first; "
        "where there is no .venv yet, make run makes it."
    )
