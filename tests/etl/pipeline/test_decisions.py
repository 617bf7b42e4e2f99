"""decisions.csv: reading, writing and refusals; the effect of a decision on a build."""

import pytest

from dashboard.campaign.folder import CampaignFolder
from etl.inputs.decisions import (
    Decision,
    DecisionError,
    Subject,
    Verb,
    append_decision,
    read_decisions,
    remove_decision,
)
from etl.inputs.inbox import build_id
from tests.etl.campaigns import ask, built, make_campaign
from tests.etl.registers import HEADER, REPORT_HEADER, action
from tests.etl.together import DECISIONS

COLUMNS = "decision,subject,this,that,note,decided_on\n"


def decide(folder, *lines, header=COLUMNS):
    """Write the campaign's decisions.csv."""
    folder.decisions_file.write_text(header + "".join(line + "\n" for line in lines), encoding="utf-8")
    return folder


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
        (["evidence,report,r_1,proven,,,,"], r'row 2: "proven" is no that here. Write claimed or evidenced'),
        (["evidence,action,OFF-1,verified,,,,"], r'row 2: "action" is no subject here. Write report'),
        (["evidence,report,r_1,evidenced,,,2021-05-01,"], r'row 2: the column "source" is empty'),
        (["evidence,report,,verified,,,,"], r'row 2: the column "this" is empty'),
        (["evidence,report,r_1,verified,,,05/06/2021,"], r"row 2: “05/06/2021” is no day that can be read in one way"),
        (["evidence,report,r_1,verified,,,2021-02-30,"], r"row 2: “2021-02-30” is no day"),
        (
            ["evidence,report,r_1,verified,,,2021-05-01,", "evidence,report,r_1,verified,,,2021-05-02,"],
            r"row 3: r_1 is verified a second time, with another day or source than in row 2",
        ),
        (
            ["evidence,report,r_1,verified,,,,", "evidence,report,r_2,claimed,,,,", "evidence,report,r_1,claimed,,,,"],
            r"row 4: r_1 is no more than claimed in row 4, but verified in row 2",
        ),
    ],
)
def test_lines_that_cannot_be_used_are_refused_with_their_row(tmp_path, lines, message):
    path = tmp_path / "decisions.csv"
    path.write_text("\n".join([DECISIONS, *lines]), encoding="utf-8")
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


def test_a_line_belongs_to_the_build_and_removing_it_undoes_it(tmp_path):
    folder = CampaignFolder(tmp_path)
    before = build_id(folder, [], is_sample=False)
    decide(folder, "same,stakeholder,IFU,Fictional Union,,")
    assert build_id(folder, [], is_sample=False) != before
    folder.decisions_file.unlink()
    assert build_id(folder, [], is_sample=False) == before


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
    """Return every table of a snapshot without the columns of origin, as sorted rows."""
    found = {}
    for (table,) in ask(con, "select table_name from duckdb_tables() where database_name = current_database()"):
        columns = {row[0] for row in ask(con, f"describe {table}")} - PROVENANCE
        rows = ask(con, f"select {', '.join(sorted(columns))} from {table}")  # noqa: S608
        found[table] = sorted(map(repr, rows))
    return {table: rows for table, rows in found.items() if table not in PER_FILE}


@pytest.mark.nightly
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
