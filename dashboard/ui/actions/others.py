"""Others who do this: the actions nearest to one, what they have in common with it, and how to get in touch."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from dashboard.formats import format_date
from dashboard.i18n import N_
from dashboard.lists.for_readers import TO_STAKEHOLDER
from dashboard.measures import register
from dashboard.measures.register import join_labels
from dashboard.measures.similar import Neighbour, find_similar
from dashboard.ui.actions import secretariat
from dashboard.ui.actions.secretariat import Desk, Letter, Named
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import list_table, status_mark
from dashboard.ui.pieces.status_mark import StatusMark

GLOBAL = "global"
SHARED = {
    "theme": ("themes", N_("Same theme: {what}"), N_("Same themes: {what}")),
    "category": ("categories", N_("Same category: {what}"), N_("Same category: {what}")),
    "country": ("countries", N_("Same country: {what}"), N_("Same countries: {what}")),
    "subregion": ("subregions", N_("Same subregion: {what}"), N_("Same subregions: {what}")),
    "region": ("regions", N_("Same region: {what}"), N_("Same regions: {what}")),
}
"""What two actions may have in common: its codelist, and how one and several are said."""


class Near(NamedTuple):
    """An action that is near: its title, who does it, how far it is, what is shared, and the way to get in touch."""

    title: PageLink
    maker: PageLink | str
    status: StatusMark
    completed: str
    shared: str
    contact: Letter | None


class Others(NamedTuple):
    """Who else does the same: the rule by which they were found or that there are none, they, and one's own."""

    note: str
    near: tuple[Near, ...] = ()
    own: tuple[Near, ...] = ()


def find_others(view: View, asked: Named, day: date, desk: Desk) -> Others:
    """Those who do the same as an action, and its stakeholder's own that are near apart."""
    t = view.t
    found = find_similar(view.snapshot, asked.action_id, day)
    near = tuple(_describe(view, one, asked, desk) for one in found if not one.is_own)
    own = tuple(_describe(view, one, asked, Desk()) for one in found if one.is_own)
    if not near:
        none = t("No other stakeholder's action is similar enough in theme, category, place and words.")
        return Others(none, own=own)
    rule = t(
        "The most similar actions by theme, category, place and words, whatever the filters. Completed ones come "
        "first: they can share results."
    )
    return Others(rule, near, own)


def _describe(view: View, one: Neighbour, asked: Named, desk: Desk) -> Near:
    t = view.t
    title = one.title or t("Untitled action")
    pairs = (*view.day_pairs(), ("action", one.action_id))
    completed = "" if one.completed_on is None else t("on {day}", day=format_date(one.completed_on, view.lang))
    contact = secretariat.offer_contact(view, desk, asked, Named(title, one.action_id)) if desk.address else None
    return Near(
        title=PageLink(title, "actions", pairs, lang=one.language or "" if one.title else ""),
        maker="" if one.is_own else _link_maker(view, one),
        status=status_mark.say(view, one.status, one.status_code),
        completed=completed,
        shared=" · ".join(_say_shared(view, one)),
        contact=contact,
    )


def _link_maker(view: View, one: Neighbour) -> PageLink | str:
    """A stakeholder as the way to its page; empty where none is stated."""
    name = register.name_stakeholder(one.stakeholder, view.snapshot.person_names, view.lang) or ""
    return list_table.find_link(view, TO_STAKEHOLDER, name, {"stakeholder_id": one.stakeholder_id}) or name


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
