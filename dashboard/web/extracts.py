"""The extracts over HTTP: `/extracts/actions.xlsx` and the other files, for people, Excel's *From Web* and Power BI.

The query string is that of the pages, with `columns`, `include` and `csv` beside it. Answers say what they are made
from in their `ETag`, one for each encoding, so that a refresh of unchanged data is a 304. Scripts of every site may
read them, as they may read charts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

from starlette.requests import Request

from dashboard.access.rights import AccessClass
from dashboard.campaign.builds import find_snapshot
from dashboard.errors import SelectionError, SnapshotError, UserError
from dashboard.files.extracts import order, package
from dashboard.files.extracts.choice import (
    DESCRIPTOR,
    FORMATS,
    IATI,
    OF_A_FILE,
    WHOLE,
    WITH_TABLES,
    Choice,
    find_file,
    list_files,
    read_file,
    table_formats,
)
from dashboard.files.extracts.choice import PACKAGE as ALL_FILES
from dashboard.files.extracts.table_files import write_file
from dashboard.files.extracts.tables import TABLES, Table
from dashboard.ground.files import csv_styles
from dashboard.ground.files.csv_styles import WITH_CSV
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.snapshot import database
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.kept_builds import GoneError
from dashboard.snapshot.selection import Selection, parse
from dashboard.web.api_route import ApiRoute, link_description
from dashboard.web.handouts import Content, Handout, hand_out, hand_out_content, open_context
from dashboard.web.http import FOREVER, FRESH, OPEN, edition, hash_parts, name_attachment, name_type, write_json
from dashboard.web.openapi.shapes import name_record
from dashboard.web.operation import (
    CSV,
    EITHER,
    JSON,
    SELECTION,
    Operation,
    Parameter,
    Reply,
    list_with_commas,
    refer,
)

_FORM_NAMES = {
    "xlsx": N_("Excel workbook"),
    "csv": N_("CSV, headers in the language of the link"),
    "parquet": N_("Parquet: typed columns, the smallest file"),
    "json": N_("JSON: a list of records"),
}
_HEADERS = ("ETag", "Cache-Control", "Content-Language", "Access-Control-Allow-Origin", "Link", "Accept-Ranges")
_REFUSED = {400: EITHER, 404: EITHER, 410: EITHER, 416: EITHER, 422: EITHER, 503: EITHER}


def describe_files() -> tuple[Operation, ...]:
    """List the file of every table in every format, the ZIP of all tables, and the file for IATI."""
    of_tables = (file for table in TABLES.values() for file in _list_table_files(table))
    return (*of_tables, _describe_package_file(), _IATI)


def _list_table_files(table: Table) -> Iterator[Operation]:
    for file_format in table_formats(table.name):
        if file_format in WHOLE:
            continue
        schema = {"type": "array", "items": refer(name_record(table.name))} if file_format == "json" else None
        other_tables = [name for name in TABLES if name != table.name] if file_format in WITH_TABLES else []
        yield Operation(
            f"/extracts/{table.name}.{file_format}",
            f"extract_{table.name}_{file_format}",
            "extracts",
            table.title,
            _FORM_NAMES[file_format],
            (Reply(FORMATS[file_format].partition(";")[0], schema, _HEADERS),),
            (
                _choose_columns(table),
                *_choose_tables(other_tables),
                *((CSV,) if file_format in WITH_CSV else ()),
                *SELECTION,
            ),
            _REFUSED,
            details=table.description,
            tried=("lang",),
            cost="picture" if file_format != "xlsx" else "file",
            is_open=True,
            takes_link=True,
        )


def _choose_columns(table: Table) -> Parameter:
    names = [field.name for field in table.fields]
    return Parameter(
        "columns",
        N_("The columns, in their order; all of them where none is named."),
        list_with_commas(names),
        example=",".join(names[:3]),
        is_repeated=True,
    )


def _choose_tables(names: Sequence[str]) -> tuple[Parameter, ...]:
    if not names:
        return ()
    meaning = N_("Further tables in the same file.")
    schema = list_with_commas([*TABLES])
    return (Parameter("include", meaning, schema, example=names[0], is_repeated=True),)


def _describe_package_file() -> Operation:
    return Operation(
        f"/extracts/{ALL_FILES}",
        "extract_all_tables",
        "extracts",
        N_("All tables"),
        N_("Every table as CSV, Parquet and JSON in one ZIP, with a description of all columns"),
        (Reply(FORMATS["zip"], None, _HEADERS),),
        (*_choose_tables([*TABLES]), CSV, *SELECTION),
        _REFUSED,
        tried=("lang",),
        cost="file",
        is_open=True,
        takes_link=True,
    )


_IATI = Operation(
    f"/extracts/{IATI}",
    "extract_iati",
    "extracts",
    N_("Actions for IATI"),
    N_("Every action as an activity with its results (iati-activities 2.03), if the campaign states who reports"),
    (Reply(FORMATS["xml"], None, _HEADERS),),
    SELECTION,
    _REFUSED,
    cost="file",
    is_open=True,
    takes_link=True,
)
PACKAGE = Operation(
    f"/extracts/{DESCRIPTOR}",
    "datapackage",
    "extracts",
    N_("All tables"),
    N_("The description of all files and columns as a Frictionless data package (JSON)"),
    (Reply(JSON, refer("DataPackage"), ("ETag", "Cache-Control", "Access-Control-Allow-Origin", "Link")),),
    (CSV, *SELECTION),
    {400: EITHER, 410: EITHER, 503: EITHER},
    tried=("lang",),
    is_open=True,
)
INDEX = replace(
    PACKAGE,
    path="/extracts",
    operation_id="list_extracts",
    family=N_("The list of tables"),
    summary=N_("What there is: tables with their columns and files, and what the parameters take (JSON)"),
    replies=(replace(PACKAGE.replies[0], schema=refer("ExtractList")),),
    parameters=SELECTION,
)


READ_IN_PARTS = ("parquet",)
"""Whose readers ask how long a file is before they ask for its parts: made for HEAD too."""


def routes() -> list[ApiRoute]:
    """The routes of the extracts for `st.App`."""
    answers = {
        "/extracts": (hand_out_content(write_index), (INDEX,)),
        "/extracts/datapackage.json": (hand_out_content(write_package), (PACKAGE,)),
        "/extracts/{file}": (hand_out(read_extract), describe_files()),
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
        raise SelectionError(f"There is no extract {name!r}.", "extract", (*list_files(), IATI), name)
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
