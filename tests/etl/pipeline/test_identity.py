"""Makers: one stakeholder for all spellings of it, two where there are two, and the suggestions."""

import pytest

from tests.etl.campaigns import ACTIONS_RECIPE, RECIPES, ask, built, make_campaign
from tests.etl.registers import HEADER, REPORT_HEADER, action, reports
from tests.etl.together import Campaign, Together

SPELLINGS = (
    "International Imaginary Union", "INTERNATIONAL  IMAGINARY UNION", "International Imaginary Union (IIU)",
    "The Internátional Imaginary-Union, Inc.", "international-imaginary-union-2",
    "International Imaginary Union S.A. de C.V.",
)  # fmt: skip


def makers(*names, **cells):
    """Return a register with one action a name."""
    return HEADER + "".join(action(str(n), name, f"Promise {n}", **cells) for n, name in enumerate(names))


def suggested(con, kind):
    """Return the suggestions of a kind."""
    return ask(
        con,
        "select left_name, right_name, why from suggested_duplicates where kind = $kind order by score desc, 1, 2",
        {"kind": kind},
    )


ALIKE = (
    ("Sample & Sons GmbH", "Sample and Sons"),
    ("Hilos et Fils ficticios", "Hilos y Fils Ficticios Ltda."),
    ("L'Association fictive asbl", "Association Fictive"),
    ("ONG Manos de ejemplo A.C.", "Manos de Ejemplo"),
    ("Los Tejedores de Ejemplo", "tejedores de ejemplo, S.A."),
    ("Sample Verein e.V.", "SAMPLE VEREIN"),
    ("Cœur fictif", "COEUR FICTIF (CF)"),
)
APART = ("NGO", "Ltd", "Sample Union 12", "Sample Union 13", "Sample Teachers Guild", "Sample Weavers Guild")
BRACKETS = ("Sample Union of Bakers (UK)", "Sample Union of Bakers (US)", "Sample Union of Bakers (SUB)")
JOINT = "Keep the children of the coast in school"


def group(name, *lines):
    """Return a register with distinct ids: lines of maker, title and place."""
    rows = (action(f"{name}{n}", maker, title, Where=where) for n, (maker, title, where) in enumerate(lines))
    return HEADER + "".join(rows)


together = Together()
for name, names in {
    "spellings": (*SPELLINGS, SPELLINGS[0]),
    "alike": [name for pair in ALIKE for name in pair],
    "apart": APART,
    "brackets": BRACKETS,
}.items():
    lines = ((maker, f"Promise {n} of {name}", "") for n, maker in enumerate(names))
    together.add(name, Campaign({"a.csv": group(name, *lines)}, is_signed=False))
for name, rows in {
    "wherever": (
        ("Fictional Kiln", "A", "Ghana"), ("Fictional Kiln", "B", "Peru"),
        ("Ministry No. 7", "A", "Ghana"), ("Ministry No. 7", "B", "Peru"),
    ),
    "several": (
        ("Fictional Loom", "Train inspectors", "Ghana"), ("Fictional Loom", "Open a school", "Ghana"),
        ("Fictional Loom", "School 1 gets a roof", ""), ("Fictional Loom", "School 2 gets a roof", ""),
    ),
    "joint": (("Sample Bakers; Fictional Fishers", JOINT, ""), ("Fictional Fishers", JOINT, "")),
}.items():  # fmt: skip
    together.add(name, Campaign({"a.csv": group(name, *rows)}, is_signed=False))


def makers_of(con):
    """Name, spellings and number of actions of each maker of a campaign."""
    return ask(con, "select name, list_sort(spellings), actions from stakeholders order by 1")


def test_one_stakeholder_however_it_is_written(campaigns):
    con = campaigns("spellings")
    assert makers_of(con) == [(SPELLINGS[0], sorted(SPELLINGS), 7)]
    shown = ask(con, "select distinct stakeholder, stakeholder_id from actions")
    assert [name for name, _ in shown] == [SPELLINGS[0]]
    assert suggested(con, "stakeholder") == []
    found = makers_of(campaigns("alike"))
    assert sorted(spellings for _, spellings, _ in found) == sorted(sorted(pair) for pair in ALIKE)
    assert [actions for *_, actions in makers_of(campaigns("wherever"))] == [2, 2]


def test_names_that_are_neither_one_nor_suggested(campaigns):
    assert [name for name, *_ in makers_of(campaigns("apart"))] == sorted(APART)
    assert suggested(campaigns("apart"), "stakeholder") == []
    assert len(makers_of(campaigns("brackets"))) == 3  # countries in brackets are no acronyms


SUGGESTED = (
    ("International Dreamt Union", "IDU", "one may be the acronym of the other"),
    ("International Reverie Guild", "I.R.G.", "one may be the acronym of the other"),
    ("Coopérative de l'Exemple (WXYZ)", "WXYZ", "one may be the acronym of the other"),
    ("Syndicat fictif des travailleurs", "Fictional Workers Union", "may be a translation"),
    ("Sample Bakers Guild", "Guild of Sample Bakers", "the same words in another order"),
    ("Fictional Harbour Choir", "Harbour Fictional Choir", "the same words in another order"),
    ("Imaginary Kites Foundation", "Imaginery Kites Foundation", "spelled almost alike"),
    ("Sample Lanterns", "Sample Lanterns Workshop", "one name holds all words of the other"),
    ("Fictional Oars; Fictional Divers", "Fictional Divers", "one may name several stakeholders, the other among them"),
)


@together.decided
def test_names_that_are_suggested_never_merged_and_not_after_a_decision():
    names = [name for one, other, _ in SUGGESTED for name in (one, other)]
    lines = ((name, f"N {n}", "") for n, name in enumerate(names))
    con = yield Campaign({"a.csv": group("named", *lines)}, is_signed=False)
    assert ask(con, "select count(*) from stakeholders") == [(len(names),)]
    found = suggested(con, "stakeholder")
    scores = con.execute("select min(score), max(score) from suggested_duplicates").fetchone()
    assert sorted((*sorted(pair[:2]), pair[2]) for pair in found) == sorted(
        (*sorted((one, other)), why) for one, other, why in SUGGESTED
    )
    assert 0 < scores[0] <= scores[1] <= 1
    con = yield [f'different,stakeholder,"{one}","{other}",,' for one, other, _ in SUGGESTED]
    assert suggested(con, "stakeholder") == []


@together.test
def test_ministries_of_two_countries_are_two_and_of_one_country_one_with_and_without_it():
    lines = action("m1", "Ministry of Labour", "Inspect", Where="Ghana")
    lines += action("m2", "MINISTRY OF LABOUR", "Train", Where="Ghana; Togo")
    lines += action("m3", "Ministry of Labour", "Inspect", Where="Peru")
    lines += action("m4", "Ghana - Ministry of Labour", "Teach")
    lines += action("m5", "Ministry of Labour, Republic of Ghana", "Write")
    lines += action("m6", "Ministry of Labour", "Somewhere")
    lines += action("w1", "Ministry of Weaving", "Inspect", Where="Ghana")
    lines += action("w2", "Ministry of Weaving", "Train")
    lines += action("f1", "Ministry of Fishing", "Inspect", Where="Ghana")
    lines += action("f2", "Ministry of Fishing", "Inspect", Where="Peru")
    lines += action("f3", "Ministry of Fishing", "Train", Where="Peru")
    told = REPORT_HEADER + "w-r1,,Ministry of Weaving,Train,2021-07-01,Completed,,,\n"
    told += "f-r1,,Ministry of Fishing,Inspect,2021-07-01,Completed,,,\n"
    told += "f-r2,,Peru - Ministry of Fishing,Inspect,2021-07-01,Completed,,,\n"
    told += "f-r3,,Ministry of Fishing,Train,2021-07-01,Completed,,,\n"
    con = yield Campaign({"a.csv": HEADER + lines, "r.csv": told}, is_signed=False)
    rows = ask(con, "select list(action_id order by action_id) from actions group by stakeholder_id order by 1")
    assert [[name.removeprefix("OFF-") for name in row] for (row,) in rows] == [
        ["f1"], ["f2", "f3"], ["m1", "m2", "m4", "m5"], ["m3"], ["m6"], ["w1", "w2"],
    ]  # fmt: skip
    whys = {row[2] for row in suggested(con, "stakeholder")}
    assert whys == {"the same institution's name, once without its country"}
    assert ask(con, "select count(*) from stakeholders where name = 'Ministry of Labour'") == [(2,)]
    rows = ask(con, "select report_id, action_id from progress_reports order by 1")
    assert rows == [("f-r1", None), ("f-r2", "OFF-f2"), ("f-r3", "OFF-f3"), ("w-r1", "OFF-w2")]
    found = ask(con, "select right_id from suggested_duplicates where kind = 'report' order by score desc, 1")
    assert found[:2] == [("OFF-f1",), ("OFF-f2",)]  # matched only where that is certain


def test_two_actions_of_one_stakeholder_are_two(campaigns):
    assert [actions for *_, actions in makers_of(campaigns("several"))] == [4]
    assert ask(campaigns("several"), "select count(*) from suggested_duplicates") == [(0,)]


def test_joint_action_is_one_and_the_same_title_of_partners_is_suggested(campaigns):
    assert [actions for *_, actions in makers_of(campaigns("joint"))] == [1, 1]
    assert suggested(campaigns("joint"), "action") == [(JOINT, JOINT, "the same title from another stakeholder")]


@together.test
def test_ids_written_another_way_find_their_action_and_are_not_guessed_between_two():
    lines = "".join(action(ref, "Fictional Writers", f"About {ref}") for ref in ("2", "30", "x7"))
    lines += action("05", "Sample Guessers A", "A") + action("5", "Sample Guessers B", "B")
    lines += action("40", "Sample Guessers B", "C")
    refs = ["002", "2", "off-2", "OFF-0002", "off-30", "OFF-X07", "3", "20"]
    refs += ["005", "005,Sample Guessers B", "5", "040,Sample Guessers A"]
    rows = [f"another-{n:02},{ref}" for n, ref in enumerate(refs)]
    rows = [f"{row}{',' * (4 - row.count(','))}2021-07-01,Completed,,,\n" for row in rows]
    exports = {"a.csv": HEADER + lines, "r.csv": REPORT_HEADER + "".join(rows)}
    con = yield Campaign(exports, is_signed=False)
    found = [row[0] for row in ask(con, "select action_id from progress_reports order by report_id")]
    assert found[:8] == ["OFF-2"] * 4 + ["OFF-30", "OFF-x7", None, None]
    assert found[8:] == [None, "OFF-5", "OFF-5", None]
    whys = ask(con, "select right_id, why from suggested_duplicates where kind = 'report' order by all")
    assert ("OFF-05", "several actions have this id") in whys


@together.decided
def test_actions_that_may_be_one_are_suggested_and_kept():
    lines = action("1", "Sample Bakery", "Train two hundred inspectors")
    lines += action("2", "Sample Bakery", "Train 200 inspectors")
    lines += action("3", "Sample Bakery", "Train two hundred inspector")
    how = "We will train inspectors in all the districts of the fictional coast."
    lines += action("4", "Example Weavers", "Inspect", How=how)
    lines += action("5", "Example Weavers", "Controls", How=how.replace("the ", ""))
    lines += action("6", "Fictional Choir", "Open a school", Sent="2021-03-01", Language="English")
    lines += action("7", "Fictional Choir", "Ouvrir une école", Sent="2021-03-01", Language="Français")
    lines += action("8", "Fictional Choir", "Open a school too", Sent="2021-04-01", Where="Peru")
    con = yield {"a.csv": HEADER + lines}
    assert ask(con, "select count(*) from actions") == [(8,)]
    found = ask(con, "select left_id, right_id, why from suggested_duplicates order by 1, 2")
    assert found == [
        ("OFF-1", "OFF-3", "similar titles from the same stakeholder"),
        ("OFF-4", "OFF-5", "almost the same description from the same stakeholder"),
        ("OFF-6", "OFF-7", "sent on the same day in two languages"),
        ("OFF-6", "OFF-8", "similar titles from the same stakeholder"),
    ]
    con = yield [f"different,action,{right},{left},," for left, right, _ in found]
    assert ask(con, "select count(*) from suggested_duplicates") == [(0,)]


@together.test
def test_reports_without_action_are_kept_with_the_likeliest_actions():
    lines = action("1", "Imaginary Weavers Foundation", "Weave baskets for every school")
    lines += action("2", "Imaginary Weavers Foundation", "Teach dyeing")
    lines += action("3", "Sample Union", "Count the herons")
    told = reports(
        "r1,,Imaginery Weavers Foundation,Weave basket for every school,2021-07-01,Completed",
        "r2,,Sample Union,Something else,2021-07-01,Completed", "r3,,Nobody Fictional,Nothing,2021-07-01,Completed",
        "r4,,Nobody Fictional,Count the herons,2021-07-01,Completed",
    )  # fmt: skip
    con = yield {"a.csv": HEADER + lines, "r.csv": told}
    assert ask(con, "select count(*) from progress_reports where action_id is null") == [(4,)]
    rows = ask(
        con,
        "select p.report_id, s.right_id, s.why from suggested_duplicates as s "
        "inner join progress_reports as p on s.left_id = p.report_key where s.kind = 'report' "
        "order by p.report_id, s.score desc",
    )
    assert rows[0] == ("r1", "OFF-1", "a similar title, and a stakeholder spelled almost alike")
    assert ("r2", "OFF-3", "the only action of this stakeholder") in rows
    assert [row for row in rows if row[0] == "r3"] == []
    assert [row for row in rows if row[0] == "r4"] == [("r4", "OFF-3", "the same title from another stakeholder")]


@pytest.mark.nightly
def test_too_many_names_are_compared_in_part_and_that_is_noted(tmp_path, monkeypatch):
    monkeypatch.setattr("etl.pipeline.likeness.NAMES_COMPARED_EACH_WITH_EACH", 2)
    names = ("Imaginary Weavers Foundation", "Imaginery Weavers Foundation", "Sample Bakers Cooperative")
    with built(make_campaign(tmp_path / "c", {"a.csv": makers(*names)})) as con:
        found = suggested(con, "stakeholder")
        assert found == [(*sorted(names[:2]), "spelled almost alike")] or len(found) == 1
        noted = "select severity, field, value, expected from check_results where check_id = 'suggestions_limited'"
        assert ask(con, noted) == [("note", "stakeholder", "2", "3")]


BY_ACTION_ID = {name: text.replace("response_id", "action_id") for name, text in RECIPES.items()}
BY_ROW = {name: text.replace('holds = "actions"', 'holds = "actions"\none_row_one_action = true')
          for name, text in RECIPES.items()}  # fmt: skip


def listed(con):
    """Id, status and number of reports of every action."""
    return ask(
        con,
        "select a.action_id, any_value(r.status), count(r.action_id) from actions as a "
        "left join progress_reports as r using (action_id) group by 1 order by 1",
    )


@pytest.mark.parametrize("recipes", [BY_ACTION_ID, BY_ROW])
@together.test
def test_different_action_ids_are_different_actions_whatever_else_is_alike_but_for_zeros_before_them(recipes):
    lines = action("1", Status="Completed", Where="Ghana") + action("2", Status="In progress", Where="Peru")
    lines += action("3") + action("1", promise="Train inspectors!", Status="Completed", Where="Ghana")
    later = action("1", promise="Another title") + action("002", Status="In progress", Where="Peru")
    exports = {"2021-03.csv": HEADER + lines, "2021-05.csv": HEADER + later}
    con = yield Campaign(exports, recipes)
    assert [row[:2] for row in listed(con)] == [("OFF-002", "in_progress"), ("OFF-1", "completed"), ("OFF-3", None)]
    assert ask(con, "select title from actions where action_id = 'OFF-1'") == [("Another title",)]
    why = ask(con, "select left_id, right_id, why from suggested_duplicates order by all")
    same = "the same title from the same stakeholder"
    assert why == ([] if recipes is BY_ROW else [("OFF-3", "OFF-002", same)])


@together.test
def test_row_without_an_action_id_joins_the_only_action_of_its_title_never_two():
    titles = {"1": "A", "2": "B", "3": "B", "4": "C", "5": "D"}
    sent = (("x1", "B"), ("x2", "A"), ("x2", "C"), ("x3", "D"))  # x2 was changed from the one to the other
    exports = {
        "a.csv": HEADER + "".join(action(ref, promise=title) for ref, title in titles.items()),
        "b.csv": HEADER.replace("Ref", "Number") + "".join(action(ref, promise=title) for ref, title in sent),
    }
    form = ACTIONS_RECIPE.replace("office_actions", "office_form").replace('"Ref"', '"Number"').replace("OFF-", "F-")
    recipes = {"office_actions": BY_ACTION_ID["office_actions"], "office_form": form}
    con = yield Campaign(exports, recipes)
    ids = [row[0] for row in ask(con, "select action_id from actions order by 1")]
    assert ids == ["F-x1", "F-x2", "F-x3", "OFF-1", "OFF-2", "OFF-3", "OFF-4"]


@together.decided
def test_submission_without_an_id_is_told_apart_by_its_name():
    lines = action("", Sent="2021-03-01") + action("", Sent="2021-03-02") + action("", Sent="2021-03-03")
    con = yield {"a.csv": HEADER + lines, "again.csv": HEADER + lines}
    ((kept,),) = ask(con, "select action_id from actions")
    ((name,),) = ask(
        con,
        "select distinct m.submission_id from merged_submissions as m inner join merged_rows as r "
        "using (source_file, source_row) where m.source_row = 2",
    )
    con = yield [f"different,action,{name},{kept},,"]
    assert ask(con, "select action_id, submitted_on::varchar from actions order by 2") == [
        (name, "2021-03-01"),
        (kept, "2021-03-03"),
    ]
    assert ask(con, "select is_applied from decisions") == [(True,)]
    assert ask(con, "select count(*) from merged_rows") == [(4,)]
    assert suggested(con, "action") == []


@together.test
def test_one_row_one_action_without_ids_counts_rows_once_however_often_they_come():
    lines = action("") * 3 + action("", promise="Another")
    exports = {"a.csv": HEADER + lines, "again.csv": HEADER + lines + action("")}
    con = yield Campaign(exports, BY_ROW)
    assert ask(con, "select title, count(*) from actions group by 1 order by 2") == [
        ("Another", 1),
        ("Train inspectors", 4),
    ]
    assert ask(con, "select count(distinct action_id) from actions") == [(5,)]
    assert ask(con, "select count(*) from suggested_duplicates") == [(0,)]


@pytest.mark.parametrize(
    ("tools", "number"), [(("", "", ""), 2), ((",_id,_submission_time,_uuid", ",9,2021-03-01,", ",9,2021-03-02,"), 1)]
)
@together.test
def test_what_an_old_recipe_calls_submission_id_is_judged_by_who_wrote_the_file(tools, number):
    lines = zip((HEADER, action("1"), action("2")), tools, strict=True)
    recipe = ACTIONS_RECIPE.replace("response_id", "submission_id")
    con = yield Campaign(
        {"a.csv": "".join(f"{line.strip()}{more}\n" for line, more in lines)}, {"office_actions": recipe}
    )
    assert ask(con, "select count(*) from actions") == [(number,)]


def actions(con):
    return ask(con, "select action_id, title, stakeholder from actions order by 1")


def why_not(con):
    return ask(con, "select line, is_applied, why_not from decisions order by line")


@together.decided
def test_same_stakeholder_by_any_spelling_or_id_is_transitive():
    lines = action("1", "IFU", "A") + action("2", "International Fictional Union", "B")
    lines += action("3", "Union fictive internationale", "C") + action("4", "Sample Bakers", "D")
    con = yield {"a.csv": HEADER + lines}
    ids = dict(ask(con, "select name, stakeholder_id from stakeholders"))
    assert len(ids) == 4
    con = yield [
        f"same,stakeholder,ifu,{ids['International Fictional Union']},,",
        "same,stakeholder,The Union fictive internationale,IFU,,",
        "rename,stakeholder,IFU,International Fictional Union (IFU),,",
    ]
    rows = ask(con, "select name, spellings, actions, stakeholder_id from stakeholders order by actions")
    names = ask(con, "select action_id, stakeholder from actions order by 1")
    assert why_not(con) == [(2, True, None), (3, True, None), (4, True, None)]
    assert rows[1][:3] == (
        "International Fictional Union (IFU)",
        ["IFU", "International Fictional Union", "Union fictive internationale"],
        3,
    )
    assert rows[1][3] in ids.values()
    assert [name for _, name in names] == ["International Fictional Union (IFU)"] * 3 + ["Sample Bakers"]


@together.decided
def test_of_stakeholders_that_are_one_the_same_title_is_one_action_sent_again():
    lines = action("1", "IFU", "Same words") + action("2", "Fictional Union", "Same words")
    con = yield {"a.csv": HEADER + lines}
    assert [row[0] for row in actions(con)] == ["OFF-1", "OFF-2"]
    con = yield ["same,stakeholder,IFU,Fictional Union,,"]
    assert [row[0] for row in actions(con)] == ["OFF-2"]


@pytest.mark.parametrize(
    "line",
    [
        "Sample Kiln Union Ltd,{id}",
        "Sample Loom Union,Sample Loom Union Ltd",
        "Sample Oars Union Ltd,SAMPLE OARS union",
    ],
)
@together.decided
def test_different_stakeholders_that_are_written_alike(line):
    word = line.split()[1]
    name = f"Sample {word} Union"
    makers = (name, f"{name} Ltd", name.upper())
    lines = "".join(action(f"{word}{n}", maker, f"{word} {n}") for n, maker in enumerate(makers))
    con = yield Campaign({"a.csv": HEADER + lines}, is_signed=False)
    ((one,),) = ask(con, "select stakeholder_id from stakeholders")
    con = yield [f"different,stakeholder,{line.format(id=one)},,"]
    rows = ask(con, "select spellings from stakeholders order by 1")
    assert why_not(con) == [(2, True, None)]
    assert rows == [([name.upper(), name],), ([f"{name} Ltd"],)]


@together.test
def test_same_action_keeps_the_latest_and_says_why():
    lines = action("1", "Sample A", "Train inspectors", Sent="2021-03-02") + action("9", "Sample B", "Other")
    lines += action("2", "Sample C", "Former des inspecteurs", Sent="2021-03-01")
    reports = REPORT_HEADER + "r1,2,,,2021-07-01,Completed,,,\n"
    con = yield Campaign({"a.csv": HEADER + lines, "r.csv": reports}, decisions=["same,action,off-2,OFF-1,,"])
    assert [row[0] for row in actions(con)] == ["OFF-1", "OFF-9"]
    assert ask(con, "select source_row, kept_action_id, why from merged_rows") == [
        (4, "OFF-1", "staff decided that it is the same action: the latest submission is kept")
    ]
    assert ask(con, "select action_id from progress_reports") == [("OFF-1",)]
    assert ask(con, "select rows_accepted, rows_merged from input_files order by 1") == [(1, 0), (2, 1)]


@together.decided
def test_different_actions_stay_apart_and_the_others_together():
    lines = "".join(action(str(n), "Sample Union", "Open a school") for n in (1, 2, 3))
    con = yield {"a.csv": HEADER + lines, "b.csv": HEADER + lines}
    assert [row[0] for row in actions(con)] == ["OFF-3"]
    con = yield ["different,action,OFF-3,OFF-1,,"]
    assert [row[0] for row in actions(con)] == ["OFF-2", "OFF-3"]
    assert why_not(con) == [(2, True, None)]
    assert ask(con, "select count(*) from merged_rows") == [(4,)]


@together.test
def test_rename_an_action_and_reports_find_it_by_both_titles():
    reports = REPORT_HEADER + "r1,,Sample Union,A clear title,2021-07-01,Completed,,,\n"
    reports += "r2,,Sample Union,Tilte,2021-08-01,Completed,,,\n"
    con = yield Campaign(
        {"a.csv": HEADER + action("1", "Sample Union", "Tilte"), "r.csv": reports},
        decisions=["rename,action,OFF-1,A clear title,typing error,2021-09-01"],
    )
    assert actions(con) == [("OFF-1", "A clear title", "Sample Union")]
    assert ask(con, "select action_id from progress_reports") == [("OFF-1",), ("OFF-1",)]
    assert con.execute("select search_text from actions").fetchone()[0].startswith("a clear title tilte")
    assert ask(con, "select note from decisions") == [("typing error",)]


@together.decided
def test_report_is_assigned_to_an_action_or_to_none():
    reports = REPORT_HEADER + "r1,77,Nobody Fictional,Nothing,2021-07-01,Completed,,,\n"
    reports += "r2,1,,,2021-08-01,Completed,,,\n"
    con = yield {"a.csv": HEADER + action("1"), "r.csv": reports, "again.csv": reports}
    keys = dict(ask(con, "select report_id, report_key from progress_reports"))
    con = yield [f"assign,report,{keys['r1']},OFF-1,,", f"assign,report,{keys['r2']},none,,"]
    rows = ask(con, "select report_id, report_key, action_id, matched_by from progress_reports order by 1")
    assert why_not(con) == [(2, True, None), (3, True, None)]
    assert ask(con, "select count(*) from report_spells") == [(1,)]
    assert rows == [("r1", keys["r1"], "OFF-1", "decision"), ("r2", keys["r2"], None, None)]


@together.test
def test_decision_on_what_is_not_there_is_listed_not_refused():
    lines = action("1", "Ministry of Labour", "A", Where="Ghana") + action("2", "Ministry of Labour", "B", Where="Peru")
    con = yield Campaign(
        {"a.csv": HEADER + lines},
        decisions=[
            "same,stakeholder,Gone Fictional,Ministry of Labour,,",
            "same,stakeholder,Ministry of Labour,Gone Fictional,,",
            "rename,action,OFF-9,New,,",
            "assign,report,r_gone,OFF-1,,",
            "assign,report,r_gone2,OFF-9,,",
            "different,action,OFF-8,OFF-9,,",
            "same,stakeholder,Gone A,Gone B,,",
            "different,stakeholder,Gone C,Gone D,,",
        ],
    )
    assert ask(con, "select count(*) from stakeholders") == [(2,)]
    whys = dict.fromkeys(range(2, 10), 'what stands under "this" is not in the files')
    whys |= {3: 'what stands under "this" means several: write the id'}
    whys |= {6: 'what stands under "that" is not in the files'}
    assert why_not(con) == [(line, False, why) for line, why in whys.items()]
