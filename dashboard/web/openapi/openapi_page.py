"""The description of every route as a page for people: grouped, with parameters, addresses to try, and code to copy."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from dashboard.i18n import N_, Translator
from dashboard.languages import name_language, write_attributes
from dashboard.snapshot.database import Snapshot, list_offered
from dashboard.snapshot.selection import FILTERS, options
from dashboard.web.api_route import ApiRoute, list_operations
from dashboard.web.head_tags import DEFAULT, Preview, name_page, say_shortly, write_tags
from dashboard.web.http import hash_source
from dashboard.web.operation import (
    ABOUT,
    COMPARED,
    HEADING,
    HTML,
    JSON,
    REFUSALS,
    SELECTION,
    TAGS,
    Operation,
    Parameter,
)
from dashboard.web.static import LIGHT_STYLE, font_face

OWN_STYLE = Path(__file__).with_suffix(".css").read_text(encoding="utf-8").replace("\n", "")
SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
FEW_VALUES = 12
"""Values that stand beside a parameter without being unfolded."""

CSV, EXCEL, PARQUET = (
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.apache.parquet",
)
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
_SHARED = {parameter.name for parameter in (*SELECTION, *COMPARED)}


class PageSubject(NamedTuple):
    """What the page is written for: the published build, the dashboard's address, the reader's language."""

    snapshot: Snapshot | None
    base: str
    t: Translator


def draw_openapi(routes: Iterable[ApiRoute], snapshot: Snapshot | None, base: str, t: Translator) -> str:
    """Draw the page as HTML."""
    reading = PageSubject(snapshot, base, t)
    operations = list_operations(routes)
    site = str(snapshot.campaign[f"title_{t.language}"]) if snapshot is not None else ""
    heading = t(HEADING)
    sections = "".join(_draw_tag(reading, tag, operations) for tag in TAGS)
    about = "".join(f"<li>{escape(t(sentence))}</li>" for sentence in ABOUT[:-1])
    return (
        f'<!doctype html><html {write_attributes(t.language)}><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(name_page(heading, site))}</title>'
        f"{_write_preview(reading, site)}"
        f'<link rel="service-desc" type="application/json" href="openapi.json?lang={t.language}">'
        f"<style>{_style()}</style></head><body><main>{_list_languages(t, list_offered())}"
        f"<h1>{escape(heading)}</h1>"
        f'<p class="note"><a href="./?lang={t.language}">{escape(site or t(N_("Overview")))}</a></p>'
        f'<ul class="about">{about}</ul>'
        f"{_list_ways(t)}{_draw_selection(reading)}{sections}</main><script>{SCRIPT}</script></body></html>\n"
    )


def _write_preview(reading: PageSubject, site: str) -> str:
    """Write what other sites show of the page."""
    t, base = reading.t, reading.base
    addresses: dict[str, str] = {lang: f"{base}/openapi?lang={lang}" for lang in list_offered()}
    preview = Preview(
        title=t(HEADING),
        description=say_shortly(t(sentence) for sentence in ABOUT),
        site=site,
        lang=t.language,
        canonical=addresses[t.language],
        languages=addresses | {DEFAULT: f"{base}/openapi"},
    )
    return write_tags(preview)


@cache
def write_policy() -> str:
    """Write the page's content policy: it may load its own style and script, and this server's font."""
    return (
        f"default-src 'none'; style-src {hash_source(_style())}; script-src {hash_source(SCRIPT)}; font-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )


@cache
def _style() -> str:
    return font_face() + LIGHT_STYLE + OWN_STYLE


def _list_languages(t: Translator, languages: Sequence[str]) -> str:
    items = "".join(
        f'<li><b aria-current="true">{name_language(lang)}</b></li>'
        if lang == t.language
        else f'<li><a href="openapi?lang={lang}" lang="{lang}" hreflang="{lang}">{name_language(lang)}</a></li>'
        for lang in languages
    )
    return f'<nav aria-label="{escape(t(N_("Language")))}"><ul>{items}</ul></nav>'


def _list_ways(t: Translator) -> str:
    """List the links at the head of the page."""
    ways = [(f"openapi.json?lang={t.language}", t(N_("As OpenAPI 3.1 (JSON), for programs that write programs")))]
    ways += [("#selection", t(N_("Selection"))), *((f"#{name}", t(tag.name)) for name, tag in TAGS.items())]
    items = "".join(f'<li><a href="{address}">{escape(label)}</a></li>' for address, label in ways)
    return f'<nav aria-label="{escape(t(N_("On this page")))}"><ul>{items}</ul></nav>'


def _draw_selection(reading: PageSubject) -> str:
    """Draw the parameters that every answer with figures takes, with all codes and their labels."""
    t = reading.t
    sentence = t(N_("Every answer with figures takes these parameters, as the pages do in their own address."))
    compared = t(N_("A comparison has the same with vs. before their names, but for build and lang: vs.region=…"))
    return (
        f'<h2 id="selection">{escape(t(N_("Selection")))}</h2><p>{escape(sentence)}</p>'
        f"<dl>{''.join(_draw_parameter(reading, p, _list_codes(reading, p)) for p in SELECTION)}</dl>"
        f'<p class="note">{escape(compared)}</p>'
    )


def _list_codes(reading: PageSubject, parameter: Parameter) -> str:
    """List the codes of a filter with their labels, in a part that opens on a click."""
    chosen = next((f for f in FILTERS if f.parameter == parameter.name), None)
    codes = options(reading.snapshot, chosen) if chosen is not None and reading.snapshot is not None else []
    if not codes:
        return ""
    label = reading.t.plural("{n} code", "{n} codes", len(codes), n=len(codes))
    items = "".join(
        f"<li><code>{escape(code.code)}</code> {escape(code.labels[reading.t.language])}</li>" for code in codes
    )
    return f'<details><summary>{escape(label)}</summary><ul class="codes">{items}</ul></details>'


def _draw_tag(reading: PageSubject, tag: str, operations: Sequence[Operation]) -> str:
    t, families = reading.t, dict[str, list[Operation]]()
    for operation in operations:
        if operation.tag == tag:
            families.setdefault(operation.family, []).append(operation)
    cards = "".join(_draw_family(reading, family, forms) for family, forms in families.items())
    return f'<h2 id="{tag}">{escape(t(TAGS[tag].name))}</h2><p>{escape(t(TAGS[tag].meaning))}</p>{cards}'


def _draw_family(reading: PageSubject, family: str, forms: Sequence[Operation]) -> str:
    """Draw one resource in its several forms: its paths and its own parameters."""
    t = reading.t
    details = dict.fromkeys(t(form.details) for form in forms if form.details)
    paragraphs = "".join(f"<p>{escape(sentence)}</p>" for sentence in details)
    parameter_names = {p.name for form in forms for p in form.parameters}
    if "region" in parameter_names:
        takes = (
            N_("Takes a selection, and the other side of a comparison.")
            if "vs.q" in parameter_names
            else N_("Takes a selection.")
        )
        paragraphs += f'<p><a href="#selection">{escape(t(takes))}</a></p>'
    terms = "".join(_draw_own(reading, forms))
    return (
        f'<section class="card"><h3>{escape(t(family))}</h3>{paragraphs}'
        f"{f'<dl>{terms}</dl>' if terms else ''}{''.join(_draw_form(reading, form) for form in forms)}</section>"
    )


def _draw_own(reading: PageSubject, forms: Sequence[Operation]) -> Iterator[str]:
    """Draw the parameters of a family beside the selection, each with the forms that take it where not all do."""
    parameters: dict[str, Parameter] = {}
    takers: dict[str, list[str]] = {}
    for form in forms:
        for parameter in form.parameters:
            if parameter.name not in _SHARED or "region" not in {p.name for p in form.parameters}:
                parameters.setdefault(parameter.name, parameter)
                takers.setdefault(parameter.name, []).append(_name_form(form) or reading.t(form.summary))
    for name, parameter in parameters.items():
        some = ", ".join(takers[name]) if len(takers[name]) < len(forms) else ""
        note = f'<p class="note">{escape(some)}</p>' if some else ""
        yield _draw_parameter(reading, parameter, note)


def _name_form(form: Operation) -> str:
    """Name the ending that distinguishes a form from the others of its family; empty for a page."""
    name = form.path.rpartition("/")[2].rpartition("}")[2]
    return name[name.index(".") :] if "." in name else ""


def _draw_parameter(reading: PageSubject, parameter: Parameter, more: str) -> str:
    t, values = reading.t, _list_values(parameter.value_schema(reading.snapshot))
    notes = [t(N_("needed"))] if parameter.is_needed else []
    notes += [t(N_("may be repeated"))] if parameter.is_repeated else []
    note = f' <span class="note">({escape(", ".join(notes))})</span>' if notes else ""
    codes = ""
    if values and not more.startswith("<details"):
        code_list = f'<ul class="codes">{"".join(f"<li><code>{escape(v)}</code></li>" for v in values)}</ul>'
        label = t.plural("{n} value", "{n} values", len(values), n=len(values))
        is_long = len(values) > FEW_VALUES
        codes = f"<details><summary>{escape(label)}</summary>{code_list}</details>" if is_long else code_list
    return f"<dt><code>{escape(parameter.name)}</code></dt><dd>{escape(t(parameter.meaning))}{note}{codes}{more}</dd>"


def _list_values(schema: Mapping[str, object]) -> list[str]:
    """List the values that a schema lists; none where any text is accepted."""
    choices = schema.get("enum")
    for part in schema.get("anyOf", ()) if choices is None else ():  # type: ignore[attr-defined]
        choices = choices or part.get("enum")
    return [str(value) for value in choices if value != ""] if isinstance(choices, list) else []


def _draw_form(reading: PageSubject, form: Operation) -> str:
    """Draw one path: what it answers, an address to try, code to copy, and how it refuses."""
    t = reading.t
    refused = "".join(f"<dt>{status}</dt><dd>{escape(t(REFUSALS[status]))}</dd>" for status in form.all_refusals)
    kinds = ", ".join(reply.media_type for reply in form.replies)
    body = f'<p class="note">{escape(kinds)}</p>'
    if form.can_be_tried:
        body += _draw_try(reading, form)
    if refused:
        body += f"<h4>{escape(t(N_('Refusals')))}</h4><dl>{refused}</dl>"
    return (
        f'<details id="{form.operation_id}"><summary><b>{form.method.upper()}</b><code>{escape(form.path)}</code>'
        f'<span>{escape(t(form.summary))}</span></summary><div class="inside">{body}</div></details>'
    )


def _draw_try(reading: PageSubject, form: Operation) -> str:
    t = reading.t
    path, pairs = form.find_first_try(reading.snapshot, reading.base)
    spoken = [(name, t.language if name == "lang" else value) for name, value in pairs]
    query = f"?{urlencode(spoken)}" if spoken else ""
    address = f"{reading.base}{path}{query}"
    is_embedded = form.operation_id.endswith("_html")
    lines = "".join(
        f'<h4>{escape(t(snippet.program))}</h4><div class="line"><pre>{escape(snippet.text)}</pre>'
        f'<button type="button" data-copied="{escape(t(N_("Copied")))}" hidden>{escape(t(N_("Copy")))}</button></div>'
        for snippet in write_snippets(address, form.replies[0].media_type, is_embedded=is_embedded)
    )
    href = escape(f"{path.lstrip('/')}{query}")
    return f'<p><a href="{href}">{escape(t(N_("Try it")))}</a> <code>{escape(path + query)}</code></p>{lines}'


class Snippet(NamedTuple):
    """One way to use an address: the program, and what to type or paste there."""

    program: str
    text: str


def write_snippets(address: str, media_type: str, *, is_embedded: bool = False) -> Iterator[Snippet]:
    """Write the ways to use an address.

    `is_embedded`: whether it is a page for frames.
    """
    name = urlsplit(address).path.rpartition("/")[2]
    is_text = media_type in (JSON, HTML, "text/plain")
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
    """Write a query in the language M; filters stand apart from the address, or the service would not refresh it."""
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
    """Write a name in a record of M; quote one that has other characters than letters."""
    return name if name.isidentifier() else f'#"{name}"'


def _write_values(values: list[str]) -> str:
    quoted = [f'"{value.replace(chr(34), chr(34) * 2)}"' for value in values]
    return quoted[0] if len(quoted) == 1 else f"{{{', '.join(quoted)}}}"
