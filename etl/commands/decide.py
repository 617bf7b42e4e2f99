"""`python -m etl decide`: one decision about stakeholders, actions or reports, kept in decisions.csv."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Annotated

import duckdb
import typer

from dashboard.access.audit.events import Event
from dashboard.access.audit.log import Act, acting_here
from dashboard.campaign.folder import CampaignFolder
from dashboard.command_line import JsonOption
from dashboard.engines import lend
from dashboard.errors import UserError
from dashboard.ground.codelist_codes import CLAIMED, REVIEWED, VERIFIED
from dashboard.ground.query_files import read_sql_file
from dashboard.paths import SHIPPED_CAMPAIGN, quote_path
from etl.commands.console import BUILD_TO_APPLY, CampaignOption, print_said
from etl.commands.keep_answer import open_published, refuse_samples
from etl.inputs.decisions import (
    ALONE,
    POSTS,
    Decision,
    Subject,
    Verb,
    append_decision,
    parse_decision,
    read_decisions,
    refuse_contradictions,
    remove_decision,
)
from etl.publish.history import readable_snapshot
from etl.publish.holding import SHORT_WAIT, only_build
from etl.sqlfiles import ask, has_rows, run_file

Keys = dict[str, tuple[str, str]]
HIDDEN = "[…]"  # the snapshot's text in place of a person's new name


_SUBJECTS = {
    "assign": Subject.REPORT, "evidence": Subject.REPORT, "keep": Subject.ACTION, "gone": Subject.ACTION,
}  # fmt: skip


def parse_words(
    verb: str,
    words: Sequence[str],
    note: str = "",
    *,
    on_date: str | None = None,
    source: str = "",
    take_back: bool = False,
) -> Decision:
    """Parse a decision as typed: subject, this, that; for `assign` the report and the action (or none).

    For `evidence` it is the report and the step, with its day (today by default) and its source, which a
    withdrawal does not need.

    Raises:
        UserError: a word is unknown or missing.
    """
    rest = list(words)
    subject = ""
    default = _SUBJECTS.get(verb.casefold())
    if default is None:
        subject = rest.pop(0) if rest else ""
    elif len(rest) > 1 and rest[0].casefold() in (default, *(POSTS if verb.casefold() == "assign" else ())):
        subject = rest.pop(0)
    if not 1 <= len(rest) <= 2:
        raise UserError(
            f"A decision has two sides; {len(rest)} were given.",
            "For example: decide same stakeholder NAME NAME, or decide assign REPORT ACTION.",
        )
    this, that = (*rest, "")[:2]
    today = date.today().isoformat()
    day = today if on_date is None else on_date
    cells = {"decision": verb, "subject": subject, "this": this, "that": that, "note": note, "decided_on": today}
    if verb.casefold() != Verb.EVIDENCE and (on_date or source):
        raise UserError("Only evidence has a day and a source.", "Leave --on and --source out.")
    return parse_decision(cells | {"on_date": day, "source": source or ("…" if take_back else "")})


def add(folder: CampaignFolder, decision: Decision) -> tuple[Decision, bool]:
    """Write a decision down; return it with its line, and whether it is new.

    Raises:
        UserError: the campaign shows samples, nothing is published, the decision is about unpublished things or
            contradicts another.
    """
    with _published(folder) as connection:
        decisions = read_decisions(folder.decisions_file)
        keys = _keys(connection, [*decisions, decision])
        for earlier in decisions:
            if (
                _is_same(earlier, decision, keys)
                and earlier.on_date == decision.on_date
                and earlier.source == decision.source
            ):
                return earlier, False
        _check_sides(connection, decision)
        line = max([1, *(earlier.line for earlier in decisions)]) + 1
        refuse_contradictions([*decisions, replace(decision, line=line)], lambda d, side: _key(d, side, keys))
    append_decision(folder.decisions_file, decision)
    return read_decisions(folder.decisions_file)[-1], True


def undo(folder: CampaignFolder, decision: Decision) -> Decision:
    """Take a decision's line out; return it.

    A report without an action matches any assignment, a person with a hidden name any new name.

    Raises:
        UserError: there is no such line, or another version of the program made the published snapshot.
    """
    readable_snapshot(folder)
    with lend(is_changed=True) as connection:
        _define_names(connection, folder)
        decisions = read_decisions(folder.decisions_file)
        keys = _keys(connection, [*decisions, decision])
    for earlier in reversed(decisions):
        is_report = (
            earlier.verb is decision.verb is Verb.ASSIGN
            and earlier.subject is decision.subject is Subject.REPORT
            and earlier.this == decision.this
            and not decision.that
        )
        is_rename = (
            earlier.verb is decision.verb is Verb.RENAME
            and decision.that == HIDDEN
            and (_key(earlier, "this", keys) == _key(decision, "this", keys))
        )
        if is_report or is_rename or _is_same(earlier, decision, keys):
            remove_decision(folder.decisions_file, earlier)
            return earlier
    raise UserError("There is no such decision in decisions.csv.", "Look at the file, or at the page Data quality.")


@contextmanager
def _published(folder: CampaignFolder) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the published snapshot, attached as `snapshot`, with the macros that compare names."""
    refuse_samples(folder, "there is nothing to decide about it")
    with open_published(folder, is_changed=True) as connection:
        _define_names(connection, folder)
        yield connection


def _define_names(connection: duckdb.DuckDBPyConnection, folder: CampaignFolder) -> None:
    """Define the comparison of names, and load the names of persons as `private.people`; there may be none."""
    connection.execute(read_sql_file("fold"))
    run_file(connection, "names")
    store = folder.private / "contacts.duckdb"
    if store.is_file():
        connection.execute(f"attach {quote_path(store)} as private (read_only)")
        return
    connection.execute("attach ':memory:' as private")
    run_file(connection, "decisions/no_people")


def _check_sides(connection: duckdb.DuckDBPyConnection, decision: Decision) -> None:
    """Refuse a decision about unpublished things, or about two that are one already."""
    if decision.verb is Verb.EVIDENCE:
        _check_evidence(connection, decision)
        return
    if decision.subject in POSTS:
        _check_posts(connection, decision)
        return
    if decision.verb is Verb.ASSIGN:
        if not _query(connection, "published_reports", decision.this):
            raise UserError(
                f"No published report has the key {decision.this}.", "The page Data quality lists the keys (r_…)."
            )
        if decision.that:
            _find(connection, Subject.ACTION, decision.that)
        return
    if decision.verb in ALONE:
        if not _query(connection, "published_gone", decision.this):
            raise UserError(
                f'No action with the id "{decision.this}" is missing from the newest version of its register.',
                "The page Data quality lists those that are.",
            )
        return
    this = _find(connection, decision.subject, decision.this)
    if decision.verb is Verb.RENAME:
        return
    that = _find(connection, decision.subject, decision.that)
    if decision.verb is Verb.SAME and this == that:
        raise UserError(f"{decision.this} and {decision.that} are one already.", "Nothing needs to be decided.")


def _check_evidence(connection: duckdb.DuckDBPyConnection, decision: Decision) -> None:
    """Refuse evidence for a report that is not published or states no status, or with an impossible day."""
    rows = _query(connection, "published_statuses", decision.this)
    if not rows:
        raise UserError(
            f"No published report about an action has the key {decision.this} and a status that is understood.",
            "The action's page says it under “Evidence”.",
        )
    if decision.that == CLAIMED or not decision.on_date:
        return
    day, reported_on = date.fromisoformat(decision.on_date), rows[0][1]
    if day > date.today():
        raise UserError(f"{decision.on_date} has not come yet.", "Give the day on which it was done.")
    if decision.that in (REVIEWED, VERIFIED) and isinstance(reported_on, date) and day < reported_on:
        raise UserError(
            f"On {decision.on_date} the report of {reported_on} was not there yet.",
            "Give the day on which it was done, or the report that was looked at.",
        )


def _check_posts(connection: duckdb.DuckDBPyConnection, decision: Decision) -> None:
    """Refuse a decision about events or stories that are not published."""
    sides = [decision.this] if decision.verb is Verb.ASSIGN else [decision.this, decision.that]
    unknown = [
        side
        for side in sides
        if not ask(connection, "decisions/published_posts", {"asked": side, "kind": decision.subject.value})
    ]
    # A version that was joined to another has no id of its own in public: it can be told apart all the same.
    if len(unknown) > (decision.verb is Verb.DIFFERENT):
        raise UserError(
            f'No published {decision.subject.value} has the id "{unknown[0]}".', "The page Data quality lists the ids."
        )
    if decision.verb is Verb.ASSIGN and decision.that:
        _find(connection, Subject.ACTION, decision.that)


def _find(connection: duckdb.DuckDBPyConnection, subject: Subject, name: str) -> str:
    """Find the id of the meant published stakeholder or action."""
    if subject is Subject.STAKEHOLDER:
        rows = _query(connection, "published_names", name)
        near = rows[0] if rows and not rows[0][2] else None
        if near or not rows:
            hint = f"The nearest is {near[1]} ({near[0]})." if near else "Build first: python -m etl build."
            raise UserError(f'No published stakeholder is called "{name}".', hint)
    else:
        rows = _query(connection, "published_actions", name)
        if not rows:
            raise UserError(f'No published action has the id "{name}".', "The register shows each action's id.")
    if len(rows) > 1:
        ids = ", ".join(str(row[0]) for row in rows)
        raise UserError(f'"{name}" means several: {ids}.', "Write the id of the one that is meant.")
    return str(rows[0][0])


def _query(connection: duckdb.DuckDBPyConnection, query: str, name: str) -> list[tuple[object, ...]]:
    return ask(connection, f"decisions/{query}", {"asked": name})


def _keys(connection: duckdb.DuckDBPyConnection, decisions: Sequence[Decision]) -> Keys:
    names = [side for decision in decisions for side in decision.sides]
    rows = ask(connection, "decisions/keys", {"asked": names})
    has_persons = has_rows(connection, "private.people")
    persons = dict(ask(connection, "decisions/people_ids", {"asked": names})) if has_persons else {}
    return {words: (persons.get(words, maker), action) for words, maker, action in rows}


def _key(decision: Decision, side: str, keys: Keys) -> str:
    """Return the key of one side for comparisons: a stakeholder's key, an action's id, else the text itself."""
    words: str = getattr(decision, side)
    if decision.verb is Verb.EVIDENCE or (side == "that" and decision.verb is Verb.RENAME):
        return words
    if decision.subject is Subject.STAKEHOLDER:
        return keys[words][0]
    is_post = decision.subject in POSTS and (side == "this" or decision.verb is not Verb.ASSIGN)
    return words if is_post or (decision.subject is Subject.REPORT and side == "this") else keys[words][1]


def _is_same(earlier: Decision, decision: Decision, keys: Keys) -> bool:
    if (earlier.verb, earlier.subject) != (decision.verb, decision.subject):
        return False
    old = (_key(earlier, "this", keys), _key(earlier, "that", keys))
    new = (_key(decision, "this", keys), _key(decision, "that", keys))
    if earlier.verb in (Verb.SAME, Verb.DIFFERENT):
        if old[0] == old[1] or new[0] == new[1]:  # spellings with one key: only the texts tell them apart
            return earlier.sides == decision.sides
        return set(old) == set(new)
    return old == new


def decide(
    verb: Annotated[
        str, typer.Argument(metavar="same|different|rename|assign|keep|gone|evidence", help="What is decided.")
    ],
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="[stakeholder|action|event|story] THIS [THAT]",
            help="Two names or ids; for rename the new name comes second; for assign a report's key (or event or story "
            "and its id) and an action's id (or none); for keep and gone the id of an action that the newest version "
            "of its register lacks; for evidence a report's key and what stands behind its status: claimed (no more "
            "than that), evidenced, reviewed or verified.",
        ),
    ],
    campaign: CampaignOption = SHIPPED_CAMPAIGN,
    note: Annotated[str, typer.Option("--note", help="Why it was decided, for colleagues.")] = "",
    on_date: Annotated[
        str | None, typer.Option("--on", metavar="DAY", help="The day of the evidence, 2021-12-31; today by default.")
    ] = None,
    source: Annotated[str, typer.Option("--source", help="The address or document that shows it.")] = "",
    take_back: Annotated[bool, typer.Option("--undo", help="Take this decision out again.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Decide once: two are the same or different, a new name, a report's action, an action kept or gone, evidence."""
    folder = CampaignFolder(campaign)
    decision = parse_words(verb, words, note, on_date=on_date, source=source, take_back=take_back)
    is_evidence = decision.verb is Verb.EVIDENCE
    event = Event.EVIDENCE_SETTLED if is_evidence else Event.DECIDED
    undone = Event.EVIDENCE_UNDONE if is_evidence else Event.DECISION_UNDONE
    with acting_here(folder.root, undone if take_back else event) as act, only_build(folder, SHORT_WAIT):
        act.is_quiet = decision.subject is Subject.STAKEHOLDER
        _tell(act, decision)
        if take_back:
            decision, is_new = undo(folder, decision), True
            sentence = f"Taken out of decisions.csv, row {decision.line}: {_describe(decision)}. {BUILD_TO_APPLY}"
        else:
            decision, is_new = add(folder, decision)
            place = f"decisions.csv, row {decision.line}: {_describe(decision)}."
            sentence = f"Decided in {place} {BUILD_TO_APPLY}" if is_new else f"Decided already in {place}"
        _tell(act, decision, changed=is_new)
    print_said(sentence, as_json, changed=is_new, line=decision.line)


def _tell(act: Act, decision: Decision, **details: object) -> None:
    """Write the decision to the audit log; the names of stakeholders, who may be persons, stay in decisions.csv."""
    sides = [] if decision.subject is Subject.STAKEHOLDER or decision.verb is Verb.RENAME else decision.sides
    about = " ".join([decision.verb.value, decision.subject.value, *sides])
    act.say(about, verb=decision.verb.value, subject=decision.subject.value, row=decision.line, **details)


def _describe(decision: Decision) -> str:
    this, that = decision.this, decision.that
    if decision.verb is Verb.ASSIGN:
        return f"the {decision.subject.value} {this} belongs to {that or 'no action'}"
    if decision.verb is Verb.EVIDENCE:
        return f"the report {this} is {that}{f' on {decision.on_date}' if decision.on_date else ''}"
    if decision.verb in ALONE:
        return f"the action {this} is {'kept' if decision.verb is Verb.KEEP else 'gone'}"
    if decision.verb is Verb.RENAME:
        return f"the {decision.subject.value} {this} is called {that}"
    things = "stories" if decision.subject is Subject.STORY else f"{decision.subject.value}s"
    return f"the {things} {this} and {that} are {decision.verb.value.replace('same', 'the same')}"
