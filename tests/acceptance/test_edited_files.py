"""Files that people have edited by hand: the figures do not change, or the build asks; none is wrong in silence.

`python -m tests.acceptance.edit_matrix` tries every single edit on every file.
"""

import csv
import io
import random
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from dashboard.campaign.file_names import find_names
from dashboard.errors import UserError
from etl.pipeline.build import build
from etl.publish.publish import refuse_unanswered
from etl.sqlfiles import ask
from tests.acceptance import edits
from tests.acceptance.edited_files import MADE_SOURCES, REAL_SOURCES, SAMPLE_SOURCES, Source, edit_in_turn, load_source
from tests.acceptance.edited_table import Table
from tests.acceptance.edits import Edit
from tests.acceptance.registers import HEADERS, KNOWN, TRUTH, YES_NO, Figures, write_rows
from tests.etl.campaigns import built, count_from_submission, make_campaign

FIELDS = ("countries", "themes", "status")


def read_figures(connection: duckdb.DuckDBPyConnection) -> Figures:
    """Read the figures of the attached snapshot's actions."""
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
    """Load a campaign of one file; return its figures, and the questions about its columns: the field by header.

    Raises:
        UserError: the build, or publishing it, is refused.
    """
    folder = count_from_submission(make_campaign(root, {file: content}, {}))
    with build(folder, folder.published) as result, duckdb.connect() as connection:
        connection.execute(f"attach '{result.snapshot}' as snapshot (read_only)")
        if publishing:
            refuse_unanswered(result.snapshot)
        names = find_names(result.snapshot)
        asked = {names.header(header): field for _, _, header, field, *_ in ask(connection, "report/asked_columns")}
        return read_figures(connection), asked


def name(case: object) -> str:
    """Return a part of a case as its id shows it."""
    if isinstance(case, Source | Edit):
        return case.name
    return "+".join(edit.name for edit in case) if isinstance(case, tuple) else str(case)


def most(cases: Sequence[tuple[object, ...]], few: int) -> list[object]:
    """Return the cases as parameters: the first `few` in every run, the others in `make test-nightly`."""
    return [pytest.param(*case, marks=[pytest.mark.nightly] if i >= few else []) for i, case in enumerate(cases)]


@pytest.mark.parametrize(
    ("lang", "number", "is_answered"),
    most([(lang, number, yes) for number in (9, *range(9)) for yes in (True, False) for lang in HEADERS], 1),
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


def read_made(lang: str, *, is_workbook: bool) -> Table:
    """Read the register of twenty actions, with headers that the shipped recipe knows."""
    source = next(source for source in MADE_SOURCES if source.made_in == lang)
    return replace(source.read(), is_workbook=is_workbook)


def combinations(count: int, size: int) -> list[tuple[str, tuple[Edit, ...], int]]:
    """Make combinations of edits that cover each edit, with the language and a seed."""
    draw = random.Random(8)  # noqa: S311  (test data, nothing secret)
    cases: list[tuple[str, tuple[Edit, ...], int]] = []
    while len(cases) < count:
        order = draw.sample(edits.PLAIN, len(edits.PLAIN))
        cases += [
            (draw.choice(list(KNOWN)), tuple(order[i : i + size]), len(cases) + i) for i in range(0, len(order), size)
        ]
    return cases


@pytest.mark.parametrize(("lang", "several", "seed"), most(combinations(60, 8), 1), ids=name)
def test_edits_change_no_figure(tmp_path, lang, several, seed):
    draw = random.Random(seed)  # noqa: S311  (test data, nothing secret)
    table = edit_in_turn(read_made(lang, is_workbook=draw.random() < 0.5), several, draw)
    figures, asked = load(tmp_path / "c", table.name("register"), table.write())
    assert (figures, asked) == (TRUTH, {})


def tries(edits_: Iterable[Edit]) -> list[tuple[Edit, str, bool]]:
    """List each edit in each language, of a text file or of a workbook, where the register has an occasion for it."""
    made = {(lang, kind): read_made(lang, is_workbook=kind) for lang in KNOWN for kind in (False, True)}
    cases = []
    for lang in KNOWN:
        for edit in edits_:
            kinds = [kind for kind in (False, True) if edit(made[lang, kind], random.Random(1)) != made[lang, kind]]  # noqa: S311
            cases += [(edit, lang, kinds[0])] if kinds else []
    return cases


@pytest.mark.parametrize(("edit", "lang", "is_workbook"), most(tries(edits.ASKED_ABOUT), 2), ids=name)
def test_edits_that_leave_a_doubt_are_asked_about(tmp_path, edit, lang, is_workbook):
    table = edit(read_made(lang, is_workbook=is_workbook), random.Random(1))  # noqa: S311  (test data)
    with pytest.raises(UserError, match=edit.answer) as refused:
        load(tmp_path / "c", table.name("register"), table.write())
    assert table.name("register") in refused.value.what


@pytest.mark.nightly
@pytest.mark.parametrize(("edit", "lang", "is_workbook"), most(tries(edits.LISTED), 1), ids=name)
def test_words_that_an_edit_leaves_without_a_code_are_listed(tmp_path, edit, lang, is_workbook):
    before = read_made(lang, is_workbook=is_workbook)
    table = edit(before, random.Random(1))  # noqa: S311  (test data)
    known = {row[-1] for row in before.rows}
    new = {row[-1] for row in table.rows} - known
    with built(make_campaign(tmp_path / "c", {table.name("register"): table.write()}, {})) as connection:
        listed = connection.execute("select value from unmatched_values where field = 'status'").fetchall()
    assert {value for (value,) in listed} == new


# A lone word in a column of ids may be one, and the answers to a survey's questions are read as they are written.
OF_REGISTERS = ("headings_between", "capitals", "full_stops", "ticked")
OF_ANY_FILE = tuple(edit for edit in edits.PLAIN if edit.name not in OF_REGISTERS)


def draw_edits(source: Source, among: Sequence[Edit], count: int) -> tuple[Edit, ...]:
    """So many edits that a source gives occasion for, the same at every run."""
    draw, table = random.Random(zlib.crc32(source.name.encode())), source.read()  # noqa: S311  (test data)
    has_runs, drawn = edits.has_long_runs(table), draw.sample(among, len(among))
    drawn = [edit for edit in drawn if edit.name != "repeats_left_blank" or has_runs]
    return tuple(edit for edit in drawn if edit(table, random.Random(1)) != table)[:count]  # noqa: S311


FILES = [source for source in (*REAL_SOURCES, *SAMPLE_SOURCES) if source.path.is_file()]


@pytest.mark.nightly
@pytest.mark.parametrize("source", most([(source,) for source in FILES], 1), ids=name)
def test_edits_of_files_change_no_figure_or_are_asked_about(tmp_path, source):
    table = source.read()
    before = load_source(tmp_path / "as it is", source, table)
    assert before.verdict(before) == "right"
    for several in (draw_edits(source, OF_ANY_FILE, 8), draw_edits(source, edits.ASKED_ABOUT, 1)):
        edited = edit_in_turn(table, several, random.Random(7))  # noqa: S311  (test data, nothing secret)
        after = load_source(tmp_path / str(len(several)), source, edited)
        may_be_listed = several[0] in edits.ASKED_ABOUT or bool(
            source.beside and {edit.name for edit in several} & edits.OF_SETS
        )
        assert after.verdict(before) in ("right", "asked", "refused", *(["listed"] if may_be_listed else [])), several
        assert after.refusal is None or edited.name(source.path.stem) in after.refusal.what
