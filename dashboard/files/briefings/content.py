"""The content of a briefing in any format: its charts with their titles, sums, notes and links.

Decks, documents and workbooks are made from it, so that they agree.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, cached_property, partial
from urllib.parse import urlencode

from dashboard.campaign.brand import Look
from dashboard.charts.chart import Chart, build_chart
from dashboard.charts.csv import hash_chart
from dashboard.charts.options import Options, name_charts, write_choices
from dashboard.files.briefings.blocks import (
    Block,
    Number,
    fill_lines,
    find_doubtful,
    list_numbers,
    read_line,
    read_words,
    write_figure,
)
from dashboard.files.briefings.order import (
    WITH_NOTES,
    WORDED,
    Choice,
    Item,
    list_items,
    name_items,
    write_items,
    write_notes,
)
from dashboard.files.briefings.pieces import Piece, join_pairs
from dashboard.files.briefings.worded_figures import FIGURES
from dashboard.formats import clean, format_date, join_list
from dashboard.ground.base_urls import find_check_page, portable, shareable
from dashboard.ground.processes.progress import tell_progress
from dashboard.i18n import N_, Translator, translator
from dashboard.measures.definitions import DEFINITIONS
from dashboard.snapshot.attribution import cite
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.receipts.receipt import Receipt, hash_all, issue
from dashboard.snapshot.selection import Selection

MOST_MESSAGES = 6


@dataclass(frozen=True)
class Briefing:
    """A whole briefing.

    Attributes:
        blocks: All of it, in order.
        pieces: Its charts, each once, in order.
        own_title: The presenter's title; empty for the campaign's.
        made_at: The time of the data's build, in UTC; files carry it, so that the same content is the same bytes.
        link: Address of the dashboard with this selection; empty where others cannot open it.
        has_notes: Whether Word documents have the talking points.
        receipt: The receipt of all its charts; its address is the page Briefing with the same choice.
    """

    blocks: tuple[Block, ...]
    pieces: tuple[Piece, ...]
    lang: str
    campaign: str
    own_title: str
    build_id: str
    made_at: datetime
    is_sample: bool
    link: str
    has_notes: bool
    receipt: Receipt

    def issue(self, form: str, **chosen: str) -> Receipt:
        """Issue the receipt of the briefing in a form, with its other choices, such as the size of pictures."""
        return replace(self.receipt, form=form, of=_extend(self.receipt.of, chosen))

    def issue_chart(self, piece: Piece, form: str, **chosen: str) -> Receipt:
        """Issue the receipt of one chart's file, picture or slide."""
        place, _, query = piece.address.partition("?")
        title = {"title": piece.own_title} if piece.own_title else {}
        of = _extend(f"{place}.{form}?{query}", title | chosen)
        return replace(self.receipt, form=form, of=of, values=hash_chart(piece.chart))

    @cached_property
    def t(self) -> Translator:
        """The words of the reader's language."""
        return translator(self.lang)

    def lead_to(self, link: str) -> list[str]:
        """Write the line that leads to the latest figures; none without a link."""
        return [self.t(N_("Live view: {link}"), link=link)] if link else []

    @property
    def title(self) -> str:
        """The title at the top."""
        return self.own_title or self.campaign

    @property
    def look(self) -> Look:
        """The publisher's look, as it is now."""
        return self.pieces[0].chart.look

    @property
    def full_title(self) -> str:
        """The title with the selection."""
        return clean(self.pieces[0].chart.caption.entitle(self.title))

    @property
    def place(self) -> str:
        """The words of the selection, without the day."""
        return clean(self.pieces[0].chart.caption.place)

    @property
    def names(self) -> list[str]:
        """A name for each chart, no two equal, for files: its id, with a number where that occurs again."""
        return [name.replace(".", "-") for name in name_charts(piece.chart.spec.id for piece in self.pieces)]

    @property
    def selection(self) -> str:
        """The filters in force and the day, in a line."""
        return join_pairs(self.pieces[0].chart)

    @property
    def as_of(self) -> str:
        """The day of the figures, in words."""
        return self.t(N_("As of {day}"), day=self.pieces[0].chart.caption.as_of)

    @property
    def origin(self) -> str:
        """The build, and when it was made."""
        built = format_date(self.made_at.date(), self.lang)
        return self.t(N_("Snapshot {build}, built {day}"), build=self.build_id, day=built)

    @property
    def source(self) -> str:
        """The publisher of the figures, their day and licence."""
        return self.pieces[0].source

    @property
    def citation(self) -> str:
        """The citation."""
        first = self.pieces[0].chart
        return cite(first.campaign, self.lang, self.full_title, first.total.day, self.link)

    @property
    def sources(self) -> list[str]:
        """The input files of the figures."""
        return list(dict.fromkeys(clean(file) for piece in self.pieces for file in piece.chart.caption.sources))

    @property
    def messages(self) -> list[tuple[str, str]]:
        """What the first charts say, for readers of nothing else: title and sentence, no two alike.

        A single chart has none, nor a briefing with messages among its blocks.
        """
        if any(block.kind == "message" for block in self.blocks):
            return []
        titles: dict[str, str] = {}
        for piece in self.pieces:
            sentence = "" if piece.is_empty else piece.choose_message(titles)
            if sentence:
                titles[sentence] = piece.title
        messages = [(title, sentence) for sentence, title in titles.items()][:MOST_MESSAGES]
        return messages if len(messages) > 1 else []

    @property
    def introduction(self) -> int:
        """How many blocks stand before the key messages: the presenter's own words, up to the last text at the top."""
        first = next((number for number, block in enumerate(self.blocks) if block.piece), 0)
        return max((number for number in range(1, first + 1) if self.blocks[number - 1].kind == "text"), default=0)

    @property
    def doubtful(self) -> tuple[str, ...]:
        """The numbers in the presenter's own words that the build does not give."""
        return tuple(dict.fromkeys(number for block in self.blocks for number in block.doubtful))

    @property
    def doubts(self) -> list[tuple[str, str]]:
        """What these numbers are, and all of them, as the last of the definitions; nothing without such a number."""
        numbers = join_list((self.t(N_("“{text}”"), text=one) for one in self.doubtful), self.lang)
        return [(self.t(N_("In the presenter’s words, but not in these figures")), numbers)] if numbers else []

    def list_doubts(self, blocks: Iterable[Block]) -> list[str]:
        """List the numbers of some blocks that the build does not give, in a line."""
        doubts = replace(self, blocks=tuple(blocks)).doubts
        return [self.t(N_("{name}: {value}"), name=name, value=numbers) for name, numbers in doubts]

    def write_message(self, block: Block) -> tuple[str, str]:
        """Write a message: its chart's title, with a note where the sentence is the presenter's, and the sentence."""
        title = block.piece.title if block.piece else ""
        return self.t(N_("{title} – edited"), title=title) if block.is_edited else title, block.text

    @property
    def definitions(self) -> list[tuple[str, str]]:
        """Every measure shown, once: name and sentence, with the formula; and where its figures can be checked."""
        measures = {measure for piece in self.pieces for measure in piece.chart.spec.measures}
        check_page = find_check_page(self.receipt.of)
        return [
            *(self.define(measure) for measure in DEFINITIONS if measure in measures),
            *([(self.t(N_("Check this file")), check_page)] if check_page else []),
        ]

    def define(self, measure: str) -> tuple[str, str]:
        """Return a measure's name, and its meaning with its formula."""
        definition = DEFINITIONS[measure]
        name, sentence = self.t(definition.name), self.t(definition.sentence)
        return name, f"{sentence} {name} = {self.t(definition.formula)}." if definition.formula else sentence


def compose(
    snapshot: Snapshot,
    selection: Selection,
    charts: Sequence[Choice],
    base_url: str,
    title: str = "",
    *,
    has_notes: bool = False,
) -> Briefing:
    """Compose a briefing of a selection.

    Its title is the campaign's by default; `base_url` is that of the dashboard, without a slash at the end.

    Raises:
        SelectionError: there is no such chart, or it does not offer the choice.
    """
    query, base_url = selection.query_string(), portable(base_url)
    items = list_items(charts)
    pieces = _compute_pieces(snapshot, selection, items, base_url)
    blocks = tuple(_compose_blocks(snapshot, selection, items, pieces))
    pairs = [*selection.query_pairs(), *_state(items, clean(title).strip(), has_notes=has_notes)]
    of = f"{base_url}/briefing?{urlencode(pairs)}"  # the subject of a receipt keeps its name
    values = hash_all(hash_chart(piece.chart) for piece in pieces.values())
    look = next((piece.chart.look.key for piece in pieces.values()), "")
    return Briefing(
        blocks=blocks,
        pieces=tuple(pieces.values()),
        lang=selection.lang,
        campaign=clean(str(snapshot.campaign[f"title_{selection.lang}"])),
        own_title=clean(title).strip(),
        build_id=snapshot.build_id,
        made_at=datetime.fromisoformat(snapshot.built_at),
        is_sample=snapshot.is_sample,
        link=shareable(f"{base_url}/?{query}"),
        has_notes=has_notes,
        receipt=issue(snapshot, of, "", values, states_time=True, look=look),
    )


def _state(items: Sequence[Item], title: str, *, has_notes: bool) -> list[tuple[str, str]]:
    """Return a briefing's blocks, their choices, its talking points and its title, as parameters of its page."""
    chosen = write_choices({name: item.options.query_pairs() for name, item in name_items(items).items()})
    notes = {"notes": write_notes(items), WITH_NOTES: "1" if has_notes else ""}
    parameters = {"charts": write_items(items), **chosen, **notes, "heading": title}
    return [(name, value) for name, value in parameters.items() if value]


def _extend(address: str, chosen: Mapping[str, str]) -> str:
    """Extend an address by further parameters."""
    return f"{address}&{urlencode(chosen)}" if chosen else address


_Charts = dict[tuple[str, Options], Piece]


def _compute_pieces(snapshot: Snapshot, selection: Selection, items: Sequence[Item], base_url: str) -> _Charts:
    """Compute each chart once, with the first title of the presenter's for it."""
    titles: dict[tuple[str, Options], str] = {}
    for item in items:
        if item.kind not in WORDED:
            key = item.chart_id, item.options
            titles[key] = titles.get(key) or ("" if item.kind == "message" else clean(item.title).strip())
    pieces: _Charts = {}
    for number, ((chart_id, options), own_title) in enumerate(titles.items(), start=1):
        chart = build_chart(snapshot, chart_id, selection, options)
        tell_progress(number, len(titles))
        query = urlencode([*selection.query_pairs(), *chart.options.query_pairs()])
        pieces[chart_id, options] = Piece(chart, own_title, f"{base_url}/charts/{chart_id}?{query}")
    return pieces


def _compose_blocks(
    snapshot: Snapshot, selection: Selection, items: Sequence[Item], pieces: _Charts
) -> Iterator[Block]:
    """Compose the blocks: fill in figures, and look for numbers in the presenter's own words that nothing gives."""
    used_messages: set[str] = set()
    find_figure = cache(partial(write_figure, snapshot, selection))
    figures: set[Number] = set()
    numbers: dict[tuple[str, Options], set[Number]] = {}
    if any(item.title or item.notes for item in items):
        figures = set(list_numbers(map(find_figure, FIGURES)))
        numbers = {key: figures.union(list_numbers(_list_texts(piece.chart))) for key, piece in pieces.items()}
    all_numbers = figures.union(*numbers.values())
    for item in items:
        notes = fill_lines(item.notes, find_figure)
        doubtful_notes = find_doubtful(read_line(notes, str), all_numbers)
        if item.kind in WORDED:
            read = read_words if item.kind == "text" else partial(read_line, kind="heading")
            paragraphs = read(item.title, find_figure)
            doubtful = find_doubtful(paragraphs, all_numbers)
            yield Block(item.kind, None, paragraphs, notes, doubtful=doubtful + doubtful_notes)
            continue
        key = item.chart_id, item.options
        piece = pieces[key]
        if item.kind != "message":
            own_title = clean(item.title).strip()
            doubtful = find_doubtful(read_line(own_title, str), numbers.get(key, ()))
            own_piece = replace(piece, own_title=own_title)
            yield Block(item.kind, own_piece, (), notes, doubtful=doubtful + doubtful_notes)
            continue
        usual = read_line(piece.choose_message(used_messages) or piece.message, str)
        used_messages.add(usual[0].text)
        paragraphs = read_line(item.title, find_figure) or usual
        is_edited = paragraphs != usual
        doubtful = find_doubtful(paragraphs, numbers[key]) if is_edited else ()
        yield Block(item.kind, piece, paragraphs, notes, is_edited, doubtful + doubtful_notes)


def _list_texts(chart: Chart) -> Iterator[str]:
    """List the texts that give a chart's numbers."""
    caption = chart.caption
    yield from (
        chart.title,
        caption.place,
        *caption.messages,
        *caption.findings,
        caption.summary,
        caption.alt,
        *caption.notes,
        caption.source_line,
    )
    yield from (value for _, value in caption.selection)
    if not chart.is_empty:
        headings, rows = chart.cells()
        yield from headings
        for row in rows:
            yield from row
