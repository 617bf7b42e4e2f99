"""Where the project's own files are. Campaign folders are the business of `dashboard.campaign.folder`."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
SHIPPED_CAMPAIGN = PROJECT / "data"
QUERIES = PROJECT / "dashboard" / "queries"
LOCALES = PROJECT / "dashboard" / "locales"


def quote_path(path: Path) -> str:
    """`path` as an SQL string literal, for ATTACH, which takes no bound parameter."""
    return "'" + str(path).replace("'", "''") + "'"
