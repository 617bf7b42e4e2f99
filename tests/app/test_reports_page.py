"""The page Reports received: reports are accepted and set aside, links made and ended, or what to do is said."""

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from dashboard.access.audit.entries import Filters, find_entries
from dashboard.access.audit.events import Event
from dashboard.campaign.reporting.links import BY_STAFF, ReportLinks, find_today
from dashboard.campaign.reporting.reports import ReportBox, ReportState
from dashboard.campaign.working_copy import CAMPAIGN
from dashboard.errors import UserError
from dashboard.measures.counts import headline
from dashboard.measures.silent import list_silent
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.snapshot.selection import Selection
from dashboard.ui.reports import model
from tests.app.conftest import OpenPage, assert_drawn, bodies, codes, link_labels, list_lines, press, text_of
from tests.app.uploads import has_button
from tests.dashboard.campaign.reporting.sent import make_report
from tests.views import make_view

COMPLETED = "FIX-001"


@pytest.fixture
def box(campaign: Path) -> ReportBox:
    return ReportBox(campaign / "private")


@pytest.fixture
def open_reports(open_upload: OpenPage, campaign: Path) -> OpenPage:
    """Opens the page for a campaign whose stakeholders may report by link."""
    text = (SHIPPED_CAMPAIGN / CAMPAIGN).read_text(encoding="utf-8")
    (campaign / CAMPAIGN).write_text(f"{text}\n[reports_by_link]\nopen = true\n", encoding="utf-8")
    return partial(open_upload, "reports")


def test_chosen_reports_are_accepted_and_others_set_aside_with_a_reason(open_reports, stand_in, box, snapshot):
    silent = list_silent(snapshot, Selection(), "never")["action_id"].tolist()
    texts = {"narrative": "<b>Done</b> *here*", "evidence": "https://example.org/a"}
    reports = [
        box.put(make_report(silent[0], status="completed", **texts)),
        box.put(make_report(silent[1], 2, status="in_progress")),
        box.put(make_report(silent[1], 3, link="cd34", correction="It is *another* title.")),
    ]
    app = open_reports()
    assert_drawn(app, model.make_queue(make_view(snapshot, "reports"), reports))
    assert "&lt;b&gt;Done&lt;/b&gt; *here*" in bodies(app) and 'href="https://example.org/a"' not in bodies(app)
    assert "Reports received (3)" in link_labels(app)
    numbers = [report.report_no for report in reports]
    ticks = {number: app.checkbox(key=f"staff-report-tick-{number}") for number in numbers}
    assert not any(tick.value for tick in ticks.values()) and app.button(key="reports-accept").disabled
    for number in numbers[:2]:
        ticks[number].check()
    total = headline(snapshot, Selection())
    assert f"2 reports: unknown falls from {total.unknown} to {total.unknown - 2}" in text_of(app.run())

    press(app, "reports-accept")
    campaign_options = ["--campaign", str(box._folder.parent.parent), "--json"]
    assert stand_in.asked[-1] == ["reports", "--accept", *campaign_options, "--", *numbers[:2]]
    assert [one.value for one in app.success] == ["2 reports accepted."]
    assert "2 changes are waiting for the next build." in text_of(app) and has_button(app, "build-now")
    for number in numbers[:2]:
        box.decide(number, ReportState.ACCEPTED, "local")
    app.session_state["staff-reports-before"] = ("the build before", (total.unknown + 2, total.completed - 1))
    app.run()
    [figures] = [one.value for one in app.success]
    assert f"unknown falls from {total.unknown + 2} to {total.unknown}" in figures
    assert [line.cells["Decision"] for line in list_lines(app, "Decided")] == ["Accepted", "Accepted"]

    app.checkbox(key=f"staff-report-tick-{numbers[2]}").check().run()
    press(app, "reports-aside")
    assert [one.value for one in app.error] == ["Say why they are set aside."]
    app.text_area(key="staff-reports-reason").set_value("-- known already")
    stand_in.refuse["reports"] = UserError("Somebody has decided about this report already.", "Look at the list again.")
    assert "Look at the list again." in press(app, "reports-aside").error[0].value
    stand_in.refuse.clear()
    press(app, "reports-aside")
    asked = ["reports", "--set-aside", "--note", "-- known already", *campaign_options, "--", numbers[2]]
    assert stand_in.asked[-1] == asked
    assert [one.value for one in app.success] == ["1 report set aside."]


def test_links_are_made_and_ended_one_by_one_and_all_at_once(open_reports, open_upload, campaign, snapshot):
    links = ReportLinks(campaign / "private")
    made = [links.make(BY_STAFF, [COMPLETED], find_today() + timedelta(days=9)) for _ in range(2)]
    app = open_reports()
    assert "No report is waiting." in app.success[0].value
    press(app, f"report-link-end-{made[0].handle}")
    assert "1 link ended." in [one.value for one in app.success]
    maker = model.read_reported(snapshot, [COMPLETED])[COMPLETED]["stakeholder_id"]
    app.selectbox(key="reports-new-link").set_value(maker).run()
    press(app, f"report-link-{maker}")
    [address] = codes(app)
    new_link = links.open(address.partition("?t=")[2].partition("&")[0])
    assert COMPLETED in new_link.action_ids and new_link.origin == BY_STAFF
    press(app, "report-link-end-all")
    assert not any(one.is_open() for one in links.list())

    theirs = open_upload("stakeholders", stakeholder=maker)
    press(theirs, f"report-link-{maker}")
    assert "/report/form?t=rl_" in codes(theirs)[-1] and len(links.list()) == 4
    assert not has_button(open_upload("stakeholders", stakeholder=maker, staff="closed"), f"report-link-{maker}")
    made_entry, ended_entry, ended_all = Event.REPORT_LINK_MADE, Event.REPORT_LINK_ENDED, Event.REPORT_LINKS_ENDED
    events = find_entries(campaign, Filters()).entries["event"].tolist()
    assert events == [made_entry, ended_all, made_entry, ended_entry], "the latest first"


def test_where_nothing_can_wait_the_page_says_what_to_do(open_reports, open_upload, campaign):
    app = open_reports()
    assert "Nobody has a link to report by yet." in app.info[0].value and "Reports received" in link_labels(app)
    (campaign / CAMPAIGN).unlink()
    app = open_upload("reports")
    assert "Turn it on in the settings" in app.info[0].value
    assert "Reports received" not in link_labels(app), "it is not offered"
