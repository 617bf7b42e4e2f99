"""Operations of the routes of charts, from the declarations of charts and their forms."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from dashboard.charts import options
from dashboard.charts.catalogue import CATALOGUE, PLAIN, SURVEY
from dashboard.charts.options import (
    EXPLORE,
    ONWARD_VALUES,
    PEERS,
    SORTS,
    find_spec,
    list_parameters,
    offered_measures,
    offered_sorts,
)
from dashboard.charts.survey_answers import EACH
from dashboard.charts.svg.surround import SCALES, SIZES
from dashboard.files.briefings.order import LONGEST_TITLE
from dashboard.i18n import N_
from dashboard.languages import SOURCE
from dashboard.measures import surveys
from dashboard.measures.context import list_indicators
from dashboard.measures.results import list_amounts
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.web.charts import replay, show_page, words_font
from dashboard.web.charts.requests import FORMATS
from dashboard.web.operation import (
    BASE,
    COMPARED,
    CSV,
    DATA,
    EITHER,
    HTML,
    JSON,
    PAGE,
    SELECTION,
    TEXT,
    Operation,
    Parameter,
    Reply,
    choose_one,
    pick,
    refer,
)
from dashboard.web.static import Copies, parts, scripts, shapes, styles

_SHAPES = {"json": refer("PlotlyFigure"), "metadata.json": refer("Chart")}


def _list_measures() -> list[str]:
    """List every measure that some chart offers."""
    specs = [*CATALOGUE.values(), *(options.explore(by).spec for by in options.PAIRS)]
    return list(dict.fromkeys(name for spec in specs for name in offered_measures(spec)))


def _asked_schema(name: str, snapshot: Snapshot | None) -> dict[str, Any]:
    """Return the schema of the surveys' questions, or of their waves."""
    if snapshot is None:
        return dict(TEXT)
    codes = [question.code for question in surveys.questions(snapshot, Selection())]
    if name == "wave":
        codes = list(dict.fromkeys([*(wave for code in codes for wave in surveys.waves(snapshot, code)), EACH]))
    return choose_one(codes, any_case=True) if codes else dict(TEXT)


def _measured_schema(place: int, snapshot: Snapshot | None) -> dict[str, Any]:
    """Return the schema of the indicators that may be added up or stand beside completion, or of their units."""
    codes = [amount[place] for amount in list_amounts(snapshot)] if snapshot is not None else []
    if snapshot is not None and place == 0:
        codes += [one.code for one in list_indicators(snapshot, SOURCE) if one.is_measured]
    return choose_one(list(dict.fromkeys(codes))) if codes else dict(TEXT)


def _first_question(snapshot: Snapshot) -> str:
    return next((question.code for question in surveys.questions(snapshot, Selection())), "")


FOR_PAGES = N_("What the pages themselves load")
_BY_CHART = ("chart",)
OPTIONS = (
    Parameter(
        "sort",
        N_("How bars and rows are sorted; each chart offers its own ways."),
        choose_one(tuple(SORTS), any_case=True),
        example="name",
        depends_on=_BY_CHART,
    ),
    Parameter(
        "measure",
        N_("What is shown; each chart offers its own measures."),
        choose_one(_list_measures(), any_case=True),
        depends_on=_BY_CHART,
    ),
    Parameter(
        "peers",
        N_("1 keeps beside the chosen members those that are not chosen."),
        choose_one(PEERS, any_case=True),
        example="1",
    ),
    Parameter(
        "expected",
        N_("yes lets a curve go on to the deadline, by what is expected while the campaign runs."),
        choose_one(ONWARD_VALUES, any_case=True),
        depends_on=_BY_CHART,
    ),
    Parameter(
        "by",
        N_("By what it is broken down."),
        choose_one(tuple(options.PAIRS), any_case=True),
        example="category",
        depends_on=("as", "and"),
    ),
    Parameter(
        "and",
        N_("The second dimension, of those that the first may have."),
        choose_one(tuple(dict.fromkeys(s for seconds in options.PAIRS.values() for s in seconds)), any_case=True),
        depends_on=("by", "as"),
    ),
    Parameter(
        "as",
        N_("In which form it is shown, of those that the dimensions can have."),
        choose_one(tuple(options.FORMS), any_case=True),
        depends_on=("by", "and"),
    ),
    Parameter(
        "question",
        N_("The question, by its code; the first one where none is named."),
        partial(_asked_schema, "question"),
        example=_first_question,
        depends_on=("data",),
    ),
    Parameter(
        "wave",
        N_("The survey wave; without it all of them, with each one beside the other."),
        partial(_asked_schema, "wave"),
        depends_on=("question",),
    ),
    Parameter(
        "indicator",
        N_(
            "Of promised numbers: what is added up; without it what most numbers are promised of. Of completion beside "
            "a published figure: that figure."
        ),
        partial(_measured_schema, 0),
        depends_on=_BY_CHART,
    ),
    Parameter(
        "unit",
        N_("Of promised numbers: the unit, where an indicator has several."),
        partial(_measured_schema, 1),
        depends_on=("chart", "indicator"),
    ),
)
TITLE = Parameter(
    "title",
    N_("Your own title in place of the chart's."),
    {"type": "string", "maxLength": LONGEST_TITLE},
)
OWN = (
    TITLE,
    Parameter(
        "size",
        N_("The size of the picture; slides, columns and posts have sizes of their own."),
        choose_one(tuple(SIZES)),
        example="slide",
    ),
    Parameter(
        "scale",
        N_("Pixels for each pixel of the size; print has 300 dots an inch at a width of 17 cm."),
        choose_one(SCALES),
        example="print",
    ),
    CSV,
)
CHART_ID = Parameter(
    "chart_id",
    N_("Which chart, by its id; the list of charts has all of them."),
    {"type": "string", "enum": list(PLAIN)},
    example="completion-by-region",
    place="path",
)


def list_chart_forms() -> Iterator[Operation]:
    """Yield every form of the charts of the catalogue, of readers' own chart, and of a survey's question."""
    families = (
        ("{chart_id}", next(iter(CATALOGUE)), N_("A chart"), "chart"),
        (EXPLORE, EXPLORE, N_("A chart that you put together"), "explore"),
        (SURVEY.id, SURVEY.id, N_("The answers to a question of the surveys"), "survey_answers"),
    )
    for family in families:
        yield from (_describe_form(*family, file_format) for file_format in FORMATS)


def _is_offered(parameter: str, chart_id: str) -> bool:
    """Return whether a chart takes a parameter at all; one of a survey's question is neither sorted nor measured."""
    spec = find_spec(chart_id)
    offered = {"sort": offered_sorts(spec), "measure": offered_measures(spec)}
    return chart_id != SURVEY.id or bool(offered.get(parameter, True))


def list_interactive_forms() -> tuple[Operation, ...]:
    """Return those of `list_chart_forms` that the route of the interactive page answers."""
    return tuple(operation for operation in list_chart_forms() if operation.path.endswith("/interactive"))


def list_file_forms() -> tuple[Operation, ...]:
    """Return those of `list_chart_forms` that the route of all other forms answers."""
    return tuple(operation for operation in list_chart_forms() if not operation.path.endswith("/interactive"))


def _describe_form(name: str, chart_id: str, family: str, prefix: str, file_format: str) -> Operation:
    form = FORMATS[file_format]
    ending = {"html": "", "interactive": "/interactive"}.get(file_format, f".{file_format}")
    is_page = file_format in ("html", "interactive")
    refused = PAGE if is_page else DATA
    options = pick([name for name in list_parameters(chart_id) if _is_offered(name, chart_id)], OPTIONS)
    extras = pick(form.extras, OWN)
    sides = () if chart_id == SURVEY.id else COMPARED
    return Operation(
        f"/charts/{name}{ending}",
        f"{prefix}_{file_format.replace('.json', '').replace('.', '_')}",
        "charts",
        family,
        form.meaning,
        (
            Reply(
                form.media_type.partition(";")[0],
                _SHAPES.get(file_format),
                ("ETag", "Cache-Control", "Content-Language", "Access-Control-Allow-Origin"),
            ),
        ),
        (*((CHART_ID,) if name == "{chart_id}" else ()), *options, *extras, *SELECTION, *sides),
        {400: refused, 404: EITHER, 410: refused, 422: refused, 503: refused},
        tried=("by", "question", "lang"),
        cost=form.lane,
        is_open=True,
        takes_link=file_format != "interactive",  # that one fetches its figure by its own address
    )


CATALOGUE_LIST = Operation(
    "/charts",
    "list_charts",
    "charts",
    N_("The list of charts"),
    N_("Every chart with its titles, choices and addresses, and what the parameters take"),
    (
        Reply(JSON, refer("Catalogue"), ("ETag", "Cache-Control", "Vary", "Link", "Access-Control-Allow-Origin")),
        Reply(HTML),
    ),
    SELECTION,
    {400: EITHER, 410: EITHER, 503: EITHER},
    details=N_("JSON; a page where Accept asks for HTML, as browsers do."),
    tried=("lang",),
    is_open=True,
)

REPLAY = Operation(
    "/charts/replay.json",
    "replay",
    "site",
    FOR_PAGES,
    N_("The campaign day by day: drawings of the last day, and the counts of every day (JSON)"),
    (Reply(JSON, refer("Replay"), ("ETag", "Cache-Control", "Content-Language")),),
    (
        Parameter(
            replay.EDITION, N_("The program's edition, with which and a build the answer is kept for ever."), TEXT
        ),
        *SELECTION,
    ),
    {400: EITHER, 410: EITHER, 503: EITHER},
    tried=("lang",),
    cost="picture",
)

_SHOWN = {
    "chart": Parameter(
        "chart",
        N_("The charts in their order; an id that stands there again has .2, .3 behind it."),
        {"type": "string"},
        example="completion-by-region",
        is_repeated=True,
        depends_on=("chart",),
    ),
    "seconds": Parameter(
        "seconds",
        N_("For how many seconds each chart stands."),
        {
            "anyOf": [
                {"type": "integer", "minimum": show_page.LEAST_SECONDS, "maximum": show_page.MOST_SECONDS},
                {"const": ""},
            ]
        },
        example="30",
    ),
    "scheme": Parameter("scheme", N_("Dark or light colours."), choose_one(show_page.SCHEMES), example="light"),
}
_CHOSEN_OF_EACH = {
    name: Parameter(
        name, N_("What is chosen of each chart: name:value, several with commas."), TEXT, depends_on=_BY_CHART
    )
    for name in show_page.PARAMETERS
    if name not in _SHOWN
}
SHOW = Operation(
    "/show",
    "show",
    "charts",
    N_("Presentation screen"),
    N_("The chosen charts in turn, full screen, updated automatically"),
    (Reply(HTML, None, ("ETag", "Cache-Control", "Content-Language")),),
    (*((_SHOWN | _CHOSEN_OF_EACH)[name] for name in show_page.PARAMETERS), *SELECTION, *COMPARED),
    {400: EITHER, 404: EITHER, 410: EITHER, 503: EITHER},
    tried=("scheme",),
    cost="picture",
)

_PIXELS = {"type": "string", "pattern": "^[0-9]{0,6}$"}
OEMBED = Operation(
    "/oembed",
    "oembed",
    "charts",
    N_("oEmbed"),
    N_("What a content system asks when an editor pastes the address of a chart or page"),
    (Reply(JSON, refer("OEmbed"), ("ETag", "Cache-Control", "Access-Control-Allow-Origin")),),
    (
        Parameter(
            "url",
            N_("The whole address of a chart in any form, or of a page that shows one."),
            {"type": "string", "minLength": 1},
            example=f"{BASE}/charts/completion-by-region",
            is_needed=True,
            depends_on=("data",),
        ),
        Parameter("maxwidth", N_("The most pixels there is room for across."), _PIXELS, example="480"),
        Parameter("maxheight", N_("The most pixels there is room for down."), _PIXELS, example="600"),
        Parameter("format", N_("The form of the answer; there is one."), choose_one(("json",)), example="json"),
    ),
    {400: EITHER, 404: EITHER, 410: EITHER, 501: DATA, 503: EITHER},
    is_open=True,
    takes_link=True,
)


def list_assets() -> dict[str, Copies]:
    """Return the files that pages load beside Streamlit's and their copies, by names that change with the content."""
    return {
        name: copies
        for copies in (scripts(), shapes(), styles(), parts(), words_font.copies())
        for name in copies.files
    }


def describe_assets() -> Operation:
    """Describe the files that pages of charts load, under names that change with their content."""
    names = list(list_assets())
    name = Parameter(
        "name",
        N_("The name of the file, which changes with its content."),
        {"type": "string", "enum": names},
        example=names[0],
        place="path",
    )
    kinds = ("text/javascript", "text/css", "font/woff2", "image/svg+xml")
    return Operation(
        "/charts/assets/{name}",
        "chart_asset",
        "site",
        FOR_PAGES,
        N_("A script, the font or the shapes of a map, as pages of charts load them; kept for ever"),
        tuple(Reply(kind) for kind in kinds),
        (name,),
        {404: EITHER},
        is_open=True,
    )
