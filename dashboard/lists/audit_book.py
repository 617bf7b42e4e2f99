"""The audit log as a workbook: the entries that an administrator has filtered, a row each.

Run as a module it is a worker's job (see `dashboard.ground.processes.runner`): the server never loads openpyxl.
"""

import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dashboard.access.audit.entries import MOST_ROWS, Filters, describe, find_entries
from dashboard.files.extracts.workbook import layout
from dashboard.files.extracts.workbook.archive import save
from dashboard.files.extracts.workbook.layout import Column
from dashboard.ground.files.row_workbooks import RowsWorkbook
from dashboard.ground.processes.child import answer
from dashboard.i18n import N_, Translator, translator

_COLUMNS = (
    Column("moment", N_("When (UTC)"), 20),
    Column("who", N_("Who"), 28),
    Column("address", N_("Address"), 28),
    Column("role", N_("Role"), 16),
    Column("what", N_("Operation"), 28),
    Column("outcome", N_("Outcome"), 16),
    Column("about", N_("About"), 50),
    Column("details", N_("Details"), 70),
    Column("request", N_("Request"), 20),
    Column("act", N_("Operation number"), 20),
)


def write_book(campaign: Path, filters: Filters, lang: str, target: Path) -> int:
    """Write the workbook; return its rows."""
    t = translator(lang)
    audit_entries = find_entries(campaign, filters, MOST_ROWS)
    workbook = RowsWorkbook()
    title = t(N_("Audit log"))
    rows, count = (_row(t, entry) for entry in audit_entries.entries.to_dict("records")), len(audit_entries.entries)
    sheet = layout.write_table(workbook, title, "audit", _COLUMNS, rows, count, title, t)
    if audit_entries.total > MOST_ROWS:
        sheet.oddFooter.right.text = t(N_("Only the first {n} rows fit into the sheet."), n=str(MOST_ROWS))
    workbook.properties.title = title
    save(workbook, target, datetime.now(UTC))
    return count


def _row(t: Translator, entry: Mapping[Any, Any]) -> list[str]:
    texts = dict(describe(t, entry))
    cells = {column.name: texts.pop(t(column.header), "") for column in _COLUMNS}
    return list((cells | {"details": " · ".join(f"{label}: {words}" for label, words in texts.items())}).values())


def answer_job(arguments: dict[str, Any]) -> dict[str, Any]:
    """Do a worker's job: `arguments` are `campaign`, `filters` (`Filters.write`), `lang`, and `to`, the new file."""
    campaign, filters = Path(arguments["campaign"]), Filters.read(arguments["filters"])
    return {"rows": write_book(campaign, filters, arguments["lang"], Path(arguments["to"]))}


if __name__ == "__main__":
    sys.exit(answer(answer_job))
