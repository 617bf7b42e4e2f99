"""Small fictional exports in the shape of each tool: the 2021 form and its progress survey, asked with that tool.

Every export tells the same two submissions or the same two answers, so that one set of expectations serves all.
"""

import csv
import io
from dataclasses import dataclass, field

Rows = list[list[str]]

NAME = "What is the name of your organisation?"
TITLE = "What is the title of your action?"
WHERE = "In which countries will it take place?"
THEMES = "Which themes does your action serve?"
MAIL = "E-mail of the focal point"
REF = "Reference number of your action"
STATUS = "What is the status of your action?"
PERCENT = "How much is done, in percent?"
DONE = "When was it completed?"
FORM = [NAME, TITLE, WHERE, THEMES, MAIL]
SURVEY = [REF, NAME, TITLE, STATUS, PERCENT, DONE]
FORM_FIELDS = {"stakeholder": NAME, "title": TITLE, "countries": WHERE, "themes": THEMES}
SURVEY_FIELDS = {
    "action_id": REF, "stakeholder": NAME, "title": TITLE, "status": STATUS, "percent": PERCENT, "completed_on": DONE,
}  # fmt: skip


@dataclass(frozen=True)
class ToolExport:
    """A file's rows, the shipped recipe that reads it, and which header a proposal gives to each field."""

    recipe: str
    rows: Rows
    fields: dict[str, str]
    delimiter: str = ","
    choices: dict[str, dict[str, str]] = field(default_factory=dict)

    def content(self) -> bytes:
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=self.delimiter).writerows(self.rows)
        return text.getvalue().encode()


def asked(join: str, header: list[str] = FORM) -> Rows:
    """Return the form with two submissions; several choices stand in one cell."""
    themes = join.join(["Agriculture", "Education"])
    return [
        header,
        ["Imaginary Net Menders", "Mend nets with parents", "Ghana", themes, "a@example.org"],
        ["Fictional School Club", "Open an evening school", join.join(["Togo", "Mali"]), "Education", "b@example.org"],
    ]


def asked_with_columns(*headers: list[str], mark: tuple[str, str]) -> Rows:
    """Return the same where each theme has a column of its own."""
    first, second = asked("")[1:]
    return [*headers, [*first[:3], *mark, ""], [*second[:2], "Togo", "", mark[1], ""]]


def answered(day: str = "2021-03-28", header: list[str] = SURVEY) -> Rows:
    """Return the survey with two answers."""
    return [
        header,
        ["X-1", "Imaginary Net Menders", "Mend nets with parents", "Completed", "100", day],
        ["X-2", "Fictional School Club", "Open an evening school", "In progress", "40", ""],
    ]


def _put(rows: Rows, before: str = "", after: str = "") -> Rows:
    """Put rows, written a line a row, between the tool's columns; where the tool has more, repeat the last."""
    starts, ends = ([line.split("|") for line in text.strip().splitlines()] for text in (before, after))
    count = max(len(starts), len(ends))
    parts = zip(starts or [[]] * count, ends or [[]] * count, strict=True)
    return [[*start, *rows[min(place, len(rows) - 1)], *end] for place, (start, end) in enumerate(parts)]


_CODES = asked(" ")
_CODES[1][3:4], _CODES[2][3:4] = ["agriculture education"], ["education"]
_MICROSOFT = """
ID|Start time|Completion time|Email|Name
1|3/29/21 9:00:00|3/29/21 9:20:00|anonymous|Person One
2|4/2/21 9:00:00|4/2/21 9:20:00|anonymous|Person Two
"""
_KOBO = """
_id|_uuid|_submission_time|_validation_status|_status|_index
501|u-1|2021-03-29T09:20:00||submitted_via_web|1
502|u-2|2021-04-02T09:20:00||submitted_via_web|2
503|u-3|2021-04-03T09:20:00|Not Approved|submitted_via_web|3
"""
_ODK = """
SubmissionDate|start
2021-03-29T09:20:00.000Z|2021-03-29T09:00:00.000+00:00
2021-04-02T09:20:00.000Z|2021-04-02T09:00:00.000+00:00
2021-04-03T09:20:00.000Z|2021-04-03T09:00:00.000+00:00
"""
_ODK_ENDS = """
KEY|SubmitterID|ReviewState
uuid:aa|7|approved
uuid:bb|7|
uuid:cc|7|rejected
"""
_SURVEYMONKEY = """
Respondent ID|Collector ID|Start Date|End Date|IP Address
||||
11|7|03/29/2021 09:00:00|03/29/2021 09:20:00|192.0.2.1
12|7|04/02/2021 09:00:00|04/02/2021 09:20:00|192.0.2.1
"""
_ONE_HEADER_ROW = _SURVEYMONKEY.replace("||||\n", "").replace("\n1", "\n2")  # and ids of its own
_LIMESURVEY = """
id. Response ID|submitdate. Date submitted|lastpage. Last page|startlanguage. Start language
1|2021-03-29 09:20:00|3|en
2|2021-04-02 09:20:00|3|fr
3||1|fr
"""
_QUALTRICS = f"""
StartDate|EndDate|Status|Progress|Finished|RecordedDate|ResponseId|UserLanguage
Start Date|End Date|Response Type|Progress|Finished|Recorded Date|Response ID|User Language
{"|".join(f'{{"ImportId":"QID{number}"}}' for number in range(8))}
2021-03-29 09:00:00|2021-03-29 09:20:00|IP Address|100|True|2021-03-29 09:20:00|R_1aaa|EN
2021-04-02 09:00:00|2021-04-02 09:20:00|IP Address|100|True|2021-04-02 09:20:00|R_2bbb|FR
2021-04-03 09:00:00|2021-04-03 09:20:00|Survey Preview|100|True|2021-04-03 09:20:00|R_3ccc|EN
2021-04-04 09:00:00|2021-04-04 09:20:00|IP Address|40|False|2021-04-04 09:20:00|R_4ddd|EN
"""
_ALCHEMER = """
Response ID|Time Started|Date Submitted|Status|IP Address
1|2021-03-29 09:00:00|2021-03-29 09:20:00|Complete|192.0.2.1
2|2021-04-02 09:00:00|2021-04-02 09:20:00|Complete|192.0.2.2
3|2021-04-03 09:00:00|2021-04-03 09:20:00|Partial|192.0.2.3
4|2021-04-03 09:00:00|2021-04-03 09:20:00|Disqualified|192.0.2.3
"""
_TYPEFORM = """
Start Date (UTC)|Submit Date (UTC)|Network ID
2021-03-29 09:00:00|2021-03-29 09:20:00|net1
2021-04-02 09:00:00|2021-04-02 09:20:00|net2
"""
_HASHES = "#\nhash0\nhash1"


def _qualtrics(rows: Rows) -> Rows:
    texts, *answers = rows
    names = [f"Q{number}" for number in range(1, len(texts) + 1)]
    ids = [f'{{"ImportId":"QID{number}"}}' for number in range(8, len(texts) + 8)]
    return _put([names, texts, ids, *answers], _QUALTRICS)


def _number(header: list[str]) -> list[str]:
    return [f"Q{number}. {text}" for number, text in enumerate(header, 1)]


_LIME_ID, _LIME_TIME = "id. Response ID", "submitdate. Date submitted"
_LIME_FORM, _LIME_SURVEY = _number(FORM), _number(SURVEY)
_LIME_THEMES = [f"Q4[SQ001]. {THEMES} [Agriculture]", f"Q4[SQ002]. {THEMES} [Education]"]
_MONKEY_FORM = [[NAME, TITLE, WHERE, THEMES, "", MAIL],
                [*["Open-Ended Response"] * 2, "Response", "Agriculture", "Education", "Response"]]  # fmt: skip
_MONKEY_SURVEY = answered("03/28/2021")
_MONKEY_FIELDS = {"report_id": "Respondent ID", "submitted_at": "End Date", **SURVEY_FIELDS}

ACTIONS: dict[str, ToolExport] = {
    "Microsoft Forms": ToolExport(
        "microsoft_forms_actions",
        _put(asked(";"), _MICROSOFT),
        {"response_id": "ID", "submitted_at": "Completion time", **FORM_FIELDS},
    ),
    "Google Forms": ToolExport(
        "google_forms_actions",
        _put(asked(";"), "Timestamp\n2021/03/29 9:20:00 am EAT\n2021/04/02 9:20:00 am EAT"),
        {"submitted_at": "Timestamp", **FORM_FIELDS},
    ),
    "KoboToolbox": ToolExport(
        "kobotoolbox_actions",
        _put(_CODES, after=_KOBO),
        {"response_id": "_id", "submitted_at": "_submission_time", **FORM_FIELDS},
    ),
    "ODK Central": ToolExport(
        "odk_central_actions", _put(_CODES, _ODK, _ODK_ENDS), {"submitted_at": "SubmissionDate", **FORM_FIELDS}
    ),
    "SurveyMonkey": ToolExport(
        "surveymonkey_actions",
        _put(asked_with_columns(*_MONKEY_FORM, mark=("Agriculture", "Education")), _SURVEYMONKEY),
        {"response_id": "Respondent ID", "submitted_at": "End Date", "stakeholder": NAME, "title": TITLE,
         "countries": WHERE},
        choices={"themes": {"agriculture": f"{THEMES}/Agriculture", "education": f"{THEMES}/Education"}},
    ),
    "LimeSurvey": ToolExport(
        "limesurvey_actions",
        _put(asked_with_columns([*_LIME_FORM[:3], *_LIME_THEMES, _LIME_FORM[4]], mark=("Y", "Y")), _LIMESURVEY),
        {"response_id": _LIME_ID, "submitted_at": _LIME_TIME, "stakeholder": _LIME_FORM[0], "title": _LIME_FORM[1],
         "countries": _LIME_FORM[2]},
        delimiter=";",
        choices={"themes": {"agriculture": _LIME_THEMES[0], "education": _LIME_THEMES[1]}},
    ),
    "Qualtrics": ToolExport(
        "qualtrics_actions",
        _qualtrics(asked(",")),
        {"response_id": "ResponseId", "stakeholder": "Q1", "title": "Q2", "countries": "Q3", "themes": "Q4"},
    ),
    "Alchemer": ToolExport(
        "alchemer_actions",
        _put(asked(", "), _ALCHEMER),
        {"response_id": "Response ID", "submitted_at": "Date Submitted", **FORM_FIELDS},
    ),
    "Typeform": ToolExport(
        "typeform_actions",
        _put(asked(", "), _HASHES, _TYPEFORM),
        {"response_id": "#", "submitted_at": "Submit Date (UTC)", **FORM_FIELDS},
    ),
}  # fmt: skip

PROGRESS: dict[str, ToolExport] = {
    "Microsoft Forms": ToolExport(
        "microsoft_forms_progress",
        _put(answered(), _MICROSOFT),
        {"report_id": "ID", "submitted_at": "Completion time", **SURVEY_FIELDS},
    ),
    "Google Forms": ToolExport(
        "google_forms_progress",
        _put(answered("28/03/2021"), "Timestamp\n29/03/2021 09:20:00\n02/04/2021 09:20:00"),
        {"submitted_at": "Timestamp", **SURVEY_FIELDS},
    ),
    "KoboToolbox": ToolExport(
        "kobotoolbox_progress",
        _put(answered(), after=_KOBO),
        {"report_id": "_id", "submitted_at": "_submission_time", **SURVEY_FIELDS},
    ),
    "ODK Central": ToolExport(
        "odk_central_progress", _put(answered(), _ODK, _ODK_ENDS), {"submitted_at": "SubmissionDate", **SURVEY_FIELDS}
    ),
    "SurveyMonkey": ToolExport(
        "surveymonkey_progress",
        _put([SURVEY, ["Response"] * len(SURVEY), *_MONKEY_SURVEY[1:]], _SURVEYMONKEY),
        _MONKEY_FIELDS,
    ),
    "SurveyMonkey, one header row": ToolExport(
        "surveymonkey_progress", _put(_MONKEY_SURVEY, _ONE_HEADER_ROW), _MONKEY_FIELDS
    ),
    "LimeSurvey": ToolExport(
        "limesurvey_progress",
        _put(answered(header=_LIME_SURVEY), _LIMESURVEY),
        {"report_id": _LIME_ID, "submitted_at": _LIME_TIME, "title": _LIME_SURVEY[2], "status": _LIME_SURVEY[3],
         "percent": _LIME_SURVEY[4]},
        delimiter=";",
    ),
    "Qualtrics": ToolExport(
        "qualtrics_progress",
        _qualtrics(answered()),
        {"report_id": "ResponseId", "action_id": "Q1", "stakeholder": "Q2", "title": "Q3", "status": "Q4",
         "percent": "Q5"},
    ),
    "Alchemer": ToolExport(
        "alchemer_progress",
        _put(answered(), _ALCHEMER),
        {"report_id": "Response ID", "submitted_at": "Date Submitted", **SURVEY_FIELDS},
    ),
    "Typeform": ToolExport(
        "typeform_progress",
        _put(answered(), _HASHES, _TYPEFORM),
        {"submitted_at": "Submit Date (UTC)", **SURVEY_FIELDS},
    ),
}  # fmt: skip
