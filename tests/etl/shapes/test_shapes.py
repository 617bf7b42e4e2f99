"""What a sheet is, by its shape alone: fictional look-alikes of every tool's export, and the real ones."""

import pytest

from etl.readers.exports import open_export
from etl.readers.sheets import Sheet, make_preview
from etl.shapes.model import Role, Shape
from etl.shapes.shape import read_shape
from tests.acceptance.published import EXPORTS, needs_exports


def sheet(*rows: list[str | None], name: str | None = None) -> Sheet:
    width = max(map(len, rows))
    return Sheet(name, width, make_preview(rows, width))


def shape(*rows: list[str | None], name: str | None = None) -> Shape:
    return read_shape(sheet(*rows, name=name))


def choices(found: Shape) -> dict[str | None, list[str | None]]:
    """The choices of every question that has columns for them."""
    result: dict[str | None, list[str | None]] = {}
    for column in found.columns:
        if column.choice is not None:
            result.setdefault(column.question, []).append(column.choice)
    return result


def roles(found: Shape, role: Role) -> list[str | None]:
    return [column.header for column in found.columns if column.role is role]


KOBO = ["_id", "_uuid", "_submission_time", "__version__", "_submitted_by", "_index"]
ALCHEMER = ["Response ID", "Time Started", "Date Submitted", "Status", "IP Address"]
TYPEFORM = ["Submit Date (UTC)", "Network ID"]
KOBO_ROW = ["7", "aa-bb", "2021-06-30T10:00:00", "v1", "someone", "1"]


@pytest.mark.parametrize(
    ("headers", "group", "named"),
    [
        ("action/title|help/support|help/support/advice|help/support/money", "/", ["advice", "money"]),
        ("action.title|help.support|help.support.advice|help.support.money", ".", ["advice", "money"]),
        ("title|support|support/advice|support/money", "/", ["advice", "money"]),
        ("Votre : titre|A/Quelle aide ?|A/Quelle aide ?/Rat|A/Quelle aide ?/Fonds", "/", ["Rat", "Fonds"]),
    ],
)
def test_kobo_choices_beside_their_cell(headers, group, named):
    headers = headers.split("|")
    question = headers[1].split(group)[-1]
    found = shape([*headers, *KOBO], ["Sow", "advice", "1", "0", *KOBO_ROW], ["Reap", "money", "0", "1", *KOBO_ROW])
    assert (found.tool, found.header_row, found.group_separators) == ("kobotoolbox", 1, (group,))
    assert choices(found) == {question: named}
    own = [c for c in found.columns if c.question == question and c.choice is None]
    assert [c.header for c in own] == [headers[1]]
    assert own[0].group == 1
    assert roles(found, Role.ID) == ["_id", "_uuid", "_index"]
    assert roles(found, Role.PERSONAL) == ["_submitted_by"]
    assert found.columns[0].question in ("title", "Votre : titre")


def test_kobo_choices_in_columns_only_and_ranks_that_are_no_choices():
    headers = ["help/support/advice", "help/support/money", "rank/_1st_choice", "rank/_2nd_choice"]
    found = shape([*headers, *KOBO], ["1", "0", "red", "blue", *KOBO_ROW], ["0", "1", "blue", "red", *KOBO_ROW])
    assert choices(found) == {"support": ["advice", "money"]}
    assert [c.question for c in found.columns[2:4]] == ["_1st_choice", "_2nd_choice"]


def test_kobo_repeat_leads_to_its_parent():
    repeat = ["milestones/milestone", "_index", "_parent_table_name", "_parent_index", "_submission__id"]
    found = shape(repeat, ["Wells dug", "1", "Progress", "1", "7"])
    assert found.tool == "kobotoolbox"
    assert roles(found, Role.PARENT) == repeat[2:]


def test_odk_joins_groups_with_a_dash():
    headers = "SubmissionDate|meta-instanceID|action-title|help-support|help-support/advice|KEY|SubmitterName"
    found = shape(headers.split("|"), ["2021-06-30T10:00:00.000Z", "uuid:1", "Sow", "advice", "1", "uuid:1", "someone"])
    assert found.tool == "odk_central"
    assert "-" in found.group_separators
    assert choices(found) == {"support": ["advice"]}
    assert found.columns[2].question == "title"
    assert shape(["age", "PARENT_KEY", "KEY"], ["7", "uuid:1", "uuid:1/child[1]"]).tool == "odk_central"


def test_surveymonkey_has_the_question_over_its_first_option_only():
    found = shape(
        ["Respondent ID", "Collector ID", "End Date", "Which support?", None, None, "How far?", "Your e-mail", None],
        [None, None, None, "Advice", "Money", "Other (please specify)", "Response", "Open-Ended Response", None],
        ["11400000001", "4", "08/21/2021 13:10:31", "Advice", None, None, "Done", "one@example.org", None],
        ["11400000002", "4", "08/22/2021 13:10:31", None, "Money", "A kind word", "Begun", "two@example.org", None],
    )
    assert (found.tool, found.rows_after_header, found.date_order) == ("surveymonkey", 1, "mdy")
    assert choices(found) == {"Which support?": ["Advice", "Money", "Other (please specify)"]}
    assert [c.is_other for c in found.columns[3:6]] == [False, False, True]
    assert (found.columns[6].question, found.columns[6].choice) == ("How far?", None)
    assert roles(found, Role.PERSONAL) == ["Your e-mail"]


def test_surveymonkey_with_both_rows_merged_by_hand():
    found = shape(
        ["RespondentID", "Which support? - Advice", "Which support? - Money", "Speed - Office", "Speed - Field"],
        ["11400000001", "Advice", None, "Fast", "Slow"],
        ["11400000002", "Not selected", "Money", "Slow", "Slow"],
    )
    assert (found.tool, found.rows_after_header) == ("surveymonkey", 0)
    assert choices(found) == {"Which support?": ["Advice", "Money"]}
    assert [c.question for c in found.columns[3:]] == ["Speed - Office", "Speed - Field"]  # a grid, no choices


def test_microsoft_forms_in_every_language():
    for written, order in (
        ("ID|Start time|Completion time|Email|Name", "mdy"),
        ("ID|Heure de début|Heure de fin|Adresse de messagerie|Nom", "dmy"),
        ("Id.|Hora de inicio|Hora de finalización|Correo electrónico|Nombre", "dmy"),
        ("ID|Startzeit|Fertigstellungszeit|E-Mail|Name", "dmy"),
    ):
        headers = written.split("|")
        cells = ["1", "3/4/21 9:10:11", "3/4/21 9:20:11", "anonymous", None, "a;b;"]
        found = shape([*headers, "Which\xa0channels?"], cells)
        assert (found.tool, found.separators, found.date_order) == ("microsoft_forms", (";",), order)
        assert roles(found, Role.PERSONAL) == headers[3:]
        assert roles(found, Role.ID) == headers[:1]


def test_google_forms_from_the_form_and_from_the_sheet():
    for header, time, cell, separators in (
        ("Timestamp", "2023/11/13 4:20:37 pm CET", "Sunday;Monday", (";",)),
        ("Horodateur", "13/11/2023 16:20:37", "dimanche, lundi", (", ",)),
        ("Marca temporal", "13/11/2023 16:20:37", "domingo, lunes", (", ",)),
        ("Zeitstempel", "13.11.2023 16:20:37", "Sonntag, Montag", (", ",)),
    ):
        found = shape([header, "Select all that apply"], [time, cell], [time, cell])
        assert (found.tool, found.separators) == ("google_forms", separators)
        assert roles(found, Role.TIME) == [header]


def test_a_table_with_a_timestamp_that_is_no_time_is_plain():
    assert shape(["Timestamp", "Town"], ["spring", "Sampleton"], ["autumn", "Sampleton"]).tool == "plain"


@pytest.mark.parametrize(
    ("headers", "question", "named"),
    [
        ("Q3[SQ001]|Q3[SQ002]|Q3[other]", "Q3", "SQ001|SQ002|other"),
        (
            "Q3[SQ001]. Which?\n[Farming]|Q3[SQ002]. Which? [Mining]|Q3[other]. Which? [Other]",
            "Which?",
            "Farming|Mining|Other",
        ),
        ("Which? [Farming]|Which? [Mining]|Which? [Other]", "Which?", "Farming|Mining|Other"),
    ],
    ids=["codes", "both", "texts"],
)
def test_limesurvey_headings_as_codes_texts_or_both(headers, question, named):
    system = ["id", "submitdate", "lastpage", "startlanguage"]
    found = shape(
        [*system, *headers.split("|"), "Q4. Done?", "interviewtime"],
        ["1", "2021-06-30 10:00:00", "3", "en", "Y", None, None, "Y", "12.1"],
        ["2", "2021-06-30 11:00:00", "3", "en", None, "Y", "fishing", "N", "14.1"],
    )
    assert found.tool == "limesurvey"
    assert choices(found) == {question: named.split("|")}
    assert found.columns[6].is_other
    assert roles(found, Role.META) == ["lastpage", "startlanguage", "interviewtime"]


def test_limesurvey_array_of_yes_and_no_is_a_question_a_row():
    found = shape(
        ["id", "submitdate", "seed", "lastpage", "Q3[a]. Used? [Maps]", "Q3[b]. Used? [Posters]"],
        ["1", "2021-06-30 10:00:00", "en", "5", "Y", "N"],
        ["2", "2021-06-30 10:00:00", "en", "5", "N", "N"],
    )
    assert choices(found) == {}
    assert [c.question for c in found.columns[4:]] == ["Used? [Maps]", "Used? [Posters]"]


@pytest.mark.parametrize(
    "texts",
    [
        "Start Date|Response ID|Progress|Status?|Help? - Selected Choice - Advice|Help? - Selected Choice - Money",
        "Startdatum|Antwort-ID|Fortschritt|Stand?|Was? - Ausgewählte Auswahl - Rat|Was? - Ausgewählte Auswahl - Geld",
    ],
    ids=["English", "German"],
)
def test_qualtrics_has_names_texts_and_import_ids(texts):
    texts = texts.split("|")
    names = ["StartDate", "ResponseId", "Progress", "Q4", "Q7_1", "Q7_2"]
    ids = ['{"ImportId":"startDate","timeZone":"Europe/Paris"}', *['{"ImportId":"QID1"}'] * 5]
    rows = [
        ["2021-06-30 10:25:44", "R_1", "100", "Done", texts[4].split(" - ")[-1], None],
        ["2021-06-30 10:25:44", "R_2", "100", "Begun", None, texts[5].split(" - ")[-1]],
    ]
    whole = shape(names, texts, ids, *rows)
    assert (whole.tool, whole.rows_after_header) == ("qualtrics", 2)
    assert choices(whole) == {texts[4].split(" - ")[0]: [t.split(" - ")[-1] for t in texts[4:]]}
    assert (whole.columns[3].question, whole.columns[3].name) == (texts[3], "Q4")
    assert roles(whole, Role.META) == ["Progress"]
    saved_in_excel = read_shape(sheet(names, texts, *rows))
    assert (saved_in_excel.tool, saved_in_excel.rows_after_header) == ("qualtrics", 1)


def test_qualtrics_legacy_has_two_header_rows():
    found = shape(
        ["V1", "V2", "V3", "Q1"], ["ResponseID", "ResponseSet", "Name", "Wie weit?"], ["R_1", "Standard", "Anonym", "2"]
    )
    assert (found.tool, found.rows_after_header) == ("qualtrics", 1)
    assert [c.role for c in found.columns] == ["id", "meta", "personal", "answer"]
    assert found.columns[3].question == "Wie weit?"


def test_typeform_choices_are_columns_and_headers_repeat():
    found = shape(
        ["#", "How far?", "Maps", "Posters", "None", "Other", "Radio", "Songs", "Other", *TYPEFORM],
        ["a1", "Done", "Maps", None, None, "A play", "Radio", None, None, "2021-06-30 10:00:00", "f"],
        ["a2", "Begun", "Maps", "Posters", None, None, None, "Songs", None, "2021-06-30 10:00:00", "g"],
    )
    assert found.tool == "typeform"
    assert list(choices(found).values()) == [["Maps", "Posters", "None", "Other"], ["Radio", "Songs", "Other"]]
    assert roles(found, Role.ID) == ["#"]
    assert roles(found, Role.PERSONAL) == ["Network ID"]


def test_alchemer():
    found = shape(
        [*ALCHEMER, "How far?", "Maps:Which?", "Songs:Which?"],
        ["1", "2021-06-30 10:00:00", "2021-06-30 10:00:00", "Complete", "192.0.2.1", "Done", "Maps", None],
    )
    assert found.tool == "alchemer"
    assert choices(found) == {"Which?": ["Maps", "Songs"]}
    assert roles(found, Role.META) == ["Status"]


def test_form_definitions_and_summaries_are_no_data():
    survey = shape(
        ["type", "name", "label::English (en)"], ["begin_group", "a", "A"], ["select_one yn", "b", "B?"], name="survey"
    )
    options = shape(["list_name", "name", "label"], ["yn", "yes", "Yes"], ["yn", "no", "No"], name="choices")
    assert (survey.tool, options.tool, survey.is_data) == ("xlsform", "xlsform", False)
    spanning = shape(
        [None, "Women", None, None, "Men", None, None],
        *(line.split() for line in ("Town A B Total A B Total", "Sampleton 1 2 3 4 5 9", "Exampleton 10% 2 3 4 5 9")),
    )
    assert spanning.tool == "crosstab"
    counts = shape(
        ["How far?"],
        ["Answer Choices", "Responses", None],
        ["Done", "40.00%", "20"],
        ["Begun", "60.00%", "30"],
        ["Answered", None, "50"],
    )
    assert counts.tool == "crosstab"


def test_plain_tables_keep_their_titles_above_and_choices_by_brackets():
    found = shape(
        ["Register of the fictional office", None, None, None],
        [None] * 4,
        ["Ref", "Promise", "Themes [Farming]", "Themes [Mining]"],
        ["1", "Sow", "x", None],
        ["2", "Dig", None, "x"],
    )
    assert (found.tool, found.header_row) == ("plain", 3)
    assert choices(found) == {"Themes": ["Farming", "Mining"]}


def test_a_choice_may_speak_of_e_mail_but_a_question_about_persons_is_personal():
    found = shape(
        ["RespondentID", "Which channels? - E-mail", "Which channels? - Radio", "Contact - E-mail", "Contact - Phone"],
        ["11400000001", "E-mail", None, "one@example.org", "1"],
        ["11400000002", None, "Radio", "two@example.org", "2"],
    )
    assert choices(found) == {"Which channels?": ["E-mail", "Radio"]}
    assert roles(found, Role.PERSONAL) == ["Contact - E-mail", "Contact - Phone"]


REAL = {
    "kobotoolbox": ("kobotoolbox/inventory_nested_repeats.xlsx", "kobotoolbox/rank_groups.xlsx",
                    "kobotoolbox/repeat_demo_project.xlsx", "kobotoolbox/select_multiple_dot_separator.xlsx",),
    "odk_central": ("kobotoolbox/household_individuals_split_select.csv",
                    "odk-central/build_Flora-Quadrat-0-4_1564384341.csv",
                    "odk-central/build_Flora-Quadrat-0-4_1564384341-taxon_encounter.csv",
                    "odk-central/build_Flora-Quadrat-0-4_1564384341-vegetation_stratum.csv",),
    "xlsform": ("kobotoolbox/inventory_form_definition.xlsx", "kobotoolbox/household_form_Abidjan_2022.xls",),
    "surveymonkey": ("surveymonkey/steak-risk-survey.csv", "surveymonkey/thanksgiving-2015.csv",
                     "surveymonkey/weather-check.csv",),
    "crosstab": ("surveymonkey/nfl-fandom-crosstab.csv",),
    "google_forms": ("google-forms/forms_direct_csv_semicolon.csv", "google-forms/forms_direct_semicolon.xlsx",
                     "google-forms/sheet_responses_comma.xlsx",),
    "microsoft_forms": ("microsoft-forms/resource_catalogue_1-9.csv",),
    "limesurvey": ("limesurvey/results-survey673185.csv",),
    "qualtrics": ("qualtrics/pilot_choice_text_3_header_rows.csv", "qualtrics/nonmturk_wave1.csv",
                  "qualtrics/legacy_2_header_rows_de.csv",),
    "typeform": ("typeform/2016-new-coders-part1_first5000.csv",),
    "plain": ("sbti/companies_taking_action_2021-09.xlsx", "sbti/companies_taking_action_2023-02.xlsx",
              "nz-promises/promises.csv", "oyu-tolgoi-scorecard/commitments_2020-05-29.csv",
              "canada-mandate-letters/2021-mandate-commitments.csv",),
}  # fmt: skip


@needs_exports
@pytest.mark.parametrize("tool", REAL)
def test_real_exports(tool):
    for path in REAL[tool]:
        with open_export(EXPORTS / path) as export:
            shapes = [read_shape(each) for each in export.sheets if any(map(any, each.preview))]
        assert {each.tool for each in shapes} == {tool}, path
        assert {each.header_row for each in shapes} == {1}, path
