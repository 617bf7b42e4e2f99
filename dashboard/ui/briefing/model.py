"""Make the page Briefing: a chart to take away, several of them as a briefing, and the catalogue."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from dashboard.charts.catalogue import RESULTS, SURVEY
from dashboard.charts.chart import Chart, build_chart, list_beside, name_chart
from dashboard.charts.marks import is_filtered
from dashboard.charts.options import ALONE, EXPLORE, Options, find_spec, place_options
from dashboard.charts.survey_answers import find_asked
from dashboard.charts.svg.draw import draw_svg
from dashboard.charts.svg.surround import SIZES
from dashboard.errors import SelectionError
from dashboard.files.briefings.blocks import write_figure
from dashboard.files.briefings.content import compose
from dashboard.files.briefings.order import WITH_NOTES, WORDED, BriefingRequest, Choice, Item, Kind
from dashboard.files.briefings.pieces import SEPARATOR
from dashboard.files.briefings.worded_figures import FIGURES, GROUPS
from dashboard.i18n import N_, Translator, translator
from dashboard.measures.counts import headline
from dashboard.measures.definitions import DEFINITIONS
from dashboard.measures.expected import find_reason
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import FILTERS, Selection
from dashboard.snapshot.shared import shared
from dashboard.ui.briefing import choice
from dashboard.ui.briefing.choice import KIND, PRESETS, BriefingChoice
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.pieces import chart_options, empty_selection, filter_bar
from dashboard.ui.pieces.chart_options import Menu
from dashboard.ui.pieces.empty_selection import EmptyModel
from dashboard.web.charts import show_page
from dashboard.web.charts.metadata import cite_chart
from dashboard.web.charts.requests import ChartRequest

PREVIEW_WIDTH = 360
_PLAIN = "/:= ,.;"
LEAD = N_(
    "Take a chart with you: “Use this chart” gives its picture, PowerPoint slide, embed code and figures; "
    "“Add” collects several in one file."
)
_ALL = N_("All of them show the actions that the filters choose.")
_BESIDE = N_("Only those that show two selections side by side; for the others, remove the comparison above.")
SIZE_NAMES = {"slide": N_("Slide"), "social": N_("Social media"), "square": N_("Square"), "column": N_("Text column")}
FILE_WORDS = {
    "pptx": (
        N_("PowerPoint deck"),
        N_("A title slide, the key messages, a slide for each chart; the charts can be edited in PowerPoint."),
        ":material/slideshow:",
    ),
    "docx": (
        N_("Word document"),
        N_("To go on writing: contents, every chart with its table; the charts can be edited in Word."),
        ":material/edit_document:",
    ),
    "pdf": (
        N_("PDF"),
        N_("To read, print and send: cover, key messages, every chart with its table. Accessible to screen readers."),
        ":material/picture_as_pdf:",
    ),
    "html": (
        N_("Document for the browser"),
        N_("One HTML file with all charts, tables and definitions: opens offline, prints well, can be mailed."),
        ":material/description:",
    ),
    "zip": (
        N_("Everything as ZIP"),
        N_("Deck, document, pictures and the data of every chart."),
        ":material/folder_zip:",
    ),
}
"""For each format of a briefing: the words on its button, its description, and its icon."""


@dataclass(frozen=True)
class Preview:
    """One chart as the catalogue shows it: shared by all readers and never changed.

    Attributes:
        picture: The drawing as an address that holds it: its styles stay inside, and it cannot run anything.
        highlight: Its one number, or n of N.
    """

    title: str
    picture: str
    alt: str
    highlight: str


@dataclass(frozen=True)
class UsedModel:
    """The chart in use, with all its forms.

    Attributes:
        item: The chart from the link.
        anew: For readers' own chart, the link to the page that makes it.
        sizes: The sizes of the picture with their names.
        about_size: The use of the chosen one.
        source: The line for under the chart.
    """

    item: Item
    chart: Chart
    request: ChartRequest
    is_added: bool
    menus: tuple[Menu, ...]
    anew: PageLink | None
    sizes: Mapping[str, str]
    about_size: str
    source: str
    citation: str


@dataclass(frozen=True)
class Row:
    """One block of the briefing.

    Attributes:
        name: Its name in the link.
        number: Its place, from 1 on.
        title: The words by default; of a block without a chart the name of its kind.
        own_title: The presenter's words.
        notes: Talking points.
        offered: Its possible choices, as `parameter:value` with words.
        words: The names of its field and of its buttons: title, add, up, down, out.
    """

    name: str
    number: int
    is_last: bool
    kind: Kind
    title: str
    own_title: str
    notes: str
    offered: Mapping[str, str]
    chosen: str
    words: Mapping[str, str]


@dataclass(frozen=True)
class PackModel:
    """The present briefing, or advice to begin one.

    Attributes:
        note: Advice to begin one; empty where it has charts.
        presets: The ready-made sets: their ids, labels, descriptions, and charts.
        regions: The regions that have a set, by their codes.
        placeholder: Its title by default.
        request: The file of them; None without a chart.
        figures: The figures that words may name, with their names and present values.
        doubts: A warning of the presenter's own numbers that the build does not give, as Markdown; else empty.
        about: A note on the link's content, and on the template of decks.
    """

    title: str
    note: str
    presets: tuple[tuple[str, str, str, tuple[Choice, ...]], ...]
    regions: Mapping[str, str]
    can_clear: bool
    heading: str
    placeholder: str
    items: tuple[Item, ...]
    rows: tuple[Row, ...]
    request: BriefingRequest | None
    figures: Mapping[str, str]
    doubts: str
    about: str


@dataclass(frozen=True)
class CatalogueCard:
    """One chart of the catalogue: its preview, and its name in the briefing if that has the same chart."""

    chart_id: str
    preview: Preview
    name: str | None


@dataclass(frozen=True)
class CatalogueModel:
    """The charts to choose from, and the link to readers' own chart."""

    title: str
    note: str
    cards: tuple[CatalogueCard, ...]
    own_title: str
    own_note: str
    explore: PageLink


@dataclass(frozen=True)
class BriefingModel:
    """The page.

    Attributes:
        unknown: A warning of charts in the link that do not exist, as Markdown; else empty.
        refused: A warning of choices that are not offered, as Markdown.
        empty: The explanation of a selection without actions; then nothing else is shown.
        lead: The purpose of the page, where no chart is in use.
    """

    chosen: BriefingChoice
    unknown: str
    refused: tuple[str, ...]
    empty: EmptyModel | None = None
    lead: str = ""
    in_use: UsedModel | None = None
    pack: PackModel | None = None
    catalogue: CatalogueModel | None = None


def make_model(
    snapshot: Snapshot,
    selection: Selection,
    t: Translator,
    parameters: Mapping[str, str],
    settings: Settings,
    *,
    template: str = "",
) -> BriefingModel:
    """Make the page.

    `settings`: the settings with the dashboard's address for the reader.
    `template`: the name of the campaign's template for decks; empty where there is none.
    """
    chosen = choice.parse(parameters, selection, lambda: snapshot)
    names = plain(", ".join(chosen.unknown)[:200])
    warning = t("The link asks for charts that do not exist here: {names}. Choose others below.", names=names)
    unknown = warning if chosen.unknown else ""
    refused = tuple(chart_options.say_refused(t, error) for error in chosen.refused)
    sides = [side for side in (selection.first, selection.other) if side is not None]
    if not any(headline(snapshot, side).actions for side in sides):
        return BriefingModel(chosen, unknown, refused, empty_selection.make_model(snapshot, selection, t))
    chart_in_use = None
    if chosen.in_use is not None:
        chart_in_use = make_used(snapshot, selection, t, chosen, choice.read_size(parameters), settings)
    return BriefingModel(
        chosen,
        unknown,
        refused,
        lead=t(LEAD) if chart_in_use is None else "",
        in_use=chart_in_use,
        pack=make_pack(snapshot, selection, t, chosen, parameters, template),
        catalogue=make_catalogue(snapshot, selection, t, chosen),
    )


def make_used(
    snapshot: Snapshot, selection: Selection, t: Translator, chosen: BriefingChoice, size: str, settings: Settings
) -> UsedModel | None:
    """Make the chart in use with all its forms; arguments as of `make_model`, and the size of its picture."""
    item = chosen.in_use
    if item is None:
        return None
    chart = build_chart(snapshot, item.chart_id, selection, item.options)
    request = ChartRequest(
        item.chart_id,
        "png",
        selection.in_order(),
        snapshot.build_id,
        size=size,
        title=item.title or None,
        options=chart.options,
    )
    has_peers = is_filtered(chart.spec, selection) and chart.spec.kind not in ALONE
    may_expect = not find_reason(snapshot, selection)
    pairs = (*replace(chart.options, peers=False).query_pairs(), *selection.first.query_pairs())
    size_words = SIZES[size]
    measure = f"{size_words.width} × {size_words.height}" if size_words.height else str(size_words.width)
    return UsedModel(
        item=item,
        chart=chart,
        request=request,
        is_added=item in chosen.items,
        menus=chart_options.make_menus(t, chart.spec, chart.options, has_peers=has_peers, may_expect=may_expect),
        anew=PageLink(t("Edit"), EXPLORE, pairs, ":material/tune:") if chart.spec.id == EXPLORE else None,
        sizes={name: t(SIZE_NAMES[name]) for name in SIZES},
        about_size=t("{reason}, {measure} pixels", reason=t(size_words.reason), measure=measure),
        source=_write_source(snapshot, t, chart, request, settings.base_url),
        citation=cite_chart(request, chart, settings.base_url),
    )


def _write_source(snapshot: Snapshot, t: Translator, chart: Chart, request: ChartRequest, site: str) -> str:
    """Write the line below the picture: the chart's subject, its actions, source and day."""
    caption = chart.caption
    sentences = [f"{part.rstrip('.')}." for part in (caption.entitle(request.title), caption.source_line)]
    if snapshot.is_sample:
        sentences.append(t("The data is fictional."))
    return " ".join([*sentences, request.address(site, "html")])


def make_pack(
    snapshot: Snapshot,
    selection: Selection,
    t: Translator,
    chosen: BriefingChoice,
    parameters: Mapping[str, str],
    template: str,
) -> PackModel:
    """Make the present briefing, or advice to begin one; arguments as of `make_model`."""
    items, heading = chosen.items, choice.read_heading(parameters)
    begin = t("Several charts as one file: add them from the list below, or begin with a ready-made set.")
    region = next(f for f in FILTERS if f.parameter == "region")
    about = t("The link above opens this briefing: use it again next week for the same charts with new figures.")
    if template:
        about += f" {t('The deck uses the template {file} of the campaign folder.', file=template)}"
    has_chart = any(item.kind not in WORDED for item in items)
    size, has_notes = choice.read_size(parameters), parameters.get(WITH_NOTES) == "1"
    request = BriefingRequest(items, selection, heading, size, has_notes=has_notes) if has_chart else None
    worded = any(any(map(str.isdigit, item.title + item.notes)) for item in items)
    doubtful = find_doubts(snapshot, selection, items) if worded and has_chart else ()
    doubts = t("Your words have numbers that these figures do not give: {numbers}. Files name them at their end.",
               numbers=plain(", ".join(doubtful)))  # fmt: skip
    return PackModel(
        title=t("Your briefing"),
        note="" if items else begin,
        presets=tuple((preset.id, t(preset.label), t(preset.help), preset.charts) for preset in PRESETS),
        regions={code.code: code.labels[t.language] for code in filter_bar.offered(snapshot, selection, region)},
        can_clear=bool(items),
        heading=heading,
        placeholder=str(snapshot.campaign[f"title_{t.language}"]),
        items=items,
        rows=tuple(_list_rows(snapshot, selection, t, chosen)),
        request=request,
        figures=list_figures(snapshot, selection) if any(item.kind in WITH_FIGURES for item in items) else {},
        doubts=doubts if doubtful else "",
        about=about,
    )


@shared
def find_doubts(snapshot: Snapshot, selection: Selection, items: tuple[Item, ...]) -> tuple[str, ...]:
    """Find the numbers in a presenter's own words that a build does not give."""
    try:
        return compose(snapshot, selection, items, "").doubtful
    except SelectionError:  # a file is refused for the same reason, which is said then
        return ()


@shared
def list_figures(snapshot: Snapshot, selection: Selection) -> dict[str, str]:
    """List the figures that words may name by their groups: group, name and value in the reader's language."""
    t = translator(selection.lang)
    names = {name: t(DEFINITIONS[name].name) if name in DEFINITIONS else t("As of") for name in FIGURES}
    figures = {name: t("{name}: {value}", name=words, value=write_figure(snapshot, selection, name))
               for name, words in names.items()}  # fmt: skip
    return {name: f"{t(title)}{SEPARATOR}{figures[name]}" for title, group in GROUPS.items() for name in group}


def has_several(snapshot: Snapshot, selection: Selection, item: Item) -> bool:
    """Return whether a chart of bars has more than one, and a grid more than one column."""
    chart = build_chart(snapshot, item.chart_id, selection, item.options)
    if chart.spec.kind == "grid":
        return len(chart.columns) != 1
    return chart.spec.kind not in ("rates", "statuses", "outcomes", "evidence") or len(chart.drawn) != 1


WITH_FIGURES: tuple[Kind, ...] = ("heading", "text", "message")
KIND_NAMES: dict[Kind, str] = {
    "heading": N_("Heading"),
    "text": N_("Text"),
    "chart": N_("Chart"),
    "table": N_("Table"),
    "message": N_("Key message"),
    "break": N_("New page"),
}


def _list_rows(snapshot: Snapshot, selection: Selection, t: Translator, chosen: BriefingChoice) -> Iterator[Row]:
    """List the blocks of the briefing, each with its words, its choices, and its buttons."""
    for number, (name, item) in enumerate(chosen.name_items().items(), start=1):
        title = t(KIND_NAMES[item.kind])
        offered: dict[str, str] = {}
        choice_words = ""
        if item.kind not in WORDED:
            title = _name(snapshot, t, item)
            offered, choice_words = _offer_choices(snapshot, selection, t, item)
        title_words = t("Custom title for: {chart}", chart=title)
        words = {
            "title": title_words if item.kind in ("chart", "table") else t(KIND_NAMES[item.kind]),
            "notes": t("Talking points: {chart}", chart=title),
            "drag": t("Move: {chart}", chart=title),
            "up": t("Move up: {chart}", chart=title),
            "down": t("Move down: {chart}", chart=title),
            "add": t("Add after: {chart}", chart=title),
            "out": t("Remove: {chart}", chart=title),
        }
        if item.kind in WITH_FIGURES:
            words["figure"] = t("Insert a figure: {chart}", chart=title)
        if item.kind == "break":
            words.pop("notes")
        if item.kind == "message":
            title = build_chart(snapshot, item.chart_id, selection, item.options).caption.key_message
        is_last = number == len(chosen.items)
        yield Row(name, number, is_last, item.kind, title, item.title, item.notes, offered, choice_words, words)


def _name(snapshot: Snapshot, t: Translator, item: Item) -> str:
    """Name a chart; that of a survey's question is the question, that of promised numbers says of which."""
    if item.chart_id in RESULTS:
        return build_chart(snapshot, item.chart_id, Selection(lang=t.language), item.options).title
    is_survey = item.chart_id == SURVEY.id
    survey_question = find_asked(snapshot, t.language, item.options.question, item.options.wave) if is_survey else None
    return survey_question[0].text if survey_question else name_chart(item.chart_id, t.language, item.options)


def _offer_choices(snapshot: Snapshot, selection: Selection, t: Translator, item: Item) -> tuple[dict[str, str], str]:
    """Return all choices of a chart, as `parameter:value` with words, and the present ones, in words."""
    spec = place_options(find_spec(item.chart_id), item.options)
    has_peers = is_filtered(spec, selection) and spec.kind not in ALONE
    may_expect = not find_reason(snapshot, selection) or item.options.expected
    menus, usual = (
        chart_options.make_menus(t, spec, options, has_peers=has_peers, may_expect=may_expect)
        for options in (item.options, Options())
    )
    kinds = {kind: t(name) for kind, name in KIND_NAMES.items() if kind not in WORDED}
    offered = {f"{KIND}:{kind}": f"{t('Shown as')}{t(': ')}{name}" for kind, name in kinds.items()}
    offered |= {
        f"{menu.name}:{value}": f"{menu.label}{t(': ')}{word}" for menu in menus for value, word in menu.offered.items()
    }
    chosen = [
        offered[f"{menu.name}:{menu.chosen}"]
        for menu, usual_value in zip(menus, usual, strict=True)
        if menu.chosen != usual_value.chosen
    ]
    chosen = [kinds[item.kind], *chosen] if item.kind != "chart" else chosen
    return offered, ", ".join(chosen) or t("Default")


def write_screen(site: str, items: tuple[Item, ...], selection: Selection, seconds: int, scheme: str) -> str:
    """Write the address of the charts in turn on the screen of a hall."""
    screen = show_page.Show(items, seconds, scheme, selection)
    return f"{site}/show?{urlencode(show_page.write_query(screen))}"


@shared
def find_preview(snapshot: Snapshot, chart_id: str, selection: Selection) -> Preview:
    """Find the preview of one chart of a selection."""
    chart = build_chart(snapshot, chart_id, selection)
    drawn = quote(draw_svg(chart, None, width=PREVIEW_WIDTH), safe=_PLAIN)
    return Preview(chart.title, f"data:image/svg+xml,{drawn}", chart.alt, chart.caption.finding)


def make_catalogue(snapshot: Snapshot, selection: Selection, t: Translator, chosen: BriefingChoice) -> CatalogueModel:
    """Make the charts to choose from; arguments as of `make_model`."""
    names = chosen.find_plain()
    words = t("Any measure by one or two dimensions: put the chart together there; “Share this chart” brings it here.")
    return CatalogueModel(
        title=t("The charts"),
        note=t(_BESIDE if selection.versus else _ALL),
        cards=tuple(
            CatalogueCard(chart_id, find_preview(snapshot, chart_id, selection), names.get(chart_id))
            for chart_id in (
                *choice.offered(selection),
                *(() if selection.versus else list_beside(snapshot, selection)),
            )
        ),
        own_title=t("Custom chart"),
        own_note=words,
        explore=PageLink(t("Explore"), EXPLORE, tuple(selection.first.query_pairs()), ":material/tune:"),
    )
