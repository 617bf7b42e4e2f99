"""Describe what the routes of extracts take and answer, from the declared tables and formats."""

from collections.abc import Iterator, Sequence

from dashboard.extracts.choice import DESCRIPTOR, FORMATS, WITH_TABLES, table_formats
from dashboard.extracts.choice import PACKAGE as ALL_FILES
from dashboard.extracts.csv_styles import WITH_CSV
from dashboard.extracts.tables import TABLES, Table
from dashboard.i18n import N_
from dashboard.resources.operation import (
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
from dashboard.web.openapi.shapes import name_record

_FORM_NAMES = {
    "xlsx": N_("Excel workbook"),
    "csv": N_("CSV, headers in the language of the link"),
    "parquet": N_("Parquet: typed columns, the smallest file"),
    "json": N_("JSON: a list of records"),
}
_HEADERS = ("ETag", "Cache-Control", "Content-Language", "Access-Control-Allow-Origin", "Link", "Accept-Ranges")
_REFUSED = {400: EITHER, 404: EITHER, 410: EITHER, 416: EITHER, 422: EITHER, 503: EITHER}


def list_files() -> tuple[Operation, ...]:
    """List the file of every table in every format, and the ZIP of all tables."""
    return (*(file for table in TABLES.values() for file in _list_table_files(table)), _describe_package_file())


def _list_table_files(table: Table) -> Iterator[Operation]:
    for file_format in table_formats(table.name):
        if file_format == "zip":
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
            cost="drawn" if file_format != "xlsx" else "file",
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


PACKAGE = (
    Operation(
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
    ),
)
INDEX = (
    Operation(
        "/extracts",
        "list_extracts",
        "extracts",
        N_("The list of tables"),
        N_("What there is: tables with their columns and files, and what the parameters take (JSON)"),
        (Reply(JSON, refer("ExtractList"), ("ETag", "Cache-Control", "Access-Control-Allow-Origin", "Link")),),
        SELECTION,
        {400: EITHER, 410: EITHER, 503: EITHER},
        tried=("lang",),
        is_open=True,
    ),
)
