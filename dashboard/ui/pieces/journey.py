"""What stands beside the completion rate: what became of milestones, and what stands behind completed actions."""

import streamlit as st

from dashboard import formats
from dashboard.measures.evidence import Evidence, count_evidence
from dashboard.measures.milestones import Milestones, count_milestones
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import header, link
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import messages


def show(view: View, selection: Selection) -> None:
    """Draw a card with a sentence on each, and the ways on; nothing where there are neither."""
    milestones, evidence = count_milestones(view.snapshot, selection), count_evidence(view.snapshot, selection)
    completed = evidence.evidenced + evidence.claimed_only
    if not (milestones.milestones or completed):
        return
    t = view.t
    with st.container(border=True, key="journey"):
        messages.show_card_title(t("Milestones and evidence"))
        if milestones.milestones:
            messages.show_finding(_say_milestones(view, milestones))
        if completed:
            messages.show_finding(_say_evidence(view, evidence, completed))
        pairs = selection.query_pairs()
        with st.container(horizontal=True, key="journey-ways"):
            if milestones.milestones:
                query = link.as_query(pairs)
                st.page_link(header.find("milestones").script, label=t("Milestones"), query_params=query)
            if completed:
                query = link.as_query([("chart", "evidence-by-region"), *pairs])
                st.page_link(header.find("regions").script, label=t("Evidence by region"), query_params=query)


def _say_milestones(view: View, counts: Milestones) -> str:
    words = {name.removeprefix("milestones_"): _write(view, n) for name, n in counts._asdict().items()}
    if not counts.milestones_due:
        return view.t.plural(
            "No milestone is due yet: {coming} is coming, {soon} in the next 30 days.",
            "No milestone is due yet: {coming} are coming, {soon} of them in the next 30 days.",
            counts.milestones_coming,
            **words,
        )
    said = view.t.plural(
        "{reached} of {n} milestone due was reached ({rate}); missed: {missed}, unknown: {unknown}.",
        "{reached} of {n} milestones due were reached ({rate}); missed: {missed}, unknown: {unknown}.",
        counts.milestones_due,
        rate=formats.format_percent(counts.milestones_reached, counts.milestones_due, view.lang),
        **words | {"n": words["due"]},
    )
    return f"{said} {view.t('Due in the next 30 days: {soon}.', **words)}"


def _say_evidence(view: View, counts: Evidence, completed: int) -> str:
    words = {name: _write(view, n) for name, n in counts._asdict().items()}
    return view.t.plural(
        "Of {n} completed action: evidenced {evidenced}, of these reviewed {reviewed}, of these verified {verified}.",
        "Of {n} completed actions: evidenced {evidenced}, of these reviewed {reviewed}, of these verified {verified}.",
        completed,
        **words | {"n": _write(view, completed)},
    )


def _write(view: View, number: int) -> str:
    return formats.format_count(number, view.lang)
