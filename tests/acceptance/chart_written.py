"""Check that a chart's data, tables, slide and sheet have its numbers, labels, references."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from dashboard.formats import shorten
from tests.acceptance.chart_oracle import COLUMN_OF, WHOLES, Expected, day_words, percent
from tests.acceptance.chart_oracle import RATES as OWN_RATES
from tests.presentations import column, embedded, graphic, series, texts

RATES = ("completion_rate", "upper_bound", "reporting_rate")
NAMED = 64
"""The number of letters of a name in a native chart."""


def equal(found: Any, wanted: Any) -> bool:
    """Whether two lists hold the same numbers; nothing is equal to nothing."""
    return list(found) == pytest.approx(list(wanted), abs=1e-12, nan_ok=True)


def check_data(expected: Expected, data: pd.DataFrame) -> None:
    """Check that the CSV has a row a mark: codes, labels and counts exactly, rates to the last digit."""
    marks = expected.marks.rename(columns=COLUMN_OF)
    if expected.spec.kind == "curve":
        marks = marks.assign(code=marks["on_date"].dt.strftime("%Y-%m-%d"))
        marks["label"] = [day_words(day, expected.lang) for day in marks["on_date"].dt.date]
    second = expected.spec.second
    marks = marks.rename(columns={"column_code": f"{second}_code", "column_label": f"{second}_label"})
    if "on_date" in data:
        marks["on_date"] = marks["on_date"].dt.strftime("%Y-%m-%d")
    shared = [name for name in marks if name in data]
    assert {"code", "label", "actions", "reported", "completed", "unknown", *RATES} <= set(shared)
    further = {"on_time", "on_time_rate", "on_time_unknown", "completion_rate_reporting"}
    assert set(data) - set(shared) <= further, set(data) - set(shared)
    pd.testing.assert_frame_equal(data[shared], marks[shared], check_dtype=False, check_exact=True)


def check_table(expected: Expected, rows: list[list[str]]) -> None:
    """Check a table for readers; the first headings, names of dimensions, are those of the filters."""
    wanted = expected.table()
    assert rows[1:] == wanted[1:]
    assert [head for head, named in zip(rows[0], wanted[0], strict=True) if named] == [h for h in wanted[0] if h]


# Slides


def check_slide(expected: Expected, slide: Any) -> None:
    """Check the headline number, and the native chart or table with the values and names of the screen."""
    part, denominator = expected.headline
    written = texts(slide)
    assert percent(part, denominator) in written
    if expected.spec.kind in ("tiles", "map", "multiples"):  # PowerPoint has no such chart
        (picture,) = (shape for shape in slide.shapes if hasattr(shape, "image"))
        said = picture._element.xpath(".//p:cNvPr/@descr")[0]
        assert str(denominator) in said or percent(part, denominator) in said
        return
    _SLIDES[expected.spec.kind](expected, graphic(slide))


def _check_native_bars(expected: Expected, shape: Any) -> None:
    frame, chart = expected.drawn, shape.chart
    names = [shorten(label, NAMED) for label in frame["label"]]
    assert list(chart.plots[0].categories) == names
    found, sheet = series(chart), embedded(chart)
    wanted = _stacked_series(expected) if expected.is_stacked else _rate_series(expected)
    carriers = list(found)[len(wanted) :]  # rates have their texts at the series of possible completions
    assert [*found] == [*wanted, *carriers] and len(carriers) == int(len(wanted) != 2 or expected.is_stacked)
    for name, values in wanted.items():
        assert equal(found[name], values), name
    ends = column(sheet, len(found) + 2)
    if expected.spec.kind == "rates":
        assert ends == [expected.rate_label(n, of) for n, of in expected.rate_parts(frame)]
    else:
        assert ["".join(filter(str.isdigit, end)) for end in ends] == [
            str(n) if n else "" for n in frame[expected.denominator]
        ]
    assert column(sheet, 1) == names
    for number, values in enumerate(wanted.values(), start=2):
        assert equal(column(sheet, number), values)


def _rate_series(expected: Expected) -> dict[str, Any]:
    frame, words = expected.drawn, expected.words
    if expected.spec.measures[0] == "reporting_rate":
        return {words["reported"]: frame["reporting_rate"]}
    denominator = frame["actions"].where(frame["actions"] > 0)
    return {words["completed"]: frame["completion_rate"], words["possible"]: frame["unknown"] / denominator}


def _stacked_series(expected: Expected) -> dict[str, Any]:
    frame = expected.drawn
    return {word: frame[name] for name, word in expected.segments.items() if frame[name].any()}


def _check_native_lines(expected: Expected, shape: Any) -> None:
    frame, chart = expected.marks, shape.chart
    found, days = series(chart), len(expected.marks)
    for word, name in (("completed", "completion_rate"), ("at_most", "upper_bound"), ("elapsed", "elapsed")):
        values = found[expected.words[word]]
        assert equal(values[:days], frame[name])
        assert set(values[days:]) <= {None}
    assert equal(found[expected.words["possible"]][:days], frame["unknown"] / frame["actions"])
    shown = column(embedded(chart), 1)[:days]
    assert [day.date() for day in shown] == frame["on_date"].dt.date.tolist()


def _check_native_table(expected: Expected, shape: Any) -> None:
    rows = [[cell.text for cell in row.cells] for row in shape.table.rows]
    wanted = expected.table()
    assert rows[0][1:] == wanted[0][1:]
    assert rows[1:] == [[cell.replace("—", "") for cell in row] for row in wanted[1:]]


_SLIDES: dict[str, Callable[[Expected, Any], None]] = {
    **dict.fromkeys(("rates", *WHOLES), _check_native_bars),
    "curve": _check_native_lines,
    "grid": _check_native_table,
}


# Sheets


def check_sheet(expected: Expected, sheet: Any) -> None:
    """Check that the Excel table has the marks as typed values, and that Excel's drawing refers to their cells."""
    (table,) = sheet.tables.values()
    first, *rows = [[cell.value for cell in row] for row in sheet[table.ref]]
    values, marks, words = pd.DataFrame(rows, columns=first), expected.marks, expected.words
    own = OWN_RATES.get(expected.spec.kind)
    for name in own or ("actions", "unknown", *RATES):
        assert equal(values[words[name]], marks[name]), name
    counts = expected.segments if expected.is_stacked else {"reported": words["reported"]}
    if not expected.is_stacked:
        counts |= {"completed": words["completed"], "not_reported": words["not_reported"]}
    for name, heading in counts.items():
        assert equal(values[heading], marks[name]), heading
    if "code" in marks:
        assert values[words["code"]].tolist() == marks["code"].tolist()
        assert values.iloc[:, 0].tolist() == marks["label"].tolist()
    if "on_date" in marks:
        assert list(pd.to_datetime(values[words["day"]])) == list(marks["on_date"])
    if expected.spec.kind == "grid":
        assert values.iloc[:, 1].tolist() == marks["column_label"].tolist()
        _check_heat(expected, sheet)
    check = _DRAWN.get(expected.spec.kind)
    assert len(sheet._charts) == (0 if check is None else 1)
    if check is not None:
        check(expected, sheet, _referred(sheet))


def _referred(sheet: Any) -> dict[str, list[Any]]:
    """Return by heading the cells that the series of the sheet's chart refer to."""
    (drawn,) = sheet._charts
    found = {}
    for one in drawn.series:
        assert one.val.numRef.f.split("!")[0].strip("'") == sheet.title
        heading = sheet[one.tx.strRef.f.split("!")[1].replace("$", "")].value
        found[heading] = [row[0].value for row in sheet[one.val.numRef.f.split("!")[1].replace("$", "")]]
    return found


def _check_drawn_bars(expected: Expected, sheet: Any, found: dict[str, list[Any]]) -> None:
    wanted = _stacked_series(expected) if expected.is_stacked else _rate_series(expected)
    if expected.spec.kind == "rates":  # the sheet's headings are those of rates, the key's those of counts
        wanted = dict(zip(found, wanted.values(), strict=True))
    assert list(found) == list(wanted)
    for name, values in wanted.items():
        assert equal(found[name], values), name
    (drawn,) = sheet._charts
    names = drawn.series[0].cat.numRef or drawn.series[0].cat.strRef
    cells = [row[0].value for row in sheet[names.f.split("!")[1].replace("$", "")]]
    assert cells == expected.drawn["label"].tolist()


def _check_drawn_lines(expected: Expected, sheet: Any, found: dict[str, list[Any]]) -> None:
    for name in ("completion_rate", "upper_bound", "elapsed"):
        assert equal(found[expected.words[name]], expected.marks[name]), name


def _check_heat(expected: Expected, sheet: Any) -> None:
    """Beside the table, a cell a pair: its rate, or its counts where they are few."""
    (area,) = {str(found.sqref) for found in sheet.conditional_formatting}
    cells = {
        (row, column): sheet[area][y][x].value
        for y, (row, _) in enumerate(expected.rows)
        for x, (column, _) in enumerate(expected.columns)
    }
    wanted = {key: f"{n}/{of}" if of < 5 else n / of for key, (n, of) in expected.cells().items()}
    shown = {key: value for key, value in cells.items() if value is not None}
    assert {key: v for key, v in shown.items() if isinstance(v, str)} == {
        key: v for key, v in wanted.items() if isinstance(v, str)
    }
    assert {key: v for key, v in shown.items() if not isinstance(v, str)} == pytest.approx(
        {key: v for key, v in wanted.items() if not isinstance(v, str)}, abs=1e-12
    )


_DRAWN: dict[str, Callable[[Expected, Any, dict[str, list[Any]]], None]] = {
    **dict.fromkeys(("rates", *WHOLES), _check_drawn_bars),
    "curve": _check_drawn_lines,
}
