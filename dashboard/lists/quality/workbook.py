"""Lists of the data-quality page as a workbook: one list, or all about one file, ready to be sent back.

Run as a module it is a worker's job (see `dashboard.ground.processes.runner`): the server never loads openpyxl.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from dashboard.files.extracts.workbook import layout
from dashboard.files.extracts.workbook.about import Pair, write_about
from dashboard.files.extracts.workbook.archive import save
from dashboard.files.extracts.workbook.layout import Column
from dashboard.formats import format_moment
from dashboard.ground.files.row_workbooks import RowsWorkbook
from dashboard.ground.processes.child import answer
from dashboard.i18n import N_, Translator, translator
from dashboard.lists.declaration import Kind, List, ListRequest, Rows, Slice
from dashboard.lists.quality.differences import BEFORE
from dashboard.lists.quality.lists import LISTS
from dashboard.lists.quality.queries import FILE, MOST_ROWS
from dashboard.measures.register import plain_cell
from dashboard.snapshot.attribution import SEPARATOR, attribute
from dashboard.snapshot.database import Snapshot, open_build
from dashboard.snapshot.selection import Selection

_KINDS: Mapping[Kind, layout.Kind] = {"count": "plain", "date": "date", "percent": "percent"}


def _explain(
    snapshot: Snapshot, t: Translator, lists: Sequence[tuple[List, Rows]], file: str | None, link: str
) -> Iterator[tuple[str, list[Pair]]]:
    """Explain on the first sheet the remedy of each other sheet, and where the rows come from."""
    lines: list[Pair] = []
    for spec, rows in lists:
        row_count = t.plural("{n} row.", "{n} rows.", rows.total)
        lines.append((t(spec.title), f"{row_count} {t(spec.note)}" if rows.total else t(spec.empty)))
        if rows.total > len(rows.frame):
            lines.append(("", t(N_("Only the first {n} rows fit into the sheet."), n=len(rows.frame))))
    yield t(N_("The sheets of this file")), lines
    origin: list[Pair] = [
        (t(N_("Campaign")), str(snapshot.campaign[f"title_{t.language}"])),
        (t(N_("File")), t(N_("All files")) if file is None else file),
        (t(N_("Snapshot")), snapshot.build_id),
        (t(N_("Built")), f"{format_moment(snapshot.built_at, t.language)} UTC"),
        (t(N_("Link to this view")), link),
    ]
    yield t(N_("Where it comes from")), origin


def write_lists(
    snapshot: Snapshot,
    list_ids: list[str],
    file: str | None,
    lang: str,
    target: Path,
    link: str,
    before: Path | None = None,
) -> dict[str, int]:
    """Write lists to a workbook, each with rows on a separate sheet.

    `link`: address of the data-quality page.
    `before`: the snapshot that `changes` compares with; without one everything is new.

    Returns:
        rows written, by list.
    """
    t = translator(lang)
    narrowed = {FILE: file or "", BEFORE: str(before or "")}
    request = ListRequest(snapshot, Selection(lang=lang), narrowed, Slice(limit=MOST_ROWS))
    lists = tuple((LISTS[list_id], LISTS[list_id].read(request)) for list_id in list_ids)
    source = SEPARATOR.join([attribute(snapshot.campaign, lang).source, snapshot.build_id])
    workbook = RowsWorkbook()
    about = layout.create_sheet(workbook, t(N_("Read me")), t.language)
    for spec, rows in lists:
        if rows.total:
            columns = [Column(one.name, one.label, one.letters, _KINDS.get(one.kind, "text")) for one in spec.columns]
            cells = rows.frame[[column.name for column in columns]].itertuples(index=False, name=None)
            values, count = (map(plain_cell, row) for row in cells), len(rows.frame)
            sample = {"is_sample": snapshot.is_sample}
            layout.write_table(workbook, t(spec.title), spec.list_id, columns, values, count, source, t, **sample)
    heading = t(N_("What to put right")) if file is None else file
    sections = _explain(snapshot, t, lists, file, link)
    write_about(about, snapshot, t, heading, sections, (link,), source)
    workbook.active = 1 if len(workbook.worksheets) == 2 else 0
    workbook.properties.title = file or str(snapshot.campaign[f"title_{lang}"])
    workbook.properties.creator = str(snapshot.campaign[f"title_{lang}"])
    save(workbook, target, datetime.fromisoformat(snapshot.built_at))
    return {spec.list_id: len(rows.frame) for spec, rows in lists}


def answer_job(arguments: dict[str, Any]) -> dict[str, Any]:
    """Do a worker's job: open the server's build, and no other, and write its lists.

    `arguments`: `snapshot` (file), `build_id`, `built_at`, `lists` (ids), `file` (or null), `lang`, `link`, `before`
    (file, or null), `to`.

    Raises:
        SnapshotError: the file is gone or holds another build.
    """
    snapshot = open_build(arguments)
    return dict(
        write_lists(
            snapshot,
            list(arguments["lists"]),
            arguments["file"],
            arguments["lang"],
            Path(arguments["to"]),
            arguments["link"],
            Path(arguments["before"]) if arguments["before"] else None,
        )
    )


if __name__ == "__main__":
    sys.exit(answer(answer_job))
