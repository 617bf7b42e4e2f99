"""Open decisions, as cards of plain data: possible duplicates, and the possible actions of reports and posts.

Each kind of question is declared once in `KINDS`: the query that finds its subjects, and the card of one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from dashboard import formats
from dashboard.campaign.file_names import find_names
from dashboard.i18n import N_, Translator
from dashboard.lists.quality import queries
from dashboard.lists.quality.queries import as_text
from dashboard.measures.register import join_labels
from dashboard.ui.frame.view import View

POSTS = ("event", "story")
_LONGEST = 300
"""The characters of a text on a card."""
_ALIKE = N_("Similarity: {share}, because: {why}")
_LIKELY = N_("Likely: {share}, because: {why}")
_DECISIONS = {
    "same": N_("Decided: they are the same."),
    "different": N_("Decided: they are different."),
    "assign": N_("Decided: the report is about the action {action}."),
    "none": N_("Decided: the report is about no action."),
    "keep": N_("Decided: the action is kept."),
    "gone": N_("Decided: the action is removed."),
}
_POST_DECISIONS = {
    "assign": N_("Decided: it belongs to the action {action}."),
    "none": N_("Decided: it belongs to no action."),
}


class Choice(NamedTuple):
    """One decision, for the command."""

    verb: str
    subject: str
    this: str
    that: str

    @property
    def words(self) -> list[str]:
        """The command's words for it."""
        middle = [] if self.verb == "assign" and self.subject not in POSTS else [self.subject]
        return [self.verb, *middle, self.this, *([self.that] if self.that else [])]

    def excludes(self, choice: "Choice") -> bool:
        """Return whether this choice rules out another: a report is about one action, a post about several or none."""
        if (self.subject, self.this, self.verb) != (choice.subject, choice.this, "assign"):
            return False
        return self.subject == "report" or "none" in (self.that, choice.that)

    def say(self, t: Translator) -> str:
        """Write the decision in a sentence."""
        verb = "none" if self.that == "none" and self.verb == "assign" else self.verb
        sentences = _POST_DECISIONS if verb in _POST_DECISIONS and self.subject in POSTS else _DECISIONS
        return t(sentences[verb], action=self.that)


class Side(NamedTuple):
    """One subject of a question: its name, its distinguishing facts, and its action, if it is one."""

    title: str
    notes: tuple[str, ...]
    action_id: str = ""


@dataclass(frozen=True)
class Card:
    """One question.

    Attributes:
        sides: Its subjects; two possible duplicates stand beside each other.
        note: The names behind the ids, kept beside the decision so that a person can read it.
        origin: Its file, sheet and row; None where its sides name them.
        candidates: The possible actions, each with the button that chooses it.
        takes_others: Whether any other action can be chosen as well.
    """

    sides: tuple[Side, ...]
    choices: tuple[tuple[str, Choice], ...]
    note: str
    why: str = ""
    origin: tuple[Any, Any, Any] | None = None
    candidates: tuple["Card", ...] = ()
    takes_others: bool = False


Row = Mapping[Any, Any]


def _make_pair(view: View, rows: Sequence[Row], kind: str) -> Card:
    [row] = rows
    describe = _describe_stakeholder if kind == "stakeholder" else _describe_action
    return _join(view, row, kind, tuple(describe(view, row, side) for side in ("left", "right")))


def _describe_stakeholder(view: View, row: Row, side: str) -> Side:
    t, name = view.t, as_text(row[f"{side}_name"])
    notes = [_count(view, "{n} action", "{n} actions", row[f"{side}_actions"])]
    spellings = [one for one in queries.as_list(row[f"{side}_spellings"]) if one != name]
    if spellings:
        notes.append(t("Also written: {names}", names=t("; ").join(spellings[:5])))
    return Side(name, tuple(notes))


def _describe_action(view: View, row: Row, side: str) -> Side:
    t = view.t
    notes = [as_text(row[f"{side}_stakeholder"]) or t("Stakeholder not stated")]
    if day := _write_day(view, row[f"{side}_submitted_on"]):
        notes.append(t("Submitted on {day}", day=day))
    notes.append(_count(view, "{n} report", "{n} reports", row[f"{side}_reports"]))
    if file := as_text(row[f"{side}_file"]):
        notes.append(t("{file}, row {row}", file=file, row=str(int(row[f"{side}_row"]))))
    return Side(as_text(row[f"{side}_name"]) or t("Untitled action"), tuple(notes), row[f"{side}_id"])


def _join(view: View, row: Row, subject: str, sides: tuple[Side, ...]) -> Card:
    t, ids = view.t, (row["left_id"], row["right_id"])
    choices = (
        (t(N_("Same", "two entries are one")), Choice("same", subject, *ids)),
        (t(N_("Different", "two entries are not one")), Choice("different", subject, *ids)),
    )
    return Card(sides, choices, _write_note(row), _say_why(view, row))


def _make_report(view: View, rows: Sequence[Row], _kind: str) -> Card:
    t, report = view.t, rows[0]
    facts = [as_text(report["stakeholder"]) or t("Stakeholder not stated")]
    if day := _write_day(view, report["reported_on"]):
        facts.append(t("Reported on {day}", day=day))
    if as_text(report["status"]):
        facts.append(join_labels(report["status"], view.snapshot.codes.get("statuses", {}), view.lang))
    title = as_text(report["action_title"]) or t("Report without a title")
    side = Side(title, (" · ".join(facts), _cut(as_text(report["narrative"]))))
    labels = (t("It is about this action"), t("It is about no action"))
    return _assign(view, rows, "report", side, labels, _ALIKE)


def _make_post(view: View, rows: Sequence[Row], _kind: str) -> Card:
    t, post = view.t, rows[0]
    codes = [code for code in queries.as_list(post["languages"]) if as_text(code)]
    languages = ", ".join(formats.format_language(code, view.lang) for code in codes)
    side = _describe_post(view, post, "left_name", (post["on_date"], languages, post["words"], post["url"]))
    labels = (t("It belongs to this action"), t("It belongs to no action"))
    return _assign(view, rows, post["kind"], side, labels, _LIKELY)


def _assign(view: View, rows: Sequence[Row], subject: str, side: Side, labels: tuple[str, str], sentence: str) -> Card:
    """Make the card of the question to which of several actions something belongs."""
    first, (yes, none) = rows[0], labels
    candidates = tuple(
        Card(
            (Side(row["right_name"], (), row["right_id"]),),
            ((yes, Choice("assign", subject, row["left_id"], row["right_id"])),),
            _write_note(row),
            _say_why(view, row, sentence),
        )
        for row in rows
    )
    return Card(
        (side,),
        ((none, Choice("assign", subject, first["left_id"], "none")),),
        as_text(first["left_name"]),
        origin=(first["source_file"], first["sheet"], first["source_row"]),
        candidates=candidates,
        takes_others=subject in POSTS,
    )


def _make_version(view: View, rows: Sequence[Row], _kind: str) -> Card:
    [row] = rows
    sides = []
    for side in ("left", "right"):
        language = as_text(row[f"{side}_language"])
        name = formats.format_language(language, view.lang) if language else ""
        facts = (row[f"{side}_on_date"], name, row[f"{side}_words"], row[f"{side}_url"])
        sides.append(_describe_post(view, row, f"{side}_name", facts))
    return _join(view, row, row["kind"], tuple(sides))


def _describe_post(view: View, post: Row, name: str, facts: tuple[Any, str, Any, Any]) -> Side:
    """Describe an event or story: its title, its facts, and the beginning of its text."""
    day, languages, beginning, url = facts
    first = " · ".join(filter(None, (view.t(queries.SUBJECTS[post["kind"]]), _write_day(view, day), languages)))
    return Side(post[name], tuple(_cut(line) for line in (first, as_text(beginning), as_text(url)) if line))


def _make_gone(view: View, rows: Sequence[Row], _kind: str) -> Card:
    t, [action] = view.t, rows
    title, action_id = as_text(action["title"]) or t("Untitled action"), action["action_id"]
    keep = t(N_("Keep", "an action that its register no longer has"))
    choices = (
        (t("Remove from the register"), Choice("gone", "action", action_id, "")),
        (keep, Choice("keep", "action", action_id, "")),
    )
    origin = (action["source_file"], action["sheet"], action["source_row"])
    return Card((Side(title, (action_id,)),), choices, title, origin=origin)


class Kind(NamedTuple):
    """A kind of decisions.

    Attributes:
        number: The name of its count among those of the page.
        groups: The columns that group the rows of one card; none where each row is one.
    """

    title: str
    number: str
    question: str = ""
    query: str = ""
    make: Callable[[View, Sequence[Row], str], Card] = _make_pair
    groups: tuple[str, ...] = ()


_PAIRS = "quality_pairs"
DECIDED = "decided"
KINDS = {
    "stakeholder": Kind(
        N_("Stakeholders"),
        "stakeholders",
        N_("The same stakeholder under two names? Nothing is merged before you say so."),
        _PAIRS,
    ),
    "action": Kind(
        N_("Actions"),
        "actions",
        N_("The same action submitted twice? Nothing is merged before you say so."),
        _PAIRS,
    ),
    "report": Kind(
        N_("Reports"),
        "reports",
        N_("Which action is this report about? Until you say so, it changes no rate."),
        "quality_unassigned",
        _make_report,
        ("left_id",),
    ),
    "post": Kind(
        N_("Events and stories"),
        "posts",
        N_("Which actions do these events and stories belong to? One may belong to several."),
        "quality_posts",
        _make_post,
        ("kind", "left_id"),
    ),
    "version": Kind(
        N_("Language versions"),
        "versions",
        N_("The same event or story in two languages? Then it is shown once, in the reader’s language."),
        "quality_versions",
        _make_version,
    ),
    "gone": Kind(
        N_("Missing from their register"),
        "gone",
        N_(
            "These actions are missing from the newest version of the register. They count nowhere unless you keep "
            "them."
        ),
        "quality_gone",
        _make_gone,
    ),
    DECIDED: Kind(N_("Decided"), "decisions"),
}
"""The kinds by their names, in their order on the page."""


def list_cards(view: View, kind_id: str, file: str | None, first: int, most: int) -> list[Card]:
    """List the cards of a kind.

    `file`: the handle of their file; None for all.
    """
    kind, snapshot = KINDS[kind_id], view.snapshot
    of_pairs = {"kind": kind_id} if kind.query == _PAIRS else {}
    frame = snapshot.query(kind.query, {"file": file, "most": most, "first": first, **of_pairs})
    frame = queries.name_persons(find_names(snapshot.path).show(frame), snapshot, view.lang)
    groups = frame.groupby(list(kind.groups) or frame.index, sort=False)
    return [kind.make(view, rows.to_dict("records"), kind_id) for _, rows in groups]


def _say_why(view: View, row: Row, sentence: str = _ALIKE) -> str:
    """Write the reason of a suggestion, and how sure it is."""
    return view.t(sentence, share=formats.format_share(float(row["score"]), view.lang), why=view.t(row["why"]))


def _write_day(view: View, day: Any) -> str:
    """Write a day; empty where it is missing."""
    return "" if pd.isna(day) else formats.format_date(pd.Timestamp(day).date(), view.lang)


def _count(view: View, one: str, many: str, number: Any) -> str:
    """Count something in words; a missing number counts as zero."""
    n = 0 if pd.isna(number) else int(number)
    return view.t.plural(one, many, n)


def _cut(line: str) -> str:
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]} …"


def _write_note(row: Row) -> str:
    return " / ".join(as_text(row[name]) for name in ("left_name", "right_name"))
