"""The two waves of the KoboToolbox progress survey, with non-response and the defects that real ones have."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sample_action import Action, Material
from sample_campaign import FINAL, MID_YEAR, WAVES
from sample_submissions import Submission

Row = list[object]

CHALLENGES = {
    "covid_restrictions": "COVID-19 restrictions",
    "lack_of_funding": "Lack of funding",
    "staff_turnover": "Staff turnover",
    "partner_delays": "Delays of partners",
    "no_access": "No access to the places",
    "missing_data": "Missing data",
}
SUPPORT = {
    "technical_advice": "Technical advice",
    "funding": "Funding",
    "training": "Training",
    "visibility": "Visibility of the action",
    "contacts": "Contacts with other stakeholders",
}
STATUSES = {
    "not_started": "Not started",
    "in_progress": "In progress",
    "adapted": "In progress, adapted",
    "continuing": "Continuing after the deadline",
    "completed": "Completed",
    "discontinued": "Discontinued",
}
SYSTEM_HEADERS = ["_id", "_uuid", "_submission_time", "_validation_status", "_notes", "_status", "_submitted_by"]
SYSTEM_HEADERS += ["__version__", "_tags", "_index"]
NAMED_HEADERS = [
    "start",
    "end",
    "today",
    "survey_wave",
    "action/action_reference",
    "action/stakeholder",
    "action/title",
    "progress/action_status",
    "progress/percent_done",
    "progress/completion_date",
    "progress/narrative",
    "support/challenges",
    *(f"support/challenges/{code}" for code in CHALLENGES),
    "support/support_received",
    *(f"support/support_received/{code}" for code in SUPPORT),
    "contact/contact_name",
    "contact/contact_email",
    *SYSTEM_HEADERS,
]
_HELD_BACK, _RECEIVED = (
    "Challenges and support/What held you back?",
    "Challenges and support/Which support did you receive?",
)
LABELLED_HEADERS = [
    "start",
    "end",
    "today",
    "survey_wave",
    "About your action/Reference of your action",
    "About your action/Name of your organisation",
    "About your action/Title of your action",
    "Progress/Where does your action stand?",
    "Progress/How much is done (in percent)?",
    "Progress/Date of completion",
    "Progress/What happened, in your own words?",
    _HELD_BACK,
    *(f"{_HELD_BACK}/{label}" for label in CHALLENGES.values()),
    _RECEIVED,
    *(f"{_RECEIVED}/{label}" for label in SUPPORT.values()),
    "Contact/Name of the person answering",
    "Contact/E-mail",
    *SYSTEM_HEADERS,
]
MILESTONE_HEADERS = ["milestones/milestone", "milestones/milestone_due", "milestones/milestone_reached_on", "_index"]
MILESTONE_HEADERS += ["_parent_table_name", "_parent_index", "_submission__id", "_submission__uuid"]
MILESTONE_HEADERS += ["_submission__submission_time", "_submission__validation_status", "_submission__notes"]
MILESTONE_HEADERS += [
    "_submission__status",
    "_submission__submitted_by",
    "_submission___version__",
    "_submission__tags",
]
SURVEY_NAME = "Progress of the 2021 Actions"


@dataclass(frozen=True)
class Answer:
    """One stakeholder's answer about one action, before it is written down."""

    submission: Submission
    wave: str
    at: datetime
    reference: str
    stakeholder: str
    title: str
    status: str
    percent: int | None
    completed_on: date | None
    narrative: str
    challenges: tuple[str, ...]
    support: tuple[str, ...]
    kobo_id: int = 0
    uuid: str = ""

    @property
    def action(self) -> Action:
        """The action that the answer is about."""
        return self.submission.action


class Survey:
    """Draws the answers of a wave."""

    def __init__(self, material: Material, rng: Random) -> None:
        """Draw with the words of `material` and the numbers of `rng`."""
        self.material, self.rng = material, rng

    def draw_wave(self, submissions: list[Submission], wave: str) -> list[Answer]:
        """The answers of one wave in order of arrival, with ids as the survey tool counts them."""
        answers = [self._answer(s, wave) for s in submissions if s.is_last and wave in s.action.answers]
        answers += [self._correct(answer) for answer in self.rng.sample(answers, 4)]
        answers += self._unmatched(answers, wave)
        answers.sort(key=lambda answer: answer.at)
        first = 112_400_100 if wave == MID_YEAR else 138_730_500
        return [
            _changed(a, kobo_id=first + 7 * i, uuid=str(UUID(int=self.rng.getrandbits(128), version=4)))
            for i, a in enumerate(answers)
        ]

    def _answer(self, submission: Submission, wave: str) -> Answer:
        action, rng = submission.action, self.rng
        opens, closes = WAVES[wave]
        # Most answer after the reminder, shortly before the survey closes.
        day = opens + timedelta(days=int(rng.triangular(0, (closes - opens).days + 0.99, 0.8 * (closes - opens).days)))
        status, percent, completed_on = self._stand(action, day)
        slots = action.numbers
        base = "in_progress" if status in ("adapted", "continuing") else status
        narrative = (
            rng.choice(self.material["narratives"][base])[action.lang].format(**slots) if rng.random() < 0.8 else ""
        )
        return Answer(
            submission=submission,
            wave=wave,
            at=datetime(day.year, day.month, day.day) + timedelta(seconds=rng.randrange(6 * 3600, 20 * 3600)),
            reference=submission.reference if rng.random() > 0.05 else "",
            stakeholder=action.stakeholder,
            title=self._retyped(submission.title.strip()),
            status=status,
            percent=percent if rng.random() > 0.06 else None,
            completed_on=completed_on if rng.random() > 0.06 else None,
            narrative=narrative,
            challenges=self._choose(CHALLENGES, 0.2 if status == "completed" else 0.45),
            support=self._choose(SUPPORT, 0.3),
        )

    def _stand(self, action: Action, day: date) -> tuple[str, int | None, date | None]:
        """Status, percent and completion date that a truthful answer gives on a day."""
        rng, fate = self.rng, action.fate
        if fate.completed_on and fate.completed_on <= day:
            return "completed", 100, fate.completed_on
        if fate.started_on is None or fate.started_on > day:
            return "not_started", 0, None
        is_early = day < date(2021, 9, 1)
        if fate.status == "discontinued" and not (is_early and rng.random() < 0.7):
            return "discontinued", rng.choice((0, 10, 20, 30)), None
        status = "in_progress" if is_early or fate.status not in ("adapted", "continuing") else fate.status
        return status, rng.randrange(10, 65, 5) if is_early else rng.randrange(35, 96, 5), None

    def _choose(self, choices: dict[str, str], chance: float) -> tuple[str, ...]:
        return tuple(code for code in choices if self.rng.random() < chance)

    def _retyped(self, title: str) -> str:
        chance = self.rng.random()
        return title.upper() if chance < 0.03 else f"{title}." if chance < 0.08 else title

    def _correct(self, answer: Answer) -> Answer:
        """The same stakeholder answers again some minutes later: the later answer counts."""
        percent = answer.percent + 5 if answer.percent and answer.percent < 95 else answer.percent
        return _changed(answer, at=answer.at + timedelta(minutes=23), percent=percent)

    def _unmatched(self, answers: list[Answer], wave: str) -> list[Answer]:
        """Answers that no action can be found for, two a wave; in the final wave also an empty one."""
        one, two, three = self.rng.sample(answers, 3)
        strangers = [
            _changed(
                one, reference=f"MSF-9{len(answers)}", stakeholder="Fictional newcomers (sample)", title="Our action"
            ),
            _changed(two, reference="", title="The action we submitted in spring"),
        ]
        strangers = [_changed(a, at=a.at + timedelta(hours=2)) for a in strangers]
        if wave == FINAL:
            empty = _changed(
                three, reference="", stakeholder="", title="", narrative="Test", at=three.at + timedelta(hours=1)
            )
            strangers.append(_changed(empty, percent=None, completed_on=None, challenges=(), support=()))
        return strangers


def list_named_rows(answers: list[Answer], rng: Random) -> list[Row]:
    """Rows of the mid-year workbook: names and codes, real dates."""
    rows: list[Row] = []
    for index, a in enumerate(answers, start=1):
        chosen = [
            " ".join(a.challenges) or None,
            *_flags(CHALLENGES, a.challenges),
            " ".join(a.support) or None,
            *_flags(SUPPORT, a.support),
        ]
        started = a.at - timedelta(minutes=rng.randrange(4, 30))
        told: Row = [
            a.reference or None,
            a.stakeholder,
            a.title,
            a.status,
            a.percent,
            a.completed_on,
            a.narrative or None,
        ]
        who: Row = [f"Sample Person {a.action.contact:03d}", f"contact{a.action.contact:03d}@example.org"]
        system: Row = [a.kobo_id, a.uuid, a.at, None, None, "submitted_via_web", None, "vSampleForm2021a", None, index]
        rows.append([started, a.at, a.at.date(), a.wave, *told, *chosen, *who, *system])
    rows[5][7] = None  # status left open
    rows[9][8] = 120
    return rows


def list_labelled_rows(answers: list[Answer], rng: Random) -> list[Row]:
    """Rows of the final CSV: labels, every cell as text."""
    rows: list[Row] = []
    for index, a in enumerate(answers, start=1):
        chosen = [
            " ".join(CHALLENGES[code] for code in a.challenges),
            *_flags(CHALLENGES, a.challenges),
            " ".join(SUPPORT[code] for code in a.support),
            *_flags(SUPPORT, a.support),
        ]
        zone = rng.choice((-5, 0, 1, 3, 5))
        started = a.at + timedelta(hours=zone) - timedelta(minutes=rng.randrange(4, 30))
        ended = a.at + timedelta(hours=zone)
        told: Row = [a.reference, a.stakeholder, a.title, STATUSES[a.status], a.percent, a.completed_on, a.narrative]
        who: Row = [f"Sample Person {a.action.contact:03d}", f"contact{a.action.contact:03d}@example.org"]
        system: Row = [
            a.kobo_id,
            a.uuid,
            a.at.isoformat(),
            "",
            "",
            "submitted_via_web",
            "",
            "vSampleForm2021b",
            "",
            index,
        ]
        times = [f"{moment.isoformat(timespec='milliseconds')}{zone:+03d}:00" for moment in (started, ended)]
        rows.append([*times, a.at.date(), a.wave, *told, *chosen, *who, *system])
    for row in rows[6:9]:
        row[7] = ""  # status left open
    rows[3][10] = "The report can be had from contact003@example.org or +000 00 00 0003."
    return [["" if cell is None else cell for cell in row] for row in rows]


def list_milestone_rows(answers: list[Answer], rng: Random) -> list[Row]:
    """Rows of the repeat sheet: the milestones told with each mid-year answer."""
    rows: list[Row] = []
    for parent, a in enumerate(answers, start=1):
        for number, label in enumerate(a.action.milestones if a.reference or not a.submission.number else ()):
            due = date(2021, 3, 20) + timedelta(days=52 * number + rng.randrange(40))
            reached = due + timedelta(days=rng.randrange(-15, 25))
            is_reached = reached <= a.at.date() and rng.random() < (0.9 if a.action.fate.completed_on else 0.65)
            told: Row = [label, due, reached if is_reached else None, len(rows) + 1, SURVEY_NAME, parent]
            system: Row = [a.kobo_id, a.uuid, a.at, None, None, "submitted_via_web", None, "vSampleForm2021a", None]
            rows.append([*told, *system])
    rows[20][0] = None  # opened, left empty
    rows[20][1:3] = [None, None]
    return rows


def _flags(choices: dict[str, str], taken: tuple[str, ...]) -> list[object]:
    """1 or 0 a choice; blank throughout where the question was skipped."""
    return [int(code in taken) if taken else None for code in choices]


def _changed(answer: Answer, **changes: Any) -> Answer:
    return Answer(**{**vars(answer), **changes})
