"""Files that people have edited by hand: the figures stay what they were, or the build asks; none is wrong unsaid."""

import csv
import io
import random
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest

from dashboard.errors import UserError
from etl.build.build import build
from etl.publish.publish import refuse_unanswered
from etl.sqlfiles import ask
from tests.acceptance import edits
from tests.acceptance.edits import Edit, Register
from tests.acceptance.published import EXPORTS, needs_exports
from tests.acceptance.registers import HEADERS, KNOWN, TRUTH, YES_NO, Figures, write_rows
from tests.etl.campaigns import make_campaign

FIELDS = ("countries", "themes", "status")
PLAIN = tuple(edit for edit in edits.EDITS if edit not in edits.ASKED_ABOUT)
IN_WORKBOOKS = (edits.older_sheet, edits.hidden_sheet)


def read_figures(connection: duckdb.DuckDBPyConnection) -> Figures:
    """What the attached snapshot says of its actions."""
    ((actions, completed),) = connection.execute(
        "select (select count(*) from snapshot.actions), (select count(distinct action_id) "
        "from snapshot.progress_reports where status = 'completed')"
    ).fetchall()
    regions, themes = (
        dict(connection.execute(f"select {name}, count(*) from snapshot.action_{name}s group by all").fetchall())  # noqa: S608
        for name in ("region", "theme")
    )
    return Figures(actions, completed, regions, themes)


def load(root: Path, file: str, content: bytes, *, publishing: bool = True) -> tuple[Figures, dict[str, str]]:
    """The figures of a campaign of one file, and what its columns are asked about: the field by header.

    Raises:
        UserError: the build, or publishing it, is refused.
    """
    folder = make_campaign(root, {file: content}, {})
    with build(folder, folder.published) as result, duckdb.connect() as connection:
        connection.execute(f"attach '{result.snapshot}' as snapshot (read_only)")
        if publishing:
            refuse_unanswered(result.snapshot)
        asked = {header: field for _, _, header, field, _ in ask(connection, "report/asked_columns")}
        return read_figures(connection), asked


def name(case: object) -> str:
    """A part of a case as its id shows it."""
    return "+".join(edit.__name__ for edit in case) if isinstance(case, tuple) else getattr(case, "__name__", str(case))


def most(cases: Sequence[tuple[object, ...]], few: int) -> list[object]:
    """The cases as parameters: the first `few` in every run, the others in `make test-rest`."""
    return [pytest.param(*case, marks=[pytest.mark.exhaustive] if i >= few else []) for i, case in enumerate(cases)]


@pytest.mark.parametrize(
    ("lang", "number", "is_answered"),
    most([(lang, number, yes) for number in (9, *range(9)) for yes in (True, False) for lang in HEADERS], 3),
)
def test_no_register_is_a_silent_zero(tmp_path, lang, number, is_answered):
    headers = HEADERS[lang][number]
    out = io.StringIO()
    csv.writer(out).writerows([headers, *write_rows(lang, YES_NO[lang] if is_answered else None)])
    figures, asked = load(tmp_path / "c", "register.csv", out.getvalue().encode(), publishing=False)
    assert figures.actions == TRUTH.actions
    for header, field, is_read in zip(
        headers[2:],
        FIELDS,
        (figures.regions == TRUTH.regions, figures.themes == TRUTH.themes, figures.completed == TRUTH.completed),
        strict=True,
    ):
        assert is_read or asked.get(header) == field, header
    assert set(asked) <= set(headers[2:])


def in_order(several: Sequence[Edit]) -> tuple[Edit, ...]:
    """Edits as people make them one after the other: first what moves rows and columns, then what is added to them."""
    return tuple(sorted(several, key=edits.EDITS.index))


def combinations(count: int, size: int) -> list[tuple[str, tuple[Edit, ...], int]]:
    """Combinations of edits in which each occurs, with the language and a seed."""
    draw = random.Random(8)  # noqa: S311  (test data, nothing secret)
    cases: list[tuple[str, tuple[Edit, ...], int]] = []
    while len(cases) < count:
        order = draw.sample(PLAIN, len(PLAIN))
        cases += [
            (draw.choice(list(KNOWN)), in_order(order[i : i + size]), len(cases) + i)
            for i in range(0, len(order), size)
        ]
    return cases


@pytest.mark.parametrize(("lang", "several", "seed"), most(combinations(60, 4), 5), ids=name)
def test_edits_change_no_figure(tmp_path, lang, several, seed):
    draw = random.Random(seed)  # noqa: S311  (test data, nothing secret)
    register = Register(list(KNOWN[lang]), write_rows(lang))
    for edit in several:
        register = edit(register, draw)
    in_workbook = any(edit in IN_WORKBOOKS for edit in several) or draw.random() < 0.5
    file, content = ("r.xlsx", register.as_workbook()) if in_workbook else ("r.csv", register.as_csv())
    figures, asked = load(tmp_path / "c", file, content)
    assert (figures, asked) == (TRUTH, {})


@pytest.mark.parametrize(
    ("edit", "lang"), most([(edit, lang) for lang in KNOWN for edit in edits.ASKED_ABOUT], 4), ids=name
)
def test_edits_that_leave_a_doubt_are_asked_about(tmp_path, edit, lang):
    register = edit(Register(list(KNOWN[lang]), write_rows(lang)), random.Random(1))  # noqa: S311  (test data)
    with pytest.raises(UserError) as refused:
        load(tmp_path / "c", "r.xlsx", register.as_workbook())
    assert "r.xlsx" in refused.value.what
    changed = set(register.header) - set(KNOWN[lang])
    assert all(str(header) in str(refused.value) for header in changed)


REAL = (
    ("oyu-tolgoi-scorecard/commitments_2020-05-29.csv", "oyu_tolgoi"),
    ("canada-mandate-letters/2021-mandate-commitments.csv", "mandate_letters"),
    ("nz-promises/promises.csv", "nz_promises"),
    ("kobotoolbox/household_individuals_split_select.csv", "kobo_individuals"),
)
OF_ANY_TABLE = tuple(
    edit
    for edit in PLAIN
    # A real file is in its own encoding, its last column is no status, a lone word in a column of ids may be one, and
    # of a survey without ids the same answers twice are two.
    if edit not in (edits.capitals, edits.full_stops, edits.semicolons, edits.headings_between, edits.row_again)
)


def count_everything(root: Path, content: bytes, recipe: str) -> list[list[tuple[object, ...]]]:
    """What a campaign of one real file says: its actions, reports and answers, counted by their classes."""
    text = (Path(__file__).parent / "recipes" / f"{recipe}.toml").read_text(encoding="utf-8")
    folder = make_campaign(root, {"edited.csv": content}, {recipe: text})
    with build(folder, folder.published) as result, duckdb.connect(result.snapshot, read_only=True) as connection:
        refuse_unanswered(result.snapshot)
        return [
            connection.execute(question).fetchall()
            for question in (
                "select category, count(*), min(due_on), max(due_on) from actions group by all order by all",
                "select status, count(*), sum(percent), min(reported_on), max(reported_on) from progress_reports "
                "group by all order by all",
                "select region, count(*) from action_regions group by all order by all",
                "select theme, count(*) from action_themes group by all order by all",
                "select question, answer, count(*) from survey_answers group by all order by all",
            )
        ]


@needs_exports
@pytest.mark.parametrize(("path", "recipe"), most(REAL, 1), ids=name)
def test_edits_of_real_exports_change_no_figure(tmp_path, path, recipe):
    text = (EXPORTS / path).read_text(encoding="utf-8-sig")
    separator = max(",;\t", key=text.split("\n", 1)[0].count)
    header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    register = Register(list(header), [list(row) for row in rows], delimiter=separator)
    draw = random.Random(3)  # noqa: S311  (test data, nothing secret)
    expected = count_everything(tmp_path / "as it is", register.as_csv(), recipe)
    order = draw.sample([edit for edit in OF_ANY_TABLE if edit not in IN_WORKBOOKS], len(OF_ANY_TABLE) - 1)
    for number in range(0, len(order), 5):
        edited, several = register, in_order(order[number : number + 5])
        for edit in several:
            edited = edit(edited, draw)
        assert count_everything(tmp_path / str(number), edited.as_csv(), recipe) == expected, name(several)
