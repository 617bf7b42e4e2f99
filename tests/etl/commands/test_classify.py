"""`python -m etl classify`: accepted suggestions go into the inbox as a sheet; a sheet to fill in reads back."""

import json

import openpyxl
import pytest

from dashboard.campaign.accepted import ACCEPTED_FILE, read_accepted
from dashboard.lists.quality import classifying
from dashboard.lists.quality.classifying import ClassificationFilter
from dashboard.snapshot.database import Snapshot
from etl.publish.history import published_snapshot
from etl.sqlfiles import open_snapshot
from tests.etl.campaigns import ACTIONS_RECIPE, make_campaign, make_published, open_published, publish_campaign
from tests.etl.program import run_on
from tests.etl.registers import table

COLUMNS = ("Ref", "Maker", "Promise", "How", "Where")
RECIPES = {"office_actions": ACTIONS_RECIPE}
ROWS = (
    {"Ref": "1", "Maker": "Imaginary Makers", "Promise": "Train cocoa farmers", "How": "in Ghana"},
    {"Maker": "=Fictional; Union", "Promise": '-Say "no", then\nweave', "How": "=1+1"},
    {"Ref": "3", "Maker": "Sample Council", "Promise": "Weave", "Where": "Peru"},
)


@pytest.fixture(scope="module")
def published_once(tmp_path_factory):
    exports = {"a.csv": table(COLUMNS, *ROWS)}
    return make_published(tmp_path_factory.mktemp("classify") / "c", exports, recipes=RECIPES)


def run(folder, *options, answers=()):
    text = "".join(json.dumps(answer) + "\n" for answer in answers)
    return run_on(folder, "classify", *options, code=None, stdin=text)


def action_ids(folder) -> dict[str, str]:
    with open_snapshot(published_snapshot(folder)) as con:
        return dict(con.execute("select stakeholder, action_id from snapshot.actions").fetchall())


def publish(folder, unmatched=()):
    """Publish the accepted suggestions: category, group, themes, countries and regions by stakeholder."""
    publish_campaign(folder)
    with open_published(folder) as con:
        assert con.execute("select count(*) from rejected_rows").fetchone() == (0,)
        assert con.execute("select field, value, rows from unmatched_values").fetchall() == [*unmatched]
        assert con.execute("select min(rows_accepted) from input_files where rows_read = 3").fetchone() == (3,)
        assert con.execute("select count(*) from input_columns where use = 'open'").fetchone() == (0,)
        return {
            stakeholder: rest
            for stakeholder, *rest in con.execute(
                "select stakeholder, category, stakeholder_group, "
                "(select list(theme order by theme) from action_themes as t where t.action_no = a.action_no), "
                "(select list(iso3 order by iso3) from action_countries as c where c.action_no = a.action_no), "
                "(select list(region order by region) from action_regions as r where r.action_no = a.action_no) "
                "from actions as a"
            ).fetchall()
        }


def test_accepted_answers_go_before_every_sheet_and_nobody_is_told_who_gave_them(folder):
    ids = action_ids(folder)
    answers = [
        {"action_id": "OFF-1", "category": "research", "themes": ["data"]},
        {"action_id": "OFF-1", "category": "training_or_capacity", "countries": ["GHA"]},
        {"action_id": ids["=Fictional; Union"], "stakeholder_group": "workers_organisation", "regions": ["africa"]},
    ]
    result = run(folder, "--by", "Quite Unmistakable", answers=answers)
    assert result.returncode == 0, result.stderr
    later = folder.inbox / "classification of others.csv"
    assert later.name > ACCEPTED_FILE  # and goes before it all the same
    later.write_text("Action ID,Category,Stakeholder group\nOFF-1,Other,Business\n")
    found = publish(folder)
    later.unlink()
    assert found["Imaginary Makers"] == ["training_or_capacity", "business", ["data"], ["GHA"], ["africa"]]
    assert found["=Fictional; Union"] == [None, "workers_organisation", None, None, ["africa"]]
    assert b"Quite Unmistakable" not in published_snapshot(folder).read_bytes()
    with open_published(folder) as con:
        uses = con.execute(
            "select use from input_columns as c inner join names.input_headers as h on c.header = h.handle "
            "where h.header like '% by' or h.header like '% at'"
        )
        assert set(uses.fetchall()) == {("set_aside",)}
    again = [{"action_id": "OFF-1", "themes": ["education", "agriculture"], "category": None}]
    assert run(folder, answers=again).returncode == 0
    assert {field: codes for field, (codes, _) in said(folder).items()} == {
        "themes": ("education", "agriculture"), "countries": ("GHA",),
    }  # fmt: skip
    assert [path.name for path in folder.inbox.iterdir() if path.name != "a.csv"] == [ACCEPTED_FILE]
    text = (folder.inbox / ACCEPTED_FILE).read_text(encoding="utf-8-sig")
    assert not any(cell.startswith(("=", "-")) for cell in text.replace('"', "").split(","))


def said(folder, action_id="OFF-1"):
    row = read_accepted(folder)[action_id]
    return {field: (said.codes, said.by) for field, said in row.answers.items()}


def test_two_officers_do_not_overwrite_each_other(folder):
    nothing: dict[str, object] = {"category": None, "themes": []}
    first = {"action_id": "OFF-1", "category": "research", "was": nothing}
    assert run(folder, "--by", "A. Example", answers=[first]).returncode == 0
    second = {"action_id": "OFF-1", "category": "other", "themes": ["data"], "was": nothing}
    result = run(folder, "--by", "B", answers=[second])
    assert "OFF-1, category: research (by A. Example on 20" in result.stdout
    assert "yours: other" in result.stdout
    assert said(folder) == {"category": (("research",), "A. Example"), "themes": (("data",), "B")}
    both = [{"action_id": "OFF-1", "category": "research", "was": nothing}, {"action_id": "OFF-3", "category": "other"}]
    report = json.loads(run(folder, "--by", "C", "--json", answers=both).stdout)
    assert (report["actions"], report["conflicts"]) == (1, [])  # the same answer is no conflict, and stays A's
    assert said(folder)["category"] == (("research",), "A. Example")
    seen = {"action_id": "OFF-1", "category": "other", "was": {"category": "research"}}
    assert run(folder, "--by", "B", answers=[seen]).returncode == 0
    assert said(folder)["category"] == (("other",), "B")
    stale = {"action_id": "OFF-3", "countries": ["GHA"], "was": {"countries": []}}  # published: Peru
    [conflict] = json.loads(run(folder, "--json", answers=[stale]).stdout)["conflicts"]
    assert (conflict["yours"], conflict["theirs"], conflict["by"]) == (["GHA"], ["PER"], "")


@pytest.mark.nightly
def test_what_the_page_shows_and_says_is_what_the_command_finds(folder):
    snapshot = Snapshot(published_snapshot(folder), "a", "2022-01-01T00:00:00Z", 8)

    def read(**wanted):
        actions, total = classifying.read_actions(
            snapshot, read_accepted(folder), ClassificationFilter(**wanted), most=10
        )
        assert total == len(actions)
        return {action.stakeholder: action for action in actions}

    assert classifying.count(snapshot, {}, None).lacking == {
        "stakeholder_group": 3, "category": 3, "themes": 3, "places": 2,
    }  # fmt: skip
    assert set(read(words="UNION")) == {"=Fictional; Union"}
    assert set(read(words="off-3")) == {"Sample Council"}
    assert set(read(lacks="places")) == {"Imaginary Makers", "=Fictional; Union"}
    assert set(read(groups=("workers_organisation",))) == {"=Fictional; Union"}
    assert set(read(countries=("PER", "GHA"))) == {"Imaginary Makers", "Sample Council"}  # stated or suggested
    assert set(read(is_suggested=False)) == {"Sample Council"}
    shown = read(is_suggested=True)
    lines = classifying.accept_suggestions(shown.values(), ["stakeholder_group", "category", "countries"])
    report = json.loads(run(folder, "--json", answers=lines).stdout)
    assert (report["actions"], report["conflicts"]) == (2, [])
    makers = read(lacks="nothing")["Imaginary Makers"]
    assert makers.lacks == ("stakeholder_group", "themes")
    assert (makers.shown("countries"), makers.shown("themes")) == (("GHA",), ("agriculture",))
    council = read(lacks="nothing")["Sample Council"]
    assert council.standing["countries"] == ("PER",)
    assert council.standing["regions"] == ()
    every = {"stakeholder_group": ["other"], "category": ["research"], "themes": ["data"], "regions": ["global"]}
    lines = [classifying.answer(council, every), classifying.answer(makers, every | {"countries": []})]
    assert json.loads(run(folder, "--json", answers=lines).stdout)["conflicts"] == []
    assert classifying.count(snapshot, read_accepted(folder), None).classified == 2
    assert set(read()) == {"=Fictional; Union"}


def test_suggestions_are_accepted_as_a_whole_and_taken_back(folder):
    run(folder, "--by", "A", answers=[{"action_id": "OFF-1", "regions": ["africa"]}])
    before = (folder.inbox / ACCEPTED_FILE).read_bytes()
    result = run(folder, "--accept-suggested", "--field", "themes", "--field", "countries", "--by", "B")
    assert "1 actions changed" in result.stdout
    assert said(folder) == {
        "regions": (("africa",), "A"),
        "themes": (("agriculture",), "B"),
    }  # the row has a place already
    report = json.loads(run(folder, "--accept-suggested", "--json").stdout)
    assert report["actions"] == 2
    assert [line["stakeholder_group"] for line in report["undo"] if "stakeholder_group" in line] == [[]]
    assert said(folder)["category"][0] == ("training_or_capacity",)
    assert run(folder, "--undo").returncode == 0
    assert set(read_accepted(folder)) == {"OFF-1"}
    run(folder, "--undo")
    assert said(folder)["category"][0] == ("training_or_capacity",)
    run(folder, "--undo")
    run(folder, answers=[{"action_id": "OFF-1", "themes": []}])
    assert (folder.inbox / ACCEPTED_FILE).read_bytes() == before
    run(folder, answers=[{"action_id": "OFF-1", "regions": None}])
    assert not (folder.inbox / ACCEPTED_FILE).exists()
    assert "colour is no field" in run(folder, "--accept-suggested", "--field", "colour").stderr


def test_the_same_answers_in_another_order_give_the_same_sheet(folder):
    answers = [{"action_id": "OFF-1", "category": "research"}, {"action_id": "OFF-3", "category": "other"}]
    run(folder, answers=answers)  # who and when stay with the first
    first = (folder.inbox / ACCEPTED_FILE).read_bytes()
    run(folder, answers=answers[::-1])
    assert (folder.inbox / ACCEPTED_FILE).read_bytes() == first


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ({"action_id": "OFF-1", "category": "weaving"}, "'weaving' is no code for category"),
        ({"action_id": "OFF-1", "countries": ["africa"]}, "'africa' is no code for countries"),
        ({"action_id": "OFF-1", "themes": ["unclassified"]}, "is no code for themes"),
        ({"action_id": "OFF-1", "category": ["research", "other"]}, "takes one code"),
        ({"action_id": "OFF-1", "colour": "red"}, "colour is no field"),
        ({"category": "research"}, "names no action_id"),
        ({"action_id": "OFF-99", "category": "research"}, "no action OFF-99"),
        (["OFF-1"], "is no JSON object"),
    ],
)
def test_a_wrong_answer_is_refused_and_nothing_is_written(folder, answer, fault):
    result = run(folder, answers=[{"action_id": "OFF-3", "category": "other"}, answer])
    assert result.returncode == 1
    assert fault in result.stderr
    assert not (folder.inbox / ACCEPTED_FILE).exists()


def test_sample_data_and_unpublished_data_cannot_be_classified(tmp_path):
    empty = make_campaign(tmp_path / "s", {})
    (empty.root / "samples").mkdir()
    (empty.root / "samples" / "a.csv").write_text(table(COLUMNS, *ROWS), encoding="utf-8")
    assert "sample data" in run(empty, answers=[{"action_id": "OFF-1", "category": "other"}]).stderr
    assert "sample data" in run(empty, "--sheet", str(tmp_path / "classification.xlsx")).stderr
    unbuilt = make_campaign(tmp_path / "u", {"a.csv": table(COLUMNS, *ROWS)}, RECIPES)
    assert "Nothing is published" in run(unbuilt, answers=[{"action_id": "OFF-1", "category": "other"}]).stderr


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("lang", "group", "category", "theme", "country"),
    [
        ("es", "Empresas", "Investigación", "Minería", "Perú"),
        *(
            pytest.param(*words, marks=pytest.mark.nightly)
            for words in (
                ("en", "Businesses", "Research", "Mining", "Côte d'Ivoire"),
                ("fr", "Entreprises", "Recherche", "Mines", "Côte d'Ivoire"),
            )
        ),
    ],
)
def test_the_sheet_to_fill_in_reads_back_in_every_language(folder, tmp_path, lang, group, category, theme, country):
    path = tmp_path / "classification to fill in.xlsx"
    result = run(folder, "--sheet", str(path), "--lang", lang)
    assert result.returncode == 0, result.stderr
    book = openpyxl.load_workbook(path)
    sheet, codes = book.worksheets
    assert codes.sheet_state == "hidden"
    headers = [cell.value for cell in sheet[1]]
    rows = {row[1].value: row for row in sheet.iter_rows(min_row=2)}
    assert set(rows) == {"Imaginary Makers", "=Fictional; Union", "Sample Council"}
    assert rows["=Fictional; Union"][3].data_type == "s"
    suggested = [cell.value for cell in rows["Imaginary Makers"][6:10]]
    assert all(suggested)
    assert "Train" in suggested[3]
    offered = {str(choice.sqref): choice.formula1 for choice in sheet.data_validations.dataValidation}
    assert len(offered) == 6
    rows["Imaginary Makers"][10].value = offered.pop("K2:K4").strip('"')
    rows["Imaginary Makers"][12].value = category  # the words of staff go before
    rows["=Fictional; Union"][10].value = "perhaps"
    rows["Sample Council"][10].value = {"es": "No", "en": "x", "fr": "Non"}[lang]
    for ranges, formula in offered.items():
        column = formula.split("$")[1]
        labels = [cell.value for cell in codes[column]]
        assert formula == f"=Codes!${column}$1:${column}${len([label for label in labels if label])}"
        assert ranges.endswith("4")
    row = rows["=Fictional; Union"]
    for header_place, value in ((11, group), (12, category), (13, theme), (14, "Education"), (16, country)):
        assert headers[header_place]
        row[header_place].value = value
    book.save(folder.inbox / path.name)
    all_found = publish(folder, unmatched=[("accept", "perhaps", 1)])
    assert all_found["Imaginary Makers"] == ["research", None, ["agriculture"], ["GHA"], ["africa"]]
    assert all_found["Sample Council"] == [None, None, None, ["PER"], ["americas"]]
    found = all_found["=Fictional; Union"]
    assert (found[0], found[1]) == ("research", "business")
    assert sorted(found[2]) == ["education", "mining"]
    assert found[3] == ["PER" if lang == "es" else "CIV"]


def test_a_name_that_the_inbox_would_not_recognise_is_refused(folder, tmp_path):
    result = run(folder, "--sheet", str(tmp_path / "to do.xlsx"))
    assert result.returncode == 1
    assert "would not be recognised" in result.stderr
    assert not (tmp_path / "to do.xlsx").exists()
