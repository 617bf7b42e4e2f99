"""Real figures about countries fit into a campaign: ratifications and prevalence of the US DOL's report of 2018."""

import csv
import re

import openpyxl
import pytest

from dashboard.campaign.codelists import fold_spellings, load_codelist
from dashboard.campaign.context_files import COLUMNS, read_context
from dashboard.campaign.folder import CampaignFolder
from dashboard.paths import SHIPPED_CAMPAIGN
from tests.acceptance.published import EXPORTS

REPORT = EXPORTS / "dol-sweat-and-toil" / "master_data_2018.xlsx"
SOURCE = "US DOL, Findings on the Worst Forms of Child Labor 2018"
CONVENTIONS = {"ILO C. 138, Minimum Age": "ratified_c138", "ILO C. 182, Worst Forms of Child Labor": "ratified_c182"}
CALLED = {"Burma": "Myanmar", "Gambia, The": "Gambia", "West Bank and the Gaza Strip": "State of Palestine"}
"""Names that the shipped list of countries does not have as a spelling."""


@pytest.mark.nightly
def test_ratifications_and_prevalence_of_a_real_report_fit(tmp_path):
    codes = load_codelist(CampaignFolder(SHIPPED_CAMPAIGN), "countries")
    book = openpyxl.load_workbook(REPORT, read_only=True)
    ratified = [
        (country, CONVENTIONS[convention], answer.lower())
        for _, country, _, convention, answer, _ in book["3.Ratification of International"].iter_rows(
            2, values_only=True
        )
        if convention in CONVENTIONS and answer in ("Yes", "No")  # territories do not ratify: N/A
    ]
    working = [
        (country, "child_labour_prevalence", match[1])
        for _, country, part, what, _, _, share in book["1.Statistics on Children"].iter_rows(2, values_only=True)
        if what == "Working (% and population)" and not part and (match := re.match(r"(\d+(?:\.\d+)?)\b", str(share)))
    ]
    assert len(ratified) > 250 and len(working) > 70
    names = {row[0]: CALLED.get(row[0], row[0]) for row in ratified + working}
    folded = fold_spellings([*(s for code in codes for s in code.spellings), *names.values()])
    by_name = {folded[spelling]: code.code for code in codes for spelling in code.spellings}
    places = {name: by_name.get(folded[called]) for name, called in names.items()}
    unplaced = sorted(name for name, code in places.items() if code is None)
    assert len(unplaced) <= 3, unplaced
    rows = dict.fromkeys((places[name], what, 2018, value, SOURCE, "") for name, what, value in ratified + working)
    (tmp_path / "context").mkdir()
    with (tmp_path / "context" / "dol.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(row for row in rows if row[0])
    figures = read_context(CampaignFolder(tmp_path), is_sample=False)
    assert len(figures) == sum(1 for row in rows if row[0])
    answers = {"yes": 1.0, "no": 0.0}
    assert {(one.iso3, one.indicator, one.value) for one in figures} == {
        (iso3, what, answers.get(value) if value in answers else float(value))
        for iso3, what, _, value, *_ in rows
        if iso3
    }
