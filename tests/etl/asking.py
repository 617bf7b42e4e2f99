"""A campaign whose files leave something of every kind open, as a build asks it."""

import io
from pathlib import Path

import openpyxl
from openpyxl.styles import Font, PatternFill

from dashboard.campaign.folder import CampaignFolder
from tests.etl.campaigns import ACTIONS_RECIPE, make_campaign, recipe
from tests.etl.registers import HEADER, action, register

CLASSES = ("Research", "Advocacy", "Legislation")
RECIPES = {
    "office_actions": ACTIONS_RECIPE,
    "office_list": recipe(
        "office_list", "actions", "Ref|Category", action_id=("Ref", 'prefix = "OFF-"'), category="Category"
    ),
    "office_choices": recipe(
        "office_choices", "actions", "Ref|Maker|Farms", '[fields.themes.choices]\neducation = ["Farms", "Schools"]',
        submission_id="Ref", stakeholder="Maker", title="Promise",
    ),
    "office_book": recipe(
        "office_book", "actions", "Ref|Owner|Promise", submission_id="Ref", stakeholder="Owner", title="Promise",
        regions="Part", status="Status",
    ),
}  # fmt: skip
# By the kind of question, besides those of the day: the differences of its rows from plain ones.
ROWS: dict[str, list[dict[str, str]]] = {
    "rows_misplaced": [{"Category": word} for word in ("", *CLASSES * 3)],
    "prepared_rows": [{}, {}, *[{"maker": "", "promise": "", "Status": "Not started"}] * 2],
    "test_rows": [{}, {"promise": "TEST"}, {"promise": "EJEMPLO (borrar)"}],
    "day": [{"Status": "Completed"}, {"Status": "In progress", "Sent": "2021-06-01"}],
    "words": [{"Status": word, "Sent": "2021-06-01"} for word in ("Blue", "Green", "Red", "Red")],
    "no_status": [{"Progress": percent, "Sent": "2021-06-01"} for percent in ("100", "40")],
    "ids_shortened": [{"ref": "1.23E+11"}, {"ref": "1.23E+11"}],
    "date_order": [{"Due": "03/04/2021"}, {"Due": "05/06/2021"}],
    "dates_converted": [
        {"Due": day} for day in ("03/25/2021", "2021-04-03", "03/30/2021", "2021-12-11", "2021-01-12 10:00:00")
    ],
    "two_statuses": [
        {"ref": "Twice", "promise": "Twice", "Sent": "2021-06-01", "Status": status}
        for status in ("Completed", "In progress")
    ],
    "repeats_blank": [{"Category": word} for one in CLASSES for word in (one, "", "")],
    "error_cells": [{"Category": word} for word in ("Research", "#N/A", "#N/A")],
    "percent_of": [{"Progress": "1", "Status": "In progress"}, {"Progress": "0", "Status": "In progress"}],
    "decimal_mark": [{"Progress": "50"}, {"Progress": "12,500"}],
}


def make_asking(root: Path) -> CampaignFolder:
    """Write the campaign into a folder that is not there yet."""
    files: dict[str, str | bytes] = {f"{kind.replace('_', ' ')}.csv": register(*_lines(kind)) for kind in ROWS}
    files["day 2021-12-01.csv"] = files.pop("day.csv")
    files["rows misplaced.csv"] = register(*_lines("rows_misplaced"), ",,,,,,,Legislation,,,,,,\n")
    plain = [action(f"plain{n}", "Fictional plain Union", f"plain {n}") for n in range(8)]
    moved = ",".join(HEADER.strip().split(",")[::-1]) + "\n"
    files["headers moved.csv"] = register(*plain[:4], moved, *plain[4:])
    below = [action(f"below{n}", "Fictional below Union", f"below {n}") for n in range(4)]
    files["headings.csv"] = register(
        *(f"{place}{',' * 13}\n{line}" for place, line in zip(("Africa", "Asia"), below, strict=False)), *below[2:]
    )
    files["classes.csv"] = "Ref,Category\n" + "".join(f"repeats_blank{n},Research\n" for n in range(3))
    files["choices.csv"] = "Ref,Maker,Promise,Farms,Schools\nc1,Fictional,One,1,2\nc2,Fictional,Two,2,1\n"
    files["book.xlsx"] = _write_book()
    return make_campaign(root, files, RECIPES)


def _lines(kind: str) -> list[str]:
    """Return the rows of a file, told apart from those of others by its name."""
    plain = {"maker": f"Fictional {kind} Union"}
    return [
        action(**{"ref": f"{kind}{n}", "promise": f"{kind} {n}", **plain, **row}) for n, row in enumerate(ROWS[kind])
    ]


def _write_book() -> bytes:
    """Write a workbook with coloured rows, one that is struck through, merged regions, and a sheet without headers."""
    book = openpyxl.Workbook()
    sheet, further = book.worksheets[0], book.create_sheet("Further")
    sheet.append(("Ref", "Owner", "Promise", "Part"))
    for n in range(1, 13):
        part = {1: "Africa", 7: "Americas"}.get(n)
        sheet.append((f"book{n}", f"Fictional book Union {n}", f"book {n}", part))
        further.append((f"more{n}", f"Fictional book Union {n}", f"more {n}", "Africa"))
        for cell in sheet[n + 1]:
            cell.fill = PatternFill("solid", fgColor=("FF0000", "00FF00")[n > 4])
            cell.font = Font(strike=n == 5)
    sheet.merge_cells("D2:D5")
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
