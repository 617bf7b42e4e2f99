"""Registers of one office as text, a line a row, and the questions of the build tests to a snapshot."""

import csv
import io

import openpyxl

from tests.etl.campaigns import recipe

HEADER = "Ref,Maker,Promise,How,Sent,Due,Kind of maker,Category,Themes,Where,Language,Status,Progress,Email\n"
CLASS_HEADER = "Ref,Coded by staff,Maker,Promise,Category,Themes,Where,Kind of maker\n"
REPORT_HEADER = "Report,Ref,Maker,Promise,Sent,State,Progress,Done on,Story\n"


def action(ref="1", maker="Fictional Union", promise="Train inspectors", **cells):
    """Return one line of the office's register; `cells` by header."""
    values = {"Ref": ref, "Maker": maker, "Promise": promise, **{k.replace("_", " "): v for k, v in cells.items()}}
    return ",".join('"' + values.get(h, "") + '"' for h in HEADER.strip().split(",")) + "\n"


def register(*lines: str) -> str:
    """Return a register of these lines, as `action` gives them."""
    return HEADER + "".join(lines)


def reports(*lines: str) -> str:
    """Reports, each given by its cells but for empty ones at the end."""
    return REPORT_HEADER + "".join(line + "," * (8 - line.count(",")) + "\n" for line in lines)


def table(columns, *rows) -> str:
    """Return rows of a CSV file, each given as a mapping from header to cell."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


MERGED_HEADERS = ("No.", "Organisation", "Title of action", "Region", "Status")
MERGED_RECIPE = recipe(
    "merged_register", "actions", "Organisation|Title of action",
    '[constants]\nreported_on = "2021-12-31"',
    called="A register with merged cells", stakeholder="Organisation", title=("Title of action", "required = true"),
    status="Status", regions=("Region", "fill_merged = true"),
)  # fmt: skip


def write_register(path, sheets, hidden=(), maker="Fictional Union"):
    """Write a workbook with sheets of a status each; its eight actions' regions are merged over four rows each."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, status in sheets.items():
        sheet = book.create_sheet(name)
        sheet.append(MERGED_HEADERS)
        for n in range(1, 9):
            region = {1: "Africa", 5: "Americas"}.get(n)
            sheet.append((n, f"{maker} {n}", f"Promise {n}", region, status))
        sheet.merge_cells("D2:D5")
        sheet.merge_cells("D6:D9")
        sheet.row_dimensions[3].hidden = sheet.row_dimensions[4].hidden = True
        sheet.column_dimensions["E"].hidden = True
        sheet.append(("The offices have not been asked yet",))
        sheet.append((9, f"{maker} 9", "Promise 9", "Africa", status))
        sheet.merge_cells("A10:E10")
        if name in hidden:
            sheet.sheet_state = "veryHidden"
    book.save(path)


def texts(connection):
    """Yield every text of every table of a database: (table, column, text)."""
    columns = connection.execute(
        "select table_name, column_name from duckdb_columns() where not internal and database_name = current_database()"
    ).fetchall()
    for name, column in columns:
        rows = connection.execute(f'select "{column}"::varchar from "{name}" where "{column}" is not null')  # noqa: S608
        for (text,) in rows.fetchall():
            yield name, column, text
