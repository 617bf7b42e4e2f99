"""The criteria of commitments: their agreement with texts that were coded by one reader, and single rules.

Five hundred commitments were written and coded, a hundred at a time, by a reader who did not know the rules, by the
codebook of `docs/settings.md`. Each hundred was judged once, by the rules as they then were, before the rules
were mended by it. So they agreed, in per cent:

| | first | second | third | fourth | fifth |
|---|---|---|---|---|---|
| specific | 80 | 85 | 83 | 89 | 83 |
| measurable | 94 | 88 | 83 | 82 | 80 |
| achievable | 86 | 83 | 81 | 85 | 82 |
| relevant | 96 | 97 | 92 | 94 | 91 |
| time-bound | 100 | 100 | 95 | 95 | 97 |

The first hundred and the rules' first form agreed in 77, 93, 81, 96 and 100. `practice_commitments.csv` has the texts
that the rules were mended by, `coded_commitments.csv` the fifth hundred, which they were not: `AGREEMENT` is of that
one. **Specific, measurable and achievable stay below the 85 % that were aimed at**: patterns tell less well than a
reader what a commitment says. `disagreements.csv` lists each.
"""

import csv
from datetime import date
from pathlib import Path

from dashboard.campaign.codelists import load_codelist
from dashboard.campaign.commitments.criteria import (
    CRITERIA,
    REASONS,
    Commitment,
    Finding,
    judge,
    list_patterns,
    list_readable,
)
from dashboard.campaign.folder import CampaignFolder
from dashboard.paths import SHIPPED_CAMPAIGN

HERE = Path(__file__).parent
AGREEMENT = {
    "specific": (83, 0.59),
    "measurable": (80, 0.60),
    "achievable": (82, 0.60),
    "relevant": (91, 0.80),
    "time_bound": (97, 0.94),
}
"""By criterion: in how many of the hundred rules and coder agree, and Cohen's κ, which leaves out what chance gives."""
PATTERNS = list_patterns(
    load_codelist(CampaignFolder(SHIPPED_CAMPAIGN), "themes"), date(2021, 1, 1), date(2021, 12, 30)
)


CASES = [
    ("We believe in a better future.", "specific", "no_action", None),
    ("Publish our plan", "specific", "no_beneficiary_or_place", None),
    ("Former 200 enseignants", "specific", "states_action", "200"),
    ("Reach many more children in 2021", "measurable", "no_number_or_finish_line", None),
    ("Ratifier la convention no 138 de l’OIT", "measurable", "states_finish_line", "Ratifier la convention"),
    ("Train inspectors on Convention No. 182 by 12 June 2021", "measurable", "states_finish_line", "12 June"),
    ("Capacitar a doscientas maestras", "measurable", "states_number", "doscientas"),
    ("Abrir un centro para niñas con el Ministerio de Trabajo", "achievable", "names_partner", "con el Ministerio"),
    ("Nous planterons des arbres", "relevant", "no_subject", None),
    ("Mejorar el riego del cacao", "relevant", "names_theme", "cacao"),
    ("Open a school by 2025", "time_bound", "after_deadline", "2025"),
    ("Open a school in autumn 2021, so that by 2025 all go there", "time_bound", "states_day", "2021"),
    ("Ouvrir une école en décembre", "time_bound", "states_day", "décembre"),
    ("We may march for schools", "time_bound", "no_day", None),
]
"""A commitment, a criterion, the rule that decides it, and its words."""


def judge_one(text: str, **facts: object) -> dict[str, Finding]:
    (findings,) = judge([Commitment(text, **facts)], PATTERNS)  # type: ignore[arg-type]
    return {finding.criterion: finding for finding in findings}


def test_the_rules_agree_with_texts_that_were_coded_before() -> None:
    with (HERE / "coded_commitments.csv").open(encoding="utf-8-sig") as file:
        coded = list(csv.DictReader(file))
    judged = judge(
        [
            Commitment(
                title=row["title"],
                description=row["description"],
                partners=row["partners"],
                due_on=date.fromisoformat(row["due_on"]) if row["due_on"] else None,
                has_place=bool(row["countries"]),
                has_theme=bool(row["themes"]),
            )
            for row in coded
        ],
        PATTERNS,
    )
    disagreements = []
    for place, criterion in enumerate(CRITERIA):
        by_hand = [row[criterion] == "yes" for row in coded]
        by_rule = [findings[place].is_met for findings in judged]
        agreed = sum(one == other for one, other in zip(by_hand, by_rule, strict=True)) / len(coded)
        shares = sum(by_hand) / len(coded), sum(by_rule) / len(coded)
        by_chance = shares[0] * shares[1] + (1 - shares[0]) * (1 - shares[1])
        kappa = (agreed - by_chance) / (1 - by_chance)
        assert (round(100 * agreed), round(kappa, 2)) == AGREEMENT[criterion], criterion
        disagreements += [
            {"no": row["no"], "criterion": criterion, "coded": row[criterion], "reason": findings[place].reason}
            for row, findings in zip(coded, judged, strict=True)
            if (row[criterion] == "yes") != findings[place].is_met
        ]
    with (HERE / "disagreements.csv").open(encoding="utf-8-sig") as file:
        assert list(csv.DictReader(file)) == disagreements


def test_each_rule_names_the_words_that_it_rests_on() -> None:
    judged = judge([Commitment(text) for text, *_ in CASES], PATTERNS)
    by_criterion = [{one.criterion: one for one in findings} for findings in judged]
    found = [
        (text, criterion, findings[criterion].reason, findings[criterion].words)
        for (text, criterion, *_), findings in zip(CASES, by_criterion, strict=True)
    ]
    assert found == CASES


def test_fields_go_before_words() -> None:
    facts = {"has_place": True, "has_theme": True, "has_milestones": True, "has_target": True}
    reasons = [one.reason for one in judge_one("Publish our plan", due_on=date(2021, 12, 31), **facts).values()]
    assert reasons == ["states_action", "has_target", "has_milestones", "has_theme", "after_deadline"]
    reasons = [one.reason for one in judge_one("", partners="Example Union", due_on=date(2021, 12, 30)).values()]
    assert reasons == ["no_action", "no_number_or_finish_line", "has_partners", "no_subject", "has_due_day"]
    assert set(reasons) < set(REASONS)


def test_the_languages_of_texts_that_are_read_are_those_of_the_patterns() -> None:
    assert sorted(list_readable()) == ["en", "es", "fr"]
