"""The extracts over HTTP: `/extracts/actions.xlsx` and the other files, for people, Excel's *From Web* and Power BI.

The query string is that of the pages, with `columns`, `include` and `csv` beside it. Answers say what they are made
from in their `ETag`, one for each encoding, so that a refresh of unchanged data is a 304. Scripts of every site may
read them, as they may read charts.
"""

from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

from starlette.requests import Request

from dashboard.access.rights import AccessClass
from dashboard.campaign.builds import find_snapshot
from dashboard.errors import SelectionError, SnapshotError, UserError
from dashboard.extracts import csv_styles, order, package
from dashboard.extracts.choice import DESCRIPTOR, FORMATS, OF_A_FILE, Choice, find_file, list_files, read_file
from dashboard.extracts.table_files import write_file
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.snapshot import database
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.kept_builds import GoneError
from dashboard.snapshot.selection import Selection, parse
from dashboard.web import extract_operations
from dashboard.web.api_route import ApiRoute, link_description
from dashboard.web.delivery import Content, Handout, hand_out, hand_out_content, open_context
from dashboard.web.http import FOREVER, FRESH, OPEN, edition, hash_parts, name_attachment, name_type, write_json

READ_IN_PARTS = ("parquet",)
"""Whose readers ask how long a file is before they ask for its parts: made for HEAD too."""


def routes() -> list[ApiRoute]:
    """The routes of the extracts for `st.App`."""
    answers = {
        "/extracts": (hand_out_content(write_index), extract_operations.INDEX),
        "/extracts/datapackage.json": (hand_out_content(write_package), extract_operations.PACKAGE),
        "/extracts/{file}": (hand_out(read_extract), extract_operations.list_files()),
    }
    return [ApiRoute(path, answer, operations, AccessClass.PUBLIC) for path, (answer, operations) in answers.items()]


def write_index(request: Request) -> Content:
    """Write what there is: tables with their columns and files, and what the parameters take."""
    context = open_context(request)
    selection = parse(context.query, context.snapshot).in_order()
    described = package.describe_all(context.snapshot, selection, context.settings)
    return Content("extracts", write_json(described), OPEN | {"link": link_description()})


def write_package(request: Request) -> Content:
    """Write the Frictionless description of the open files of the selection, with their addresses."""
    context = open_context(request)
    selection = parse(context.query, context.snapshot, (csv_styles.PARAMETER,)).in_order()
    csv = csv_styles.read_style(context.query.get(csv_styles.PARAMETER, ()))
    base_url = context.settings.base_url
    described = package.describe_package(context.snapshot, selection, base_url, on_the_web=True, csv=csv)
    return Content("datapackage", write_json(described), OPEN | {"link": link_description("../")})


def read_extract(request: Request) -> Handout:
    """Read a request for a table of the selection, or the ZIP of all; errors as in `parse` and `read_file`.

    Raises:
        SelectionError: there is no file of this name.
    """
    name = request.path_params["file"]
    file = find_file(name)
    if file is None:
        raise SelectionError(f"There is no extract {name!r}.", "extract", tuple(list_files()), name)
    settings, query, snapshot = open_context(request)
    selection = parse(query, snapshot, OF_A_FILE).in_order()
    choice = read_file(file, query)
    parts: list[Any] = [snapshot.build_id, edition(), asdict(choice), selection.query_pairs()]
    if not choice.is_open:  # these name the dashboard and the hour of the build
        parts += [snapshot.built_at, settings.base_url]
    file_format = choice.file_format
    links = [link_description("../")]
    if file_format in ("csv", "json"):  # they have no place for a receipt: the description of the same build has it
        place = f"{DESCRIPTOR}?{replace(selection, build=snapshot.build_id).query_string()}"
        links.insert(0, f'<{place}>; rel="describedby"; type="application/json"')
    headers = {
        **OPEN,
        "link": ", ".join(links),
        "cache-control": FOREVER if selection.build else FRESH,
        "content-language": selection.lang,
        "content-disposition": name_attachment(order.name_extract(snapshot, selection, choice)),
    }
    return Handout(
        hash_parts(parts),
        name_type(FORMATS[file_format]),
        headers,
        partial(write_extract, snapshot, selection, choice, settings),
        f"extract.{file_format}",
        "table" if choice.is_open else "workbook",
        is_file=True,
        is_made_for_head=file_format in READ_IN_PARTS,
    )


def write_extract(snapshot: Snapshot, selection: Selection, choice: Choice, settings: Settings, target: Path) -> None:
    """Write a file: the open formats here, since the database leaves the interpreter free, others by a worker.

    Errors as in `write_file` and `order.submit_extract`; a build that is gone is a `SnapshotError`.
    """
    if choice.is_open:
        write_file(snapshot, selection, choice, target, settings.base_url)
        return
    try:
        export = order.submit_extract(snapshot, selection, choice, settings).result()
    except UserError as error:
        if selection.build and find_snapshot(settings.campaign, selection.build) is None:
            raise GoneError(selection.build) from error
        if not selection.build and database.current(settings).build_id != snapshot.build_id:
            raise SnapshotError(
                N_("New data was published while the file was being prepared."), N_("Try again.")
            ) from error
        raise
    target.write_bytes(export.content)
