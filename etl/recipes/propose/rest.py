"""The parts of a proposed recipe that map nothing: rows to leave out, personal columns, what is left over."""

from collections.abc import Sequence

import tomlkit

from etl.recipes.fields import Kind
from etl.recipes.propose.columns import Profile
from etl.recipes.propose.pairs import Match
from etl.recipes.propose.paper import Paper, Sources, count_rows, one_line, to_array
from etl.shapes.model import Column
from etl.shapes.model import Role as ColumnRole
from etl.texts.folding import matches

_MOST_UNMAPPED = 60
_FEW_KINDS = 40


def write_leave_out(paper: Paper, sources: Sources) -> None:
    """The rows that the tool marks as not valid, as the shipped recipe of the tool says."""
    headers = {c.header for c in sources.shape.columns if c.header}
    tool, fold = str(sources.shape.tool), sources.spellings.fold
    rules = {rule for recipe in sources.recipes if recipe.id.startswith(f"{tool}_") for rule in recipe.leave_out}
    tables = tomlkit.aot()
    for rule in sorted(rules, key=lambda r: (r.headers, r.values)):
        patterns = [fold.pattern(wanted) for wanted in rule.headers]
        found = [h for h in headers if any(matches(pattern, fold(h)) for pattern in patterns)]
        if found:
            table = tomlkit.table()
            table.add("headers", to_array(sorted(set(found))))
            table.add("values", to_array(rule.values))
            table.add("reason", rule.reason)
            tables.append(table)
    if len(tables):
        paper.document.add("leave_out", tables)


def write_personal(paper: Paper, sources: Sources, fields: dict[str, Match]) -> None:
    """The columns that go to the private store."""
    used = {c.index for match in fields.values() for c in match.columns}
    headers = [
        c.header
        for c in sources.shape.columns
        if c.header and c.index not in used and (c.role is ColumnRole.PERSONAL or sources.profiles[c.index].is_personal)
    ]
    if headers:
        table = tomlkit.table()
        table.add("headers", to_array(dict.fromkeys(headers)))
        paper.document.add("personal", table)


def write_rest(paper: Paper, sources: Sources, fields: dict[str, Match]) -> None:
    """The columns that are mapped to nothing, each with what it seems to hold: never a cell."""
    used = {c.index for match in fields.values() for c in match.columns}
    rest = [
        c
        for c in sources.shape.columns
        if c.index not in used and c.header and c.role in (ColumnRole.ANSWER, ColumnRole.TIME, ColumnRole.ID)
        if not sources.profiles[c.index].is_personal
    ]
    if not rest:
        return
    kept = sources.guess.kind is Kind.PROGRESS_REPORTS
    paper.document.add(tomlkit.nl())
    paper.document.add(
        tomlkit.comment("Not mapped" + (" (closed questions are kept as survey answers):" if kept else ":"))
    )
    lines = list(dict.fromkeys(_unmapped(column, rest, sources.profiles) for column in rest))
    for line in lines[:_MOST_UNMAPPED]:
        paper.document.add(tomlkit.comment("  " + line))
    if len(lines) > _MOST_UNMAPPED:
        paper.document.add(tomlkit.comment(f"  … and {len(lines) - _MOST_UNMAPPED} more"))


def _unmapped(column: Column, rest: Sequence[Column], profiles: Sequence[Profile]) -> str:
    """One line about a column that is mapped to nothing, or about a question with a column a choice."""
    if column.choice:
        columns = [c for c in rest if c.choice and c.question == column.question]
        return f"{one_line(column.question or '')}: {len(columns)} columns, one a choice"
    return f"{one_line(column.header or '')}: {_describe(profiles[column.index])}"


def _describe(profile: Profile) -> str:
    """What a column seems to hold, in words."""
    if not profile.filled:
        return "empty"
    mostly = 0.6
    for share, word in ((profile.days, "dates"), (profile.links, "web addresses"), (profile.numbers, "numbers")):
        if share > mostly:
            return f"{word} in {count_rows(profile.filled)}"
    if profile.kinds <= _FEW_KINDS and profile.kinds < profile.filled:
        return f"{profile.kinds} different answers in {count_rows(profile.filled)}"
    return f"texts in {count_rows(profile.filled)}"
