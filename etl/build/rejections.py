"""Rejected rows, kept whole: each as a JSON object of header and text, without its personal columns."""

from collections.abc import Sequence

import duckdb

from etl.recipes.recognition import SheetPlan


def write_rejected(connection: duckdb.DuckDBPyConnection, sheet_no: int, plan: SheetPlan | None, width: int) -> None:
    """Write the rejected rows of one sheet into the snapshot.

    A sheet that no recipe reads has no known headers, so nobody can tell which of its columns are personal:
    its rows are listed by number only.
    """
    kept = [i for i in range(width) if i not in plan.personal] if plan else []
    headers = [(plan.headers[i] if plan and i < len(plan.headers) else None) or f"column {i + 1}" for i in kept]
    cells = ", ".join(f"without_contacts(c{i + 1})" for i in kept)
    pairs = f"list_filter(list_zip($headers::varchar[], [{cells}]::varchar[]), lambda pair: pair[2] is not null)"
    connection.execute(
        "insert into snapshot.rejected_rows "  # noqa: S608  (column and table numbers only)
        f"select f.source_file, f.sheet, j.source_row, j.field, j.value, j.reason, to_json(map_from_entries({pairs})) "
        "from rejections as j inner join sheets as f on j.sheet_no = f.sheet_no "
        f"inner join raw_{sheet_no} as r on j.source_row = r.source_row "
        "where j.sheet_no = $sheet_no order by j.source_row",
        {"headers": _distinct(headers), "sheet_no": sheet_no},
    )


def _distinct(headers: Sequence[str]) -> list[str]:
    """Headers as the keys of a JSON object: a repeated one gets a number, as spreadsheets do."""
    seen: dict[str, int] = {}
    result = []
    for header in headers:
        seen[header] = seen.get(header, 0) + 1
        result.append(header if seen[header] == 1 else f"{header} ({seen[header]})")
    return result
