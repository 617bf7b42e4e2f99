"""Campaigns built together: each sees its part, and none may have to do with another."""

import pytest

from tests.etl.registers import HEADER, REPORT_HEADER, action
from tests.etl.together import Campaign, Sign, Together

ROW = HEADER + action("1", "Fictional Union", "Train inspectors", Sent="2021-03-01")


def test_campaigns_of_the_same_rows_are_kept_apart_by_their_signs_and_told_without_them(tmp_path):
    together = Together()
    for name in ("one", "other"):
        reports = REPORT_HEADER + "r1,1,,,2021-07-01,Completed,,,\n"
        together.add(name, Campaign({"a.csv": ROW, "r.csv": reports}, decisions=["rename,action,OFF-1,Another,,"]))
    with together.built(tmp_path / "c") as campaigns:
        for name in ("one", "other"):
            con = campaigns(name)
            told = con.execute("select action_id, title, stakeholder, named(source_file) from actions").fetchall()
            assert told == [("OFF-1", "Another", "Fictional Union", "a.csv")]
            assert con.execute("select report_id, action_id from progress_reports").fetchall() == [("r1", "OFF-1")]
            assert con.execute("select line, this, is_applied from decisions").fetchall() == [(2, "OFF-1", True)]
            assert con.execute("select count(*) from suggested_duplicates").fetchall() == [(0,)]
        with pytest.raises(AssertionError, match="nothing of third was read"):
            campaigns("third")


def test_campaigns_that_have_something_in_common_are_refused(tmp_path):
    together = Together()
    for name in ("one", "other"):
        together.add(name, Campaign({"a.csv": ROW}, is_signed=False))
    with pytest.raises(AssertionError, match="have something in common"), together.built(tmp_path / "c"):
        pass


@pytest.mark.parametrize(
    ("line", "signed"),
    [
        ("same,stakeholder,IFU,Fictional Union,,", "same,stakeholder,IFU Qzx,Fictional Union Qzx,,"),
        ("same,stakeholder,st_0123456789ab,IFU,,", "same,stakeholder,st_0123456789ab,IFU Qzx,,"),
        ("same,action,OFF-1,2,,", "same,action,OFF-qzx1,qzx2,,"),
        ("rename,action,OFF-1,A title,,", "rename,action,OFF-qzx1,A title,,"),
        ("assign,report,r_0123456789ab,OFF-1,,", "assign,report,r_0123456789ab,OFF-qzx1,,"),
        ("assign,report,r_0123456789ab,none,,", "assign,report,r_0123456789ab,none,,"),
    ],
)
def test_decisions_get_the_sign_where_they_name_ids_and_stakeholders(line, signed):
    assert Sign("qzx").decision(line) == signed
