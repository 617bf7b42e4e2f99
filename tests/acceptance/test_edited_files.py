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


def combinations(count: int, size: int) -> list[tuple[str, tuple[Edit, ...], int]]:
    """Combinations of edits in which each occurs, with the language and a seed."""
    draw = random.Random(8)  # noqa: S311  (test data, nothing secret)
    cases: list[tuple[str, tuple[Edit, ...], int]] = []
    while len(cases) < count:
        order = draw.sample(PLAIN, len(PLAIN))
        cases += [
            (draw.choice(list(KNOWN)), tuple(order[i : i + size]), len(cases) + i) for i in range(0, len(order), size)
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
