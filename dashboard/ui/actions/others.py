"""Others who do this: the actions nearest to one, what they have in common with it, and how to get in touch."""

from collections.abc import Iterator
from datetime import date

from dashboard.formats import format_date
from dashboard.i18n import N_
from dashboard.lists.for_readers import TO_ACTION, TO_STAKEHOLDER
from dashboard.measures import register
from dashboard.measures.register import join_labels
from dashboard.measures.similar import Neighbour, find_similar
from dashboard.ui.actions import secretariat
from dashboard.ui.actions.secretariat import Desk, Named
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import list_cells, list_table
from dashboard.ui.pieces.list_cells import Cell, Item, Line, Section

GLOBAL = "global"
SHARED = {
    "theme": ("themes", N_("Same theme: {what}"), N_("Same themes: {what}")),
    "category": ("categories", N_("Same category: {what}"), N_("Same category: {what}")),
    "country": ("countries", N_("Same country: {what}"), N_("Same countries: {what}")),
    "subregion": ("subregions", N_("Same subregion: {what}"), N_("Same subregions: {what}")),
    "region": ("regions", N_("Same region: {what}"), N_("Same regions: {what}")),
}
"""What two actions may have in common: its codelist, and how one and several are said."""


def find_others(view: View, action: Named, day: date, desk: Desk) -> tuple[Section, ...]:
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


def _describe(view: View, one: Neighbour, action: Named, desk: Desk) -> Item:
    t = view.t
    title = one.title or t("Untitled action")
    to_action = list_table.find_link(view, TO_ACTION, title, {"action_id": one.action_id})
    status = list_cells.say_status(view, one.status, one.status_code)
    about = [_link_maker(view, one), Cell(status.word, mark=status)]
    if one.completed_on is not None:
        about.append(Cell(t("on {day}", day=format_date(one.completed_on, view.lang)), day=one.completed_on))
    contact = (
        secretariat.offer_contact(view, desk, action, Named(title, one.action_id)).cell if desk.address else Cell("")
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
    """Link a stakeholder to its page; empty where none is stated, or where it is the action's own."""
    name = register.name_stakeholder(one.stakeholder, view.snapshot.person_names, view.lang) or ""
    if one.is_own:
        return Cell("")
    return Cell(name, link=list_table.find_link(view, TO_STAKEHOLDER, name, {"stakeholder_id": one.stakeholder_id}))


def _say_shared(view: View, one: Neighbour) -> Iterator[str]:
    """What both have, in words."""
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
