"""The card beside the completion rate: outcomes of milestones, changes, evidence behind completions."""

from dataclasses import dataclass

import streamlit as st

from dashboard import formats
from dashboard.i18n import Translator
from dashboard.measures.facts import EVIDENCE, MILESTONES, count_in_all
from dashboard.measures.over_time import Moved
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import page_link
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import messages


def say_moves(change: Moved, t: Translator) -> dict[str, str]:
    """Write how many moved, fell back and remain unknown, for a place beside the measure."""
    went = t("{n} newly", n=change.newly_completed)
    if change.fell_back:
        went = t("{moves}, {n} fell back", moves=went, n=change.fell_back)
    still = change.still_unknown
    return {
        "reported": t("{n} for the first time", n=change.newly_reported),
        "completed": went,
        "unknown": t.plural("{n} remains unknown", "{n} remain unknown", still),
    }


@dataclass(frozen=True)
class JourneyModel:
    """The card: its title, a sentence on milestones and one on evidence where there are any, and the links."""

    title: str
    sentences: tuple[str, ...]
    links: tuple[PageLink, ...]


def make_model(snapshot: Snapshot, selection: Selection, t: Translator) -> JourneyModel | None:
    """Make the card; None where there are neither milestones nor completed actions."""
    milestones, evidence = (count_in_all(snapshot, selection, fact) for fact in (MILESTONES, EVIDENCE))
    completed = evidence["evidenced"] + evidence["claimed_only"]
    pairs = tuple(selection.query_pairs())
    sentences, links = [], []
    if milestones["milestones"]:
        sentences.append(say_milestones(milestones, t))
        links.append(PageLink(t("Milestones"), "milestones", pairs))
    if completed:
        sentences.append(_say_evidence(evidence, completed, t))
        links.append(PageLink(t("Evidence by region"), "regions", (("chart", "evidence-by-region"), *pairs)))
    return JourneyModel(t("Milestones and evidence"), tuple(sentences), tuple(links)) if sentences else None


def say_milestones(counts: dict[str, int], t: Translator) -> str:
    """Write the outcomes of milestones in a sentence or two."""
    words = {name.removeprefix("milestones_"): n for name, n in counts.items()}
    if not counts["milestones_due"]:
        return t.plural(
            "No milestone is due yet: {coming} is coming, {soon} in the next 30 days.",
            "No milestone is due yet: {coming} are coming, {soon} of them in the next 30 days.",
            counts["milestones_coming"],
            **words,
        )
    sentence = t.plural(
        "{reached} of {n} milestone due was reached ({rate}); missed: {missed}, unknown: {unknown}.",
        "{reached} of {n} milestones due were reached ({rate}); missed: {missed}, unknown: {unknown}.",
        counts["milestones_due"],
        rate=formats.format_percent(counts["milestones_reached"], counts["milestones_due"], t.language),
        **words,
    )
    return f"{sentence} {t('Due in the next 30 days: {soon}.', **words)}"


def _say_evidence(counts: dict[str, int], completed: int, t: Translator) -> str:
    return t.plural(
        "{n} completed action; with evidence: {evidenced}, reviewed: {reviewed}, verified: {verified}.",
        "{n} completed actions; with evidence: {evidenced}, reviewed: {reviewed}, verified: {verified}.",
        completed,
        **counts,
    )


def show(view: View, selection: Selection) -> None:
    """Draw the card; nothing where there are neither milestones nor completed actions."""
    draw(make_model(view.snapshot, selection, view.t))


def draw(model: JourneyModel | None) -> None:
    """Draw the card, where there is one."""
    if model is None:
        return
    with st.container(border=True, key="journey"):
        messages.show_card_title(model.title)
        for sentence in model.sentences:
            messages.show_finding(sentence)
        with st.container(horizontal=True, key="journey-ways"):
            for one in model.links:
                page_link.show(one)
