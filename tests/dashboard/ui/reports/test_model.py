"""Reports that wait, as data: what each would change, warnings, the effect on the figures; decided ones; links."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from dashboard import formats
from dashboard.campaign.reporting.links import BY_STAFF, OF_LETTER, ReportLinks, find_today
from dashboard.campaign.reporting.reports import ReportBox, ReportState
from dashboard.i18n import translator
from dashboard.lists.declaration import ListRequest, Slice
from dashboard.measures.counts import headline
from dashboard.measures.silent import list_silent
from dashboard.snapshot.selection import Selection
from dashboard.ui.reports import model
from tests.dashboard.campaign.reporting.sent import make_report
from tests.models import assert_filled
from tests.views import lead, make_view

COMPLETED = "FIX-001"
"""An action whose last report says completed."""


@pytest.fixture(scope="module")
def silent(snapshot) -> list[str]:
    return list_silent(snapshot, Selection(), "never")["action_id"].tolist()


def test_a_report_stands_beside_what_is_published_with_what_to_look_at_first(snapshot, silent, lang):
    t, view = translator(lang), make_view(snapshot, "reports", lang=lang)
    texts = {"narrative": "Réunion <b>tenue</b>, +00 000 000 00.", "evidence": "https://example.org/a"}
    reports = [
        make_report(silent[0], status="completed", percent=40.0, completed_on=date(2022, 1, 9), **texts),
        make_report(silent[0], 2, status="in_progress"),
        make_report(COMPLETED, 3, percent=80.0),
        make_report(COMPLETED, 4, correction="The title is *wrong*."),
        make_report("GONE-1", 5, status="completed", percent=100.0),
    ]
    queue = model.make_queue(view, reports)
    assert_filled(queue)
    assert [one.report_no for one in queue] == [report.report_no for report in reports]
    first, second, percent, correction, gone = queue
    assert lead(first.link)[1]["action"] == [silent[0]] and gone.link is None and gone.title == "GONE-1"
    names = {code: snapshot.codes["statuses"][code].labels[lang] for code in ("completed", "in_progress")}
    assert first.changes == (
        (t("Status"), t("No report yet"), names["completed"]),
        (t("Percent done"), formats.NOTHING, formats.format_share(0.4, lang)),
        (t("Completed on"), formats.NOTHING, formats.format_date(date(2022, 1, 9), lang)),
    )
    assert [text for _, text in first.texts] == [texts["narrative"], texts["evidence"]], "as it was written"
    assert percent.changes == ((t("Percent done"), formats.format_share(1.0, lang), formats.format_share(0.8, lang)),)
    assert (correction.changes, [text for _, text in correction.texts]) == ((), ["The title is *wrong*."])
    replaced = model.make_queue(view, [reports[1]], {reports[0].report_no: reports[1].report_no})
    assert replaced[0].warnings == (
        t("It replaces report {number}, sent earlier by the same link.", number=reports[0].report_no),
    )
    both = t("{n} reports about this action wait; of those that you accept, the latest counts.", n=2)
    share = formats.format_share(0.4, lang)
    assert first.warnings == (
        t("It says “{status}” and {share} done.", status=names["completed"], share=share),
        t("Its day of completion had not come when it was sent."),
        t("Its evidence is an address, which becomes public: look at it first."),
        t("Its words may have an e-mail address or a telephone number; builds leave these out."),
        both,
    )
    assert second.warnings == (both,)
    assert percent.warnings == (t("It states no status: the action would count as unknown."), both)
    assert correction.warnings == (
        t("It says only that something is not right: accepting it changes no figure."), both,
    )  # fmt: skip
    assert gone.warnings == (
        t("The published figures have no action of this ID: the report would be listed as matching no action."),
    )


def test_the_effect_of_accepting_is_said_before_it_is_done(snapshot, silent, lang):
    t, total = translator(lang), headline(snapshot, Selection())
    say = partial(model.say_accepting, t, snapshot)
    report, later = make_report(silent[0], status="in_progress"), make_report(silent[0], 2, status="completed")
    other = make_report(silent[1], 3, status="not_started")
    english = partial(model.say_accepting, translator("en"), snapshot)
    assert english([report, later, other]) == (
        f"3 reports: unknown falls from {total.unknown} to {total.unknown - 2}, "
        f"completed rises from {total.completed} to {total.completed + 1}."
    )
    assert english([make_report(COMPLETED, status="in_progress")]) == (
        f"1 report: completed falls from {total.completed} to {total.completed - 1}."
    )
    no_status = model.find_effect(snapshot, [make_report(COMPLETED, percent=80.0)])
    assert no_status == ((total.unknown, total.unknown + 1), (total.completed, total.completed - 1))
    very_late = make_report(silent[0], status="completed", received_at=datetime(2023, 1, 9, tzinfo=UTC))
    overtaken = make_report(COMPLETED, status="in_progress", received_at=datetime(2021, 6, 1, tzinfo=UTC))
    idle = [make_report(silent[0], correction="No"), make_report("GONE-1", status="completed"), very_late, overtaken]
    warnings = [one.warnings[-1] for one in model.make_queue(make_view(snapshot, "reports", lang=lang), idle[2:])]
    assert warnings == [
        t("It came more than a year after the campaign: the figures of the latest day do not count it."),
        t("A report of a later day is published about this action: that one goes on to count."),
    ]
    assert t("as many actions stay unknown and completed") in say(idle)
    assert say([]) == t("Choose reports to see what accepting them changes.")
    assert str(total.unknown - 1) in say([report])


def test_what_was_decided_is_listed_the_latest_first_with_the_reason(snapshot, silent, tmp_path, lang):
    box = ReportBox(tmp_path)
    waiting, accepted, aside = (make_report(silent[0], number) for number in (1, 2, 3))
    gone = make_report("GONE-1", 4)
    for report in (waiting, accepted, aside, gone):
        box.put(report)
    box.decide(accepted.report_no, ReportState.ACCEPTED, "local")
    box.decide(aside.report_no, ReportState.SET_ASIDE, "local", "twice")
    box.decide(gone.report_no, ReportState.ACCEPTED, "local")
    decided = model.make_decided(box)
    request = ListRequest(snapshot, Selection(lang=lang), slice=Slice(sort="report_no", limit=2))
    rows = decided.read(request)
    assert (rows.total, len(rows.records)) == (3, 2)
    all_rows = decided.read(replace(request, slice=Slice(sort="state", descending=True))).records
    assert all_rows[0]["report_no"] == aside.report_no and all_rows[0]["reason"] == "twice"
    words = [column.write(row, snapshot, translator(lang)) for row in all_rows for column in decided.columns]
    assert "GONE-1" in words and not any("{" in word for word in words)
    assert decided.read(replace(request, snapshot=snapshot)).total == 3
    assert model.make_decided(ReportBox(tmp_path / "none")).read(request).total == 0


def test_links_are_named_by_their_stakeholders_with_origin_last_day_and_reports(snapshot, silent, tmp_path, lang):
    t, view, links = translator(lang), make_view(snapshot, "reports", lang=lang), ReportLinks(tmp_path)
    soon, today = find_today() + timedelta(days=3), find_today()
    made = [
        links.make(f"{OF_LETTER}20220101-ab-00001", [COMPLETED, silent[0]], soon),
        links.make(BY_STAFF, ["GONE-1"], soon),
        links.make(BY_STAFF, [COMPLETED], today - timedelta(days=1)),
    ]
    links.end(made[1].handle)
    listed = [links.find(one.handle) for one in made]
    reports = [replace(make_report(COMPLETED, number), link=made[0].handle) for number in (1, 2)]
    letter, ended, late = entries = model.list_links(view, listed, reports)
    assert_filled(entries)
    maker = model.read_reported(snapshot, [COMPLETED])[COMPLETED]["stakeholder"]
    assert letter.whose.startswith(maker) and ended.whose == "GONE-1"
    assert [one.is_open for one in entries] == [True, False, False]
    assert t("In a letter") in letter.facts and formats.format_date(soon, lang) in letter.facts
    assert t.plural("{n} report", "{n} reports", 2) in letter.facts
    assert t("Created by staff") in ended.facts and t("Ended on {day}", day=formats.format_date(today, lang)) in (
        ended.facts
    )
    assert ended.state == late.state != letter.state
