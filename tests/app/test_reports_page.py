"""The page Reports received: reports are accepted and set aside, links made and ended, or what to do is said."""

import hashlib
import re
from datetime import UTC, date, datetime, timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from dashboard.access.audit.entries import Filters, find_entries
from dashboard.access.audit.events import Event
from dashboard.campaign.reporting.evidence import SentFile
from dashboard.campaign.reporting.links import BY_STAFF, ReportLinks, find_today
from dashboard.campaign.reporting.promises import PromiseLinks
from dashboard.campaign.reporting.reports import ReportBox, ReportKind, ReportState
from dashboard.campaign.working_copy import CAMPAIGN
from dashboard.errors import UserError
from dashboard.mail import reports_mail
from dashboard.measures.counts import headline
from dashboard.measures.silent import list_silent
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame.markdown import plain
from dashboard.ui.reports import deciding, model, sent_files
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
    erasure = box.put(make_report("", 4, kind=ReportKind.ERASURE, correction="qui@example.org"))
    app = open_reports()
    assert_drawn(app, model.make_queue(make_view(snapshot, "reports"), [*reports, erasure]))
    assert app.button(key="reports-all").label == "Choose the 3 on this page", "nobody accepts a request for erasure"
    assert "&lt;b&gt;Done&lt;/b&gt; *here*" in bodies(app) and 'href="https://example.org/a"' not in bodies(app)
    assert "Reports received (4)" in link_labels(app)
    numbers = [report.report_no for report in reports]
    ticks = {number: app.checkbox(key=f"staff-report-tick-{number}") for number in numbers}
    assert not any(tick.value for tick in ticks.values()) and app.button(key="reports-accept").disabled
    for number in numbers[:2]:
        ticks[number].check()
    total = headline(snapshot, Selection())
    assert f"2 reports: unknown falls from {total.unknown} to {total.unknown - 2}" in text_of(app.run())

    stand_in.told = {"rows": 2}
    press(app, "reports-accept")
    campaign_options = ["--campaign", str(box._folder.parent.parent), "--json"]
    assert stand_in.asked[-1] == ["reports", "--accept", *campaign_options, "--", *numbers[:2]]
    assert [one.value for one in app.success] == ["2 reports accepted."]
    assert "2 changes are waiting for the next build." in text_of(app) and has_button(app, "build-now")
    for number in numbers[:2]:
        box.decide(number, ReportState.ACCEPTED, "local")
    app.session_state["staff-reports-before"] = (
        "the build before",
        (total.unknown + 2, total.completed - 1, total.actions),
    )
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


def keep_picture(private: Path, colour: str, **stated: Any) -> SentFile:
    """Keep a picture as a worker has drawn it anew."""
    content = BytesIO()
    Image.new("RGB", (1200, 900), colour).save(content, "JPEG")
    sha256 = hashlib.sha256(content.getvalue()).hexdigest()
    (private / "evidence").mkdir(exist_ok=True, parents=True)
    (private / "evidence" / sha256).write_bytes(content.getvalue())
    return SentFile(sha256=sha256, name="[a](b).jpg", media_type="image/jpeg", size=len(content.getvalue()), **stated)


def test_words_stay_words_and_only_files_and_replies_that_staff_tick_become_public(
    open_reports, stand_in, box, campaign, snapshot
):
    hostile = "<script>alert(1)</script> [x](javascript:alert(1)) **b**"
    stated = {"description": hostile, "rights": hostile}
    files = [keep_picture(campaign / "private", one, **stated, has_no_child=True) for one in ("red", "blue")]
    unanswered = keep_picture(campaign / "private", "green", **stated)
    promise = {"title": hostile, "stakeholder": hostile, "description": hostile, "themes": [hostile]}
    reports = [
        box.put(make_report("", kind=ReportKind.STORY, title=hostile, narrative=hostile, files=(*files, unanswered))),
        box.put(
            make_report(COMPLETED, 2, correction=hostile, may_publish=True, milestones={hostile: date(2021, 8, 1)})
        ),
        box.put(make_report("", 3, kind=ReportKind.PROMISE, promise=promise)),
        box.put(
            make_report("", 4, kind=ReportKind.EVENT, title=hostile, place=hostile, evidence="javascript:alert(1)")
        ),
    ]
    queue = model.make_queue(make_view(snapshot, "reports"), reports)
    app = open_reports()
    hidden = {"image/jpeg", *queue[1].lineage[1:3], *(file.sha256 for file in (*files, unanswered))}
    assert_drawn(app, queue, hidden)
    assert [box.label for box in app.checkbox].count(plain(hostile)) == 3
    assert "<script>alert" not in bodies(app) and 'href="javascript' not in bodies(app)
    assert bodies(app).count('src="data:image/jpeg;base64,') == 3 and "[a](b).jpg" in text_of(app)

    ticks = {box.key: box for box in app.checkbox if "-file-" in box.key or "-reply-" in box.key}
    reply, first, second = (
        deciding.name_reply(reports[1].report_no), *(sent_files.name_tick(reports[0].report_no, file) for file in files)
    )  # fmt: skip
    assert ticks.keys() == {reply, first, second} and not any(tick.value for tick in ticks.values())
    for key in (reply, second, *(f"staff-report-tick-{report.report_no}" for report in reports[:2])):
        app.checkbox(key=key).check()
    page = text_of(app.run())
    assert "1 reply becomes public." in page and "Files that become public: 1 of 3." in page
    press(app, "reports-accept")
    numbers = [report.report_no for report in reports[:2]]
    options = ["--reply", numbers[1], "--publish-file", files[1].sha256]
    assert stand_in.asked[-1][:6] == ["reports", "--accept", *options]
    assert stand_in.asked[-1][-3:] == ["--", *numbers]


def test_staff_ask_back_and_cases_of_abuse_go_to_the_contact_and_nowhere_else(
    open_reports, stand_in, box, campaign, monkeypatch
):
    links = ReportLinks(campaign / "private")
    link = links.make(BY_STAFF, [COMPLETED], find_today() + timedelta(days=9))
    case = box.put(make_report(COMPLETED, 1, is_case=True, narrative="A secret", link=link.handle))
    counted_at = datetime(2022, 1, 5, tzinfo=UTC)
    report = box.put(make_report(COMPLETED, 2, status="completed", link=link.handle, published_at=counted_at))
    promise = box.put(make_report("", 3, kind=ReportKind.PROMISE, promise={"title": "A"}))
    mailed: list[str] = []
    monkeypatch.setattr(reports_mail, "send_case", lambda _, numbers: mailed.extend(numbers))
    app = open_reports()
    assert "Reports received (3)" in link_labels(app)
    assert "1 report tells of a case of abuse." in text_of(app) and "The campaign names no contact" in text_of(app)
    assert f"staff-report-tick-{case.report_no}" not in [box.key for box in app.checkbox], "nobody can accept it"
    press(app, f"case-passed-{case.report_no}")
    assert stand_in.asked[-1][:4] == ["reports", "--set-aside", "--note", "Passed on"]
    with (campaign / CAMPAIGN).open("a", encoding="utf-8") as stream:
        stream.write('case_contact = "protection@example.org"\n')
    assert "It goes to protection@example.org." in text_of(app.run())
    press(app, f"case-passed-{case.report_no}")
    assert stand_in.asked[-1][3] == "Passed on to protection@example.org" and stand_in.asked[-1][-1] == case.report_no

    tick = f"staff-report-tick-{report.report_no}"
    assert app.button(key="reports-ask").disabled
    app.checkbox(key=tick).check().run()
    press(app, "reports-ask")
    assert [one.value for one in app.error] == ["Write the question."]
    app.text_area(key="staff-reports-question").set_value("How many *schools*?")
    press(app, "reports-ask")
    assert stand_in.asked[-1][:4] == ["reports", "--ask", "--note", "How many *schools*?"]
    assert stand_in.asked[-1][-1] == report.report_no
    [way] = codes(app)
    assert links.open(way.partition("?t=")[2].partition("&")[0]) == link, "without a mail server staff send it"
    box.ask(report.report_no, "How many *schools*?", "local")
    assert re.search(r"Asked back on \d.*: How many \*schools\*\?", text_of(app.run()))

    app.checkbox(key=f"staff-report-tick-{promise.report_no}").check()
    app.checkbox(key=tick).uncheck().run()
    app.text_area(key="staff-reports-question").set_value("Where?")
    press(app, "reports-ask")
    assert f"/promise/confirm?t={PromiseLinks(campaign / 'private').write_token(promise.report_no)}" in codes(app)[0]
    app.checkbox(key=f"staff-report-tick-{promise.report_no}").uncheck()
    app.checkbox(key=tick).check().run()

    press(app, "reports-case")
    assert mailed == [report.report_no] and box.find(report.report_no).is_case
    assert "1 change is waiting for the next build." in text_of(app), "what counted at once is taken out"
    assert "2 reports tell of a case of abuse." in text_of(app) and app.button(key="reports-accept").disabled
    [entry] = find_entries(campaign, Filters(events=(Event.REPORT_IS_CASE,))).entries["about"].tolist()
    assert entry == report.report_no


def test_what_is_public_is_taken_back_for_a_reason(open_reports, stand_in, box):
    stated = {"description": "Une [salle](x)", "rights": "Moi", "has_no_child": True, "is_confirmed": True}
    file = SentFile(sha256="a" * 64, name="a.jpg", media_type="image/jpeg", size=9, **stated)
    withdrawn = SentFile(sha256="b" * 64, name="b.jpg", media_type="image/jpeg", size=9)
    box.put(make_report(COMPLETED, correction="*No*", is_reply=True, state=ReportState.ACCEPTED, decided_by="local"))
    box.put(
        make_report(
            "",
            2,
            kind=ReportKind.STORY,
            title="A",
            files=(file, withdrawn),
            state=ReportState.ACCEPTED,
            decided_by="local",
        )
    )
    counted = box.put(make_report(COMPLETED, 3, status="completed", state=ReportState.ACCEPTED))
    app = open_reports()
    press(app, "reports-back")
    assert [one.value for one in app.error] == ["Choose what is taken back, and say why."]
    choice = app.selectbox(key="staff-report-back-what")
    figures = f"Figures that count by themselves: {counted.report_no} · {COMPLETED}"
    assert choice.options == [figures, "File: Une [salle](x) · A", f"Reply: *No* · {COMPLETED}"]
    choice.set_value(file.sha256)
    app.text_input(key="staff-report-back-why").set_value("Consent is over")
    stand_in.told = {"rows": 1}
    press(app, "reports-back")
    assert stand_in.asked[-1][:4] == ["reports", "--withdraw", "--note", "Consent is over"]
    assert stand_in.asked[-1][-1] == file.sha256
    app.selectbox(key="staff-report-back-what").set_value(counted.report_no)
    app.text_input(key="staff-report-back-why").set_value("It is wrong")
    press(app, "reports-back")
    assert stand_in.asked[-1][:4] == ["reports", "--set-aside", "--note", "It is wrong"]
    assert stand_in.asked[-1][-1] == counted.report_no and "2 changes are waiting for the next build." in text_of(app)


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
