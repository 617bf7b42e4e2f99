"""The files of the edits: the sample's and every real export that a recipe reads; and the questions to a campaign.

A source is one table of one file, with the files that stand beside it in the inbox.
"""

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, NamedTuple

import duckdb

from dashboard.errors import UserError
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.pipeline.build import build
from etl.pipeline.checks import AccountError
from etl.pipeline.column_uses import OpenColumnError
from etl.pipeline.open_questions import QuestionError
from etl.publish.publish import refuse_unanswered
from tests.acceptance import edits
from tests.acceptance.edited_table import Table, read_text, read_workbook
from tests.acceptance.edits import Edit
from tests.acceptance.published import EXPORTS
from tests.acceptance.registers import KNOWN, write_rows
from tests.etl.campaigns import make_campaign

RECIPES = Path(__file__).parent / "recipes"
SAMPLES = SHIPPED_CAMPAIGN / "samples"


@dataclass(frozen=True)
class Source:
    """One table of a file to edit, and its reading by a campaign.

    Attributes:
        name: The name of the case.
        path: The file.
        recipes: The recipes of `recipes/`; the shipped ones where there are none.
        codes: Headers of columns with codes, the one with the greatest effect on figures first.
        ids: Headers of columns that identify a row.
        encoding: Of a text file.
        sheet: Of a workbook.
        header: The row of the headers, from 1.
        below: Further header rows.
        rows: The number of rows to take, where all would take long.
        other_rows: The same of the workbook's other sheets.
        beside: Files that stand in the inbox as well.
        made_in: The language of a register that is made for the tests; it has no file.
    """

    name: str
    path: Path
    recipes: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    encoding: str = "utf-8-sig"
    sheet: str | None = None
    header: int = 1
    below: int = 0
    rows: int | None = 400
    other_rows: int | None = None
    beside: tuple[Path, ...] = ()
    made_in: str | None = None

    def read(self) -> Table:
        """Return the table as it is."""
        if self.made_in:
            table = Table(list(KNOWN[self.made_in]), write_rows(self.made_in), is_workbook=self.path.suffix == ".xlsx")
        elif self.sheet is None:
            table = read_text(self.path, self.encoding, header=self.header, below=self.below, rows=self.rows)
        else:
            table = read_workbook(
                self.path, self.sheet, header=self.header, below=self.below, rows=self.rows, others=self.other_rows
            )
        names = {str(name).strip("\ufeff"): str(name) for name in table.header if name}
        for code in (*self.codes, *self.ids):
            assert code in names, (self.name, code, list(names))
        return replace(table, codes=self.codes, ids=self.ids)


def _made(lang: str, suffix: str) -> Source:
    maker, title, *fields = KNOWN[lang]
    return Source(
        f"register_{lang}", Path(f"register{suffix}"), codes=tuple(reversed(fields)), ids=(maker, title), made_in=lang
    )


MADE_SOURCES = (_made("en", ".csv"), _made("fr", ".xlsx"), _made("es", ".csv"))


def _sample(name: str, file: str, **more: object) -> Source:
    path = SAMPLES / file
    beside = tuple(sorted(p for p in SAMPLES.iterdir() if p.suffix in (".xlsx", ".csv") and p != path))
    return Source(name, path, beside=beside, **more)


def _real(name: str, path: str, *recipes: str, **more: object) -> Source:
    return Source(name, EXPORTS / path, recipes, **more)


_MSF, _GOOGLE = "2021 Action submissions (Microsoft Forms).xlsx", "Promesses d'action 2021 (Google Forms).csv"
_MID = "Progress_of_the_2021_Actions_-_mid-year_-_2021-07-19.xlsx"
_FINAL = "Progress_of_the_2021_Actions_-_final_-_2022-01-17.csv"
SAMPLE_SOURCES: tuple[Source, ...] = (
    _sample("sample_microsoft_forms", _MSF, sheet="Sheet1", codes=("Language",), ids=("ID",)),
    _sample("sample_google_forms", _GOOGLE, ids=("Intitulé de votre Action 2021 (20 mots au plus)",)),
    _sample(
        "sample_classification", "classification of submissions.xlsx", sheet="Coding", header=3,
        codes=("Category", "Country or region", "Themes", "Stakeholder group"), ids=("Submission no.",),
    ),
    _sample(
        "sample_mid_year", _MID, sheet="Progress of the 2021 Actions",
        codes=("progress/action_status", "support/challenges"), ids=("_id",),
    ),
    _sample("sample_milestones", _MID, sheet="milestones"),
    _sample("sample_final", _FINAL, codes=("Progress/Where does your action stand?",), ids=("_id",)),
)  # fmt: skip

_KOBO = "kobotoolbox/"
_FLORA = "odk-central/build_Flora-Quadrat-0-4_1564384341"
REAL_SOURCES: tuple[Source, ...] = (
    _real("oyu_tolgoi", "oyu-tolgoi-scorecard/commitments_2020-05-29.csv", "oyu_tolgoi",
          codes=("status", "category"), ids=("order_num",)),
    _real("mandate_letters", "canada-mandate-letters/2021-mandate-commitments.csv", "mandate_letters", ids=("MLC ID",)),
    _real("nz_promises", "nz-promises/promises.csv", "nz_promises", codes=("status", "areaLabel"), ids=("id",)),
    _real("kobo_individuals", _KOBO + "household_individuals_split_select.csv", "kobo_individuals",
          codes=("City", "Age_group"), encoding="utf-8"),
    _real("dol_goods", "dol-sweat-and-toil/master_data_2018.xlsx", "dol_goods", sheet="goods_list",
          codes=("Country",), other_rows=3),
    _real("dol_suggested", "dol-sweat-and-toil/master_data_2018.xlsx", "dol_suggested",
          sheet="11.Suggested Government Actions", codes=("Area", "Country"), other_rows=3),
    _real("ms_forms", "microsoft-forms/resource_catalogue_1-9.csv", "ms_forms_resources",
          codes=("What type of resource is this?",), ids=("ID",)),
    _real("google_days_csv", "google-forms/forms_direct_csv_semicolon.csv", "google_forms_days",
          codes=("Your fave fruit?", "Select all that apply")),
    _real("google_days_xlsx", "google-forms/forms_direct_semicolon.xlsx", "google_forms_days", sheet="Sheet1",
          codes=("Your fave fruit?", "Select all that apply")),
    _real("google_options", "google-forms/sheet_responses_comma.xlsx", "google_sheet_options",
          sheet="Form responses 1", codes=("Select all that apply",)),
    _real("kobo_demo", _KOBO + "repeat_demo_project.xlsx", "kobo_demo", "kobo_rows", sheet="Demo Project",
          codes=("Rank_the_colors_according_to_preference/_1st_choice",), ids=("_id",)),
    _real("kobo_inventory", _KOBO + "inventory_nested_repeats.xlsx", "kobo_inventory", "kobo_rows",
          sheet="Inventory Form", ids=("_id",)),
    _real("kobo_items", _KOBO + "inventory_nested_repeats.xlsx", "kobo_inventory", "kobo_rows", sheet="items",
          codes=("group_ka9xg61/categories/items/Item_name",)),
    _real("kobo_rank", _KOBO + "rank_groups.xlsx", "kobo_rank_groups", sheet="Kobo Platform Test",
          codes=("Choose_one",), ids=("_id",)),
    _real("kobo_reasons", _KOBO + "select_multiple_dot_separator.xlsx", "kobo_reasons", "kobo_rows",
          sheet="Sample Dataset KoboloadeR", codes=("profile.reason",), ids=("_id",)),
    _real("odk_root", _FLORA + ".csv", "odk_flora", "odk_repeats", codes=("habitat-morphological_type",),
          ids=("KEY",), beside=(EXPORTS / f"{_FLORA}-taxon_encounter.csv",)),
    _real("odk_repeat", _FLORA + "-taxon_encounter.csv", "odk_flora", "odk_repeats", codes=("life_form",),
          ids=("KEY",), beside=(EXPORTS / f"{_FLORA}.csv",)),
    _real("odk_strata", _FLORA + "-vegetation_stratum.csv", "odk_flora", "odk_repeats", ids=("KEY",),
          beside=(EXPORTS / f"{_FLORA}.csv",)),
    _real("monkey_steak", "surveymonkey/steak-risk-survey.csv", "monkey_steak",
          codes=("Do you eat steak?", "Location (Census Region)"), ids=("RespondentID",), below=1),
    _real("monkey_thanksgiving", "surveymonkey/thanksgiving-2015.csv", "monkey_thanksgiving",
          codes=("Do you celebrate Thanksgiving?",), ids=("RespondentID",)),
    _real("monkey_weather", "surveymonkey/weather-check.csv", "monkey_weather", codes=("US Region",),
          ids=("RespondentID",)),
    _real("limesurvey", "limesurvey/results-survey673185.csv", "lime_materials",
          codes=("SCREEN1dataFromHuman. Did you collect data from human participants?",), ids=("id. Response ID",)),
    _real("qualtrics_pilot", "qualtrics/pilot_choice_text_3_header_rows.csv", "qualtrics_wave", codes=("Q2",),
          ids=("ResponseId",), below=2),
    _real("qualtrics_wave", "qualtrics/nonmturk_wave1.csv", "qualtrics_wave", codes=("Q2",), ids=("ResponseId",),
          below=2),
    _real("qualtrics_again", "qualtrics/nonmturk_wave1_redownload.csv", "qualtrics_wave", codes=("Q2",),
          ids=("ResponseId",), below=2, beside=(EXPORTS / "qualtrics/nonmturk_wave1.csv",)),
    _real("qualtrics_legacy", "qualtrics/legacy_2_header_rows_de.csv", "qualtrics_legacy", header=2,
          codes=("This is a multiple choice question.",), ids=("ResponseID",)),
    _real("typeform", "typeform/2016-new-coders-part1_first5000.csv", "typeform_coders", ids=("#",), rows=300),
    _real("sbti_2021", "sbti/companies_taking_action_2021-09.xlsx", "sbti_2021", sheet="Worksheet",
          codes=("Status", "Country"), ids=("Company Name",)),
    _real("sbti_2023", "sbti/companies_taking_action_2023-02.xlsx", "sbti_2023", sheet="Worksheet",
          codes=("Near term - Target Status", "Location"), ids=("Company Name",)),
    _real("hotels_latin1", "nasty/frictionless-py/table-with-accents.csv", "hotels_latin1", encoding="cp1252"),
    _real("trusts_utf16", "nasty/messytables/utf-16le_encoded.csv", "trusts_utf16", encoding="utf-16",
          codes=("Organisation_classification",), ids=("Organisation_code",)),
    _real("communes", "nasty/frictionless-py/issue-1232.csv", "communes", ids=("comune",)),
    _real("budget_programmes", "nasty/frictionless-py/doublequote.csv", "budget_programmes"),
    _real("trust_payments", "nasty/CleverCSV/airedale.csv", "trust_payments"),
)  # fmt: skip

QUESTIONS = {
    "actions": "select seen(title), seen(stakeholder), stakeholder_group, category, scope, submitted_on, due_on, "
    "language, count(*) from actions group by all",
    "members": "select dimension, member, seen(title), count(*) from action_members join actions using (action_no) "
    "group by all",
    "reports": "select status, status_code, percent, completed_on, reported_on, seen(wave), seen(title), count(*) "
    "from progress_reports left join actions using (action_no) group by all",
    "milestones": "select seen(label), m.due_on, reached_on, seen(title), count(*) from milestones as m "
    "join actions using (action_no) group by all",
    "answers": "select wave, question, answer, count(*) from survey_answers group by all",
}
"""The queries to a snapshot, table by table."""
SEEN = "create temp macro seen(words) as regexp_replace(nfc_normalize(words), '\\p{Cf}', '', 'g')"
"""The visible part of a text."""
SAID = {
    "without code": "select field, value, rows from unmatched_values",
    "merged or rejected": "select reason, count(*) from rejected_rows group by all union all "
    "select why, count(*) from merged_rows group by all",
    "checks": "select check_id, rows_found from check_totals where rows_found > 0",
    "sheets": "select remark, field, number from sheet_remarks",
}
"""The build's account of the files beside that."""
Verdict = Literal["right", "asked", "refused", "listed", "wrong"]
"""The verdict on an edit: the same figures; a question; no file that can be read; other figures, with unknown or
uncounted values in the account; other figures in silence."""


class Outcome(NamedTuple):
    """The outcome of a file: its figures and the account of it, or the reason for its refusal."""

    figures: dict[str, Counter]
    said: dict[str, Counter]
    refusal: UserError | None = None

    def verdict(self, before: "Outcome") -> Verdict:
        """Return the verdict on an edit, compared with the file as it was."""
        if self.refusal is not None:
            return "asked" if isinstance(self.refusal, QuestionError | OpenColumnError) else "refused"
        if self.figures == before.figures:
            return "right"
        return "listed" if any(self.said[name] - before.said[name] for name in SAID) else "wrong"


def load_source(root: Path, source: Source, table: Table) -> Outcome:
    """Build and (but for the pointer) publish a campaign of a source's table as it now is, with what stands beside.

    Raises:
        AccountError: the build contradicts itself, which no file may bring about.
    """
    files = {p.name: p.read_bytes() for p in source.beside} | {table.name(source.path.stem): table.write()}
    recipes = {name: (RECIPES / f"{name}.toml").read_text(encoding="utf-8") for name in source.recipes}
    folder = make_campaign(root, files, recipes)
    try:
        with build(folder, folder.published) as result, duckdb.connect(result.snapshot, read_only=True) as connection:
            connection.execute(SEEN)
            figures, said = (
                {name: Counter(connection.execute(sql).fetchall()) for name, sql in several.items()}
                for several in (QUESTIONS, SAID)
            )
            refuse_unanswered(result.snapshot)
    except AccountError:
        raise
    except UserError as refusal:
        return Outcome({}, {}, refusal)
    return Outcome(figures, said)


def edit_in_turn(table: Table, several: Iterable[Edit], draw: random.Random) -> Table:
    """Apply several edits to the table, in the order in which people make them."""
    for edit in sorted(several, key=edits.EDITS.index):
        table = edit(table, draw)
    return table
