"""`decisions.csv`: the lasting decisions of staff (on stakeholders, actions, reports, posts), and their contradictions.

`docs/clean-your-data.md` teaches the file; this module defines it. `etl.pipeline` applies the decisions to a
build.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from dashboard.campaign.answers.staff_file import StaffFile
from dashboard.errors import UserError
from dashboard.ground.codelist_codes import CLAIMED, EVIDENCE_STEPS, EVIDENCED
from etl.steps import Step, reached


class Verb(StrEnum):
    """The kind of decision."""

    SAME = "same"
    DIFFERENT = "different"
    RENAME = "rename"
    ASSIGN = "assign"
    KEEP = "keep"
    GONE = "gone"
    EVIDENCE = "evidence"


ALONE = (Verb.KEEP, Verb.GONE)
"""Decisions about one action that the newest version of its register no longer holds: it has no other side."""


class Subject(StrEnum):
    """The kind of thing that a decision is about."""

    STAKEHOLDER = "stakeholder"
    ACTION = "action"
    REPORT = "report"
    EVENT = "event"
    STORY = "story"


POSTS = (Subject.EVENT, Subject.STORY)
"""Things that may belong to several actions: an assignment is one of several, unless it says that it is about none."""


class DecisionError(UserError):
    """A line of decisions.csv cannot be used: the line and the remedy are in the sentence."""


@dataclass(frozen=True)
class Decision:
    """One line of the file.

    Attributes:
        line: The row in a spreadsheet; the header is row 1.
        that: Empty where a report was assigned to no action, and where the decision is about one thing alone; the step,
            where it gives the evidence for a report's status.
        on_date: The day of such a step, ISO 8601; empty for none.
        source: The document or address that shows it.
    """

    line: int
    verb: Verb
    subject: Subject
    this: str
    that: str
    note: str = ""
    decided_on: str = ""
    on_date: str = ""
    source: str = ""

    @property
    def sides(self) -> tuple[str, str]:
        """Both sides, in an order that does not depend on how they were written."""
        return (self.this, self.that) if self.this <= self.that else (self.that, self.this)


Node = Callable[[Decision, str], Hashable]
"""Return the thing that the side `this` or `that` of a decision stands for; None where it does not exist."""


def refuse_contradictions(decisions: Iterable[Decision], node: Node) -> None:
    """Refuse two decisions, in the order of the file, that contradict each other.

    Raises:
        DecisionError: the same pair is `same` and `different`, something is renamed or assigned in two ways, or the
            evidence for a status is given in two ways.
    """
    decisions = list(decisions)
    _refuse_two_evidences([d for d in decisions if d.verb is Verb.EVIDENCE])
    decisions = [d for d in decisions if node(d, "this") is not None and node(d, "that") is not None]
    groups = Groups()
    for decision in decisions:
        if decision.verb is Verb.SAME:
            groups.join(_node(decision, "this", node), _node(decision, "that", node), decision.line)
    for decision in decisions:
        if decision.verb is Verb.DIFFERENT:
            this, that = _node(decision, "this", node), _node(decision, "that", node)
            if groups.root(this) == groups.root(that) and this != that:
                lines = ", ".join(str(line) for line in groups.lines(this))
                raise DecisionError(
                    f"decisions.csv, row {decision.line}: {decision.this} and {decision.that} are said to be "
                    f"different, but row {lines} makes them the same.",
                    "Take one of these rows out.",
                )
    _refuse_second_answers(decisions, node, groups)


class Groups:
    """Things that were declared the same, one with all that were joined to it (union-find)."""

    def __init__(self) -> None:
        """Begin with nothing joined."""
        self._parent: dict[Hashable, Hashable] = {}
        self._joined: list[tuple[Hashable, int]] = []

    def root(self, thing: Hashable) -> Hashable:
        """Return the thing that stands for the group of `thing`."""
        while thing in self._parent:
            thing = self._parent[thing]
        return thing

    def join(self, first: Hashable, second: Hashable, line: int = 0) -> None:
        """Make two groups one."""
        self._joined.append((first, line))
        first_root, second_root = self.root(first), self.root(second)
        if first_root != second_root:
            self._parent[second_root] = first_root

    def lines(self, thing: Hashable) -> list[int]:
        """Return the lines that made the group of `thing`."""
        return sorted({line for one, line in self._joined if self.root(one) == self.root(thing)})


def _refuse_second_answers(decisions: Sequence[Decision], node: Node, groups: Groups) -> None:
    """Renames and assignments: one answer each; a name that was given is not renamed on."""
    answers: dict[Hashable, Decision] = {}
    for decision in decisions:
        if decision.verb in ALONE and answers.setdefault(decision.this, decision).verb is not decision.verb:
            raise DecisionError(
                f"decisions.csv, row {decision.line}: {decision.this} is {decision.verb.value}, "
                f"but row {answers[decision.this].line} says the opposite.",
                "Take one of these rows out.",
            )
        if decision.verb not in (Verb.RENAME, Verb.ASSIGN):
            continue
        this = (decision.verb, groups.root(_node(decision, "this", node)))
        first = answers.setdefault(this, decision)
        if decision.subject in POSTS and bool(first.that) == bool(decision.that):
            continue
        if first is decision:
            continue
        same = first.that == decision.that
        if decision.verb is Verb.ASSIGN:
            same = _node(first, "that", node) == _node(decision, "that", node)
        if not same:
            done = "renamed" if decision.verb is Verb.RENAME else "assigned"
            raise DecisionError(
                f"decisions.csv, row {decision.line}: {decision.this} is {done} a second time, "
                f"to something else than in row {first.line}.",
                "Take one of these rows out.",
            )
    _refuse_circles([decision for decision in decisions if decision.verb is Verb.RENAME])


def _refuse_two_evidences(decisions: Sequence[Decision]) -> None:
    """Refuse a report with one step in two ways, or with a step although it is only claimed."""
    answers: dict[tuple[str, str], Decision] = {}
    kinds: dict[str, Decision] = {}
    for decision in decisions:
        first = answers.setdefault((decision.this, decision.that), decision)
        if (first.on_date, first.source) != (decision.on_date, decision.source):
            raise DecisionError(
                f"decisions.csv, row {decision.line}: {decision.this} is {decision.that} a second time, with another "
                f"day or source than in row {first.line}.",
                "Take one of these rows out.",
            )
        kind = kinds.setdefault(decision.this, decision)
        if (kind.that == CLAIMED) != (decision.that == CLAIMED):
            claimed, step = (kind, decision) if kind.that == CLAIMED else (decision, kind)
            raise DecisionError(
                f"decisions.csv, row {decision.line}: {decision.this} is no more than claimed in row {claimed.line}, "
                f"but {step.that} in row {step.line}.",
                "Take one of these rows out.",
            )


def _refuse_circles(renames: Sequence[Decision]) -> None:
    following = {(d.subject, d.this.casefold()): d for d in renames}
    for decision in renames:
        passed_names = {decision.this.casefold()}
        after: Decision | None = decision
        while after is not None:
            name = after.that.casefold()
            if name in passed_names and after.this.casefold() != name:
                raise DecisionError(
                    f"decisions.csv, row {after.line}: {after.this} is renamed to {after.that}, "
                    f"which row {decision.line} renames again: a circle.",
                    "Take one of these rows out.",
                )
            passed_names.add(name)
            after = following.get((decision.subject, name)) if after.this.casefold() != name else None


def _node(decision: Decision, side: str, node: Node) -> tuple[Subject, Hashable]:
    subject = decision.subject
    if decision.verb is Verb.ASSIGN and side == "that":
        subject = Subject.ACTION
    return subject, node(decision, side)


HEADER = ("decision", "subject", "this", "that", "note", "decided_on", "on_date", "source")
NO_ACTION = "none"


def _file(path: Path) -> StaffFile:
    return StaffFile(path, HEADER, HEADER[:4], DecisionError)


def read_decisions(path: Path) -> list[Decision]:
    """Read the decisions of a campaign, in the order of the file; none where there is no file.

    Raises:
        DecisionError: the file cannot be read, or one of its lines cannot be used.
    """
    decisions = [parse_decision(cells, number) for number, cells in _file(path).rows()]
    refuse_contradictions(decisions, lambda decision, side: getattr(decision, side).casefold())
    return decisions


def append_decision(path: Path, decision: Decision) -> None:
    """Add one line at the end of the file."""
    reached(Step.SAY)
    _file(path).change([dict(zip(HEADER, map(str, astuple(decision)[1:]), strict=True))])


def remove_decision(path: Path, decision: Decision) -> None:
    """Take the line of a decision out of the file."""
    reached(Step.SAY)
    _file(path).change(removed=[decision.line])


def parse_decision(cells: Mapping[str, str], line: int | None = None) -> Decision:
    """Parse one decision, from its cells by column; `line` is its row in the file, none for one in the making.

    Raises:
        DecisionError: a word of it is unknown or missing.
    """
    where = "This decision" if line is None else f"decisions.csv, row {line}"
    verb = _word(where, "decision", cells["decision"], tuple(Verb))
    subjects = _SUBJECTS.get(verb, (Subject.STAKEHOLDER, Subject.ACTION))
    default = "" if verb not in _SUBJECTS or verb in (Verb.SAME, Verb.DIFFERENT) else subjects[0]
    subject = _word(where, "subject", cells["subject"] or default, subjects)
    this, that = cells["this"], cells["that"]
    if verb == Verb.EVIDENCE:
        return _parse_evidence(where, cells, line)
    if verb == Verb.ASSIGN and that.casefold() == NO_ACTION:
        that = ""
    if verb in ALONE and that:
        raise DecisionError(f'{where}: "{verb}" is said of one action alone.', 'Leave "that" empty.')
    if not this or (not that and verb != Verb.ASSIGN and verb not in ALONE):
        raise DecisionError(
            f'{where}: the column "{"that" if this else "this"}" is empty.',
            "Fill it, or take the row out.",
        )
    if verb in (Verb.SAME, Verb.DIFFERENT) and this == that:
        raise DecisionError(f"{where}: {this} is compared with itself.", "Name two of them, or take the row out.")
    return Decision(
        line or 0, Verb(verb), Subject(subject), this, that, cells.get("note", ""), cells.get("decided_on", "")
    )


def _parse_evidence(where: str, cells: Mapping[str, str], line: int | None) -> Decision:
    """Parse the evidence for a report's status: the step as `that`, with its day and source."""
    if not cells["this"]:
        raise DecisionError(f'{where}: the column "this" is empty.', "Write the report's key, or take the row out.")
    step, source = _word(where, "that", cells["that"], EVIDENCE_STEPS), cells.get("source", "")
    day_text = cells.get("on_date", "") if step != CLAIMED else ""
    if step == EVIDENCED and not source:
        raise DecisionError(
            f'{where}: the column "source" is empty.', "Write the address or the name of the document that shows it."
        )
    day = _read_day(where, day_text) if day_text else ""
    note, decided_on = cells.get("note", ""), cells.get("decided_on", "")
    return Decision(line or 0, Verb.EVIDENCE, Subject.REPORT, cells["this"], step, note, decided_on, day, source)


def _read_day(where: str, day_text: str) -> str:
    """Return a day in ISO 8601, from that form or a spreadsheet's version of it, where that means one day only."""
    numbers = [int(part) for part in re.findall(r"\d+", day_text)]
    try:
        if re.fullmatch(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}( 00:00(:00)?)?", day_text):
            return date(*numbers[:3]).isoformat()
        if re.fullmatch(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}", day_text):
            first, second, year = numbers
            ways = [date(year, month, day) for day, month in ((first, second), (second, first)) if month <= 12]
            if "." in day_text or len(set(ways)) == 1:
                return ways[0].isoformat()
    except ValueError:
        pass
    raise DecisionError(f"{where}: “{day_text}” is no day that can be read in one way.", "Write it as 2021-12-31.")


_SUBJECTS: dict[str, tuple[Subject, ...]] = {
    Verb.ASSIGN: (Subject.REPORT, *POSTS),
    **dict.fromkeys((Verb.SAME, Verb.DIFFERENT), (Subject.STAKEHOLDER, Subject.ACTION, *POSTS)),
    Verb.EVIDENCE: (Subject.REPORT,),
    **{verb: (Subject.ACTION,) for verb in ALONE},
}
"""The subjects of decisions other than a stakeholder or an action; without a word it is the first."""


def _word(where: str, column: str, text: str, allowed: Sequence[str]) -> str:
    word = text.casefold()
    singular = word if word in allowed else word.removesuffix("s")
    if singular not in allowed:
        raise DecisionError(f'{where}: "{text}" is no {column} here.', f"Write {' or '.join(allowed)}.")
    return singular
