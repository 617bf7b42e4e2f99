"""Figures about countries: what a file may say, and what is refused with its line."""

import pytest

from dashboard.campaign.context_files import is_context, read_context
from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import CampaignError
from dashboard.paths import SHIPPED_CAMPAIGN

HEADER = "iso3,indicator,year,value,source,address\n"
GOOD = "KEN,child_labour_prevalence,2019,12.5,Example Institute,https://example.org/ken\n"


def folder_with(tmp_path, **files):
    (tmp_path / "context").mkdir()
    for name, text in files.items():
        (tmp_path / "context" / f"{name}.csv").write_text(text, encoding="utf-8")
    return CampaignFolder(tmp_path)


def test_every_figure_has_its_unit_and_place(tmp_path):
    own = (
        "code,label_en,aliases,sort_order,unit\nschools,Schools,,10,\nchild_labour_prevalence,Prevalence,,20,percent\n"
    )
    folder = folder_with(
        tmp_path,
        a=HEADER.replace(",", ";") + "ken;child_labour_prevalence;2019;12,5;Example Institute;\n",
        b="\ufeff" + HEADER + "\nUGA,schools,2020,1200,'=Example,https://example.org/uga\n",
    )
    (tmp_path / "codelists").mkdir()
    (tmp_path / "codelists" / "context_indicators.csv").write_text(own, encoding="utf-8")
    assert [tuple(figure) for figure in read_context(folder, is_sample=False)] == [
        ("KEN", "child_labour_prevalence", "percent", 2019, 12.5, "Example Institute", None, "a.csv", 2),
        ("UGA", "schools", "", 2020, 1200.0, "=Example", "https://example.org/uga", "b.csv", 3),
    ]


@pytest.mark.parametrize(
    ("value", "read"), [("yes", 1.0), ("No", 0.0), ("1979", 1979.0)], ids=["ratified", "not ratified", "year"]
)
def test_a_ratification_is_a_year_or_whether(tmp_path, value, read):
    folder = folder_with(tmp_path, a=HEADER + f"KEN,ratified_c138,2021,{value},Example,\n")
    assert read_context(folder, is_sample=False)[0].value == read


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("XKX1,child_labour_prevalence,2019,1,S,", "XKX1 is not the code of a country."),
        ("KEN,schools,2019,1,S,", "schools is not an indicator of context_indicators.csv."),
        ("KEN,child_labour_prevalence,19,1,S,", "19 is not a year."),
        ("KEN,child_labour_prevalence,2099,1,S,", "2099 is not a year."),
        ("KEN,child_labour_prevalence,2019,1_0,S,", "1_0 cannot be the value of child_labour_prevalence."),
        ("KEN,child_labour_prevalence,2019,120,S,", "120 cannot be the value of child_labour_prevalence."),
        ("KEN,child_labour_prevalence,2019,-1,S,", "-1 cannot be the value of child_labour_prevalence."),
        ("KEN,child_labour_prevalence,2019,nan,S,", "nan cannot be the value of child_labour_prevalence."),
        ("KEN,child_labour_prevalence,2019,,S,", '"" cannot be the value of child_labour_prevalence.'),
        ("KEN,ratified_c138,2019,2020,S,", "2020 cannot be the value of ratified_c138."),
        ("KEN,child_labour_prevalence,2019,1,,", "the source is empty."),
        ("KEN,child_labour_prevalence,2019,1,S,example.org", "example.org is not a web address."),
        (GOOD.strip(), "context/a.csv, line 2 states this country, indicator and year already."),
    ],
)
def test_a_line_that_cannot_be_meant_is_refused_with_a_remedy(tmp_path, line, what):
    folder = folder_with(tmp_path, a=HEADER + GOOD + line + "\n")
    with pytest.raises(CampaignError) as refusal:
        read_context(folder, is_sample=False)
    assert refusal.value.what == f"context/a.csv, line 3: {what}"
    assert refusal.value.remedy


def test_a_file_without_a_column_is_refused_and_not_taken_for_one(tmp_path):
    folder = folder_with(tmp_path, a="iso3,indicator,year\nKEN,ratified_c138,2019\n", b=HEADER)
    with pytest.raises(CampaignError, match="has no column value, source, address"):
        read_context(folder, is_sample=False)
    assert [is_context(tmp_path / "context" / f"{name}.csv") for name in "ab"] == [False, True]


def test_the_samples_figures_count_for_the_samples_alone(tmp_path):
    shipped = CampaignFolder(SHIPPED_CAMPAIGN)
    assert {figure.source for figure in read_context(shipped, is_sample=True)} == {"Fictional figures of the sample"}
    assert read_context(shipped, is_sample=False) == []
