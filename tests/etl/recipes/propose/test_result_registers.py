"""Two registers with targets, through the proposal and staff's answers alone; the figures are those of pandas.

Both are written for this: a wide one in French, whose rows are actions with columns of numbers, and a long one in
Spanish, a row a number. They have notes above the headers, a row of totals, blank cells, an action that was submitted
twice, numbers in two currencies, words beside numbers, and numbers that nobody reported.
"""

import csv
import io
import tomllib
from collections.abc import Iterator
from dataclasses import asdict
from random import Random
from typing import Any

import duckdb
import pandas as pd
import pytest

from dashboard.campaign.answers.answer import Answer
from dashboard.campaign.file_names import find_names
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.recipe_edit import RESULT_NUMBERS
from dashboard.i18n import translator
from dashboard.ui.upload import recipe_form
from dashboard.ui.upload.proposed import Proposed, read_proposal
from etl.inputs.uses_file import keep_answers
from etl.pipeline.build import build
from etl.pipeline.open_questions import list_questions
from etl.recipes.propose.propose import Proposal
from etl.sqlfiles import open_snapshot
from tests.etl.campaigns import ask, know_names, look_at, make_campaign

WIDE, LONG = "Registre des promesses.csv", "Marco de resultados 2021-12-01.csv"
PLACES = {"Ghana": "africa", "Kenya": "africa", "Pérou": "americas", "Inde": "asia_and_the_pacific", "": "unclassified"}
THEMES = {"Agriculture": "agriculture", "Éducation": "education", "Mines": "mining"}
ACTIONS = 40
_HEADERS = [
    "Nom de l'organisation", "Intitulé de l'action", "Pays", "Thèmes", "Soumise le",
    "Enfants retirés – cible", "Enfants retirés – atteint", "Inspecteurs formés (situation initiale)",
    "Inspecteurs formés (cible)", "Inspecteurs formés (réalisé)", "Budget dépensé – cible (EUR)",
    "Arbres plantés – cible", "Remarques",
]  # fmt: skip
_LISTED = [
    "Organización",
    "Acción",
    "Indicador",
    "Unidad",
    "Línea de base",
    "Meta",
    "Logrado",
    "Fecha de logro",
    "Notas",
]
_UNKNOWN_ACTION = ["Organización inventada", "Acción que nadie prometió", "Niños retirados", "", "", 10, "", "", ""]


def _write(*rows: list[Any]) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(rows)
    return text.getvalue()


def draw_registers() -> tuple[dict[str, str], pd.DataFrame, pd.DataFrame]:
    """Draw the files, the actions, and each number as it is meant: the oracle knows nothing of the program."""
    rng = Random(8)  # noqa: S311 - a fixed draw, not a secret
    wide, listed = list[list[Any]](), list[list[Any]]()
    actions, numbers = list[dict[str, Any]](), list[tuple[Any, ...]]()
    for number in range(ACTIONS):
        maker, title, place = f"Union fictive {number}", f"Promesse inventée n° {number}", rng.choice(list(PLACES))
        themes = rng.sample(list(THEMES), rng.choice((1, 1, 2)))
        actions.append({"title": title, "region": PLACES[place], "themes": [THEMES[theme] for theme in themes]})
        children, out = rng.choice((None, 50, 100, 1250)), rng.choice((None, 0, 40, 1300))
        trained, before, so_far = rng.choice((None, 30, 45)), rng.choice((None, 10)), rng.choice((None, 12, 60))
        euros, trees = rng.choice((None, None, 5000.5)), rng.choice((None, None, 9))
        row = [maker, title, place, "; ".join(themes), f"{rng.randrange(13, 28)}/03/2021", children, out, before,
               trained, so_far, euros and "5 000,50", trees, rng.choice(("", "voir note"))]  # fmt: skip
        if number % 10 == 0:  # an earlier submission, which promised less
            wide.append([*row[:4], f"{rng.randrange(1, 12):02}/02/2021", 5, *[None] * 7])
            children, row[5] = children or 70, children or 70
        wide.append(row)
        told = [("children_withdrawn", "children", None, children, out),
                ("inspectors_trained", "people", before, trained, so_far),
                ("money_spent", "eur_2021", None, euros, None)]  # fmt: skip
        if number % 3 == 0:  # what the list of results adds: targets in dollars, and what was reached of the euros
            dollars, spent = rng.choice((1000, 2500)), rng.choice((None, 800, 3000))
            written = f"US$ {dollars}" if number % 2 else dollars
            unit = "" if number % 2 else "US$"
            listed.append([maker, title, "Fondos gastados", unit, None, written, spent, "15/10/2021", ""])
            told.append(("money_spent", "usd_2021", None, dollars, spent))
            listed.append(
                [maker, title, "Hogares con transferencias monetarias", "Hogares", None, 200, None, None, "sin informe"]
            )
            told.append(("households_cash_transfers", "households", None, 200, None))
        numbers += [(number, *one) for one in told if one[3] is not None or one[4] is not None]
    total = ["TOTAL", None, None, None, None, *(sum(int(row[n] or 0) for row in wide) for n in (5, 6)), *[None] * 6]
    files = {
        WIDE: _write(["Registre des promesses (exemple fictif)"], _HEADERS, *wide, total),
        LONG: _write(_LISTED, *listed, _UNKNOWN_ACTION, ["Total", *[None] * 8]),
    }
    columns = ["action", "indicator", "unit", "baseline", "target", "actual"]
    return files, pd.DataFrame(actions), pd.DataFrame(numbers, columns=columns)


def answer_proposal(one: Proposal) -> Proposed:
    """Answer as staff do: confirm what is offered, and say which indicator a number is where nothing says it."""
    columns = [{**column._asdict(), "choices": [c._asdict() for c in column.choices]} for column in one.columns]
    proposal = read_proposal(translator("fr"), {**asdict(one), "columns": columns, "known_by": None, "known_text": ""})
    assert not any(proposal.uses[column.headers] for column, _ in proposal.list_offered()), "nothing is chosen before"
    for column, use in proposal.list_offered():
        proposal.say(column, use)
        if use in RESULT_NUMBERS:
            [fault] = recipe_form.list_faults(translator("en"), proposal)
            assert fault == f"Choose which of “Indicator” the column “{column.headers[0]}” means."
            proposal.members[column.headers[0]] = "unclassified"
    for column in proposal.columns:
        if column.headers[0] in ("Remarques", "Notas"):
            proposal.say(column, "staff")
    assert recipe_form.list_faults(translator("en"), proposal) == []
    return proposal


@pytest.fixture(scope="module")
def registers(tmp_path_factory) -> Iterator[tuple[duckdb.DuckDBPyConnection, pd.DataFrame, pd.DataFrame]]:
    """Build both registers by the answers; yield the snapshot, the actions and the numbers as they are meant."""
    files, actions, numbers = draw_registers()
    folder = make_campaign(tmp_path_factory.mktemp("registers") / "c", files, {})
    for file, recipe_id in ((WIDE, "registre"), (LONG, "marco")):
        [one] = look_at(folder, folder.root / "inbox" / file).recipes
        text = answer_proposal(one).write(recipe_id)
        (folder.root / "recipes" / f"{recipe_id}.toml").write_text(text, encoding="utf-8")
    answer_questions(folder)
    with build(folder, folder.published) as built, duckdb.connect(built.snapshot, read_only=True) as connection:
        know_names(connection, built.contacts)
        yield connection, actions, numbers


def answer_questions(folder: CampaignFolder) -> None:
    """Answer what the build asks: numbers of the register are those of its last day, a point parts no thousands."""
    with build(folder, folder.published) as built, open_snapshot(built.snapshot) as connection:
        asked = list_questions(connection, find_names(built.snapshot))
    answers = [
        Answer(0, one.kind.name, "", one.subject.file, one.subject.sheet, one.subject.field, "2021-11-30")
        for one in asked
        if one.is_open and one.kind.name == "day"
    ]
    assert [one.kind.name for one in asked if one.is_open] == ["day"]
    keep_answers(folder, answers)


def sum_up(numbers: pd.DataFrame, by: list[str]) -> dict[Any, tuple[float, ...]]:
    """Sum what is promised, reached and not known, as pandas sees it."""
    meant = numbers.assign(start=numbers["baseline"].fillna(0))
    meant = meant[meant["target"].notna()]
    meant["promised"] = meant["target"] - meant["start"]
    meant["reached"] = meant["actual"] - meant["start"]
    meant["unknown"] = meant["promised"].where(meant["actual"].isna(), 0.0)
    sums = meant.groupby(by)[["promised", "reached", "unknown"]].sum()
    return {key: tuple(map(float, row)) for key, row in zip(sums.index, sums.to_numpy(), strict=True)}


SUMS = """
select {by}, sum(r.promised), coalesce(sum(s.reached), 0), coalesce(sum(r.promised) filter (s.result_no is null), 0)
from results as r
left join result_spells as s on r.result_no = s.result_no and s.valid_to = date '9999-12-31'
inner join actions as a on r.action_no = a.action_no
{member}
where r.promised is not null
group by all
"""


def test_promised_reached_and_unknown_are_those_of_pandas(registers):
    snapshot, actions, numbers = registers
    assert ask(snapshot, "select count(*) from actions") == [(ACTIONS,)], "submitted twice, and once here"
    assert ask(snapshot, "select count(*) from results where indicator <> 'unclassified'") == [(len(numbers),)]
    known = ask(snapshot, SUMS.format(by="r.indicator, r.unit", member=""))
    own = {(one[0], one[1]): one[2:] for one in known if one[0] != "unclassified"}
    assert own == sum_up(numbers, ["indicator", "unit"])
    numbers = numbers.join(actions, on="action")
    regions = SUMS.format(
        by="r.indicator, r.unit, g.region", member="inner join action_regions as g on a.action_no = g.action_no"
    )
    placed = numbers[numbers["region"] != "unclassified"]
    by_region = {one[:3]: one[3:] for one in ask(snapshot, regions) if one[0] != "unclassified" and one[2]}
    assert by_region == sum_up(placed, ["indicator", "unit", "region"])
    themes = SUMS.format(
        by="r.indicator, r.unit, g.theme", member="inner join action_themes as g on a.action_no = g.action_no"
    )
    by_theme = {one[:3]: one[3:] for one in ask(snapshot, themes) if one[0] != "unclassified"}
    assert by_theme == sum_up(numbers.explode("themes"), ["indicator", "unit", "themes"])


def test_every_row_is_accounted_for_and_what_is_none_is_told(registers):
    snapshot, *_ = registers
    account = (
        "select named(source_file), rows_read = rows_accepted + rows_merged + rows_rejected, rows_merged "
        "from input_files order by 3"
    )
    assert ask(snapshot, account) == [(LONG, True, 0), (WIDE, True, 4)]
    reasons = "select named(source_file), reason from rejected_rows order by all"
    assert ask(snapshot, reasons) == [
        (LONG, "it belongs to no action that is known"), (LONG, "it is a total"), (WIDE, "it is a total"),
    ]  # fmt: skip
    assert ask(snapshot, "select distinct named(source_file) from results where indicator = 'unclassified'") == [
        (WIDE,)
    ]
    assert ask(snapshot, "select count(*) from unmatched_values") == [(0,)]


HEADERS = {
    "Children withdrawn from work: target": ("children_withdrawn", "", "target"),
    "Number of children withdrawn (reached)": ("children_withdrawn", "", "actual"),
    "Valeur de référence – enfants scolarisés": ("children_enrolled", "", "baseline"),
    "Inspectores capacitados - línea de base": ("inspectors_trained", "", "baseline"),
    "Meta: hogares con transferencias monetarias": ("households_cash_transfers", "", "target"),
    "Leyes aprobadas (alcanzado 2021)": ("laws_passed", "", "actual"),
    "Money spent [EUR] planned": ("money_spent", "eur_2021", "target"),
    "Wells dug – target": ("wells dug", "", "target"),
}
NO_NUMBERS = (
    "Target year",
    "Near term - Target status",
    "Target group",
    "Date achieved",
    "Children in school",
    "Planned",
)


def test_headers_name_the_indicator_and_which_number_it_is_in_three_languages(tmp_path):
    rows = [[f"Imaginary Club {n}", f"Mend nets no. {n}", *[7 + n] * len(HEADERS), *[2030] * 6] for n in range(6)]
    text = _write(["Organisation", "Title of the action", *HEADERS, *NO_NUMBERS], *rows)
    folder = make_campaign(tmp_path / "c", {"wide.csv": text}, {})
    [one] = look_at(folder, folder.root / "inbox" / "wide.csv").recipes
    found = {
        mapping["headers"][0]: (block["indicator"], block.get("unit", ""), number)
        for block in tomllib.loads(one.text)["results"]
        for number, mapping in block["fields"].items()
    }
    assert found == HEADERS
    assert one.text.count("[[results]] # CHECK: no indicator of the list is called “wells dug”") == 1
