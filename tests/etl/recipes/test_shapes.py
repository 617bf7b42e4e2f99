"""The kind of a sheet, by its shape alone: fictional look-alikes of every tool's export, and the real ones."""

from typing import Any

import pytest

from etl.readers.exports import open_export
from etl.readers.sheets import Sheet, make_preview
from etl.recipes.shapes.model import Role, Shape
from etl.recipes.shapes.shape import read_shape
from tests.acceptance.published import EXPORTS, needs_exports


def sheet(*rows: str, name: str | None = None) -> Sheet:
    """Return a sheet of rows whose cells are parted by "|"."""
    cells = [[cell or None for cell in row.split("|")] for row in rows]
    width = max(map(len, cells))
    return Sheet(name, width, make_preview(cells, width))


def look(found: Shape) -> dict[str, Any]:
    """Return the visible parts of a shape."""
    choices: dict[str | None, list[str | None]] = {}
    for column in found.columns:
        if column.choice is not None:
            choices.setdefault(column.question, []).append(column.choice)
    own = ("tool", "header_row", "rows_after_header", "separators", "group_separators", "date_order", "is_data")
    return {
        **{name: getattr(found, name) for name in own},
        **{role: [column.header for column in found.columns if column.role is role] for role in Role},
        "choices": choices,
        "lists": [*choices.values()],
        "others": [place for place, column in enumerate(found.columns) if column.is_other],
        "roles": [column.role for column in found.columns],
        "questions": {place: column.question for place, column in enumerate(found.columns)},
    }


KOBO = "_id|_uuid|_submission_time|__version__|_submitted_by|_index"
KOBO_ROW = "7|aa-bb|2021-06-30T10:00:00|v1|someone|1"
CHANNELS = "Which channels? - E-mail|Which channels? - Radio|Contact - E-mail|Contact - Phone"


def microsoft(headers: str, order: str) -> tuple[Sheet, dict[str, Any]]:
    """Return an export of Microsoft Forms with these headers of its own."""
    own = headers.split("|")
    cells = "1|3/4/21 9:10:11|3/4/21 9:20:11|anonymous||a;b;"
    seen = {"tool": "microsoft_forms", "separators": (";",), "date_order": order, "personal": own[3:], "id": own[:1]}
    return sheet(f"{headers}|Which\xa0channels?", cells), seen


def google(header: str, time: str, cell: str, separator: str) -> tuple[Sheet, dict[str, Any]]:
    """Return an export of Google Forms, or the sheet of its answers."""
    rows = [f"{header}|Select all that apply", f"{time}|{cell}", f"{time}|{cell}"]
    return sheet(*rows), {"tool": "google_forms", "separators": (separator,), "time": [header]}


def limesurvey(headers: str, question: str, named: str) -> tuple[Sheet, dict[str, Any]]:
    """Return an export of LimeSurvey whose question of several choices has these headers."""
    found = sheet(
        f"id|submitdate|lastpage|startlanguage|{headers}|Q4. Done?|interviewtime",
        "1|2021-06-30 10:00:00|3|en|Y|||Y|12.1", "2|2021-06-30 11:00:00|3|en||Y|fishing|N|14.1",
    )  # fmt: skip
    seen = {"choices": {question: named.split("|")}, "meta": ["lastpage", "startlanguage", "interviewtime"]}
    return found, {"tool": "limesurvey", "others": [6], **seen}


# Sheets, and the visible parts of each.
SHEETS: dict[str, tuple[Sheet, dict[str, Any]]] = {
    "kobo: choices in columns only, and ranks that are no choices": (
        sheet(
            f"help/support/advice|help/support/money|rank/_1st_choice|rank/_2nd_choice|{KOBO}",
            f"1|0|red|blue|{KOBO_ROW}", f"0|1|blue|red|{KOBO_ROW}",
        ),
        {"choices": {"support": ["advice", "money"]}, "questions": {2: "_1st_choice", 3: "_2nd_choice"}},
    ),
    "kobo: a repeat leads to its parent": (
        sheet("steps/step|_index|_parent_table_name|_parent_index|_submission__id", "Wells dug|1|Progress|1|7"),
        {"tool": "kobotoolbox", "parent": ["_parent_table_name", "_parent_index", "_submission__id"]},
    ),
    "odk: groups are joined with a dash": (
        sheet(
            "SubmissionDate|meta-instanceID|action-title|help-support|help-support/advice|KEY|SubmitterName",
            "2021-06-30T10:00:00.000Z|uuid:1|Sow|advice|1|uuid:1|someone",
        ),
        {"tool": "odk_central", "choices": {"support": ["advice"]}, "questions": {2: "title"}},
    ),
    "odk: known by the id of an instance": (
        sheet(
            "Which\n title?|meta-instanceID|meta/start|KEY", "Sow|uuid:1|2021-06-30T10:00:00.000Z|1",
        ),
        {
            "tool": "odk_central", "id": ["meta-instanceID", "KEY"], "time": ["meta/start"],
            "questions": {0: "Which title?"},
        },
    ),
    "odk: a repeat": (sheet("age|PARENT_KEY|KEY", "7|uuid:1|uuid:1/child[1]"), {"tool": "odk_central"}),
    "surveymonkey: the question stands over its first option only": (
        sheet(
            "Respondent ID|Collector ID|End Date|Which support?|||How far?|Your e-mail|",
            "|||Advice|Money|Other (please specify)|Response|Open-Ended Response|",
            "11400000001|4|08/21/2021 13:10:31|Advice|||Done|one@example.org|",
            "11400000002|4|08/22/2021 13:10:31||Money|A kind word|Begun|two@example.org|",
        ),
        {
            "tool": "surveymonkey", "rows_after_header": 1, "date_order": "mdy",
            "choices": {"Which support?": ["Advice", "Money", "Other (please specify)"]}, "others": [5],
            "questions": {6: "How far?"}, "personal": ["Your e-mail"],
        },
    ),
    "surveymonkey: both rows merged by hand, and a grid": (
        sheet(
            "RespondentID|Which support? - Advice|Which support? - Money|Speed - Office|Speed - Field",
            "11400000001|Advice||Fast|Slow", "11400000002|Not selected|Money|Slow|Slow",
        ),
        {
            "tool": "surveymonkey", "rows_after_header": 0, "choices": {"Which support?": ["Advice", "Money"]},
            "questions": {3: "Speed - Office", 4: "Speed - Field"},
        },
    ),
    "microsoft, English": microsoft("ID|Start time|Completion time|Email|Name", "mdy"),
    "microsoft, French": microsoft("ID|Heure de début|Heure de fin|Adresse de messagerie|Nom", "dmy"),
    "microsoft, Spanish": microsoft("Id.|Hora de inicio|Hora de finalización|Correo electrónico|Nombre", "dmy"),
    "microsoft, German": microsoft("ID|Startzeit|Fertigstellungszeit|E-Mail|Name", "dmy"),
    "google, from the form": google("Timestamp", "2023/11/13 4:20:37 pm CET", "Sunday;Monday", ";"),
    "google, French": google("Horodateur", "13/11/2023 16:20:37", "dimanche, lundi", ", "),
    "google, Spanish": google("Marca temporal", "13/11/2023 16:20:37", "domingo, lunes", ", "),
    "google, German": google("Zeitstempel", "13.11.2023 16:20:37", "Sonntag, Montag", ", "),
    "a timestamp that is no time": (
        sheet("Timestamp|Town", "spring|Sampleton", "autumn|Sampleton"), {"tool": "plain"},
    ),
    "limesurvey, codes": limesurvey("Q3[SQ001]|Q3[SQ002]|Q3[other]", "Q3", "SQ001|SQ002|other"),
    "limesurvey, both": limesurvey(
        "Q3[SQ001]. Which?\n[Farming]|Q3[SQ002]. Which? [Mining]|Q3[other]. Which? [Other]",
        "Which?", "Farming|Mining|Other",
    ),
    "limesurvey, texts": limesurvey(
        "Which? [Farming]|Which? [Mining]|Which? [Other]", "Which?", "Farming|Mining|Other"
    ),
    "limesurvey: an array of yes and no is a question a row": (
        sheet(
            "id|submitdate|seed|lastpage|Q3[a]. Used? [Maps]|Q3[b]. Used? [Posters]",
            "1|2021-06-30 10:00:00|en|5|Y|N", "2|2021-06-30 10:00:00|en|5|N|N",
        ),
        {"choices": {}, "questions": {4: "Used? [Maps]", 5: "Used? [Posters]"}},
    ),
    "limesurvey: without days": (sheet("id|lastpage|startlanguage|Q1. Done?", "1|3|en|Y"), {"tool": "limesurvey"}),
    "qualtrics: two header rows of old": (
        sheet("V1|V2|V3|Q1", "ResponseID|ResponseSet|Name|Wie weit?", "R_1|Standard|Anonym|2"),
        {
            "tool": "qualtrics", "rows_after_header": 1, "roles": ["id", "meta", "personal", "answer"],
            "questions": {3: "Wie weit?"},
        },
    ),
    "typeform: choices are columns and headers repeat": (
        sheet(
            "#|How far?|Maps|Posters|None|Other|Radio|Songs|Other|Submit Date (UTC)|Network ID",
            "a1|Done|Maps|||A play|Radio|||2021-06-30 10:00:00|f",
            "a2|Begun|Maps|Posters||||Songs||2021-06-30 10:00:00|g",
        ),
        {
            "tool": "typeform", "lists": [["Maps", "Posters", "None", "Other"], ["Radio", "Songs", "Other"]],
            "id": ["#"], "personal": ["Network ID"],
            "questions": {2: "Maps / Posters / None / …", 6: "Radio / Songs / Other"},
        },
    ),
    "alchemer": (
        sheet(
            "Response ID|Time Started|Date Submitted|Status|IP Address|How far?|Maps:Which?|Songs:Which?",
            "1|2021-06-30 10:00:00|2021-06-30 10:00:00|Complete|192.0.2.1|Done|Maps|",
        ),
        {"tool": "alchemer", "choices": {"Which?": ["Maps", "Songs"]}, "meta": ["Status"]},
    ),
    "a form's questions": (
        sheet("type|name|label::English (en)", "begin_group|a|A", "select_one yn|b|B?", name="survey"),
        {"tool": "xlsform", "is_data": False},
    ),
    "a form's choices": (sheet("list_name|name|label", "yn|yes|Yes", "yn|no|No", name="choices"), {"tool": "xlsform"}),
    "a summary below spanning headers": (
        sheet("|Women|||Men||", "Town|A|B|Total|A|B|Total", "Sampleton|1|2|3|4|5|9", "Exampleton|10%|2|3|4|5|9"),
        {"tool": "crosstab"},
    ),
    "a summary of counts": (
        sheet("How far?", "Answer Choices|Responses|", "Done|40.00%|20", "Begun|60.00%|30", "Answered||50"),
        {"tool": "crosstab"},
    ),
    "a plain table keeps its title above and choices by brackets": (
        sheet("Register of it|||", "|||", "Ref|Promise|Themes [Farming]|Themes [Mining]", "1|Sow|x|", "2|Dig||x"),
        {"tool": "plain", "header_row": 3, "choices": {"Themes": ["Farming", "Mining"]}},
    ),
    "a choice may speak of e-mail, but a question about persons is personal": (
        sheet(
            f"RespondentID|{CHANNELS}", "11400000001|E-mail||one@example.org|1", "11400000002||Radio|two@example.org|2"
        ),
        {
            "choices": {"Which channels?": ["E-mail", "Radio"]}, "personal": ["Contact - E-mail", "Contact - Phone"],
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SHEETS)
def test_what_a_sheet_is(name):
    found, expected = SHEETS[name]
    seen = look(read_shape(found))
    for what, told in expected.items():
        value = {place: seen[what][place] for place in told} if what == "questions" else seen[what]
        assert value == told, what
    if name.startswith("odk: groups"):
        assert "-" in seen["group_separators"]


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
    header = headers.split("|")[1]
    question = header.split(group)[-1]
    found = read_shape(
        sheet(f"{headers}|{KOBO}", f"Sow|advice|1|0|{KOBO_ROW}", f"Reap|money|0|1|{KOBO_ROW}"),
    )
    seen = look(found)
    assert (seen["tool"], seen["header_row"], seen["group_separators"]) == ("kobotoolbox", 1, (group,))
    assert (seen["choices"], seen["questions"][0]) == ({question: named}, headers.split("|")[0].split(group)[-1])
    assert (seen["id"], seen["personal"]) == (["_id", "_uuid", "_index"], ["_submitted_by"])
    own = [column for column in found.columns if column.question == question and column.choice is None]
    assert [(column.header, column.group) for column in own] == [(header, 1)]


@pytest.mark.parametrize(
    "texts",
    [
        "Start Date|Response ID|Progress|Status?|Help? - Selected Choice - Advice|Help? - Selected Choice - Money",
        "Startdatum|Antwort-ID|Fortschritt|Stand?|Was? - Ausgewählte Auswahl - Rat|Was? - Ausgewählte Auswahl - Geld",
    ],
    ids=["English", "German"],
)
def test_qualtrics_has_names_texts_and_import_ids(texts):
    *_, asked, one, other = (text.split(" - ") for text in texts.split("|"))
    names = "StartDate|ResponseId|Progress|Q4|Q7_1|Q7_2"
    ids = '{"ImportId":"startDate","timeZone":"Europe/Paris"}' + '|{"ImportId":"QID1"}' * 5
    rows = [f"2021-06-30 10:25:44|R_1|100|Done|{one[-1]}|", f"2021-06-30 10:25:44|R_2|100|Begun||{other[-1]}"]
    whole = read_shape(sheet(names, texts, ids, *rows))
    seen = look(whole)
    assert (seen["tool"], seen["rows_after_header"], seen["meta"]) == ("qualtrics", 2, ["Progress"])
    assert seen["choices"] == {one[0]: [one[-1], other[-1]]}
    assert (whole.columns[3].question, whole.columns[3].name) == (asked[0], "Q4")
    saved_in_excel = read_shape(sheet(names, texts, *rows))
    assert (saved_in_excel.tool, saved_in_excel.rows_after_header) == ("qualtrics", 1)


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
