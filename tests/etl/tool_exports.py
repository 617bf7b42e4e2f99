"""Small fictional exports in the shape of each tool: the 2021 form and its progress survey, asked with that tool.

Every export tells the same two submissions or the same two answers, so that one set of expectations serves all.
"""

import csv
import io
from dataclasses import dataclass, field

NAME = "What is the name of your organisation?"
TITLE = "What is the title of your action?"
WHERE = "In which countries will it take place?"
THEMES = "Which themes does your action serve?"
MAIL = "E-mail of the focal point"
REF = "Reference number of your action"
STATUS = "What is the status of your action?"
PERCENT = "How much is done, in percent?"
DONE = "When was it completed?"


@dataclass(frozen=True)
class ToolExport:
    """A file's rows, the shipped recipe that reads it, and which header a proposal gives to each field."""

    recipe: str
    rows: list[list[str]]
    fields: dict[str, str]
    delimiter: str = ","
    choices: dict[str, dict[str, str]] = field(default_factory=dict)

    def content(self) -> bytes:
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=self.delimiter).writerows(self.rows)
        return text.getvalue().encode()


def form(*start: str, named: dict[str, str] | None = None) -> list[str]:
    names = {text: text for text in (NAME, TITLE, WHERE, THEMES, MAIL)} | (named or {})
    return [*start, *names.values()]


def asked(first: list[str], second: list[str], join: str) -> list[list[str]]:
    return [
        [
            *first,
            "Imaginary Net Menders",
            "Mend nets with parents",
            "Ghana",
            join.join(["Agriculture", "Education"]),
            "a@example.org",
        ],
        [
            *second,
            "Fictional School Club",
            "Open an evening school",
            join.join(["Togo", "Mali"]),
            "Education",
            "b@example.org",
        ],
    ]


def answered(first: list[str], second: list[str], day: str) -> list[list[str]]:
    return [
        [*first, "X-1", "Imaginary Net Menders", "Mend nets with parents", "Completed", "100", day],
        [*second, "X-2", "Fictional School Club", "Open an evening school", "In progress", "40", ""],
    ]


SURVEY = [REF, NAME, TITLE, STATUS, PERCENT, DONE]
FORM_FIELDS = {"stakeholder": NAME, "title": TITLE, "countries": WHERE, "themes": THEMES}
SURVEY_FIELDS = {
    "action_id": REF,
    "stakeholder": NAME,
    "title": TITLE,
    "status": STATUS,
    "percent": PERCENT,
    "completed_on": DONE,
}

_MS = ["ID", "Start time", "Completion time", "Email", "Name"]
_MS_ROWS = [
    ["1", "3/29/21 9:00:00", "3/29/21 9:20:00", "anonymous", "Person One"],
    ["2", "4/2/21 9:00:00", "4/2/21 9:20:00", "anonymous", "Person Two"],
]
_KOBO_END = ["_id", "_uuid", "_submission_time", "_validation_status", "_status", "_index"]
_KOBO_ROWS = [
    ["501", "u-1", "2021-03-29T09:20:00", "", "submitted_via_web", "1"],
    ["502", "u-2", "2021-04-02T09:20:00", "", "submitted_via_web", "2"],
    ["503", "u-3", "2021-04-03T09:20:00", "Not Approved", "submitted_via_web", "3"],
]
_ODK_END = ["KEY", "SubmitterID", "ReviewState"]
_SM = ["Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address"]
_LIME = ["id. Response ID", "submitdate. Date submitted", "lastpage. Last page", "startlanguage. Start language"]
_QUALTRICS = ["StartDate", "EndDate", "Status", "Progress", "Finished", "RecordedDate", "ResponseId", "UserLanguage"]
_QUALTRICS_TEXTS = [
    "Start Date",
    "End Date",
    "Response Type",
    "Progress",
    "Finished",
    "Recorded Date",
    "Response ID",
    "User Language",
]
_QUALTRICS_ROWS = [
    ["2021-03-29 09:00:00", "2021-03-29 09:20:00", "IP Address", "100", "True", "2021-03-29 09:20:00", "R_1aaa", "EN"],
    ["2021-04-02 09:00:00", "2021-04-02 09:20:00", "IP Address", "100", "True", "2021-04-02 09:20:00", "R_2bbb", "FR"],
    [
        "2021-04-03 09:00:00",
        "2021-04-03 09:20:00",
        "Survey Preview",
        "100",
        "True",
        "2021-04-03 09:20:00",
        "R_3ccc",
        "EN",
    ],
    ["2021-04-04 09:00:00", "2021-04-04 09:20:00", "IP Address", "40", "False", "2021-04-04 09:20:00", "R_4ddd", "EN"],
]
_ALCHEMER = ["Response ID", "Time Started", "Date Submitted", "Status", "IP Address"]
_ALCHEMER_ROWS = [
    ["1", "2021-03-29 09:00:00", "2021-03-29 09:20:00", "Complete", "192.0.2.1"],
    ["2", "2021-04-02 09:00:00", "2021-04-02 09:20:00", "Complete", "192.0.2.2"],
    ["3", "2021-04-03 09:00:00", "2021-04-03 09:20:00", "Partial", "192.0.2.3"],
    ["4", "2021-04-03 09:00:00", "2021-04-03 09:20:00", "Disqualified", "192.0.2.3"],
]
_TYPEFORM_END = ["Start Date (UTC)", "Submit Date (UTC)", "Network ID"]
_TYPEFORM_ROWS = [
    ["2021-03-29 09:00:00", "2021-03-29 09:20:00", "net1"],
    ["2021-04-02 09:00:00", "2021-04-02 09:20:00", "net2"],
]


def _ends(rows: list[list[str]], ends: list[list[str]]) -> list[list[str]]:
    """Rows with the tool's own columns behind; further ends get copies of the last row."""
    return [[*rows[min(i, len(rows) - 1)], *end] for i, end in enumerate(ends)]


def _qualtrics(texts: list[str], rows: list[list[str]]) -> list[list[str]]:
    names = [f"Q{number}" for number in range(1, len(texts) + 1)]
    ids = [f'{{"ImportId":"QID{number}"}}' for number in range(len(_QUALTRICS) + len(texts))]
    return [
        [*_QUALTRICS, *names],
        [*_QUALTRICS_TEXTS, *texts],
        ids,
        *([*start, *rows[min(i, len(rows) - 1)]] for i, start in enumerate(_QUALTRICS_ROWS)),
    ]


_FORM_ROWS = asked([], [], ";")
_COMMA_ROWS = asked([], [], ", ")
_CODE_ROWS = [
    ["Imaginary Net Menders", "Mend nets with parents", "Ghana", "agriculture education", "a@example.org"],
    ["Fictional School Club", "Open an evening school", "Togo Mali", "education", "b@example.org"],
]
_SURVEY_ROWS = answered([], [], "2021-03-28")
_THEMES_SPLIT = [["Agriculture", "Education"], ["", "Education"]]
_NUMBERED = [f"Q{number}. {text}" for number, text in enumerate((NAME, TITLE, WHERE, THEMES, MAIL), 1)]
_LIME_THEMES = [f"Q4[SQ001]. {THEMES} [Agriculture]", f"Q4[SQ002]. {THEMES} [Education]"]
_NUMBERED_SURVEY = [f"Q{number}. {text}" for number, text in enumerate(SURVEY, 1)]

ACTIONS: dict[str, ToolExport] = {
    "Microsoft Forms": ToolExport(
        "microsoft_forms_actions",
        [form(*_MS), *([*start, *row] for start, row in zip(_MS_ROWS, _FORM_ROWS, strict=True))],
        {"response_id": "ID", "submitted_at": "Completion time", **FORM_FIELDS},
    ),
    "Google Forms": ToolExport(
        "google_forms_actions",
        [form("Timestamp"), *asked(["2021/03/29 9:20:00 am EAT"], ["2021/04/02 9:20:00 am EAT"], ";")],
        {"submitted_at": "Timestamp", **FORM_FIELDS},
    ),
    "KoboToolbox": ToolExport(
        "kobotoolbox_actions",
        [form(*(), named={}) + _KOBO_END, *_ends(_CODE_ROWS, _KOBO_ROWS)],
        {"response_id": "_id", "submitted_at": "_submission_time", **FORM_FIELDS},
    ),
    "ODK Central": ToolExport(
        "odk_central_actions",
        [
            ["SubmissionDate", "start", *form(), *_ODK_END],
            ["2021-03-29T09:20:00.000Z", "2021-03-29T09:00:00.000+00:00", *_CODE_ROWS[0], "uuid:aa", "7", "approved"],
            ["2021-04-02T09:20:00.000Z", "2021-04-02T09:00:00.000+00:00", *_CODE_ROWS[1], "uuid:bb", "7", ""],
            ["2021-04-03T09:20:00.000Z", "2021-04-03T09:00:00.000+00:00", *_CODE_ROWS[1], "uuid:cc", "7", "rejected"],
        ],
        {"submitted_at": "SubmissionDate", **FORM_FIELDS},
    ),
    "SurveyMonkey": ToolExport(
        "surveymonkey_actions",
        [
            [*_SM, NAME, TITLE, WHERE, THEMES, "", MAIL],
            ["", "", "", "", "", *["Open-Ended Response"] * 2, "Response", "Agriculture", "Education", "Response"],
            [
                "11",
                "7",
                "03/29/2021 09:00:00",
                "03/29/2021 09:20:00",
                "192.0.2.1",
                *_FORM_ROWS[0][:3],
                *_THEMES_SPLIT[0],
                "",
            ],
            [
                "12",
                "7",
                "04/02/2021 09:00:00",
                "04/02/2021 09:20:00",
                "192.0.2.1",
                *_FORM_ROWS[1][:2],
                "Togo",
                *_THEMES_SPLIT[1],
                "",
            ],
        ],
        {
            "response_id": "Respondent ID",
            "submitted_at": "End Date",
            "stakeholder": NAME,
            "title": TITLE,
            "countries": WHERE,
        },
        choices={"themes": {"agriculture": f"{THEMES}/Agriculture", "education": f"{THEMES}/Education"}},
    ),
    "LimeSurvey": ToolExport(
        "limesurvey_actions",
        [
            [*_LIME, *_NUMBERED[:3], *_LIME_THEMES, _NUMBERED[4]],
            ["1", "2021-03-29 09:20:00", "3", "en", *_COMMA_ROWS[0][:3], "Y", "Y", ""],
            ["2", "2021-04-02 09:20:00", "3", "fr", *_COMMA_ROWS[1][:2], "Togo", "", "Y", ""],
            ["3", "", "1", "fr", *_COMMA_ROWS[1][:3], "", "", ""],
        ],
        {
            "response_id": _LIME[0],
            "submitted_at": _LIME[1],
            "stakeholder": _NUMBERED[0],
            "title": _NUMBERED[1],
            "countries": _NUMBERED[2],
        },
        delimiter=";",
        choices={"themes": {"agriculture": _LIME_THEMES[0], "education": _LIME_THEMES[1]}},
    ),
    "Qualtrics": ToolExport(
        "qualtrics_actions",
        _qualtrics([NAME, TITLE, WHERE, THEMES, MAIL], asked([], [], ",")),
        {"response_id": "ResponseId", "stakeholder": "Q1", "title": "Q2", "countries": "Q3", "themes": "Q4"},
    ),
    "Alchemer": ToolExport(
        "alchemer_actions",
        [[*_ALCHEMER, *form()], *([*start, *_COMMA_ROWS[min(i, 1)]] for i, start in enumerate(_ALCHEMER_ROWS))],
        {"response_id": "Response ID", "submitted_at": "Date Submitted", **FORM_FIELDS},
    ),
    "Typeform": ToolExport(
        "typeform_actions",
        [
            ["#", *form(), *_TYPEFORM_END],
            *([f"hash{i}", *_COMMA_ROWS[i], *end] for i, end in enumerate(_TYPEFORM_ROWS)),
        ],
        {"response_id": "#", "submitted_at": "Submit Date (UTC)", **FORM_FIELDS},
    ),
}

PROGRESS: dict[str, ToolExport] = {
    "Microsoft Forms": ToolExport(
        "microsoft_forms_progress",
        [[*_MS, *SURVEY], *([*start, *row] for start, row in zip(_MS_ROWS, _SURVEY_ROWS, strict=True))],
        {"report_id": "ID", "submitted_at": "Completion time", **SURVEY_FIELDS},
    ),
    "Google Forms": ToolExport(
        "google_forms_progress",
        [["Timestamp", *SURVEY], *answered(["29/03/2021 09:20:00"], ["02/04/2021 09:20:00"], "28/03/2021")],
        {"submitted_at": "Timestamp", **SURVEY_FIELDS},
    ),
    "KoboToolbox": ToolExport(
        "kobotoolbox_progress",
        [[*SURVEY, *_KOBO_END], *_ends(_SURVEY_ROWS, _KOBO_ROWS)],
        {"report_id": "_id", "submitted_at": "_submission_time", **SURVEY_FIELDS},
    ),
    "ODK Central": ToolExport(
        "odk_central_progress",
        [
            ["SubmissionDate", "start", *SURVEY, *_ODK_END],
            ["2021-03-29T09:20:00.000Z", "2021-03-29T09:00:00.000+00:00", *_SURVEY_ROWS[0], "uuid:aa", "7", "approved"],
            ["2021-04-02T09:20:00.000Z", "2021-04-02T09:00:00.000+00:00", *_SURVEY_ROWS[1], "uuid:bb", "7", ""],
            ["2021-04-03T09:20:00.000Z", "2021-04-03T09:00:00.000+00:00", *_SURVEY_ROWS[1], "uuid:cc", "7", "rejected"],
        ],
        {"submitted_at": "SubmissionDate", **SURVEY_FIELDS},
    ),
    "SurveyMonkey": ToolExport(
        "surveymonkey_progress",
        [
            [*_SM, *SURVEY],
            ["", "", "", "", "", *["Response"] * len(SURVEY)],
            *answered(
                ["11", "7", "03/29/2021 09:00:00", "03/29/2021 09:20:00", "192.0.2.1"],
                ["12", "7", "04/02/2021 09:00:00", "04/02/2021 09:20:00", "192.0.2.1"],
                "03/28/2021",
            ),
        ],
        {"report_id": "Respondent ID", "submitted_at": "End Date", **SURVEY_FIELDS},
    ),
    "SurveyMonkey, one header row": ToolExport(
        "surveymonkey_progress",
        [
            [*_SM, *SURVEY],
            *answered(
                ["11", "7", "03/29/2021 09:00:00", "03/29/2021 09:20:00", "192.0.2.1"],
                ["12", "7", "04/02/2021 09:00:00", "04/02/2021 09:20:00", "192.0.2.1"],
                "03/28/2021",
            ),
        ],
        {"report_id": "Respondent ID", "submitted_at": "End Date", **SURVEY_FIELDS},
    ),
    "LimeSurvey": ToolExport(
        "limesurvey_progress",
        [
            [*_LIME, *_NUMBERED_SURVEY],
            ["1", "2021-03-29 09:20:00", "3", "en", *_SURVEY_ROWS[0]],
            ["2", "2021-04-02 09:20:00", "3", "fr", *_SURVEY_ROWS[1]],
            ["3", "", "1", "fr", *_SURVEY_ROWS[1]],
        ],
        {
            "report_id": _LIME[0],
            "submitted_at": _LIME[1],
            "title": _NUMBERED_SURVEY[2],
            "status": _NUMBERED_SURVEY[3],
            "percent": _NUMBERED_SURVEY[4],
        },
        delimiter=";",
    ),
    "Qualtrics": ToolExport(
        "qualtrics_progress",
        _qualtrics(SURVEY, _SURVEY_ROWS),
        {
            "report_id": "ResponseId",
            "action_id": "Q1",
            "stakeholder": "Q2",
            "title": "Q3",
            "status": "Q4",
            "percent": "Q5",
        },
    ),
    "Alchemer": ToolExport(
        "alchemer_progress",
        [[*_ALCHEMER, *SURVEY], *([*start, *_SURVEY_ROWS[min(i, 1)]] for i, start in enumerate(_ALCHEMER_ROWS))],
        {"report_id": "Response ID", "submitted_at": "Date Submitted", **SURVEY_FIELDS},
    ),
    "Typeform": ToolExport(
        "typeform_progress",
        [
            ["#", *SURVEY, *_TYPEFORM_END],
            *([f"hash{i}", *_SURVEY_ROWS[i], *end] for i, end in enumerate(_TYPEFORM_ROWS)),
        ],
        {"submitted_at": "Submit Date (UTC)", **SURVEY_FIELDS},
    ),
}
