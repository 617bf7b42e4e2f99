"""The facts about a chart for a program or a careful reader, and the list of all charts."""

from collections.abc import Sequence
from typing import Any

from dashboard.charts.catalogue import CATALOGUE, PLAIN, SURVEY, ChartSpec
from dashboard.charts.chart import Chart, list_beside
from dashboard.charts.options import (
    EXPLORE,
    ONWARD_VALUES,
    PAIRS,
    PEERS,
    Exploration,
    may_go_on,
    offered_forms,
    offered_measures,
    offered_sorts,
)
from dashboard.charts.sides import BESIDE
from dashboard.charts.survey_answers import EACH
from dashboard.charts.svg.surround import SCALES, SIZES
from dashboard.files.briefings.order import LONGEST_TITLE
from dashboard.ground.base_urls import is_folder
from dashboard.ground.files import csv_styles
from dashboard.i18n import translator
from dashboard.measures import surveys
from dashboard.measures.counts import Headline
from dashboard.measures.definitions import DEFINITIONS, RATES
from dashboard.measures.facts import AMOUNTS
from dashboard.measures.results import list_amounts
from dashboard.settings import Settings
from dashboard.snapshot.attribution import attribute, cite
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import VERSUS, Selection, list_values
from dashboard.web.charts.requests import FILES, FORMATS, STATIC, ChartRequest


def describe_chart(snapshot: Snapshot, request: ChartRequest, chart: Chart, settings: Settings) -> dict[str, Any]:
    """Describe a chart for `.metadata.json`: title, words, definitions, sources, selection, columns and addresses."""
    selection, caption = request.selection, chart.caption
    day = selection.day(snapshot)
    chosen = dict(request.options.query_pairs())
    return {
        "id": request.chart_id,
        "title": chart.title,
        "full_title": caption.full_title,
        "description": chart.alt,
        "kind": chart.spec.kind,
        "lang": chart.lang,
        "campaign": snapshot.campaign[f"title_{chart.lang}"],
        "is_sample": snapshot.is_sample,
        "build_id": request.build_id,
        "is_frozen": request.is_frozen,
        "as_of": day.isoformat(),
        "selection": {
            "query": selection.query_string(),
            "parameters": _chosen(selection),
            "words": [{"name": name, "value": value} for name, value in caption.selection],
        },
        **({"options": chosen} if chosen else {}),
        "totals": _count(chart.total),
        **(
            {"sides": [{"name": side.name, "totals": _count(side.total)} for side in chart.sides]}
            if chart.sides
            else {}
        ),
        "finding": caption.finding,
        "key_message": caption.key_message,
        "summary": caption.summary,
        "notes": list(caption.notes),
        "definitions": [define(name, chart.lang) for name in chart.spec.measures],
        **_attribute(snapshot, request, chart, settings.base_url),
        "sources": list(caption.sources),
        "columns": [_describe_column(chart, str(name), kind.kind) for name, kind in chart.data().dtypes.items()],
        "addresses": list_addresses(request, settings.base_url),
    }


def _count(total: Headline) -> dict[str, int]:
    return {name: getattr(total, name) for name in ("actions", "reported", "completed")}


def list_addresses(request: ChartRequest, base_url: str) -> dict[str, str]:
    """Return the whole address of a chart in every format, and of its page; in a folder, those of its files."""
    if is_folder(base_url):
        return {name: request.address(base_url, name) for name in STATIC if request.chart_id in PLAIN}
    addresses = {name: request.address(base_url, name) for name in FORMATS}
    return addresses | {"live": request.live_address(base_url)}


def _attribute(snapshot: Snapshot, request: ChartRequest, chart: Chart, base_url: str) -> dict[str, Any]:
    """Return publisher, licence, attribution and citation of the figures; without those that are not set."""
    attribution = attribute(snapshot.campaign, chart.lang)
    publisher = {"name": attribution.publisher, "url": attribution.url}
    licence = {"name": attribution.licence, "spdx": attribution.spdx, "url": attribution.licence_url}
    facts = {name: {key: text for key, text in one.items() if text} for name, one in
             (("publisher", publisher), ("licence", licence))}  # fmt: skip
    words = {"source_line": chart.caption.source_line, "citation": cite_chart(request, chart, base_url)}
    return {**{name: one for name, one in facts.items() if one}, **words}


def cite_chart(request: ChartRequest, chart: Chart, base_url: str) -> str:
    """Write the citation of a chart, in its language."""
    address = request.address(base_url, "html")
    return cite(chart.campaign, chart.lang, chart.caption.entitle(request.title), chart.total.day, address)


def list_charts(snapshot: Snapshot, selection: Selection, settings: Settings) -> dict[str, Any]:
    """List every chart with its titles and addresses for the selection, and the values of the parameters."""
    units: dict[str, list[str]] = {}
    for amount in list_amounts(snapshot):
        units.setdefault(amount.indicator, []).append(amount.unit)
    return {
        "title": snapshot.campaign[f"title_{selection.lang}"],
        "is_sample": snapshot.is_sample,
        "build_id": snapshot.build_id,
        "as_of": selection.day(snapshot).isoformat(),
        "parameters": list_values(snapshot),
        "versus": list(VERSUS),
        "format_parameters": {
            "size": list(SIZES),
            "scale": list(SCALES),
            csv_styles.PARAMETER: list(csv_styles.STYLES),
            "title": [f"at most {LONGEST_TITLE} characters"],
        },
        "formats": {name: list(FORMATS[name].extras) for name in ("html", *FILES)},
        "sizes": {name: {"width": size.width, "height": size.height} for name, size in SIZES.items()},
        **({} if is_folder(settings.base_url) else {"oembed": f"{settings.base_url}/oembed?url={{address}}"}),
        "charts": [
            _list_chart(PLAIN[chart_id], snapshot, selection, settings)
            for chart_id in (*CATALOGUE, *list_beside(snapshot, selection))
        ],
        "explore": _list_explore(snapshot, selection, settings),
        "survey": _list_survey(snapshot, selection, settings),
        "measured": units,
    }


def _list_explore(snapshot: Snapshot, selection: Selection, settings: Settings) -> dict[str, Any]:
    """Describe readers' own chart: the values of its parameters, and its addresses for the selection."""
    request = ChartRequest(EXPLORE, "html", selection, snapshot.build_id)
    return {
        "id": EXPLORE,
        "by": {by: _list_forms(by, seconds) for by, seconds in PAIRS.items()},
        "measure": list(offered_measures(Exploration().spec)),
        "addresses": list_addresses(request, settings.base_url),
    }


def _list_survey(snapshot: Snapshot, selection: Selection, settings: Settings) -> dict[str, Any]:
    """Describe the chart of a survey's question: the questions with their waves, and its addresses."""
    request = ChartRequest(SURVEY.id, "html", selection, snapshot.build_id)
    question_codes = [question.code for question in surveys.questions(snapshot, selection)]
    return {
        "id": SURVEY.id,
        "question": {code: [*surveys.waves(snapshot, code), EACH] for code in question_codes},
        "addresses": list_addresses(request, settings.base_url),
    }


def _list_forms(by: str, seconds: Sequence[str]) -> dict[str, Any]:
    """List the forms of a dimension alone (`as`), and with each second one (`and`)."""
    return {"as": list(offered_forms(by, "")), "and": {second: list(offered_forms(by, second)) for second in seconds}}


def _list_chart(spec: ChartSpec, snapshot: Snapshot, selection: Selection, settings: Settings) -> dict[str, Any]:
    request = ChartRequest(spec.id, "html", selection, snapshot.build_id)
    return {
        "id": spec.id,
        "title": translator(selection.lang)(spec.title),
        "titles": {lang: translator(lang)(spec.title) for lang in snapshot.languages},
        "kind": spec.kind,
        "dimensions": [name for name in (spec.dimension, spec.second) if name],
        "measures": list(spec.measures),
        "options": {"sort": list(offered_sorts(spec)), "measure": list(offered_measures(spec)), "peers": list(PEERS)}
        | ({"expected": list(ONWARD_VALUES)} if may_go_on(spec) else {}),
        "is_compared": spec.kind in BESIDE,
        "addresses": list_addresses(request, settings.base_url),
    }


def _chosen(selection: Selection) -> dict[str, list[str]]:
    chosen: dict[str, list[str]] = {}
    for name, value in selection.query_pairs():
        chosen.setdefault(name, []).append(value)
    return chosen


def define(name: str, lang: str) -> dict[str, str]:
    """Define a measure, in words."""
    t, definition = translator(lang), DEFINITIONS[name]
    formula = t(definition.formula) if definition.formula else ""
    return {"id": name, "name": t(definition.name), "sentence": t(definition.sentence), "formula": formula}


def _describe_column(chart: Chart, name: str, kind: str) -> dict[str, str]:
    """Describe one column of the data by its kind of values, as numpy has them; a rate is a fraction of 1."""
    t = translator(chart.lang)
    definition = DEFINITIONS.get(name)
    if definition is None:
        types = {"i": "integer", "f": "number", "b": "boolean"}
        return {"name": name, "type": types.get(kind, "string")}
    if name in AMOUNTS.counts and chart.measured:
        title = {"title": t(definition.name), "description": t(definition.sentence)}
        unit = "count" if name == "results" else chart.measured[1]
        return {"name": name, "type": "number" if kind == "f" else "integer", "unit": unit, **title}
    is_share = name in RATES or kind == "f"
    return {
        "name": name,
        "type": "number" if is_share else "integer",
        "unit": "fraction of 1" if is_share else "count",
        "title": t(definition.name),
        "description": t(definition.sentence),
    }
