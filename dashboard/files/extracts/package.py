"""The package: every table as CSV, Parquet and JSON in one ZIP, with explanations for programs and people.

`datapackage.json` describes the files as a Frictionless data package (https://specs.frictionlessdata.io); the files
below `/extracts`, including the ZIP, are named and listed here too, from the same tables.
"""

import json
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from dashboard.files.extracts.choice import ALL_TABLES, DESCRIPTOR, OPEN_FORMATS, PACKAGE, WHOLE, table_formats
from dashboard.files.extracts.estimate import count_rows
from dashboard.files.extracts.open_files import headers, write_place, write_table
from dashboard.files.extracts.tables import REGISTER, TABLES, Field, Table, arrange_tables
from dashboard.formats import format_count, format_date
from dashboard.ground.base_urls import is_folder, shareable
from dashboard.ground.files.csv_styles import COMMA, PARAMETER, SEMICOLON, STYLES, find_style
from dashboard.ground.files.writing import hash_file
from dashboard.ground.processes.progress import stage, tell_progress
from dashboard.i18n import N_, Translator, translator
from dashboard.measures.definitions import FICTIONAL
from dashboard.scratch import Scratch
from dashboard.settings import Settings
from dashboard.snapshot.attribution import attribute, cite, name_origin
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.receipts.receipt import NAME as RECEIPT
from dashboard.snapshot.receipts.receipt import Receipt, hash_text, issue
from dashboard.snapshot.selection import Selection, list_values
from dashboard.snapshot.selection_words import describe, entitle, name_place

FOLDER = "data"
"""The folder of a language's tables in a folder of plain files."""

_TYPES = {"text": "string", "date": "date", "percent": "number", "number": "number"}
_TYPES |= {"amount": "number", "integer": "integer", "boolean": "boolean"}
_ENDINGS = {ending: media_type.partition(";")[0] for ending, media_type in OPEN_FORMATS.items()}
_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""A ZIP file cannot hold an earlier time."""
_LARGE = 2_000_000_000
"""Beyond two gigabytes a file needs the long form of an archive."""


def write_package(
    snapshot: Snapshot,
    selection: Selection,
    target: Path,
    base_url: str,
    include: Sequence[str] = (),
    csv: str = COMMA,
) -> dict[str, int]:
    """Write the ZIP of a selection to `target`; the same build and selection give the same bytes.

    `include` names its tables, all by default; `csv` is the way to write CSV, one of `STYLES`.

    Returns:
        rows: The number of rows of all tables together.

    Raises:
        WorkerError: as `open_files.write_table`.
        OSError: the file cannot be written.
    """
    done = 0
    rows: dict[str, int] = {}
    expected = count_rows(snapshot, selection)
    package = describe_package(snapshot, selection, base_url, include=include, csv=csv)
    with (
        Scratch("package") as directory,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        resources = {resource["path"]: resource for resource in package["resources"]}
        chosen = _chosen(include)
        total = sum(expected[table.name] + 1 for table in chosen)
        for table in chosen:
            plain, parquet, json_file = (Path(directory) / f"{table.name}.{ending}" for ending in _ENDINGS)
            begin, done = done, done + expected[table.name] + 1
            with stage(begin, done, total):
                with stage(0, 2, 8):
                    count = write_table(snapshot, selection, table, "parquet", parquet)
                with stage(2, 3, 8):
                    write_table(snapshot, selection, table, "csv", plain, csv=csv, parquet=parquet)
                    write_table(snapshot, selection, table, "json", json_file, parquet=parquet)
                rows[table.name] = count
                # Compressing takes longer than writing.
                for file, share in ((plain, (3, 5)), (parquet, (5, 6)), (json_file, (6, 8))):
                    resources[file.name] |= _checked(file, count)
                    with stage(*share, 8):
                        _add(archive, _entry(snapshot, file), file)
                    file.unlink()
        checked = hash_text(_as_json({path: resource.get("hash") for path, resource in resources.items()}))
        receipt = issue_receipt(snapshot, selection, base_url, include, csv, checked)
        archive.comment = receipt.write().encode()
        archive.writestr(_entry(snapshot, Path(DESCRIPTOR)), _as_json(package | {RECEIPT: receipt.state()}))
        readme = _readme(snapshot, selection, package, rows, csv)
        archive.writestr(_entry(snapshot, Path("README.txt")), readme)
        archive.writestr(_entry(snapshot, Path("CITATION.txt")), f"\ufeff{package['citation']}\r\n")
    return {"rows": sum(rows.values())}


def describe_package(
    snapshot: Snapshot,
    selection: Selection,
    base_url: str,
    *,
    on_the_web: bool = False,
    include: Sequence[str] = (),
    csv: str = COMMA,
) -> dict[str, Any]:
    """Make the Frictionless descriptor of the tables of a selection.

    The files are the addresses below `/extracts` where they are `on_the_web`, else files beside the descriptor.
    """
    t = translator(selection.lang)
    day = format_date(selection.day(snapshot), selection.lang)
    title = entitle(str(snapshot.campaign[f"title_{selection.lang}"]), name_place(snapshot, selection, has_day=True))
    filters = t(N_("; ")).join(_pair(t, label, words) for label, words in _filters(snapshot, selection))
    about = t(N_("Actions, progress reports and what belongs to them, as of {day}."), day=day)
    home = shareable(_find_home(selection, base_url))
    package: dict[str, Any] = {
        "profile": "data-package",
        "name": f"{snapshot.campaign['starts_on']:%Y}-actions",
        "title": title,
        "description": " ".join([*([t(FICTIONAL)] if snapshot.is_sample else []), about, filters]),
        "version": snapshot.build_id,
        "created": snapshot.built_at,
        **({"homepage": home} if home else {}),
        "languages": [selection.lang],
        "citation": cite_register(snapshot, selection, base_url),
        **_attribute(snapshot, selection.lang, base_url),
    }
    resources = [
        _describe(table, ending, selection, base_url if on_the_web else None, csv)
        for table in _chosen(include)
        for ending in _ENDINGS
    ]
    if on_the_web:
        package |= {RECEIPT: issue_receipt(snapshot, selection, base_url, include, csv).state()}
    return package | {"resources": resources}


def issue_receipt(
    snapshot: Snapshot,
    selection: Selection,
    base_url: str,
    include: Sequence[str] = (),
    csv: str = COMMA,
    values: str = "",
) -> Receipt:
    """Issue the receipt of a selection's ZIP; `values` is the hash of its files where they are written."""
    more = {"include": ",".join(include), PARAMETER: "" if csv == COMMA else csv}
    place = write_place(ALL_TABLES, "zip", selection, **more)
    if is_folder(base_url):
        place = f"{FOLDER}/{place.rpartition('/')[2]}"
    address = f"{base_url}{place}"
    return issue(snapshot, address, "zip", values, states_time=True)


def cite_register(snapshot: Snapshot, selection: Selection, base_url: str) -> str:
    """Write the citation of the files, in the reader's language."""
    day, home = selection.day(snapshot), _find_home(selection, base_url)
    title = entitle(translator(selection.lang)(REGISTER), name_place(snapshot, selection))
    return cite(snapshot.campaign, selection.lang, title, day, home)


def _find_home(selection: Selection, base_url: str) -> str:
    """Find the page that shows the content of the files: the register, or the list of a folder."""
    return f"{base_url}index.html" if is_folder(base_url) else f"{base_url}/actions?{selection.query_string()}"


def _attribute(snapshot: Snapshot, lang: str, base_url: str) -> dict[str, Any]:
    """Return source, publisher and licence in the form of Frictionless."""
    attribution = attribute(snapshot.campaign, lang)
    page = {"path": attribution.url} if attribution.url else {}
    place = attribution.url or shareable(base_url)
    described: dict[str, Any] = {"sources": [{"title": attribution.source, **({"path": place} if place else {})}]}
    if attribution.publisher:
        described["contributors"] = [{"title": attribution.publisher, **page, "role": "publisher"}]
    if attribution.licence:
        name = attribution.spdx or re.sub(
            r"[^A-Za-z0-9._]+", "-", unicodedata.normalize("NFKD", attribution.licence)
        ).strip("-")
        path = {"path": attribution.licence_url} if attribution.licence_url else {}
        described["licenses"] = [{**({"name": name} if name else {}), **path, "title": attribution.licence}]
    return described


def _chosen(include: Sequence[str]) -> list[Table]:
    return [TABLES[name] for name in arrange_tables(include or TABLES)]


def _describe(table: Table, ending: str, selection: Selection, base_url: str | None, csv: str) -> dict[str, Any]:
    """Describe one file. Name the fields of a CSV file as in its header, since programs compare the two."""
    t = translator(selection.lang)
    machine = [field.name for field in table.fields]
    names = headers(table.fields, selection.lang) if ending == "csv" else machine
    field_names = dict(zip(machine, names, strict=True))
    is_csv = ending == "csv"
    mark = find_style(csv).decimal_mark if is_csv else "."
    fields = zip(table.fields, names, strict=True)
    schema: dict[str, Any] = {
        "fields": [_describe_field(field, name, selection.lang, mark) for field, name in fields],
        "missingValues": [""],
    }
    # A key may not be empty; in a table of places the country is.
    if len(table.key) == 1:
        schema["primaryKey"] = [field_names[name] for name in table.key]
    file = f"{table.name}.{ending}"
    query = urlencode([*selection.query_pairs(), *([(PARAMETER, csv)] if is_csv and csv != COMMA else [])])
    dialect = {"delimiter": find_style(csv).delimiter, "lineTerminator": "\r\n"}
    return {
        "name": f"{table.name}-{ending}".replace("_", "-"),
        "path": file if base_url is None else f"{base_url}/extracts/{file}?{query}",
        "profile": "tabular-data-resource" if is_csv else "data-resource",
        "title": t(table.title),
        "description": t(table.description),
        "format": ending,
        "mediatype": _ENDINGS[ending],
        **({"encoding": "utf-8", "dialect": dialect} if is_csv else {}),
        "schema": schema,
    }


def _describe_field(field: Field, name: str, lang: str, decimal_mark: str) -> dict[str, Any]:
    t = translator(lang)
    described: dict[str, Any] = {"name": name, "type": _TYPES[field.kind]}
    if field.kind == "date":
        described["format"] = "default"
    if described["type"] == "number" and decimal_mark != ".":
        described["decimalChar"] = decimal_mark
    return described | {"title": t(field.header), "description": t(field.description), "column": field.name}


def _filters(snapshot: Snapshot, selection: Selection) -> list[tuple[str, str]]:
    t = translator(selection.lang)
    return describe(selection, snapshot, t, partial(format_date, lang=selection.lang))


def _readme(
    snapshot: Snapshot, selection: Selection, package: dict[str, Any], rows: Mapping[str, int], csv: str
) -> str:
    """Write the text that a person reads first, with the line ends and the mark that Windows' editor expects."""
    return "\ufeff" + "\r\n".join(_readme_lines(snapshot, selection, package, rows, csv)) + "\r\n"


_CSV_WORDS = {
    COMMA: N_("CSV files are for spreadsheets: UTF-8, commas, headers in your language, dates as year-month-day."),
    SEMICOLON: N_(
        "CSV files are for spreadsheets: UTF-8, semicolons, decimal commas, headers in your language, "
        "dates as year-month-day."
    ),
}


def _readme_lines(
    snapshot: Snapshot, selection: Selection, package: dict[str, Any], rows: Mapping[str, int], csv: str
) -> Iterator[str]:
    t = translator(selection.lang)
    yield package["title"]
    if snapshot.is_sample:
        yield t(FICTIONAL)
    yield ""
    yield t(N_("Filters in force"))
    yield from (f"  {_pair(t, label, words)}" for label, words in _filters(snapshot, selection))
    yield ""
    yield t(N_("Files"))
    for resource in package["resources"]:
        count = rows[Path(resource["path"]).stem]
        described = f"{resource['title']}. {resource['description']}"
        name = f"{resource['path']} ({format_count(count, t.language)})"
        yield f"  {_pair(t, name, described)}"
    yield ""
    yield t(_CSV_WORDS[csv])
    yield t(N_("In CSV files a text that a spreadsheet would run as a formula begins with an apostrophe."))
    yield t(
        N_("Parquet and JSON files are for programs: typed values with technical names, texts exactly as they are.")
    )
    yield t(N_("datapackage.json describes every column of every file."))
    yield ""
    yield t(N_("Where it comes from"))
    yield from (f"  {_pair(t, name, text)}" for name, text in name_origin(snapshot.campaign, t.language))
    yield ""
    yield t(N_("Cite as"))
    yield f"  {package['citation']}"


def _pair(t: Translator, name: str, value: str) -> str:
    return t(N_("{name}: {value}"), name=name, value=value)


def _entry(snapshot: Snapshot, file: Path) -> zipfile.ZipInfo:
    """Make a file's entry in the ZIP, dated by the build; Parquet is compressed already."""
    built = datetime.fromisoformat(snapshot.built_at)
    entry = zipfile.ZipInfo(file.name, max(built.timetuple()[:6], _EARLIEST))
    entry.compress_type = zipfile.ZIP_STORED if file.suffix == ".parquet" else zipfile.ZIP_DEFLATED
    return entry


def _checked(file: Path, rows: int) -> dict[str, Any]:
    """Return rows, size and digest of a file, as far as validators count them; they call any other number wrong."""
    if file.suffix == ".parquet":
        return {"rows": rows}
    checked = {"bytes": file.stat().st_size, "hash": f"sha256:{hash_file(file)}"}
    return checked if file.suffix == ".json" else checked | {"rows": rows}


def _add(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, file: Path) -> None:
    with archive.open(entry, "w", force_zip64=file.stat().st_size > _LARGE) as place, file.open("rb") as content:
        for portion in iter(partial(content.read, 1 << 20), b""):
            place.write(portion)
            tell_progress(content.tell(), file.stat().st_size)


def _as_json(package: dict[str, Any]) -> str:
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"


def describe_all(snapshot: Snapshot, selection: Selection, settings: Settings) -> dict[str, Any]:
    """List the values of the parameters, and every table with its columns and addresses for the selection."""
    query, base_url = selection.query_string(), settings.base_url
    t = translator(selection.lang)
    return {
        "title": snapshot.campaign[f"title_{selection.lang}"],
        "is_sample": snapshot.is_sample,
        "build_id": snapshot.build_id,
        "as_of": selection.day(snapshot).isoformat(),
        "parameters": {
            **list_values(snapshot),
            "columns": [],  # those of the table, below
            "include": list(TABLES),
            PARAMETER: list(STYLES),
        },
        "tables": [_list_table(table, t, f"{base_url}/extracts/{{}}?{query}") for table in TABLES.values()],
        "package": f"{base_url}/extracts/{PACKAGE}?{query}",
        "datapackage": f"{base_url}/extracts/{DESCRIPTOR}?{query}",
    }


def _list_table(table: Table, t: Translator, address: str) -> dict[str, Any]:
    return {
        "name": table.name,
        "title": t(table.title),
        "description": t(table.description),
        "files": {
            ending: address.replace("{}", f"{table.name}.{ending}", 1)
            for ending in table_formats(table.name)
            if ending not in WHOLE
        },
        "columns": [
            {"name": field.name, "title": t(field.header), "kind": field.kind, "description": t(field.description)}
            for field in table.fields
        ],
    }
