"""Find the submissions that are one action and one stakeholder: by their own keys, and by the decisions of staff."""

from collections.abc import Hashable, Sequence

import duckdb

from etl.inputs.decisions import ALONE, POSTS, Decision, Groups, Subject, Verb, refuse_contradictions
from etl.readers.engine import DUCKDB, Engine
from etl.sqlfiles import ask, has_rows, insert_rows, run_file, run_step

_MISSING = 'what stands under "{side}" is not in the files'
_SEVERAL = 'what stands under "{side}" means several: write the id'
_NOT_GONE = "the files hold no older version with an action of that id that the newest version lacks"
_ALIKE = "both sides are one and the same in the files"

_Meanings = dict[str, list[Hashable]]


def identify(
    connection: duckdb.DuckDBPyConnection,
    decisions: Sequence[Decision],
    *,
    has_versions: bool = False,
    engine: Engine = DUCKDB,
) -> None:
    """Fill the work database's tables of stakeholders and of the submissions that are one action.

    `has_versions`: whether some files are versions of one register; superseded rows are taken out first.

    Raises:
        DecisionError: two decisions contradict each other, given the content of the files.
    """
    rows = [(d.line, d.verb.value, d.subject.value, d.this, d.that, d.note, None) for d in decisions]
    insert_rows(connection, "decided", rows)
    evidence = [
        (d.line, d.this, d.that, d.on_date or None, d.source or None, d.decided_on)
        for d in decisions if d.verb is Verb.EVIDENCE
    ]  # fmt: skip
    insert_rows(connection, "decided_evidence", evidence)
    _name_stakeholders(connection, decisions, engine)
    if has_versions:
        run_step(connection, "29_superseded", {"missing": _NOT_GONE})
        _name_stakeholders(connection, decisions, engine)  # as if the superseded rows had never been read
    elif any(decision.verb in ALONE for decision in decisions):
        connection.execute("update decided set why_not = $why where verb in ('gone', 'keep')", {"why": _NOT_GONE})
    _settle_stakeholders(connection, decisions)
    _tell_actions_apart(connection, decisions)
    run_step(connection, "30_action_keys")
    _spread_roots(connection)
    mixed = (
        [root for (root,) in ask(connection, "decisions/roots_mixed")] if has_rows(connection, "action_links") else []
    )
    if mixed:
        run_step(connection, "32_part_actions", {"roots": mixed})
        _spread_roots(connection)
    run_step(connection, "35_action_ids")
    _settle_actions(connection, decisions)


def _name_stakeholders(connection: duckdb.DuckDBPyConnection, decisions: Sequence[Decision], engine: Engine) -> None:
    """Find the spellings of stakeholders that are one name, and the key of each submission's stakeholder."""
    names = [name for d in _about(decisions, Subject.STAKEHOLDER) for name in d.sides]
    engine.run_step(connection, "28_stakeholder_names", {"asked": names})
    _tell_names_apart(connection, decisions)
    run_step(connection, "29_stakeholder_keys")


def _about(decisions: Sequence[Decision], subject: Subject, *verbs: Verb) -> list[Decision]:
    return [d for d in decisions if d.subject == subject and (not verbs or d.verb in verbs)]


def _spread_roots(connection: duckdb.DuckDBPyConnection) -> None:
    """Carry the smallest root along the links until nothing changes: linked submissions are one action."""
    has_changed = has_rows(connection, "action_links")
    while has_changed:
        run_step(connection, "31_spread_roots")
        has_changed = ask(connection, "decisions/roots_changed")[0][0] > 0
        connection.execute("create or replace table action_roots as from action_roots_next")


def _tell_names_apart(connection: duckdb.DuckDBPyConnection, decisions: Sequence[Decision]) -> None:
    """Give a spelling that staff told apart from another one with the same key a key of its own."""
    chosen = _about(decisions, Subject.STAKEHOLDER, Verb.DIFFERENT)
    keys = _look_up(connection, "name_keys", [name for d in chosen for name in d.sides])
    for decision in chosen:
        this, that = decision.sides
        if not set(keys.get(this, [])) & set(keys.get(that, [])):
            continue
        if that.startswith("st_"):  # an id is no spelling: the other side is told apart
            this, that = that, this
        run_file(connection, "decisions/names_apart", {"this": this, "that": that})


def _settle_stakeholders(connection: duckdb.DuckDBPyConnection, decisions: Sequence[Decision]) -> None:
    chosen = _about(decisions, Subject.STAKEHOLDER)
    if not chosen:
        return
    meanings = _look_up(connection, "stakeholder_nodes", [name for d in chosen for name in d.sides])
    insert_rows(
        connection,
        "decided_keys",
        [
            (d.line, side, key)
            for d in chosen
            for side in ("this", "that")
            for key in meanings.get(getattr(d, side), [])
        ],
    )
    for decision in _about(chosen, Subject.STAKEHOLDER, Verb.RENAME):  # the name that pages show is known as well
        meanings.setdefault(decision.that, meanings.get(decision.this, []))
    groups = _settle(connection, chosen, meanings)
    root_of = {key: min(str(k) for k in group) for group in groups for key in group}
    joined = sorted((str(key), root) for key, root in root_of.items() if key != root)
    insert_rows(connection, "stakeholder_roots", joined)
    for decision in chosen:
        this, that = meanings.get(decision.this, []), meanings.get(decision.that, [])
        if decision.verb is Verb.RENAME and len(this) == 1:
            key = root_of.get(this[0], this[0])
            ask(connection, "decisions/rename_stakeholder", {"key": key, "name": decision.that})
        if decision.verb is Verb.DIFFERENT and len(this) == len(that) == 1:
            sides = sorted(str(root_of.get(key, key)) for key in (this[0], that[0]))
            ask(connection, "decisions/settle_stakeholders", dict(zip(("this", "that"), sides, strict=True)))


def _tell_actions_apart(connection: duckdb.DuckDBPyConnection, decisions: Sequence[Decision]) -> None:
    """Note the ids whose submissions staff told apart from another's: they are merged with their own kind only."""
    chosen = _about(decisions, Subject.ACTION, Verb.DIFFERENT)
    meanings = _look_up(connection, "submission_ids", [name for d in chosen for name in d.sides])

    def written(name: str) -> str:
        ids = [str(one) for one in meanings.get(name, [])]
        return ids[0] if len(ids) == 1 and name not in ids else name

    def later(name: str) -> tuple[bool, str]:
        return (name.startswith("s_"), name)  # the name of one submission, not of what it shares with others

    apart = sorted({max(written(d.this), written(d.that), key=later) for d in chosen})
    insert_rows(connection, "actions_apart", [(name,) for name in apart])


def _settle_actions(connection: duckdb.DuckDBPyConnection, decisions: Sequence[Decision]) -> None:
    subjects = (Subject.STAKEHOLDER, *POSTS)  # posts are settled when all of them are known
    handled_verbs = (*ALONE, Verb.EVIDENCE)
    chosen = [d for d in decisions if d.subject not in subjects and d.verb not in handled_verbs]
    if not chosen:
        return
    names = [name for d in _about(chosen, Subject.ACTION) for name in d.sides]
    names += [d.that for d in _about(chosen, Subject.REPORT) if d.that]
    meanings = _look_up(connection, "action_nodes", names)
    groups = _settle(connection, chosen, meanings)
    same = [(row_no, number) for number, group in enumerate(groups) for row_no in group]
    insert_rows(connection, "same_actions", same)
    for decision in chosen:
        this, that = meanings.get(decision.this, []), meanings.get(decision.that, [])
        if decision.verb is Verb.RENAME and len(this) == 1:
            insert_rows(connection, "renamed_actions", [(this[0], decision.that)])
        if decision.verb is Verb.DIFFERENT and len(this) == len(that) == 1:
            insert_rows(connection, "settled_actions", [(this[0], that[0])])
        if decision.verb is Verb.ASSIGN and (not decision.that or len(that) == 1):
            insert_rows(connection, "decided_assignments", [(decision.this, that[0] if that else None)])


def _look_up(connection: duckdb.DuckDBPyConnection, query: str, names: Sequence[str]) -> _Meanings:
    """Look up the meanings of each name or id; leave out a name without any."""
    if not names:
        return {}
    return dict(ask(connection, f"decisions/{query}", {"asked": list(names)}))


def _settle(
    connection: duckdb.DuckDBPyConnection, decisions: Sequence[Decision], meanings: _Meanings
) -> list[list[Hashable]]:
    """Note why decisions change nothing, refuse contradictions and return the groups of things that are one.

    Raises:
        DecisionError: two decisions contradict each other.
    """

    def node(decision: Decision, side: str) -> Hashable:
        name: str = getattr(decision, side)
        if (side, decision.verb) in ((("this"), Verb.ASSIGN), ("that", Verb.RENAME)) or not name:
            return name
        things = meanings.get(name, [])
        return things[0] if len(things) == 1 else None

    for decision in decisions:
        why_not = _why_not(decision, meanings)
        if why_not:
            connection.execute("update decided set why_not = ? where line = ?", (why_not, decision.line))
    refuse_contradictions(decisions, node)
    groups = Groups()
    members: set[Hashable] = set()
    for decision in decisions:
        sides = [node(decision, "this"), node(decision, "that")]
        if decision.verb is Verb.SAME and None not in sides:
            groups.join(sides[0], sides[1])
            members.update(sides)
    by_root: dict[Hashable, list[Hashable]] = {}
    for member in sorted(members, key=str):
        by_root.setdefault(groups.root(member), []).append(member)
    return [group for group in by_root.values() if len(group) > 1]


def _why_not(decision: Decision, meanings: _Meanings) -> str | None:
    """Explain why a decision changes nothing in this build; None where it does."""
    sides = ["this"] if decision.verb is Verb.RENAME else ["this", "that"]
    if decision.verb is Verb.ASSIGN:
        sides = ["that"] if decision.that else []
    side_things = [meanings.get(getattr(decision, side), []) for side in sides]
    for side, things in zip(sides, side_things, strict=True):
        if len(things) != 1:
            return (_SEVERAL if things else _MISSING).format(side=side)
    if decision.verb is Verb.DIFFERENT and side_things[0] == side_things[1]:
        return _ALIKE
    return None
