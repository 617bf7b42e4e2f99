"""An address in the words of the programs that people use it from: curl, Excel, Power Query, Python, a web page."""

import json
from collections.abc import Iterator
from html import escape
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from dashboard.i18n import N_

CSV, EXCEL, PARQUET = (
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.apache.parquet",
)
JSON = "application/json"
_READERS = {
    CSV: 'Csv.Document({answer}, [Delimiter = "{delimiter}", Encoding = 65001, QuoteStyle = QuoteStyle.Csv])',
    EXCEL: "Excel.Workbook({answer})",
    PARQUET: "Parquet.Document({answer})",
    JSON: "Json.Document({answer})",
}
_PYTHON = {
    CSV: "import pandas as pd\n\ntable = pd.read_csv({address})",
    EXCEL: "import pandas as pd\n\ntable = pd.read_excel({address})",
    PARQUET: "import pandas as pd\n\ntable = pd.read_parquet({address})",
    JSON: (
        "import json\nfrom urllib.request import urlopen\n\n"
        "with urlopen({address}) as answer:\n    content = json.load(answer)"
    ),
}


class Snippet(NamedTuple):
    """One way to use an address: the program, and what is typed or pasted there."""

    program: str
    text: str


def write_snippets(address: str, media_type: str, *, is_embedded: bool = False) -> Iterator[Snippet]:
    """The ways to use an address.

    Args:
        address: The whole address.
        media_type: What it answers with.
        is_embedded: Whether it is a page made to be framed.
    """
    name = urlsplit(address).path.rpartition("/")[2]
    is_text = media_type in (JSON, "text/html", "text/plain")
    quoted = json.dumps(address, ensure_ascii=False)
    yield Snippet("curl", f"curl {'' if is_text else f'-o {name} '}'{address}'")
    if media_type in (CSV, EXCEL):
        yield Snippet(N_("Excel: Data → From Web"), address)
    if media_type in _READERS:
        yield Snippet("Power Query (M)", _write_query(address, media_type))
    if media_type in _PYTHON:
        yield Snippet("Python", _PYTHON[media_type].format(address=quoted))
    if is_embedded:
        frame = f'<iframe src="{escape(address)}" width="100%" height="600" style="border:0"></iframe>'
        yield Snippet(N_("Web page"), frame)


def _write_query(address: str, media_type: str) -> str:
    """A query in the language M; filters stand apart from the address, since the service refreshes no other."""
    place = urlsplit(address)
    server = f"{place.scheme}://{place.netloc}"
    values: dict[str, list[str]] = {}
    for name, value in parse_qsl(place.query):
        values.setdefault(name, []).append(value)
    filters = ", ".join(f"{_name_field(name)} = {_write_values(each)}" for name, each in values.items())
    query = f", Query = [{filters}]" if filters else ""
    answer = f'Web.Contents("{server}", [RelativePath = "{place.path.lstrip("/")}"{query}])'
    delimiter = ";" if values.get("csv") == ["semicolon"] else ","
    read = _READERS[media_type].format(answer=answer, delimiter=delimiter)
    return f"Table.PromoteHeaders({read}, [PromoteAllScalars = true])" if media_type == CSV else read


def _name_field(name: str) -> str:
    """A name in a record of M; one with other signs than letters is quoted."""
    return name if name.isidentifier() else f'#"{name}"'


def _write_values(values: list[str]) -> str:
    quoted = [f'"{value.replace(chr(34), chr(34) * 2)}"' for value in values]
    return quoted[0] if len(quoted) == 1 else f"{{{', '.join(quoted)}}}"
