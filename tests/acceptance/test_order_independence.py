"""Neither the order of lines nor the names of files may change a number."""

import io
import random
from datetime import date

import openpyxl
import pytest

from dashboard.measures.counts import by_dimension, cross, headline
from dashboard.snapshot.selection import Selection
from tests.acceptance import messy
from tests.acceptance.plain_text import read_csv
from tests.acceptance.published import account, publish
from tests.acceptance.reckoning import COUNTS, DIMENSIONS

DAYS = (date(2021, 6, 20), date(2021, 7, 15), date(2021, 12, 31), date(2022, 3, 1))


def numbers(snapshot) -> dict[object, object]:
    """Every count by every dimension, on four days."""
    found: dict[object, object] = {}
    for day in DAYS:
        selection = Selection(as_of=day)
        total = headline(snapshot, selection)
        found[day] = {name: getattr(total, name) for name in (*COUNTS, "unmatched_reports")}
        for dimension in DIMENSIONS:
            found[day, dimension] = by_dimension(snapshot, selection, dimension).fillna(-1).to_dict("records")
        found[day, "pairs"] = cross(snapshot, selection, "region", "theme").fillna(-1).to_dict("records")
    return found


def shuffled(content: bytes, name: str, order: random.Random) -> bytes:
    """The same lines in another order, in the same encoding."""
    if name.endswith(".xlsx"):
        rows = list(openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True))
        lines = rows[1:]
        order.shuffle(lines)
        book = openpyxl.Workbook()
        for row in [rows[0], *lines]:
            book.worksheets[0].append(row)
        written = io.BytesIO()
        book.save(written)
        return written.getvalue()
    encoding = "utf-16" if name == messy.LINKED else "utf-8-sig"
    header, *rest = content.decode(encoding).splitlines(keepends=True)
    order.shuffle(rest)
    return (header + "".join(rest)).encode(encoding)


@pytest.fixture(scope="module")
def files():
    """A campaign without two equal moments, so that what is latest does not hang on the order."""
    return without_ties(messy.make_exports(7, 70))


def without_ties(files: dict[str, bytes]) -> dict[str, bytes]:
    """Leave out the lines that repeat an earlier line's moment for the same maker, else "the latest" has no meaning."""
    frame = read_csv(files[messy.AGAIN], ";", "utf-8")
    first = read_csv(files[messy.DOWNLOAD], ",", "utf-8-sig")
    clean = frame[~frame["Sent"].isin(first["Sent"])].drop_duplicates("Sent")
    return {**files, messy.AGAIN: clean.to_csv(sep=";", index=False).encode()}


@pytest.fixture(scope="module")
def as_made(files, tmp_path_factory):
    """The campaign's numbers and account as the files were made."""
    snapshot = publish(tmp_path_factory.mktemp("made") / "campaign", files, messy.RECIPES)
    return numbers(snapshot), account(snapshot)


@pytest.mark.parametrize("seed", [3, pytest.param(4, marks=pytest.mark.nightly)])
def test_shuffled_lines(files, as_made, tmp_path, seed):
    order = random.Random(seed)  # noqa: S311  (test data, nothing secret)
    mixed = {name: shuffled(content, name, order) for name, content in files.items()}
    assert mixed != files
    snapshot = publish(tmp_path / "campaign", mixed, messy.RECIPES)
    assert numbers(snapshot) == as_made[0]
    assert account(snapshot) == as_made[1]


def test_renamed_files(files, as_made, tmp_path):
    names = {name: f"{number} {name[::-1].split('.', 1)[1]}.{name.rsplit('.', 1)[1]}" for number, name in
             enumerate(sorted(files, reverse=True))}  # fmt: skip
    snapshot = publish(tmp_path / "campaign", {names[name]: files[name] for name in files}, messy.RECIPES)
    assert numbers(snapshot) == as_made[0]
    assert account(snapshot) == {names[name]: rows for name, rows in as_made[1].items()}


def test_columns_in_another_order(files, as_made, tmp_path):
    frame = read_csv(files[messy.SURVEY], ";", "utf-8")
    turned = frame[list(reversed(frame.columns))].to_csv(sep="\t", index=False)
    snapshot = publish(tmp_path / "campaign", {**files, messy.SURVEY: turned.encode()}, messy.RECIPES)
    assert numbers(snapshot) == as_made[0]


def test_one_file_cut_into_two(files, as_made, tmp_path):
    frame = read_csv(files[messy.SURVEY], ";", "utf-8")
    half = len(frame) // 2
    parts = {f"survey {n}.csv": part.to_csv(sep=";", index=False).encode() for n, part in
             enumerate((frame.iloc[half:], frame.iloc[:half]))}  # fmt: skip
    rest = {name: content for name, content in files.items() if name != messy.SURVEY}
    snapshot = publish(tmp_path / "campaign", {**rest, **parts}, messy.RECIPES)
    assert numbers(snapshot) == as_made[0]
