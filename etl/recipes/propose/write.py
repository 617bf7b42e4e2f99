"""A proposed recipe as TOML: the recognised fields, and as remarks the doubts to check and the omissions.

One function a part of the recipe, in the order of the file; `Paper` is the document with its doubts counted,
`Sources` the material of the parts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

import tomlkit
from tomlkit.items import Table

from dashboard.campaign.recipe_edit import make_result
from etl.readers.sheets import Sheet
from etl.recipes.fields import ACTION_ID, FIELDS, RESPONSE_ID, Field, Kind, Role
from etl.recipes.propose.day_words import has_no_field
from etl.recipes.propose.matching import Guess
from etl.recipes.propose.pairs import SURE, Match, names_thing
from etl.recipes.propose.profiles import Profile, Spellings, find_blanks, nearest_codes
from etl.recipes.recipe_file import Recipe
from etl.recipes.shapes.model import Column, Shape, Tool
from etl.recipes.shapes.model import Role as ColumnRole
from etl.texts.contacts import without_contacts
from etl.texts.folding import matches
from etl.texts.personal import MARK
from etl.texts.plain import plain

CHECK = "CHECK:"
LINE = 100
_SPECIAL = "[]"


@dataclass(frozen=True)
class Sources:
    """All that a proposal is written from."""

    file: str
    sheet: Sheet
    several: bool
    shape: Shape
    profiles: Sequence[Profile]
    guess: Guess
    spellings: Spellings
    recipes: Sequence[Recipe]


@dataclass
class Paper:
    """The document under way, and how many doubts it holds."""

    document: tomlkit.TOMLDocument = field(default_factory=tomlkit.document)
    doubts: int = 0

    def doubt(self, text: str) -> str:
        """Return a remark that somebody is to check something."""
        self.doubts += 1
        return f"{CHECK} {text}"


def header_of(column: Column, sources: Sources) -> str:
    """Return a column's name in a recipe: its header; for a choice below a second header row, question and option."""
    if column.choice and sources.shape.rows_after_header and sources.shape.tool is Tool.SURVEYMONKEY:
        return name_without_contacts(f"{column.question}/{column.choice}")
    return name_without_contacts(column.header or column.choice or column.question or "")


def name_without_contacts(name: str) -> str:
    """Put `*`, which means anything, for each address and phone number of a header, unless it is nothing else."""
    cleaned = without_contacts(name)
    return cleaned.replace(MARK, "*") if cleaned != name and plain(cleaned) else name


def to_array(items: Iterable[Any]) -> tomlkit.items.Array:
    """Texts as a TOML list, over several lines where they are long."""
    texts = list(items)
    array = tomlkit.array()
    for text in texts:
        array.append(text)
    return array.multiline(sum(len(str(t)) + 4 for t in texts) > LINE and len(texts) > 1)


def as_pattern(name: str) -> str:
    """Return a pattern that finds a name: brackets would be read as a choice of letters."""
    return "".join("?" if letter in _SPECIAL else letter for letter in name)


def one_line(text: str) -> str:
    """Prepare a text for a remark: on one line, without control characters and contacts, not longer than a line."""
    words = without_contacts(" ".join("".join(c if c.isprintable() else " " for c in text).split()))
    return words if len(words) <= LINE else words[: LINE - 1] + "…"


def count_rows(rows: int) -> str:
    """Write a number of rows in words."""
    return "1 row" if rows == 1 else f"{rows} rows"


_FEW_KINDS = 40
_PREFIXES = {
    Tool.MICROSOFT_FORMS: "MSF-",
    Tool.KOBOTOOLBOX: "KOBO-",
    Tool.LIMESURVEY: "LIME-",
    Tool.SURVEYMONKEY: "SM-",
    Tool.ALCHEMER: "ALC-",
}


def write_recipe(recipe_id: str, sources: Sources) -> tuple[str, int]:
    """Write a proposed recipe; return its text and the number of its doubts."""
    paper = Paper()
    fields = _chosen_fields(sources)
    _write_head(paper, recipe_id, sources, fields)
    _write_recognise(paper, sources, fields)
    _write_read(paper, sources, fields)
    _write_fields(paper, sources, fields)
    _write_results(paper, sources)
    _write_values(paper, sources, fields)
    write_leave_out(paper, sources)
    write_personal(paper, sources, fields)
    write_rest(paper, sources)
    return tomlkit.dumps(paper.document), paper.doubts


def _chosen_fields(sources: Sources) -> dict[str, Match]:
    """Return the guessed fields in the order of fields; at least the one that a recipe cannot do without."""
    kind = sources.guess.kind
    fields = dict(sources.guess.fields)
    if not fields:
        name = {Kind.PROGRESS_REPORTS: "report_id", Kind.MILESTONES: "label"}.get(kind, "title")
        column = next((c for c in sources.shape.columns if header_of(c, sources)), None)
        fields = {name: Match((column,), 0.2, "nothing else was recognised")} if column else {}
    order = [f.name for f in FIELDS[kind]]
    return {name: fields[name] for name in sorted(fields, key=order.index)}


def _write_head(paper: Paper, recipe_id: str, sources: Sources, fields: dict[str, Match]) -> None:
    document, guess = paper.document, sources.guess
    where = f"{PurePosixPath(sources.file).name}, sheet {sources.sheet.name}" if sources.sheet.name else sources.file
    for line in (
        f"Proposed for {one_line(where)}, written by: {sources.shape.title}.",
        f"Save it as <campaign>/recipes/{recipe_id}.toml, settle what is marked {CHECK}",
        "and try it: python -m etl check FILE. docs/recipes.md explains every key.",
    ):
        document.add(tomlkit.comment(line))
    document.add("id", tomlkit.item(recipe_id))
    document.add("title", tomlkit.item(f"{sources.shape.title}: {guess.kind.replace('_', ' ')}"))
    holds = tomlkit.item(str(guess.kind))
    if guess.confidence < SURE or not fields:
        kinds = ", ".join(kind for kind in Kind if kind is not Kind.ANNOTATIONS)  # the program alone writes those
        holds.comment(paper.doubt(f"{guess.confidence:.0%} sure; one row is one of {kinds}"))
    document.add("holds", holds)
    if any(column.role is ColumnRole.PARENT for column in sources.shape.columns):
        document.add(
            tomlkit.comment("A repeat: each row is joined to the row it belongs to, with its action, by itself.")
        )


def _write_recognise(paper: Paper, sources: Sources, fields: dict[str, Match]) -> None:
    table = tomlkit.table()
    if sources.several and sources.sheet.name:
        table.add("sheets", to_array([as_pattern(sources.sheet.name)]))
    shape = sources.shape
    system = [c for c in shape.columns if c.role in (ColumnRole.ID, ColumnRole.TIME, ColumnRole.PARENT) and c.header]
    system_headers = [header_of(c, sources) for c in system][:2] if shape.tool is not Tool.PLAIN else []
    mapped = [header_of(match.columns[0], sources) for match in fields.values()]
    headers = list(dict.fromkeys([*system_headers, *[h for h in mapped if h and h not in system_headers][:3]]))
    table.add("headers", to_array(headers))
    table.add(tomlkit.comment("Give file_names too where another export has the same headers:"))
    table.add(
        tomlkit.comment(f"file_names = {to_array([as_pattern(PurePosixPath(sources.file).stem) + '*']).as_string()}")
    )
    paper.document.add("recognise", table)


def _write_read(paper: Paper, sources: Sources, fields: dict[str, Match]) -> None:
    table, shape = tomlkit.table(), sources.shape
    if shape.header_row > 1:
        table.add("header_row", shape.header_row)
    if shape.rows_after_header:
        table.add("rows_after_header", shape.rows_after_header)
    if shape.group_separators:
        table.add("group_separators", to_array(shape.group_separators))
    separators = _separators(sources, fields)
    if separators:
        table.add("separators", to_array(separators))
    doubtful = _ambiguous_dates(sources, fields)
    if doubtful:
        texts = ", ".join(f"“{one_line(header)}”" for header in doubtful)
        table.add(tomlkit.comment(paper.doubt(f"nothing tells day from month in {texts}. Write what is true:")))
        usual = sources.shape.date_order if sources.shape.date_order != "ymd" else "dmy"
        table.add(tomlkit.comment(f'date_order = "{usual}"'))
    used_columns = [c.index for match in fields.values() for c in match.columns if not c.choice]
    blanks = find_blanks(sources.profiles, used_columns)
    if blanks:
        table.add("blank", to_array(blanks))
    if table.value.body:
        paper.document.add("read", table)


def _separators(sources: Sources, fields: dict[str, Match]) -> list[str]:
    """List the separators of the fields with several codes, else those of the tool."""
    separators = [s for match in fields.values() if match.codes and not match.is_split for s in match.codes.separators]
    return list(dict.fromkeys([*separators, *(() if separators else sources.shape.separators)]))


def has_doubtful_order(sources: Sources) -> bool:
    """Whether days can be read in two ways, and nothing in the sheet tells which."""
    return bool(_ambiguous_dates(sources, _chosen_fields(sources)))


def _ambiguous_dates(sources: Sources, fields: dict[str, Match]) -> list[str]:
    """List the columns of days with two readings and no proof of either, where no other column of the sheet has one."""
    roles = {f.name: f.role for f in FIELDS[sources.guess.kind]}
    dated = [m.columns[0] for name, m in fields.items() if roles[name] in (Role.DAY, Role.TIME) and m.columns]
    proven = {
        is_day_first
        for profile in sources.profiles
        for is_day_first, cells in ((True, profile.day_first), (False, profile.month_first))
        if cells
    }
    if len(proven) == 1:
        return []
    return [
        header_of(column, sources)
        for column in dated
        if (profile := sources.profiles[column.index]).ambiguous and not profile.day_first + profile.month_first
    ]


def _write_fields(paper: Paper, sources: Sources, fields: dict[str, Match]) -> None:
    fields_by_name = {f.name: f for f in FIELDS[sources.guess.kind]}
    required = next((n for n in ("title", "label", "status", "submission_id", "report_id") if n in fields), None)
    tables = tomlkit.table(is_super_table=True)
    for name, match in fields.items():
        table = tomlkit.table()
        if match.doubt:
            table.comment(paper.doubt(one_line(match.doubt)))
        if match.is_split:
            table.add("choices", _choices(paper, fields_by_name[name], match, sources))
        else:
            table.add("headers", to_array([header_of(match.columns[0], sources)]))
            question = match.columns[0].question
            if question and question != match.columns[0].header and sources.shape.rows_after_header:
                table["headers"].comment(one_line(question))
        if name == required and match.confidence >= SURE:
            table.add("required", True)
        prefix = _prefix(name, match, sources)
        if prefix:
            table.add("prefix", prefix)
        tables.add(_written_name(paper, name, table, match, sources), table)
    paper.document.add("fields", tables)
    missing = _missing(sources.guess.kind, fields)
    if missing:
        paper.document.add(tomlkit.comment(paper.doubt(missing)))


def _write_results(paper: Paper, sources: Sources) -> None:
    tables = tomlkit.aot()
    for block in sources.guess.results:
        columns = {name: [header_of(match.columns[0], sources)] for name, match in block.fields.items()}
        table = make_result(block.indicator, block.unit, columns)
        if block.doubt:
            table.comment(paper.doubt(one_line(block.doubt)))
        tables.append(table)
    if len(tables):
        paper.document.add("results", tables)


def _written_name(paper: Paper, name: str, table: Table, match: Match, sources: Sources) -> str:
    """Return a field's name; for an id by its object: a form tool numbers responses, all else actions."""
    if name != "submission_id":
        return name
    column = match.columns[0]
    if sources.guess.kind is not Kind.ACTIONS:
        return ACTION_ID
    if sources.shape.tool is not Tool.PLAIN and column.role is ColumnRole.ID:
        return RESPONSE_ID
    if not sources.profiles[column.index].is_unique:
        table.add(tomlkit.comment(paper.doubt("some ids stand in several rows; rows with one id are one action")))
    return ACTION_ID


def _missing(kind: Kind, fields: dict[str, Match]) -> str:
    if kind is Kind.PROGRESS_REPORTS and not {"submission_id", "title", "stakeholder"} & set(fields):
        return "no column names the action that a report is about: every row would be rejected"
    if kind is Kind.PROGRESS_REPORTS and not {"status", "percent", "completed_on"} & set(fields):
        return "no column says how the action stands"
    if kind in (Kind.CLASSIFICATION, Kind.RESULTS) and not {"submission_id", "title"} & set(fields):
        return "no column names the action: every row would be rejected"
    dated = {name for name in ("reported_on", "submitted_at") if name in fields and fields[name].confidence >= SURE}
    if kind is Kind.ACTIONS and "status" in fields and not dated:
        return "no column says on which day the statuses were true: the build asks it of each file"
    return ""


def _prefix(name: str, match: Match, sources: Sources) -> str:
    """Return a prefix for ids that are plain numbers, as another form may have the same ones."""
    profile = sources.profiles[match.columns[0].index]
    if name != "submission_id" or sources.guess.kind is not Kind.ACTIONS or profile.numbers < 1:
        return ""
    return _PREFIXES.get(sources.shape.tool, "")


def _choices(paper: Paper, field_: Field, match: Match, sources: Sources) -> Table:
    """Write the columns of each code; choices that are no code stand as remarks."""
    table = tomlkit.table()
    headers_of: dict[str, list[str]] = {}
    for column in match.columns:
        code = sources.spellings.look_up(field_.codelist or "", column.choice or "")
        if code:
            headers_of.setdefault(code, []).append(header_of(column, sources))
    for code, headers in headers_of.items():
        table.add(code, to_array(headers))
    unknown = [c for c in match.columns if not sources.spellings.look_up(field_.codelist or "", c.choice or "")]
    for column in unknown:
        header = to_array([header_of(column, sources)]).as_string()
        table.add(tomlkit.comment(paper.doubt(f"which code? … = {one_line(header)}")))
    if not headers_of:
        table.add(one_line(match.columns[0].choice or "choice"), to_array([header_of(match.columns[0], sources)]))
    return table


def _write_values(paper: Paper, sources: Sources, fields: dict[str, Match]) -> None:
    fields_by_name = {f.name: f for f in FIELDS[sources.guess.kind]}
    tables = tomlkit.table(is_super_table=True)
    for name, match in fields.items():
        if match.codes is None or match.is_split or not _may_be_shown(match, sources):
            continue
        nearest = nearest_codes(fields_by_name[name], match.codes, sources.spellings)
        if not nearest:
            continue
        table = tomlkit.table()
        for near in nearest:
            if near.code is None:
                line = f"{tomlkit.item(near.word).as_string()} = "
                table.add(tomlkit.comment(paper.doubt(f"matches no code, {count_rows(near.rows)}: {one_line(line)}")))
                continue
            item = tomlkit.item(near.code)
            item.comment(paper.doubt(f"looks misspelt, in {count_rows(near.rows)}"))
            table.add(near.word, item)
        tables.add(name, table)
    if len(tables):
        paper.document.add("values", tables)


def _may_be_shown(match: Match, sources: Sources) -> bool:
    """Whether a column's words are choices, not texts that people wrote about themselves."""
    profile = sources.profiles[match.columns[0].index]
    if match.codes is None or profile.is_personal:
        return False
    return match.codes.share >= 0.5 or (profile.kinds <= _FEW_KINDS and profile.kinds < profile.filled)


_MOST_UNMAPPED = 60
_NINE_IN_TEN = 0.9
_MOSTLY = 0.6
_TOLD_BY_CODES = ("status", "countries", "themes", "category", "stakeholder_group")


def write_leave_out(paper: Paper, sources: Sources) -> None:
    """Leave out the rows that the tool marks as not valid, as the tool's shipped recipe does."""
    headers = {c.header for c in sources.shape.columns if c.header}
    tool, fold = str(sources.shape.tool), sources.spellings.fold
    rules = {rule for recipe in sources.recipes if recipe.id.startswith(f"{tool}_") for rule in recipe.leave_out}
    tables = tomlkit.aot()
    for rule in sorted(rules, key=lambda r: (r.headers, r.values)):
        patterns = [fold.pattern(spelling) for spelling in rule.headers]
        ignored_headers = [h for h in headers if any(matches(pattern, fold(h)) for pattern in patterns)]
        if ignored_headers:
            table = tomlkit.table()
            table.add("headers", to_array(sorted(set(ignored_headers))))
            table.add("values", to_array(rule.values))
            table.add("reason", rule.reason)
            tables.append(table)
    if len(tables):
        paper.document.add("leave_out", tables)


def write_personal(paper: Paper, sources: Sources, fields: dict[str, Match]) -> None:
    """Write the columns for the private store; those that go there by their header alone need a check."""
    used_columns = {c.index for match in fields.values() for c in match.columns}
    columns = [
        c
        for c in sources.shape.columns
        if c.header
        and c.index not in used_columns
        and (c.role is ColumnRole.PERSONAL or sources.profiles[c.index].is_personal)
    ]
    if not columns:
        return
    table = tomlkit.table()
    by_header = [f"“{one_line(c.header or '')}”" for c in columns if not _holds_persons(sources.profiles[c.index], c)]
    if by_header and sources.shape.tool is Tool.PLAIN or any(map(names_thing, columns)):
        table.add(tomlkit.comment(paper.doubt(f"private by the header alone: {one_line(', '.join(by_header))}")))
    table.add("headers", to_array(dict.fromkeys(name_without_contacts(c.header or "") for c in columns)))
    paper.document.add("personal", table)


def _holds_persons(profile: Profile, column: Column) -> bool:
    """Whether nine in ten cells are addresses, numbers or names of persons, or there is none."""
    if names_thing(column) and profile.filled:
        return False
    return not profile.filled or max(profile.mails, profile.phones, profile.names) >= _NINE_IN_TEN


def list_open(sources: Sources) -> list[Column]:
    """List the columns that the proposal leaves out: answers that are no field and not personal."""
    used_columns = {c.index for match in _chosen_fields(sources).values() for c in match.columns}
    used_columns |= sources.guess.result_columns
    return [
        c
        for c in sources.shape.columns
        if c.index not in used_columns and c.header and c.role is ColumnRole.ANSWER
        if not sources.profiles[c.index].is_personal and sources.profiles[c.index].filled
    ]


def write_rest(paper: Paper, sources: Sources) -> None:
    """Write the open columns, each with its likely content: never a cell."""
    rest = list_open(sources)
    if not rest:
        return
    paper.document.add(tomlkit.nl())
    is_survey = sources.guess.kind is Kind.PROGRESS_REPORTS
    for line in (
        "Left open: nothing of these columns is counted or published until you say here what they are, as a field,",
        ("a question, " if is_survey else "") + "staff_only, personal or set_aside, or on the page Data quality.",
    ):
        paper.document.add(tomlkit.comment(line))
    lines = list(dict.fromkeys(_unmapped(column, rest, sources) for column in rest))
    for line in lines[:_MOST_UNMAPPED]:
        paper.document.add(tomlkit.comment("  " + line))
    if len(lines) > _MOST_UNMAPPED:
        paper.document.add(tomlkit.comment(f"  … and {len(lines) - _MOST_UNMAPPED} more"))


def _unmapped(column: Column, rest: Sequence[Column], sources: Sources) -> str:
    """Describe in one line a column that is mapped to nothing, or a question with a column a choice."""
    if column.choice:
        columns = [c for c in rest if c.choice and c.question == column.question]
        return f"{one_line(column.question or '')}: {len(columns)} columns, one a choice"
    profile = sources.profiles[column.index]
    likeliest = max(
        (f for f in FIELDS[sources.guess.kind] if f.codelist and f.name in _TOLD_BY_CODES),
        key=lambda f: profile.best(f.codelist or "").share,
        default=None,
    )
    share = profile.best(likeliest.codelist or "").share if likeliest else 0.0
    looks = f"; {share:.0%} of its values would be understood as {likeliest.name}" if share >= 0.5 and likeliest else ""
    if rival := find_rival(column, sources):
        field, rival_column = rival
        looks = f"; could be {field} as well, for which “{one_line(header_of(rival_column, sources))}” is proposed"
    if is_other_day(column, profile):
        looks = "; its header speaks of a deadline, a plan or a beginning, so it is taken for no other day"
    return f"{one_line(column.header or '')}: {_describe(profile)}{looks}"


def find_rival(column: Column, sources: Sources) -> tuple[str, Column] | None:
    """Find the field that a column could be as well, and the proposed column of that field; None for no such field."""
    fields = sources.guess.fields.items()
    return next(((name, m.columns[0]) for name, m in fields if column.index in [r.index for r in m.rivals]), None)


def is_other_day(column: Column, profile: Profile) -> bool:
    """Whether a column without a use holds days that are proposed for no field because of its header."""
    return profile.days > _MOSTLY and has_no_field(column.header)


def _describe(profile: Profile) -> str:
    """Describe a column's likely content in words."""
    if not profile.filled:
        return "empty"
    for share, word in ((profile.days, "dates"), (profile.links, "web addresses"), (profile.numbers, "numbers")):
        if share > _MOSTLY:
            return f"{word} in {count_rows(profile.filled)}"
    if profile.kinds <= _FEW_KINDS and profile.kinds < profile.filled:
        return f"{profile.kinds} different answers in {count_rows(profile.filled)}"
    return f"texts in {count_rows(profile.filled)}"
