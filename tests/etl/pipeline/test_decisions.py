"""decisions.csv: how it is read, written and refused; what a decision does to a build."""

import pytest

from dashboard.campaign.folder import CampaignFolder
from etl.inputs.decisions import Decision, DecisionError, Subject, Verb
from etl.inputs.decisions_file import append_decision, read_decisions, remove_decision
from etl.inputs.inbox import build_id
from tests.etl.campaigns import ask, built, make_campaign
from tests.etl.registers import HEADER, REPORT_HEADER, action
from tests.etl.together import Campaign, Together

COLUMNS = "decision,subject,this,that,note,decided_on\n"


together = Together()


def decide(folder, *lines, header=COLUMNS):
    """Write the campaign's decisions.csv."""
    folder.decisions_file.write_text(header + "".join(line + "\n" for line in lines), encoding="utf-8")
    return folder


def actions(con):
    return ask(con, "select action_id, title, stakeholder from actions order by 1")


def why_not(con):
    return ask(con, "select line, is_applied, why_not from decisions order by line")


@pytest.mark.parametrize(
    ("encoding", "delimiter", "end"),
    [("utf-8", ",", "\n"), ("utf-8-sig", ";", "\r\n"), ("cp1252", ";", "\r\n"), ("utf-16", "\t", "\n")],
)
def test_file_as_spreadsheets_save_it(tmp_path, encoding, delimiter, end):
    path = tmp_path / "decisions.csv"
    lines = ["Decision,Subject,This,That", "Same,stakeholders,Syndicat fictif été,Sample", "", " ,,,"]
    lines.append("assign,,r_1,none")
    path.write_bytes(end.join(line.replace(",", delimiter) for line in lines).encode(encoding))
    assert read_decisions(path) == [
        Decision(2, Verb.SAME, Subject.STAKEHOLDER, "Syndicat fictif été", "Sample"),
        Decision(5, Verb.ASSIGN, Subject.REPORT, "r_1", ""),
    ]


def test_no_file_and_no_lines_are_no_decisions_but_an_emptied_file_and_a_header_without_a_column_are_refused(tmp_path):
    path = tmp_path / "decisions.csv"
    assert read_decisions(path) == []
    path.write_text("")
    with pytest.raises(DecisionError, match="it may have been cut off"):
        read_decisions(path)
    path.write_text(COLUMNS)
    assert read_decisions(path) == []
    path.write_text("decision,this,that\n")
    with pytest.raises(DecisionError, match="lacks the column subject"):
        read_decisions(path)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["merge,action,a,b,,"], r'row 2: "merge" is no decision here. Write same or different or rename or assign'),
        (["same,report,a,b,,"], r'row 2: "report" is no subject here. Write stakeholder or action'),
        (["same,action,a,,,"], r'row 2: the column "that" is empty'),
        (["same,action,a,a,,"], r"row 2: a is compared with itself"),
        (["same,action,a,b,,", "same,action,b,c,,", "different,action,c,a,,"], r"row 4: .* but row 2, 3 makes them"),
        (["assign,report,r_1,A,,", "assign,report,r_1,B,,"], r"row 3: r_1 is assigned a second time.* row 2"),
        (["assign,report,r_1,A,,", "assign,report,r_1,none,,"], r"row 3: r_1 is assigned a second time"),
        (["rename,stakeholder,A,B,,", "rename,stakeholder,a,C,,"], r"row 3: a is renamed a second time"),
        (["rename,stakeholder,A,B,,", "rename,stakeholder,B,A,,"], r"a circle"),
    ],
)
def test_lines_that_cannot_be_used_are_refused_with_their_row(tmp_path, lines, message):
    path = tmp_path / "decisions.csv"
    path.write_text(COLUMNS + "\n".join(lines), encoding="utf-8")
    with pytest.raises(DecisionError, match=message) as refused:
        read_decisions(path)
    assert refused.value.remedy


def test_line_is_appended_in_the_way_of_the_file_and_taken_out_again(tmp_path):
    path = tmp_path / "decisions.csv"
    before = 'decision;subject;note;this;that\r\nsame;action;"two\r\nlines";A;B'.encode("utf-8-sig")
    path.write_bytes(before)
    append_decision(path, Decision(0, Verb.RENAME, Subject.ACTION, "C", "Été; 2021", "why"))
    assert path.read_bytes() == before + '\r\nrename;action;why;C;"Été; 2021"\r\n'.encode()
    remove_decision(path, read_decisions(path)[0])
    assert [d.this for d in read_decisions(path)] == ["C"]
    remove_decision(path, read_decisions(path)[0])
    assert path.read_bytes() == "decision;subject;note;this;that\r\n".encode("utf-8-sig")


def test_a_quotation_mark_that_is_never_closed_swallows_no_line(tmp_path):
    path = tmp_path / "decisions.csv"
    path.write_text(f'{COLUMNS}same,action,A,B,"a note,\n')
    with pytest.raises(DecisionError, match=r"decisions\.csv: A quotation mark in the file is never closed"):
        append_decision(path, Decision(0, Verb.SAME, Subject.ACTION, "C", "D"))
    assert path.read_text() == f'{COLUMNS}same,action,A,B,"a note,\n'


def test_a_line_more_and_a_column_more_leave_columns_of_staffs_own_and_what_else_they_wrote(tmp_path):
    path = tmp_path / "decisions.csv"
    before = '"Decision","Subject","THIS","that","mine"\r"same","action","A ","B","\u2028, 5"""\r\r'
    path.write_bytes(before.encode())
    append_decision(path, Decision(0, Verb.RENAME, Subject.ACTION, "C", "D", "why"))
    head = before.partition("\r")[0]
    after = before.replace(head, f'{head},"note"') + '"rename","action","C","D","","why"\r'
    assert path.read_bytes() == after.encode()
    assert [(d.line, d.note) for d in read_decisions(path)] == [(2, ""), (4, "why")]


def test_first_decision_makes_the_file(tmp_path):
    path = tmp_path / "decisions.csv"
    decision = Decision(2, Verb.ASSIGN, Subject.REPORT, "r_1", "", "", "2021-07-01")
    append_decision(path, decision)
    assert path.read_bytes().startswith(b"\xef\xbb\xbfdecision,")
    assert read_decisions(path) == [decision]
    assert [file.name for file in tmp_path.iterdir()] == ["decisions.csv"]


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


def test_a_line_belongs_to_the_build_and_removing_it_undoes_it(tmp_path):
    folder = CampaignFolder(tmp_path)
    before = build_id(folder, [], is_sample=False)
    decide(folder, "same,stakeholder,IFU,Fictional Union,,")
    assert build_id(folder, [], is_sample=False) != before
    folder.decisions_file.unlink()
    assert build_id(folder, [], is_sample=False) == before


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


def test_contradiction_that_only_the_files_show_is_refused(tmp_path):
    lines = action("1", "IFU", "A") + action("2", "Fictional Union", "B") + action("3", "Sample Union", "C")
    same = ("same,stakeholder,IFU,Fictional Union,,", "same,stakeholder,The Fictional Union,Sample Union,,")
    different = "different,stakeholder,Sample Union Ltd,ifu,,"
    folder = decide(make_campaign(tmp_path / "c", {"a.csv": HEADER + lines}), *same, different)
    with pytest.raises(DecisionError, match=r"row 4: .* but row 2, 3 makes them the same"), built(folder):
        pass


PROVENANCE = {"source_file", "source_row", "line", "action_no", "report_no", "row", "first_file", "first_row"}
PER_FILE = {"input_files", "input_sheets", "input_columns", "merged_rows", "check_results", "campaign"}


def content(con):
    """Every table of a snapshot without what says where its rows came from, as sorted rows."""
    found = {}
    for (table,) in ask(con, "select table_name from duckdb_tables() where database_name = current_database()"):
        columns = {row[0] for row in ask(con, f"describe {table}")} - PROVENANCE
        rows = ask(con, f"select {', '.join(sorted(columns))} from {table}")  # noqa: S608
        found[table] = sorted(map(repr, rows))
    return {table: rows for table, rows in found.items() if table not in PER_FILE}


def test_order_of_lines_files_and_rows_changes_nothing(tmp_path):
    rows = [
        action("0", "IFU", "Promise 0") + action("3", "Sample Bakers", "Bake", Where="Kenya; Peru"),
        action("1", "Fictional Union", "Promise 1") + action("4", "Sample Bakers", "Eat", Where="Nowhere"),
        action("2", "Union fictive", "Promise 2") + action("5", "Sample Bakers", "Bake", Sent="2021-03-01"),
    ]
    reports = ["r1,1,,,2021-07-01 10:00:00,Completed,,,a\n", "r1,1,,,2021-07-02 10:00:00,In progress,,,b\n"]
    reports += [",1,,,2021-07-03,Completed,,,c\n", "r9,77,Nobody,,,Completed,,,d\n"]
    same = ("stakeholder,IFU,Fictional Union", "stakeholder,Union fictive,IFU", "action,OFF-0,OFF-2")
    seen = []
    for order, names, of_reports in (((0, 1, 2), "abc", (0, 1, 2, 3)), ((2, 0, 1), "cab", (3, 1, 0, 2))):
        exports = {f"{name}.csv": HEADER + rows[place] for name, place in zip(names, order, strict=True)}
        exports[f"z{names}.csv"] = REPORT_HEADER + "".join(reports[n] for n in of_reports)
        with built(decide(make_campaign(tmp_path / names, exports), *[f"same,{same[n]},," for n in order])) as con:
            seen.append(content(con))
            keys = dict(ask(con, "select narrative, report_key from progress_reports"))
            assert ask(con, "select count(*) from decisions where is_applied") == [(3,)]
    assert seen[0] == seen[1]
    assert len(set(keys.values())) == 3  # a report sent again under its id is one
    assert all(key.startswith("r_") for key in keys.values())
