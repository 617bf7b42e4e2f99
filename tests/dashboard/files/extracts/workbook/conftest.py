"""Workbooks of extracts that several tests look at."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest

from dashboard.files.extracts.workbook.book import write_workbook
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

BASE_URL = "https://dashboard.example.org"


class Book(NamedTuple):
    """A workbook's file, the report about it, and the workbook read again."""

    file: Path
    report: dict[str, int]
    workbook: Any


@pytest.fixture(scope="module")
def books(snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Book]:
    """Return the workbook of a selection, tables and columns, written once for all who only read it."""

    @cache
    def make(selection: Selection, tables: tuple[str, ...] = ("actions",), columns: tuple[str, ...] = ()) -> Book:
        file = tmp_path_factory.mktemp("book") / "extract.xlsx"
        report = write_workbook(snapshot, selection, file, BASE_URL, tables, columns)
        return Book(file, report, openpyxl.load_workbook(file))

    return make
