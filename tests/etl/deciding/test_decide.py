"""`python -m etl decide`: what is published is decided on, one line at a time, and taken back."""

import json

import pytest
from typer.testing import CliRunner

from etl.__main__ import app
from etl.inputs.decisions import Verb
from etl.inputs.decisions_file import read_decisions
from tests.etl.campaigns import built, copy_campaign, make_campaign, open_published, publish_campaign
from tests.etl.registers import HEADER, REPORT_HEADER, action

REPORTS = REPORT_HEADER + "r1,77,Nobody Fictional,Nothing,2021-07-01,Completed,,,\n"


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    lines = action("1", "IFU", "Train inspectors") + action("2", "International Fictional Union", "Open a school")
    lines += action("3", "Sample Union", "Plant") + action("4", "SAMPLE UNION Ltd", "Plant")
    lines += action("5", "Ministry of Labour", "A", Where="Ghana") + action(
        "6", "Ministry of Labour", "B", Where="Peru"
    )
    folder = make_campaign(tmp_path_factory.mktemp("decide") / "c", {"a.csv": HEADER + lines, "r.csv": REPORTS})
    publish_campaign(folder)
    return folder


@pytest.fixture
def folder(published, tmp_path):
    return copy_campaign(published, tmp_path / "c")


def decide(folder, *words):
    result = CliRunner().invoke(app, ["decide", *words, "--campaign", str(folder.root), "--json"])
    return result.exit_code, json.loads(result.stdout.splitlines()[-1])


def test_decisions_are_written_and_a_build_applies_them(folder):
    with open_published(folder) as con:
        (key,) = con.execute("select report_key from progress_reports").fetchone()
    for words in (
        ("same", "stakeholder", "ifu", "International Fictional Union", "--note", "They said so; by mail"),
        ("rename", "stakeholder", "IFU", "International Fictional Union (IFU)"),
        ("different", "action", "OFF-3", "OFF-4"),
        ("assign", key, "off-01"),
    ):
        code, answer = decide(folder, *words)
        assert (code, answer["ok"], answer["changed"]) == (0, True, True), answer
    assert answer["line"] == 5
    assert [d.verb for d in read_decisions(folder.decisions_file)] == [
        Verb.SAME,
        Verb.RENAME,
        Verb.DIFFERENT,
        Verb.ASSIGN,
    ]
    assert read_decisions(folder.decisions_file)[0].note == "They said so; by mail"
    with built(folder) as con:
        assert con.execute("select count(*) from decisions where is_applied").fetchone() == (4,)
        assert con.execute("select count(*) from actions").fetchone() == (6,)
        assert con.execute("select action_id from progress_reports").fetchone() == ("OFF-1",)
        assert con.execute("select stakeholder from actions where action_id = 'OFF-2'").fetchone() == (
            "International Fictional Union (IFU)",
        )


def test_a_second_time_changes_nothing_and_undo_takes_it_back(folder):
    assert decide(folder, "same", "action", "OFF-1", "OFF-2")[0] == 0
    once = folder.decisions_file.read_bytes()
    code, answer = decide(folder, "same", "action", "off-2", "OFF-1")
    assert (code, answer["changed"], answer["line"]) == (0, False, 2)
    assert folder.decisions_file.read_bytes() == once
    code, answer = decide(folder, "same", "action", "OFF-2", "OFF-1", "--undo")
    assert (code, answer["changed"]) == (0, True)
    assert read_decisions(folder.decisions_file) == []
    code, answer = decide(folder, "same", "action", "OFF-2", "OFF-1", "--undo")
    assert (code, answer["what"]) == (1, "There is no such decision in decisions.csv.")


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("same", "stakeholder", "IFU", "Sampel Union"), 'No published stakeholder is called "Sampel Union".'),
        (("same", "stakeholder", "IFU", "Ministry of Labour"), '"Ministry of Labour" means several: st_'),
        (("same", "stakeholder", "Sample Union", "The SAMPLE Union"), "are one already"),
        (("same", "action", "OFF-1", "OFF-99"), 'No published action has the id "OFF-99".'),
        (("rename", "action", "OFF-99", "Title"), 'No published action has the id "OFF-99".'),
        (("assign", "report", "r_nothing", "OFF-1"), "No published report has the key r_nothing."),
        (("merge", "action", "OFF-1", "OFF-2"), '"merge" is no decision here'),
        (("same", "action", "OFF-1"), 'the column "that" is empty'),
        (("same", "action"), "A decision has two sides; 0 were given."),
    ],
)
def test_what_is_not_published_is_refused(folder, words, what):
    code, answer = decide(folder, *words)
    assert code == 1
    assert what in answer["what"]
    assert answer["remedy"]
    assert not folder.decisions_file.exists()


def test_what_stands_behind_a_status_is_decided_once_and_taken_back(folder):
    with open_published(folder) as con:
        (key,) = con.execute("select report_key from progress_reports").fetchone()
    assert decide(folder, "evidence", key, "reviewed")[1]["what"].startswith("No published report about an action")
    assert decide(folder, "assign", key, "OFF-1")[0] == 0
    publish_campaign(folder)
    for words, what in (
        (("reviewed", "--on", "2021-06-30"), "On 2021-06-30 the report of 2021-07-01 was not there yet."),
        (("reviewed", "--on", "2999-01-01"), "2999-01-01 has not come yet."),
        (("evidenced", "--on", "2021-07-01"), 'This decision: the column "source" is empty.'),
        (("proven",), 'This decision: "proven" is no that here.'),
    ):
        code, answer = decide(folder, "evidence", key, *words)
        assert (code, answer["what"]) == (1, what)
    proof = ("evidenced", "--source", "https://example.org/proof", "--on", "2021-05-01", "--note", "Sent by post")
    code, answer = decide(folder, "evidence", "report", key, *proof)
    assert (code, answer["changed"], answer["line"]) == (0, True, 3)
    assert decide(folder, "evidence", key, *proof)[1]["changed"] is False
    code, answer = decide(folder, "evidence", key, *proof[:-4], "--on", "2021-05-02")
    assert code == 1 and "row 4" in answer["what"] and "row 3" in answer["what"]
    assert decide(folder, "evidence", key, "claimed")[0] == 1
    with built(folder) as con:
        told = "select step, on_date::varchar, source, decided_by from evidence_steps where line is not null"
        assert con.execute(told).fetchall() == [("evidenced", "2021-05-01", "https://example.org/proof", "staff")]
    assert decide(folder, "evidence", key, "evidenced", "--undo")[1]["changed"] is True
    assert [d.verb for d in read_decisions(folder.decisions_file)] == [Verb.ASSIGN]


def test_nearest_name_is_offered(folder):
    assert "SAMPLE UNION" in decide(folder, "same", "stakeholder", "IFU", "Sampel Union")[1]["remedy"]


def test_contradiction_is_refused_and_nothing_is_written(folder):
    assert decide(folder, "same", "stakeholder", "IFU", "International Fictional Union")[0] == 0
    before = folder.decisions_file.read_bytes()
    code, answer = decide(folder, "different", "stakeholder", "The International Fictional Union", "ifu")
    assert code == 1
    assert "row 3" in answer["what"] and "row 2 makes them the same" in answer["what"]
    assert folder.decisions_file.read_bytes() == before


def test_samples_and_unpublished_campaigns_are_refused(tmp_path):
    folder = make_campaign(tmp_path / "c", {"a.csv": HEADER + action()})
    assert decide(folder, "same", "action", "1", "2")[1]["what"] == "Nothing is published yet."
    (folder.inbox / "a.csv").rename(folder.root / "a.csv")
    folder.samples.mkdir()
    (folder.root / "a.csv").rename(folder.samples / "a.csv")
    code, answer = decide(folder, "same", "action", "1", "2")
    assert code == 1
    assert "fictional sample data" in answer["what"]


def test_persons_are_decided_on_by_name_and_taken_back_as_the_page_shows_them(tmp_path):
    ann, bea = ("Ann Zzyzx", "Bea Qwyxx")
    lines = action("1", ann, "Read", Kind_of_maker="Individual") + action("2", bea, "Sing", Kind_of_maker="Individual")
    folder = make_campaign(tmp_path / "c", {"a.csv": HEADER + lines})
    publish_campaign(folder)
    assert decide(folder, "same", "stakeholder", "ANN zzyzx", bea)[0] == 0
    assert decide(folder, "rename", "stakeholder", ann, "Ann Bea")[0] == 0
    assert decide(folder, "rename", "stakeholder", "Cleo", "Nobody")[0] == 1
    publish_campaign(folder)
    with open_published(folder) as con:
        shown = con.execute("select decision, subject, this, that from decisions order by line").fetchall()
        assert con.execute("select name, actions from stakeholders").fetchall() == [("Individual", 2)]
    assert len({shown[0][2], shown[0][3], "[…]"}) == 3
    for line in shown:
        assert decide(folder, *line, "--undo")[0] == 0, line
    assert read_decisions(folder.decisions_file) == []
