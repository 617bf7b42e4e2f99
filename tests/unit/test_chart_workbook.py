"""A chart's workbook: typed values, the chart that Excel draws from them, and About."""

import dataclasses
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from dashboard.briefing_content import Briefing
from dashboard.catalogue import CATALOGUE
from dashboard.chart_workbook import write_chart_workbook
from dashboard.charts import Chart
from dashboard.i18n import translator
from dashboard.selection import Selection
from dashboard.snapshot import Snapshot
from tests.presentations import compose_all

LANGUAGES = ("en", "fr", "es")
NOTHING = Selection(regions=("global",), countries=("GHA",))
RATES = ("completion_rate", "upper_bound", "reporting_rate")


@pytest.fixture(scope="module")
def books(snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Briefing, Any]]:
    """By language: the briefing of every chart and its workbook, read again."""
    folder = tmp_path_factory.mktemp("workbooks")
    made = {}
    for lang in LANGUAGES:
        briefing = compose_all(snapshot, Selection(lang=lang))
        write_chart_workbook(snapshot, briefing, folder / f"{lang}.xlsx")
        made[lang] = (briefing, openpyxl.load_workbook(folder / f"{lang}.xlsx"))
    return made


def table(sheet: Any) -> pd.DataFrame:
    """The cells of a sheet's Excel table."""
    (found,) = sheet.tables.values()
    first, *rows = [[cell.value for cell in row] for row in sheet[found.ref]]
    return pd.DataFrame(rows, columns=first)


def near(values: Any, expected: Any) -> bool:
    one, other = pd.Series(list(values), dtype="float64"), pd.Series(list(expected), dtype="float64")
    return len(one) == len(other) and bool((((one - other).abs() < 1e-12) | (one.isna() & other.isna())).all())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sheet_holds_the_charts_values_as_numbers(books: Any, lang: str) -> None:
    t = translator(lang)
    briefing, book = books[lang]
    headings = {
        name: t(text) for name, text in zip(RATES, ("Completion rate", "Upper bound", "Reporting rate"), strict=True)
    }
    for piece, sheet in zip(briefing.pieces, book.worksheets[:-1], strict=True):
        frame, values = piece.chart.frame, table(sheet)
        assert near(values[t("Actions")], frame["actions"])
        for name, heading in headings.items():
            assert near(values[heading], frame[name]), (piece.chart.spec.id, name)
        if piece.chart.spec.kind == "curve":
            assert list(pd.to_datetime(values.iloc[:, 0])) == list(frame["on_date"])
            assert isinstance(sheet["A2"].value, datetime)
        else:
            assert values.iloc[:, 0].tolist() == frame["label"].tolist()


@pytest.mark.parametrize(("lang", "number_format"), [("en", "0%"), ("fr", '0"\u00a0"%'), ("es", '0"\u00a0"%')])
def test_rates_are_fractions_shown_as_percentages(books: Any, lang: str, number_format: str) -> None:
    sheet = books[lang][1].worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    cell = sheet.cell(2, headings.index(translator(lang)("Completion rate")) + 1)
    assert isinstance(cell.value, float)
    assert cell.number_format == number_format


def test_the_charts_refer_to_the_cells_of_their_sheet(books: Any) -> None:
    briefing, book = books["en"]
    for piece, sheet in zip(briefing.pieces, book.worksheets[:-1], strict=True):
        if piece.chart.spec.kind in ("grid", "tiles", "multiples"):
            assert sheet._charts == []
            continue
        (drawn,) = sheet._charts
        for one in drawn.series:
            check_series(sheet, piece.chart, one)
        if piece.chart.spec.kind == "rates":
            assert drawn.grouping == "stacked"
            assert drawn.x_axis.scaling.orientation == "maxMin"
        if piece.chart.spec.kind == "statuses":
            assert drawn.grouping == "percentStacked"


def check_series(sheet: Any, chart: Chart, one: Any) -> None:
    name, values = one.tx.strRef.f.split("!")[1], one.val.numRef.f.split("!")[1]
    assert one.val.numRef.f.split("!")[0].strip("'") == sheet.title
    heading = sheet[name.replace("$", "")].value
    cells = [row[0].value for row in sheet[values.replace("$", "")]]
    wanted = {chart.words[word]: word for word in RATES}
    if heading in wanted:
        assert near(cells, chart.drawn[wanted[heading]])
    elif heading == chart.words["possible"]:
        assert near(cells, (chart.drawn["upper_bound"] - chart.drawn["completion_rate"]))
    else:
        assert any(near(cells, chart.drawn[column]) for column in chart.drawn.select_dtypes("number"))


def test_the_heat_table_holds_rates_that_excel_shades(books: Any) -> None:
    briefing, book = books["es"]
    number = next(n for n, piece in enumerate(briefing.pieces) if piece.chart.spec.kind == "grid")
    chart, sheet = briefing.pieces[number].chart, book.worksheets[number]
    (area,) = {str(found.sqref) for found in sheet.conditional_formatting}
    cells = sheet[area]
    rows, columns = list(dict.fromkeys(chart.frame["code"])), [code for code, _ in chart.columns]
    assert (len(cells), len(cells[0])) == (len(rows), len(columns))
    for pair in chart.frame.itertuples():
        value = cells[rows.index(pair.code)][columns.index(pair.column_code)].value
        assert value == f"{pair.completed}/{pair.actions}" if pair.is_few else abs(value - pair.completion_rate) < 1e-12


@pytest.mark.parametrize("lang", LANGUAGES)
def test_about_explains_the_charts(books: Any, lang: str) -> None:
    briefing, book = books[lang]
    told = "\n".join(str(cell.value) for row in book.worksheets[-1] for cell in row if cell.value)
    for expected in (briefing.campaign, briefing.build_id, briefing.pieces[0].chart.caption.as_of, *briefing.sources):
        assert expected in told
    for name, sentence in briefing.definitions:
        assert name in told
        assert sentence in told
    assert (
        translator(lang)("Fictional data: these actions and stakeholders are invented. Do not quote the figures.")
        in told
    )


def test_sheets_are_named_after_their_charts(books: Any) -> None:
    book = books["en"][1]
    assert len(book.sheetnames) == len(CATALOGUE) + 1
    assert book.sheetnames[0] == "Completion rate by region"
    assert max(map(len, book.sheetnames)) <= 31
    assert len({name.casefold() for name in book.sheetnames}) == len(book.sheetnames)


def test_labels_and_titles_stay_text(snapshot: Snapshot, tmp_path: Path) -> None:
    briefing = compose_all(snapshot, Selection())
    frame = briefing.pieces[0].chart.frame.copy()
    frame["label"] = ["=1+1", "+1", "@x \x0b y", *frame["label"].iloc[3:]]
    chart = dataclasses.replace(briefing.pieces[0].chart, frame=frame)
    piece = dataclasses.replace(briefing.pieces[0], chart=chart, own_title="[=1+1]: 'all' / our own")
    write_chart_workbook(snapshot, dataclasses.replace(briefing, pieces=(piece, piece)), tmp_path / "bad.xlsx")
    book = openpyxl.load_workbook(tmp_path / "bad.xlsx")
    assert [book.worksheets[0].cell(row, 1).value for row in (2, 3, 4)] == ["=1+1", "+1", "@x  y"]
    assert {book.worksheets[0].cell(row, 1).data_type for row in (2, 3, 4)} == {"s"}
    assert book.sheetnames[0] != book.sheetnames[1]
    assert not set("[]:*?/\\") & set("".join(book.sheetnames))


def test_a_selection_without_actions_is_a_workbook_without_chart(snapshot: Snapshot, tmp_path: Path) -> None:
    write_chart_workbook(snapshot, compose_all(snapshot, NOTHING), tmp_path / "none.xlsx")
    book = openpyxl.load_workbook(tmp_path / "none.xlsx")
    assert all(not sheet._charts for sheet in book.worksheets)


def test_the_same_content_is_the_same_bytes(snapshot: Snapshot, tmp_path: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        write_chart_workbook(snapshot, compose_all(snapshot, Selection(lang="fr")), tmp_path / name)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
