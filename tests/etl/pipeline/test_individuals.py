"""Stakeholders that are persons: named in the private store alone, and told apart all the same."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import UserError
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.pipeline.build import Built, build
from tests.etl.campaigns import RECIPES, ask, copy_campaign, make_campaign, recipe
from tests.etl.registers import CLASS_HEADER, HEADER, REPORT_HEADER, action

ANN, BEA, CLEO, DAN = "Ann Zzyzx", "Bea Qwyxx", "Cleo Vvrokk", "Dan Jjhrux"
SECRETS = ("zzyzx", "qwyxx", "vvrokk", "jjhrux", "marta")


def person(ref, name, promise, **cells):
    return action(ref, name, promise, Kind_of_maker="Individual", **cells)


LINES = (
    person("1", ANN, f"Read to {ANN.upper()}", Where="Kenya", Sent="2021-03-02", How=f"I, {ANN}, read.")
    + person("2", BEA, "Teach a neighbour", Where="Kenya", Sent="2021-03-01")
    + person("", BEA.upper(), "Mend a roof", Where="Kenya", Sent="2021-03-05")
    + person("", BEA, "Mend a roof", Where="Kenya", Sent="2021-03-06")
    + action("5", CLEO, "Cook at school", Where="Kenya; Peru", Sent="2021-03-03")  # staff classify her
    + action("6", "Fictional Union", "Train inspectors", Where="Kenya", Category="Nonsense")
    + person("", "Marta Unfinished", "")
)
CLASSES = (
    CLASS_HEADER
    + f"5,x,{CLEO},,,,,Individual\n"
    + f"77,x,{DAN},Nothing,,,,Private person\n"
    + f"88,x,{BEA},Something else,,,,\n"
)
REPORTS = (
    REPORT_HEADER
    + f"r1,1,{ANN},,2021-07-01,Completed,,,Written by {ANN}\n"
    + f",,{BEA},Mend a roof,2021-07-02,In progress,,,\n"
    + "r3,,Zzyzx Ann Maria,Unknown,2021-07-03,Completed,,,\n"
    + "r4,,Nobody Union,Unknown,2021-07-03,Completed,,,\n"
    + ",,,,2021-07-03,Completed,,,\n"
)
DECISIONS = (
    "decision,subject,this,that,note\n"
    f"rename,stakeholder,{ANN},Ann Marta Zzyzx,Marta asked\n"
    f"different,stakeholder,{ANN},{CLEO},\n"
    f"same,stakeholder,{DAN},Gone {DAN},\n"
)


@pytest.fixture(scope="module")
def exports() -> dict[str, str]:
    return {"a.csv": HEADER + LINES, "k.csv": CLASSES, "r.csv": REPORTS}


def all_texts(path: Path) -> str:
    """Return every cell of every table of a database."""
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = [name for (name,) in ask(connection, "select table_name from duckdb_tables()")]
        rows = [ask(connection, f"from {name}") for name in tables]
    return str(rows).casefold()


REGISTER = recipe(
    "office", "actions", "Who|Target", '[replaces]\nnewest_by = "date_in_name"',
    called="Register of one office", stakeholder="Who", title="Target", stakeholder_group="Kind of maker",
    submitted_at="Sent",
)  # fmt: skip
OLD = f"Who,Target,Kind of maker,Sent\n{DAN},Sing like {DAN},Individual,\nFictional Union,Dance,,\n"
NEW = "Who,Target,Kind of maker,Sent\nFictional Union,Walk,,\n"


def name_publicly(folder: CampaignFolder) -> None:
    """Let the campaign say that persons agreed to be named."""
    settings = (SHIPPED_CAMPAIGN / "campaign.toml").read_text(encoding="utf-8")
    (folder.root / "campaign.toml").write_text(
        settings.replace("agreed_to_be_named = false", "agreed_to_be_named = true"), encoding="utf-8"
    )


@pytest.fixture(scope="module")
def registered(tmp_path_factory, exports) -> CampaignFolder:
    """Return the exports, with actions without ids: of a person, sent twice, and gone from their register."""
    more = person("", ANN, f"A song by {ANN}") + action("", "Fictional Union", "Sweep") + action("9", BEA, "Sew")
    files = {**exports, "a.csv": exports["a.csv"] + more, "old_2020.csv": OLD, "new_2021.csv": NEW}
    return make_campaign(tmp_path_factory.mktemp("persons") / "c", files, RECIPES | {"office": REGISTER})


@pytest.fixture(scope="module")
def hidden(registered) -> Iterator[Built]:
    """Them built."""
    with build(registered, registered.published) as made:
        yield made


@pytest.fixture(scope="module")
def named(registered, hidden, tmp_path_factory) -> Iterator[Built]:
    """Them built where all persons have agreed to be named."""
    folder = copy_campaign(registered, tmp_path_factory.mktemp("named") / "c")
    name_publicly(folder)
    with build(folder, folder.published) as made:
        yield made


@contextmanager
def asking(made: Built):
    with duckdb.connect(str(made.snapshot), read_only=True) as con:
        yield lambda query, *values: ask(con, query, values)


def read_ids(made: Built) -> tuple[set[str], str]:
    """Read the ids that the program made (of actions, reports, stakeholders and submissions), and every public text."""
    text = all_texts(made.snapshot)
    return set(re.findall(r"\b(?:a|r|s|st)_[0-9a-f]{12,16}\b", text)), text


def assert_made_with_the_key(hidden, named, other):
    """Fail where an id of a person is the same as in a build with another key."""
    ids, text = read_ids(hidden)
    assert {i.split("_")[0] for i in ids} == {"a", "r", "s", "st"}
    assert [word for word in SECRETS if word in text] == []
    of_others = ids & read_ids(other)[0]
    assert of_others == ids & read_ids(named)[0]  # made of names and titles, as anybody could
    # those of the union, and of a report without action
    assert {i.split("_")[0] for i in of_others} == {"a", "r", "st"}
    assert {i.split("_")[0] for i in ids - of_others} == {"a", "r", "s", "st"}


def test_decisions_find_persons_by_the_ids_that_are_public(registered, hidden, tmp_path):
    with asking(hidden) as told:
        ((roof, bea),) = told("select action_id, stakeholder_id from actions where title = 'Mend a roof'")
        ((ann,),) = told("select distinct stakeholder_id from actions where title like 'Read to%'")
        ((again,),) = told("select submission_id from merged_submissions where action_id = ?", roof)
        ((report,),) = told("select report_key from progress_reports where report_id is null")
        ((gone,),) = told("select action_id from gone_actions where title = 'Sing like […]'")
    assert roof.startswith("a_")
    assert again.startswith("s_")
    lines = (
        f"same,stakeholder,{ann},{bea}", f"rename,action,{roof},Another", f"assign,report,{report},{roof}",
        f"different,action,{roof},{again}", f"keep,action,{gone},",
    )  # fmt: skip
    folder = copy_campaign(registered, tmp_path / "c")
    folder.decisions_file.write_text("decision,subject,this,that\n" + "\n".join(lines), encoding="utf-8")
    with build(folder, folder.published) as made, asking(made) as told:
        assert told("select why_not from decisions") == [(None,)] * len(lines)
        assert told("select title from actions where title in ('Another', 'Mend a roof') order by 1") == [
            ("Another",), ("Mend a roof",),
        ]  # fmt: skip
        assert told("select matched_by from progress_reports where report_key = ?", report) == [("decision",)]
        assert told("select stakeholder from actions where title = 'Sing like […]'") == [("Individual (2)",)]
        assert told("select count(*) from gone_actions where is_settled") == [(0,)]


def test_no_name_of_a_person_is_public_nor_an_id_of_before_and_each_is_told_apart(registered, hidden, named, tmp_path):
    with asking(named) as told:
        ((roof,),) = told("select action_id from actions where title = 'Mend a roof'")
        ((gone,),) = told("select action_id from gone_actions where title like 'Sing%'")
    folder = copy_campaign(registered, tmp_path / "c")
    lines = f"{DECISIONS}rename,action,{roof},Another,\ngone,action,{gone},,\n"
    folder.decisions_file.write_text(lines, encoding="utf-8")
    (folder.private / "id_key.txt").write_text("another key\n", encoding="ascii")
    with build(folder, folder.published) as made, asking(made) as told:
        assert_made_with_the_key(hidden, named, made)
        public = made.snapshot.read_bytes().lower() + all_texts(made.snapshot).encode()
        assert [word for word in (*SECRETS, roof, gone) if word.encode() in public] == []
        with duckdb.connect(str(made.contacts), read_only=True) as con:
            known = ask(con, "select distinct name from people order by 1")
        assert known == [("Ann Marta Zzyzx",), ("Bea Qwyxx",), ("Cleo Vvrokk",)]
        assert told("select name, actions, spellings from stakeholders order by name") == [
            ("Fictional Union", 3, ["Fictional Union"]),
            ("Individual", 1, ["Individual"]),
            ("Individual, Kenya", 3, ["Individual, Kenya"]),
            ("Individual, Kenya (2)", 2, ["Individual, Kenya (2)"]),
        ]
        assert told("select title, stakeholder from actions where stakeholder like 'Indiv%' order by all") == [
            ("A song by […]", "Individual, Kenya (2)"),
            ("Another", "Individual, Kenya"),
            ("Cook at school", "Individual"),
            ("Read to […]", "Individual, Kenya (2)"),
            ("Sew", "Individual, Kenya"),
            ("Teach a neighbour", "Individual, Kenya"),
        ]
        reports = told("select report_id, stakeholder, action_id from progress_reports order by 1")
        assert [row[1] for row in reports if row[0]] == ["Individual, Kenya (2)", "Individual", "Nobody Union"]
        assert [(row[1], row[2] is None) for row in reports if not row[0]] == [("Individual, Kenya", False)]
        assert told("select is_applied, this like 'st_%', this like 'a_%', note from decisions order by line") == [
            (True, True, False, None), (True, True, False, None), (False, False, False, None),
            (True, False, True, None), (True, False, True, None),
        ]  # fmt: skip
        assert told("select is_settled from gone_actions where title like 'Sing%'") == [(True,)]
        assert told("select names['fr'], names['es'] from person_names where name = 'Individual, Kenya'") == [
            ("Particulier, Kenya", "Particular, Kenya")
        ]
        sought = "select count(*) from actions where contains(search_text, $1) or contains(search_text, $2)"
        assert told(sought, "particulier kenya", "individual kenya") == [(5,)]
        pairs = told("select left_name from suggested_duplicates where kind = 'report'")
        assert all("Individual" in left or "Nobody" in left for (left,) in pairs)
        assert told("select count(*) from unmatched_values") == [(1,)]


def test_persons_who_agreed_are_named(named):
    with asking(named) as told:
        assert told("select count(*) from stakeholders where name in (?, ?, ?)", ANN, BEA, CLEO) == [(3,)]


def test_group_that_the_campaign_does_not_have_is_refused(tmp_path, exports):
    folder = make_campaign(tmp_path / "c", exports)
    settings = (SHIPPED_CAMPAIGN / "campaign.toml").read_text(encoding="utf-8")
    settings = settings.replace("[individuals]\n", '[individuals]\ngroups = ["individuals"]\n')
    (folder.root / "campaign.toml").write_text(settings, encoding="utf-8")
    with (
        pytest.raises(UserError, match="individuals is no code of stakeholder_groups"),
        build(folder, folder.published),
    ):
        pass
