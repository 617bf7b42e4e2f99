"""The baseline of `benchmarks.extract`: the same cells through openpyxl's write-only mode, and nothing else.

    python -m benchmarks.plain_workbook CAMPAIGN FILE.xlsx

No types beyond openpyxl's own, no table, no styles, no second sheet, no care for what a text begins with.
"""

import sys
from pathlib import Path

from openpyxl.workbook import Workbook

from dashboard.measures.definitions import name_evidence
from dashboard.settings import Settings
from dashboard.snapshot.database import current, query_text
from dashboard.snapshot.selection import Selection

FETCHED = 2_000


def write_plainly(campaign: Path, target: Path) -> None:
    """Write every action of a campaign's snapshot."""
    snapshot = current(Settings.from_environment({"DASHBOARD_CAMPAIGN": str(campaign)}))
    everything = Selection().sql_parameters(snapshot)
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Actions")
    with snapshot.cursor() as cursor:
        first, last = cursor.execute("select min(action_no), max(action_no) from actions").fetchall()[0]
        parameters = everything | name_evidence(snapshot, "en") | {"lang": "en", "first": first, "last": last}
        cursor.execute(query_text("register_extract"), parameters)
        sheet.append([column[0] for column in cursor.description])
        while rows := cursor.fetchmany(FETCHED):
            for row in rows:
                sheet.append(row)
    workbook.save(target)


if __name__ == "__main__":
    write_plainly(Path(sys.argv[1]), Path(sys.argv[2]))
