"""Make the page of one action: the promise, its stakeholder, places and subjects, and the outcome.

Letters to the secretariat are in `secretariat`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import pandas as pd

from dashboard import formats
from dashboard.asking.question_readings import PAGE_OF
from dashboard.campaign.commitments.criteria import CRITERIA, REASONS
from dashboard.campaign.reporting.numbers import name_number, say_promised, say_reached
from dashboard.formats import format_date
from dashboard.ground.codelist_codes import CLAIMED, EVIDENCE_STEPS, UNCLASSIFIED
from dashboard.i18n import N_
from dashboard.lists.for_readers import TO_ACTION, TO_STAKEHOLDER
from dashboard.measures import register
from dashboard.measures.action_numbers import ActionNumber, list_numbers
from dashboard.measures.annotations import Annotation, list_annotations
from dashboard.measures.definitions import ROLES
from dashboard.measures.register import ActionDetails, Neighbour, Titled, find_similar, join_labels, plain_rows
from dashboard.ui.actions import course, secretariat
from dashboard.ui.actions.course import Row
from dashboard.ui.actions.secretariat import ActionName, Desk, Letter
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import list_cells, list_table
from dashboard.ui.pieces.account import place
from dashboard.ui.pieces.list_cells import Cell, Item, Line, Section, StatusMark
from dashboard.ui.pieces.list_table import DESCENDING, ORDER, SORT

TEXTS = (
    ("description", N_("Description")),
    ("impact", N_("Expected impact")),
    ("communication", N_("Communication")),
    ("partners", N_("Partners")),
)
CODED_FACTS = (
    ("group", "group", "stakeholder_groups", N_("Stakeholder group")),
    ("category", "category", "categories", N_("Category")),
    ("themes", "theme", "themes", N_("Themes")),
    ("regions", "region", "regions", N_("Regions")),
    ("subregions", "subregion", "subregions", N_("Subregions")),
    ("countries", "country", "countries", N_("Countries")),
    ("groupings", "grouping", "groupings", N_("Groupings of countries")),
)
"""The name of a fact, the filter and the codelist of its codes, and its label."""
DATED_FACTS = (
    ("submitted_on", N_("Submitted on")),
    ("due_on", N_("Deadline")),
    ("reported_on", N_("Last report")),
    ("completed_on", N_("Completed on")),
)
KINDS = {"event": N_("Event"), "story": N_("Story")}
WEB = ("http://", "https://")
"""The beginnings of addresses that become links: no other does, since a link may also run a script."""


class Ways(NamedTuple):
    """The links through the register: back, and to the neighbours with the place between them, where it has one."""

    label: str
    back: Cell
    steps: tuple[Cell, ...] = ()


class Fact(NamedTuple):
    """A fact by its name: words, or links to its pages; for a percentage, the length of its bar."""

    label: str
    ways: tuple[PageLink | str, ...]
    percent: float | None = None


class Origin(NamedTuple):
    """The action's place in the files: a sentence for readers, for staff each place and all original rows."""

    sentence: str
    rows: tuple[tuple[str, str, str], ...] = ()
    originals: tuple[tuple[str, str | None, int], ...] = ()


@dataclass(frozen=True)
class ActionModel:
    """The page of one action.

    Attributes:
        tab: The title of the browser's tab.
        replies: What the stakeholder says to what is shown, the latest first.
        numbers: The numbers that it promises or has reached, each with the length of its bar.
        timeline: The number of milestones reached, or a note that there are none; they and the day shown, in order.
        evidence_rows: The same as `register.evidence` has it, for staff's forms.
        criteria: Which criteria of a good commitment it meets, for staff.
        files: The documents and pictures that the stakeholder handed in.
        letter: The link to report a mistake; for staff, how to offer it where it is missing.
    """

    title: Cell
    tab: str
    maker: Cell
    action_id: str
    status: StatusMark
    replies: Section
    texts: tuple[tuple[str, Cell], ...]
    url: Cell
    facts: tuple[Fact, ...]
    numbers: tuple[Fact, ...]
    timeline: Section
    reports: Section
    evidence: Section
    evidence_rows: tuple[Row, ...]
    criteria: Section
    files: Section
    posts: Section
    similar_actions: tuple[Section, ...]
    origin: Origin
    letter: Letter | str


def make_model(view: View, action_id: str, desk: Desk, *, is_staff: bool) -> ActionModel | None:
    """Make the page of an action on the day of the view; None where there is none of this id.

    `desk`: the receiver of readers' letters.
    `is_staff`: whether the reader is of the staff.
    """
    t, day = view.t, view.selection.day(view.snapshot)
    action = register.details(view.snapshot, action_id, day)
    if action is None:
        return None
    facts, moments = action.facts, tuple(course.list_moments(view, action, day))
    title, lang = facts["title"] or t("Untitled action"), facts["language"] or ""
    maker = register.name_stakeholder(facts["stakeholder"], view.snapshot.person_names, view.lang) or ""
    frame = register.evidence(view.snapshot, action_id, day)
    rows = tuple(frame.astype(object).where(frame.notna(), None).to_dict("records"))
    reports = tuple(course.list_reports(view, action, day, is_staff=is_staff))
    steps = tuple(_describe_step(view, step, rows) for step in EVIDENCE_STEPS) if rows else ()
    annotations = list_annotations(view.snapshot, action_id=facts["action_id"], until=view.selection.as_of)
    replies = tuple(_describe_reply(view, one) for one in annotations if one.is_reply)
    files = tuple(_describe_file(view, one) for one in annotations if not one.is_reply and one.post_id is None)
    own_words = t("In its own words. A reply changes no figure.") if replies else ""
    no_report, no_status = t("No progress reported yet."), t("There is no status to support with evidence yet.")
    return ActionModel(
        title=Cell(title, lang=lang if facts["title"] else ""),
        tab=f"{title} · {t('Actions')}",
        maker=Cell(
            maker or t("Stakeholder not stated"),
            link=list_table.find_link(view, TO_STAKEHOLDER, maker, facts) if maker else None,
        ),
        action_id=facts["action_id"],
        status=list_cells.say_status(view, facts["status"], facts["status_code"], is_overdue=bool(facts["is_overdue"])),
        replies=Section(t("The stakeholder says"), own_words, replies, "replies"),
        texts=tuple((t(label), Cell(facts[name], lang=lang)) for name, label in TEXTS if facts[name]),
        url=_link_web(facts["url"], facts["url"]) if (facts["url"] or "").startswith(WEB) else Cell(""),
        facts=tuple(list_facts(view, facts)),
        numbers=tuple(_describe_number(view, one) for one in list_numbers(view.snapshot, [action_id], day)),
        timeline=Section(t("Milestones"), course.count_milestones(view, action.milestones, day), moments, "timeline"),
        reports=Section(t("Progress reports"), "" if reports else no_report, reports, "reports"),
        evidence=Section(t("Evidence"), "" if steps else no_status, steps, "evidence"),
        evidence_rows=rows,
        criteria=list_criteria(view, action_id) if is_staff else Section(""),
        files=Section(t("Documents and pictures"), items=files, style="posts files"),
        posts=Section(t("Events and stories"), items=tuple(_list_posts(view, action_id)), style="posts"),
        similar_actions=find_others(view, ActionName(title, action_id), day, desk),
        origin=find_origin(view, action, is_staff=is_staff),
        letter=secretariat.offer_report(view, desk, ActionName(title, action_id), is_staff=is_staff),
    )


def list_criteria(view: View, action_id: str) -> Section:
    """List which criteria of a good commitment an action meets, and why, with the words that decide it."""
    t = view.t
    items = tuple(
        Item(
            (
                Line(
                    "",
                    (
                        Cell(f"{'✓' if one.is_met else '○'} {t(CRITERIA[one.criterion])}", style="step"),
                        Cell(t(REASONS[one.reason])),
                        Cell(t("“{text}”", text=one.words) if one.words else "", style="muted"),
                    ),
                ),
            )
        )
        for one in register.list_criteria(view.snapshot, action_id)
    )
    note = t("Rules look for words in the text; they can err. Only staff see this.") if items else ""
    return Section(t("Criteria of a good commitment"), note, items, "evidence")


def find_ways(view: View, action_id: str) -> Ways:
    """Find the links back to the register, and to the actions before and after this one in it."""
    t, sort = view.t, view.parameters.get(SORT)
    place = register.find_place(
        view.snapshot,
        view.selection,
        action_id,
        sort=sort if sort in register.SORTS else "submitted_on",
        descending=view.parameters.get(ORDER) == DESCENDING,
    )
    label, back = t("Browse the register"), t("Back to the register")
    to_register = Cell(back, link=PageLink(back, view.page_id, view.page_pairs(action=None)))
    if place is None or place.actions < 2:
        return Ways(label, to_register)

    def lead(neighbour: Titled | None, words: str) -> Cell:
        if neighbour is None:
            return Cell(words, style="none")
        title = neighbour.title or t("Untitled action")
        link = PageLink(title, view.page_id, view.page_pairs(action=neighbour.action_id))
        return Cell(f"{words}, {title}", words, link)

    place_words = Cell(t("Action {n} of {total}", n=place.number, total=place.actions))
    return Ways(label, to_register, (lead(place.before, t("Previous")), place_words, lead(place.after, t("Next"))))


def list_facts(view: View, facts: dict[str, Any]) -> Iterator[Fact]:
    """List the facts of an action, each with a link to its page."""
    t, lang = view.t, view.lang
    if facts["percent"] is not None:
        yield Fact(t("Percent done"), (formats.format_share(facts["percent"] / 100, lang),), facts["percent"])
    for name, parameter, codelist, label in CODED_FACTS:
        codes = [facts[name]] if isinstance(facts[name], str) else list(facts[name] or ())
        if codes:
            yield Fact(t(label), tuple(_link_codes(view, parameter, codelist, codes)))
    for name, label in DATED_FACTS:
        if facts[name]:
            yield Fact(t(label), (formats.format_date(facts[name], lang),))
    if facts["language"]:
        yield Fact(t("Language"), (formats.format_language(facts["language"], lang),))


def _describe_number(view: View, number: ActionNumber) -> Fact:
    """Describe a number: what is promised, what was told last and how it is known, and where that stands."""
    t, percent = view.t, None
    last = say_reached(t, number.actual, number.actual_on)
    if number.reached is not None and number.promised:
        percent = 100 * number.reached / number.promised
    words = (
        say_promised(t, number.baseline, number.target, number.target_on) or t("never promised"),
        t("last reported: {number}", number=last) if last else t("nothing reported yet"),
        number.how_known,
        place(view, number.source_file, number.source_sheet, number.source_row),
    )
    name = name_number(t, view.snapshot.codes, number.indicator, number.unit)
    return Fact(name, tuple(filter(None, words)), percent)


def _link_codes(view: View, parameter: str, codelist: str, codes: list[str]) -> Iterator[PageLink | str]:
    """Link codes, in their codelist's order, each to the page filtered by it."""
    codelist_entries = view.snapshot.codes.get(codelist, {})
    position = {code: place for place, code in enumerate(codelist_entries)}
    for code in sorted(codes, key=lambda code: (position.get(code, len(position)), code)):
        label = codelist_entries[code].labels[view.lang] if code in codelist_entries else ""
        if not label or code == UNCLASSIFIED:
            yield label or code
        else:
            yield PageLink(label, PAGE_OF[parameter], ((parameter, code), *view.day_pairs()))


def _describe_step(view: View, step: str, rows: Sequence[Row]) -> Item:
    """Describe one step: whether it was taken, and each report of it; a later step includes it."""
    t = view.t
    step_rows = [row for row in rows if row["step"] == step]
    if step == CLAIMED:  # every report claims: show the first, or staff's decision
        step_rows = [row for row in step_rows if row["decided_by"] == "staff"] or step_rows[:1]
    is_taken = EVIDENCE_STEPS.index(step) <= max(EVIDENCE_STEPS.index(row["step"]) for row in rows)
    remark = t("not stated separately; a later step includes it") if is_taken else t("not yet")
    label = view.snapshot.codes["evidence"][step].labels[view.lang]
    name = Cell(f"{'✓' if is_taken else '○'} {label}", style="step")
    first, *later_steps = [_say_step(view, row) for row in step_rows] or [(Cell(remark, style="muted"),)]
    return Item((Line("", (name, *first)), *(Line("", cells) for cells in later_steps)))


def _say_step(view: View, row: Row) -> tuple[Cell, ...]:
    """Write the day of a step, its author and its proof."""
    t = view.t
    day = formats.format_date(pd.Timestamp(row["on_date"] or row["reported_on"]).date(), view.lang)
    if row["on_date"] is None:
        day = t("no date given; counted from {day}", day=day)
    who = t(ROLES[row["decided_by"]])
    if row["decided_on"] is not None:
        decision_day = formats.format_date(pd.Timestamp(row["decided_on"]).date(), view.lang)
        who = t("Noted by staff on {day}", day=decision_day)
    source = row["source"] or ""
    return Cell(day), Cell(who), _link_web(source, source)


def _describe_reply(view: View, reply: Annotation) -> Item:
    day = formats.format_date(reply.said_on, view.lang) if reply.said_on else ""
    return Item(
        (Line("day", (Cell(day, day=reply.said_on),)), Line("text", (Cell(reply.words, lang=reply.language or ""),)))
    )


def _describe_file(view: View, file: Annotation) -> Item:
    """Describe a document, with its day and whose rights in it are, or a picture."""
    day = Cell(formats.format_date(file.said_on, view.lang) if file.said_on else "")
    documents, pictures = list_cells.list_documents(view, [file]), list_cells.list_pictures(view, [file])
    about = (day,) if pictures else (day, Cell(file.rights or "", lang=file.language or ""))
    return Item((Line("file", tuple(documents)), Line("when", () if file.is_withdrawn else about)), pictures=pictures)


def _list_posts(view: View, action_id: str) -> Iterator[Item]:
    """List the events and stories of an action: each once, in the language of the reader if possible."""
    until = view.selection.as_of
    frame = register.posts(view.snapshot, action_id, view.lang, until)
    post_ids = frame["id"].dropna().unique().tolist()
    annotations = list_annotations(view.snapshot, post_ids=post_ids, until=until) if post_ids else []
    for (_, post_id), rows in frame.groupby(["kind", "id"], sort=False, dropna=False):
        first, *more = plain_rows(rows)
        files = [one for one in annotations if one.post_id == post_id and not one.is_reply]
        pictures = list_cells.list_pictures(view, files)
        place_beside = "" if pictures else first["place"] or ""  # the people of a picture would be found by it
        about = (view.t(KINDS[first["kind"]]), _say_span(view, first), place_beside)
        languages = tuple(
            _link_web(formats.format_language(text["language"], view.lang), text["url"])
            for text in more
            if text["language"] is not None
        )
        yield Item(
            (
                Line("what", (_link_web(first["title"], first["url"], first["language"]),)),
                Line("when", tuple(map(Cell, about))),
                Line("text", (Cell(first["summary"] or "", lang=first["language"] or ""),)),
                Line("when", languages, view.t("Also in:"), ", "),
                *(Line("file", (document,)) for document in list_cells.list_documents(view, files)),
            ),
            pictures=pictures,
        )


def _link_web(words: str, url: str | None, lang: str | None = None) -> Cell:
    return Cell(words, lang=lang or "", url=url if url and url.startswith(WEB) else "")


def _say_span(view: View, post: Row) -> str:
    """Write the day, or the days from the first to the last."""
    first, last = post["on_date"], post["ends_on"]
    if first is None:
        return ""
    if last is None or last <= first:
        return formats.format_date(first, view.lang)
    days = formats.format_date(first, view.lang), formats.format_date(last, view.lang)
    return view.t("{first} to {last}", first=days[0], last=days[1])


def find_origin(view: View, action: ActionDetails, *, is_staff: bool) -> Origin:
    """Find the place of the action and of its classification in the files."""
    t, facts, merged = view.t, action.facts, action.merged
    submission = _place(view, facts, "source")
    if not is_staff:
        sentence = t("From the submission in {place}.", place=submission)
        n = len(merged)
        more = t.plural("{n} more row was merged into it.", "{n} more rows were merged into it.", n) if n else ""
        return Origin(f"{sentence} {more}".strip())
    rows = [(t("Submission"), submission, "")]
    if facts["classification_file"]:
        rows.append((t("Classification"), _place(view, facts, "classification"), ""))
    rows += [(t("Merged row"), _place(view, row, "source"), t(row["why"])) for row in merged.to_dict("records")]
    places = [[facts[f"{part}_{what}"] for what in ("file", "sheet", "row")] for part in ("source", "classification")]
    for frame in (merged, action.reports):
        places += frame[["source_file", "source_sheet", "source_row"]].to_numpy().tolist()
    originals = ((file, None if pd.isna(sheet) else sheet, int(row)) for file, sheet, row in places if file)
    return Origin("", tuple(rows), tuple(dict.fromkeys(originals)))


def _place(view: View, row: dict[Any, Any], part: str) -> str:
    return place(view, row[f"{part}_file"], row[f"{part}_sheet"], row[f"{part}_row"])


GLOBAL = "global"
SHARED = {
    "theme": ("themes", N_("Same theme: {what}"), N_("Same themes: {what}")),
    "category": ("categories", N_("Same category: {what}"), N_("Same category: {what}")),
    "country": ("countries", N_("Same country: {what}"), N_("Same countries: {what}")),
    "subregion": ("subregions", N_("Same subregion: {what}"), N_("Same subregions: {what}")),
    "region": ("regions", N_("Same region: {what}"), N_("Same regions: {what}")),
}
"""The possible common points of two actions: the codelist, and the words for one and several."""


def find_others(view: View, action: ActionName, day: date, desk: Desk) -> tuple[Section, ...]:
    """Find similar actions, with the rule that chooses them; those of the same stakeholder stand apart."""
    t = view.t
    similar = find_similar(view.snapshot, action.action_id, day)
    near = tuple(_describe(view, one, action, desk) for one in similar if not one.is_own)
    same_stakeholder = tuple(_describe(view, one, action, Desk()) for one in similar if one.is_own)
    rule = (
        t(
            "The most similar actions by theme, category, place and words, whatever the filters. Completed ones come "
            "first: they can share results."
        )
        if near
        else t("No other stakeholder's action is similar enough in theme, category, place and words.")
    )
    section = Section(t("Others doing the same"), rule, near, "others")
    return (
        (section, Section(t("By the same stakeholder"), items=same_stakeholder, style="others", level=4))
        if same_stakeholder
        else (section,)
    )


def _describe(view: View, one: Neighbour, action: ActionName, desk: Desk) -> Item:
    t = view.t
    title = one.title or t("Untitled action")
    to_action = list_table.find_link(view, TO_ACTION, title, {"action_id": one.action_id})
    status = list_cells.say_status(view, one.status, one.status_code)
    about = [_link_maker(view, one), Cell(status.word, mark=status)]
    if one.completed_on is not None:
        about.append(Cell(t("on {day}", day=format_date(one.completed_on, view.lang)), day=one.completed_on))
    contact = (
        secretariat.offer_contact(view, desk, action, ActionName(title, one.action_id)).cell
        if desk.address
        else Cell("")
    )
    return Item(
        (
            Line("what", (Cell(title, link=to_action, lang=one.language or "" if one.title else ""),)),
            Line("about", tuple(about)),
            Line("when", tuple(map(Cell, _say_shared(view, one)))),
            Line("when to-secretariat", (contact,)),
        )
    )


def _link_maker(view: View, one: Neighbour) -> Cell:
    """Link a stakeholder to its page; empty where it is missing, or the action's own."""
    name = register.name_stakeholder(one.stakeholder, view.snapshot.person_names, view.lang) or ""
    if one.is_own:
        return Cell("")
    return Cell(name, link=list_table.find_link(view, TO_STAKEHOLDER, name, {"stakeholder_id": one.stakeholder_id}))


def _say_shared(view: View, one: Neighbour) -> Iterator[str]:
    t = view.t
    for kind, (codelist, single, several) in SHARED.items():
        codes = one.shared.get(kind, ())
        if codes == (GLOBAL,):
            yield t("Both global")
        elif codes:
            labels = join_labels(codes, view.snapshot.codes.get(codelist, {}), view.lang)
            yield t(single if len(codes) == 1 else several, what=labels)
    if "word" in one.shared:
        yield t("Words in common: {words}", words=", ".join(one.shared["word"]))
