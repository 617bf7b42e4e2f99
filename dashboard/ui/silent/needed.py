"""The fewest answers after which every chosen member and the total are close enough, in an order that is explained."""

from collections.abc import Sequence
from html import escape

import pandas as pd
import streamlit as st

from dashboard import formats
from dashboard.cache import Cache
from dashboard.measures import register
from dashboard.measures.counts import DIMENSIONS
from dashboard.measures.definitions import FEW
from dashboard.measures.fewest_answers import MOST_EXACT, MOST_SECONDS, Proposal
from dashboard.measures.silent import Gap, Member
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import link
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import html_tables, messages
from dashboard.ui.silent import choices, notes
from dashboard.ui.silent.choices import Narrowing

MOST_SHOWN = 100
MOST_NAMED = 6
_proposals = Cache[tuple[object, ...], Proposal](100)


def show(view: View, selection: Selection) -> None:
    """Draw the choice, how many answers are enough, which ones, and what they close."""
    t = view.t
    narrowing = choices.choose_narrowing(view, selection)
    unknown, gap, proposal = find_proposal(view, selection, narrowing)
    for said in _conclude(view, gap, proposal, narrowing):
        st.html(f'<p class="state">{escape(said)}</p>')
    if proposal.answers:
        _show_answers(view, unknown, gap, proposal)
    _show_members(view, gap, proposal)
    messages.show_note(_say_what_is_left_out(view, gap))
    st.caption(
        t(
            "Any answer narrows the rate of every member its action belongs to. Among equals, actions asked about "
            "recently come first, then those with a known address, asked least often, longest without a report."
        )
    )


def find_proposal(view: View, selection: Selection, narrowing: Narrowing) -> tuple[pd.DataFrame, Gap, Proposal]:
    """The unknown actions, the members that they keep open, and the fewest answers; kept, for solving takes a while."""
    unknown, gap = choices.find_unknown_gap(view, selection, narrowing, lambda frame: notes.prefer(view, frame))
    key = (
        view.snapshot.build_id,
        str(view.snapshot.path),
        selection,
        narrowing,
        hash(gap.action_ids),
        gap.pending.tobytes(),
    )
    return unknown, gap, _proposals.get(key, lambda: gap.propose(narrowing.points))


def _conclude(view: View, gap: Gap, proposal: Proposal, narrowing: Narrowing) -> list[str]:
    """How many answers are enough, and how sure that is."""
    t, n = view.t, len(proposal.answers)
    wide = sum(need > 0 for need in proposal.needs)
    counts = {
        "points": formats.format_count(narrowing.points, view.lang),
        "wide": formats.format_count(wide, view.lang),
        "members": formats.format_count(len(gap.members), view.lang),
        "n": formats.format_count(n, view.lang),
    }
    if not n:
        return [t("Every rate is already known to within {points} points ({members} in all).", **counts)]
    said = t.plural(
        "{n} more answer would narrow every rate to {points} points; {wide} of {members} are wider now.",
        "{n} more answers would narrow every rate to {points} points; {wide} of {members} are wider now.",
        n,
        **counts,
    )
    return [said, _say_how_sure(view, gap, proposal)]


def _say_how_sure(view: View, gap: Gap, proposal: Proposal) -> str:
    t, lang = view.t, view.lang
    least = formats.format_count(proposal.at_least, lang)
    if proposal.method == "exact":
        return t("This is the smallest number: all combinations were tried.")
    if proposal.method == "stopped":
        seconds = formats.format_count(round(MOST_SECONDS), lang)
        return t("The search was stopped after {seconds} s: at least {n} are needed.", seconds=seconds, n=least)
    limit, actions = formats.format_count(MOST_EXACT, lang), formats.format_count(len(gap.action_ids), lang)
    return t(
        "With {actions} unknown actions (more than {limit}), not every combination is tried: each answer proposed "
        "helps the most members. At least {n} are needed.",
        actions=actions, limit=limit, n=least,
    )  # fmt: skip


def _show_answers(view: View, unknown: pd.DataFrame, gap: Gap, proposal: Proposal) -> None:
    """The answers in their order: whose, about what, and which members it counts for."""
    t = view.t
    rows = [answer.row for answer in proposal.answers[:MOST_SHOWN]]
    chosen = register.labelled(unknown.iloc[rows].drop(columns="status"), view.snapshot, view.lang)
    lines = [
        (
            formats.format_count(number, view.lang),
            str(row["stakeholder"] or t("Stakeholder not stated")),
            f"{row['title'] or t('Untitled action')} · {row['action_id']}",
            name_list(view, [gap.members[place] for place in answer.counts_for]),
        )
        for number, (row, answer) in enumerate(
            zip(chosen.astype(object).where(chosen.notna(), None).to_dict("records"), proposal.answers, strict=False),
            start=1,
        )
    ]
    messages.show_heading(t("Ask for these answers, in this order"))
    st.button(
        t("Write letters to them"), icon=":material/mail:", key="fewest-to-letters",
        on_click=link.change_page_parameter, args=("section", "letters"),
    )  # fmt: skip
    columns = html_tables.words(t("Rank"), t("Stakeholder"), t("Action"), t("Counts for"))
    st.html(html_tables.render(columns, lines, is_long=True))
    if len(proposal.answers) > MOST_SHOWN:
        shown, total = (formats.format_count(n, view.lang) for n in (MOST_SHOWN, len(proposal.answers)))
        st.caption(t("The first {shown} of {total}; the letters go to all of them.", shown=shown, total=total))


def name_list(view: View, members: Sequence[Member]) -> str:
    """Members in words, the total first; of many the first ones and how many more."""
    names = [name_member(view, member) for member in members]
    if len(names) <= MOST_NAMED:
        return ", ".join(names)
    more = formats.format_count(len(names) - MOST_NAMED, view.lang)
    return view.t("{names} and {n} more", names=", ".join(names[:MOST_NAMED]), n=more)


def name_member(view: View, member: Member) -> str:
    """What a member is called; all actions together are the total."""
    if not member.dimension:
        return view.t("Total")
    code = view.snapshot.codes.get(DIMENSIONS[member.dimension].codelist, {}).get(member.code)
    return code.labels[view.lang] if code else member.code


def _show_members(view: View, gap: Gap, proposal: Proposal) -> None:
    """How wide the total and each member that is too wide are now, and how wide after the answers."""
    t, lang = view.t, view.lang
    rows = [answer.row for answer in proposal.answers]
    after = gap.belongs[rows].sum(axis=0).tolist()
    lines = []
    for member, need, answered in zip(gap.members, proposal.needs, after, strict=True):
        if member.dimension and not need:
            continue
        left = member.unknown - answered
        kind = t(DIMENSIONS[member.dimension].label) if member.dimension else ""
        lines.append(
            (
                f"{name_member(view, member)} ({kind})" if kind else name_member(view, member),
                formats.format_rate_label(member.unknown, member.actions, lang),
                formats.format_count(need, lang),
                formats.format_count(answered, lang),
                formats.format_rate_label(left, member.actions, lang),
            )
        )
    columns = (
        html_tables.Column(t("Member"), is_words=True),
        *html_tables.figures(t("Margin now"), t("Answers needed"), t("Answers proposed"), t("Margin afterwards")),
    )
    note = t("The margin is the share of actions we know nothing about – the gap between “at least” and “at most”.")
    html_tables.show_folded(t("Effect of the answers"), columns, lines, note)


def _say_what_is_left_out(view: View, gap: Gap) -> str:
    """The members that do not count, and why."""
    t = view.t
    parts = [t("“Not yet classified” does not count as a member.")]
    if gap.small:
        few = formats.format_count(FEW, view.lang)
        names = name_list(view, gap.small)
        parts.append(t("Members with fewer than {few} actions are left out: {names}.", few=few, names=names))
    return " ".join(parts)
