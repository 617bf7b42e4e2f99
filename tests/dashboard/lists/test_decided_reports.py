"""Reports that staff have decided about, as a list and as a workbook."""

from dataclasses import replace
from datetime import UTC, datetime

from openpyxl import load_workbook

from dashboard.campaign.reporting.reports import ReportBox, ReportKind, ReportState
from dashboard.i18n import N_, translator
from dashboard.lists.decided_reports import answer_job, make_decided
from dashboard.lists.declaration import ListRequest, Slice
from dashboard.measures.silent import list_silent
from dashboard.snapshot.database import name_build
from dashboard.snapshot.selection import Selection
from tests.dashboard.campaign.reporting.sent import make_report


def test_what_was_decided_is_listed_and_written_the_latest_first_with_the_reason(snapshot, tmp_path, lang):
    silent = list_silent(snapshot, Selection(), "never")["action_id"].tolist()
    box = ReportBox(tmp_path / "private")
    waiting, accepted, aside = (make_report(silent[0], number) for number in (1, 2, 3))
    promise = {"title": "=1+1", "stakeholder": "<b>Moi</b>"}
    others = [
        make_report("GONE-1", 4),
        make_report("", 5, kind=ReportKind.PROMISE, promise=promise),
        make_report("", 6, kind=ReportKind.STORY, title="Who it was", is_case=True),
    ]
    by_itself, taken_out = (
        make_report(silent[1], number, status="completed", published_at=datetime(2022, 1, 5, tzinfo=UTC))
        for number in (7, 8)
    )
    for report in (waiting, accepted, aside, *others, by_itself, taken_out):
        box.put(report)
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "reports_by_link.csv").write_text(f"report_no,status\n{by_itself.report_no},completed\n")
    box.decide(accepted.report_no, ReportState.ACCEPTED, "local")
    box.decide(aside.report_no, ReportState.SET_ASIDE, "local", "=twice()")
    for report in others:
        box.decide(report.report_no, ReportState.ACCEPTED, "local")
    decided, t = make_decided(tmp_path), translator(lang)
    request = ListRequest(snapshot, Selection(lang=lang), slice=Slice(sort="report_no", limit=2))
    rows = decided.read(request)
    assert (rows.total, len(rows.records)) == (6, 2)
    all_rows = decided.read(replace(request, slice=Slice(sort="state", descending=True))).records
    assert all_rows[0]["report_no"] == aside.report_no and all_rows[0]["reason"] == "=twice()"
    words = [column.write(row, snapshot, t) for row in all_rows for column in decided.columns]
    assert {"GONE-1", "=1+1", t("Story"), t("New action")} < {*words} and not any("{" in word for word in words)
    states = {row["report_no"]: decided.columns[5].write(row, snapshot, t) for row in all_rows}
    assert states[by_itself.report_no] == t(N_("By itself", "a report counts")) and taken_out.report_no not in states
    assert "Who it was" not in words, "nothing of a case is told"
    latest = decided.read(replace(request, slice=Slice(sort=decided.sorts[0]))).records
    assert [row["report_no"] for row in latest][-1] == by_itself.report_no, "it counted first"
    assert make_decided(tmp_path / "none").read(request).total == 0

    target = tmp_path / "decided.xlsx"
    answer = answer_job(name_build(snapshot) | {"campaign": str(tmp_path), "lang": lang, "to": str(target)})
    sheet = load_workbook(target).active
    written = {cell.value: cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row}
    assert (answer, sheet.max_row) == ({"rows": 6}, 7)
    assert written["=1+1"] == written["=twice()"] == "s" and "Who it was" not in written
