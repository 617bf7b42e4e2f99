"""What stands behind a status on an action's page: a list, and for staff the means to set it."""

import json
import re
import shutil

import duckdb
import pytest

from dashboard.errors import UserError
from dashboard.processes import commands
from dashboard.processes.runner import Result
from tests.app.conftest import elements, mounted, text_of
from tests.quality_rows import publish_quality

NOTED = """
insert into evidence_steps
select
    action_no, action_id, report_no, 'verified', '2021-12-20',
    'https://example.org/audit?a=1&b=2', 'staff', '2021-12-31', 99
from progress_reports
where report_no = 2;
insert into decisions values (99, 'evidence', 'report', 'R-2', 'verified', 'By telephone', true, null);
"""


@pytest.fixture
def ran(tmp_path, monkeypatch):
    """The commands that the page runs on a campaign whose action FIX-001 staff have noted as verified."""
    publish_quality(tmp_path, NOTED)
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(tmp_path))
    ran = []

    def run(words, _actor, stdin=None):
        ran.append(list(words))
        return {}

    monkeypatch.setattr(commands, "run_etl", run)
    return ran


def buttons(app):
    return [button.key for button in app.button if button.key and "evidence" in button.key]


def steps(app):
    """The list, a line a step."""
    [body] = [element.proto.body for element in elements(app, "html") if 'class="evidence"' in element.proto.body]
    return [" ".join(re.sub("<[^>]+>", "", line).split()) for line in re.findall("<li>(.*?)</li>", body)]


@pytest.fixture
def opened(open_page, ran, tmp_path, monkeypatch):
    def open_it(**query):
        monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(tmp_path))
        app = open_page("actions", action="FIX-001", **query)
        assert not app.exception
        return app

    return open_it


def test_a_reader_sees_each_step_with_its_day_its_source_and_a_role(opened):
    app = opened()
    assert steps(app) == [
        "✓ Claimed · 10 December 2021 · Stakeholder",
        "✓ Evidenced · not stated by itself; a later step includes it",
        "✓ Reviewed · not stated by itself; a later step includes it",
        "✓ Verified · 20 December 2021 · Noted by staff on 31 December 2021 · https://example.org/audit?a=1&amp;b=2",
    ]
    assert not buttons(app)
    assert "By telephone" not in text_of(app)
    assert steps(opened(as_of="2021-12-19"))[3] == "○ Verified · not yet"  # only what was done by the day
    assert steps(opened(as_of="2021-11-01"))[0].startswith("✓ Claimed · 15 June 2021")  # another status was in force
    assert "Vérifié" in steps(opened(lang="fr"))[3]


def test_staff_set_a_step_and_take_it_back(opened, ran, monkeypatch):
    monkeypatch.setenv("DASHBOARD_STAFF", "open")
    app = opened()
    assert "By telephone" in text_of(app)
    app.button(key="evidence-set").click().run()
    assert "It is evidenced by a document or an address." in text_of(app)
    assert not ran
    app.text_input(key="evidence-source").set_value(" https://example.org/proof ")
    app.text_input(key="evidence-note").set_value("Sent by post")
    app.button(key="evidence-set").click().run()
    assert ran[-1][:2] == ["decide", "--note=Sent by post"]
    assert ran[-1][2].startswith("--on=2") and ran[-1][3] == "--source=https://example.org/proof"
    assert ran[-1][-4:] == ["evidence", "report", "R-2", "evidenced"]
    assert "1 change waits for a build." in text_of(app)
    app.button(key="undo-evidence-1").click().run()
    assert ran[-1][1] == "--undo" and ran[-1][-4:] == ["evidence", "report", "R-2", "evidenced"]
    assert "waits for a build" not in text_of(app)
    app.button(key="undo-evidence-0").click().run()
    assert ran[-1][-4:] == ["evidence", "report", "R-2", "verified"]
    assert "the next build no longer applies it" in text_of(app)

    def refuse(*_args, **_options):
        raise UserError("decisions.csv, row 3: R-2 is verified a second time.", "Take one of these rows out.")

    monkeypatch.setattr(commands, "run_etl", refuse)
    app.selectbox(key="evidence-step").set_value("verified")
    app.button(key="evidence-set").click().run()
    assert "is verified a second time" in app.error[0].value


class Built:
    """A build that has published a snapshot without what staff took back, as soon as it is asked for."""

    def __init__(self, folder):
        pointer = folder / "published" / "current.json"
        named = json.loads(pointer.read_text(encoding="utf-8"))
        newer = shutil.copy(folder / "published" / named["snapshot"], folder / "published" / "snapshot-newer.duckdb")
        with duckdb.connect(newer) as connection:
            connection.execute("delete from evidence_steps where decided_by = 'staff'")
            connection.execute("update campaign set build_id = 'newer'")
        pointer.write_text(json.dumps(named | {"snapshot": "snapshot-newer.duckdb", "build_id": "newer"}))

    def done(self):
        return True

    def result(self):
        return Result({"ok": True}, "", b"")


def test_who_builds_sees_what_was_built(opened, ran, tmp_path, monkeypatch):
    monkeypatch.setenv("DASHBOARD_STAFF", "open")
    monkeypatch.setattr(commands, "start", lambda words, actor, stdin=None: Built(tmp_path))
    app = opened()
    assert not mounted(app, "figures")[0][1]["is_newest"]
    app.button(key="undo-evidence-0").click().run()
    app.button(key="build-now").click().run()
    assert "Built and published" in app.success[0].value
    assert steps(app)[3] == "○ Verified · not yet"
    assert mounted(app, "figures")[0][1]["is_newest"]  # else the browser would ask for the build that it showed before
    app.run()
    assert steps(app)[3] == "○ Verified · not yet"
    assert not mounted(app, "figures")[0][1]["is_newest"]


def test_nothing_is_set_about_the_sample(open_page, monkeypatch):
    monkeypatch.setenv("DASHBOARD_STAFF", "open")
    app = open_page("actions", action="FIX-001")
    assert app.button(key="evidence-set").disabled
