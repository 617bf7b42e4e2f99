"""The fewest answers after which every chosen member and the total are close enough, in an explained order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

import pandas as pd
import streamlit as st

from dashboard import formats
from dashboard.cache import Cache
from dashboard.i18n import Translator
from dashboard.mail import asked
from dashboard.measures import register
from dashboard.measures.counts import DIMENSIONS
from dashboard.measures.definitions import FEW
from dashboard.measures.fewest_answers import MOST_EXACT, MOST_SECONDS, Proposal
from dashboard.measures.silent import Gap, Member, find_gap, list_silent
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import link
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import html_tables, messages
from dashboard.ui.pieces.html_tables import Foreign
from dashboard.ui.silent import choices, noted
from dashboard.ui.silent.choices import Narrowing

MOST_SHOWN = 100
MOST_NAMED = 6
_proposals = Cache[tuple[object, ...], Proposal](100)


@dataclass(frozen=True)
class NeededModel:
    """The answers to ask for: the number that is enough, the answers in their order, the members that they narrow.

    A row of `answers` is rank, stakeholder, action and its members; one of `members` the member,
    its margin now, the answers needed and proposed, its margin afterwards. `note` warns that not all answers are
    listed, `left_out` which members do not count.
    """

    conclusions: tuple[str, ...]
    answers: tuple[tuple[str, ...], ...]
    note: str
    members: tuple[tuple[str, ...], ...]
    left_out: str


def find_proposal(view: View, selection: Selection, narrowing: Narrowing) -> tuple[pd.DataFrame, Gap, Proposal]:
    """Find the unknown actions, the members that they keep open, and the fewest answers; cached: solving is slow."""
    snapshot = view.snapshot
    unknown = asked.prefer(noted.add_notes(view, list_silent(snapshot, selection, "unknown")), noted.find_today())
    dimensions, only, points, has_small = narrowing
    gap = find_gap(snapshot, selection, dimensions, unknown, only=only, has_small=has_small)
    question = (snapshot.build_id, str(snapshot.path), selection, narrowing)
    key = (*question, hash(gap.action_ids), gap.pending.tobytes())
    return unknown, gap, _proposals.get(key, lambda: gap.propose(points))


def make_model(
    snapshot: Snapshot, t: Translator, unknown: pd.DataFrame, gap: Gap, proposal: Proposal, points: int
) -> NeededModel:
    """Choose the unknown actions (`list_silent`) to ask about, so that bounds are at most so many points apart."""
    answers = proposal.answers
    more = t("The first {shown} of {total}; the letters go to all of them.", shown=MOST_SHOWN, total=len(answers))
    return NeededModel(
        conclusions=tuple(_conclude(t, gap, proposal, points)),
        answers=tuple(_list_answers(snapshot, t, unknown, gap, proposal)),
        note=more if len(answers) > MOST_SHOWN else "",
        members=tuple(_list_members(snapshot, t, gap, proposal)),
        left_out=_say_what_is_left_out(snapshot, t, gap),
    )


def show(view: View, selection: Selection) -> None:
    """Draw the choice, the number of answers that is enough, these answers, and their effect."""
    t = view.t
    narrowing = choices.choose_narrowing(view, selection)
    model = make_model(view.snapshot, t, *find_proposal(view, selection, narrowing), narrowing.points)
    for conclusion in model.conclusions:
        st.html(f'<p class="state">{escape(conclusion)}</p>')
    if model.answers:
        messages.show_heading(t("Ask for these answers, in this order"))
        st.button(
            t("Write letters to them"), icon=":material/mail:", key="fewest-to-letters",
            on_click=link.change_page_parameter, args=("section", "letters"),
        )  # fmt: skip
        columns = html_tables.words(t("Rank"), t("Stakeholder"), t("Action"), t("Counts for"))
        st.html(html_tables.render(columns, model.answers, is_long=True))
        if model.note:
            st.caption(model.note)
    columns = (
        *html_tables.words(t("Member")),
        *html_tables.figures(t("Margin now"), t("Answers needed"), t("Answers proposed"), t("Margin afterwards")),
    )
    note = t("The margin is the share of actions we know nothing about – the gap between “at least” and “at most”.")
    html_tables.show_folded(t("Effect of the answers"), columns, model.members, note)
    messages.show_note(model.left_out)
    st.caption(
        t(
            "Any answer narrows the rate of every member its action belongs to. Among equals, actions asked about "
            "recently come first, then those with a known address, asked least often, longest without a report."
        )
    )


def _conclude(t: Translator, gap: Gap, proposal: Proposal, points: int) -> Iterator[str]:
    """Write the number of answers that is enough, and how sure it is."""
    n, wide = len(proposal.answers), sum(need > 0 for need in proposal.needs)
    counts = {"points": points, "wide": wide, "members": len(gap.members)}
    if not n:
        yield t("Every rate is already known to within {points} points ({members} in all).", **counts)
        return
    yield t.plural(
        "{n} more answer would narrow every rate to {points} points; {wide} of {members} are wider now.",
        "{n} more answers would narrow every rate to {points} points; {wide} of {members} are wider now.",
        n,
        **counts,
    )
    if proposal.method == "exact":
        yield t("This is the smallest number: all combinations were tried.")
    elif proposal.method == "stopped":
        seconds, n = round(MOST_SECONDS), proposal.at_least
        yield t("The search was stopped after {seconds} s: at least {n} are needed.", seconds=seconds, n=n)
    else:
        yield t(
            "With {actions} unknown actions (more than {limit}), not every combination is tried: each answer proposed "
            "helps the most members. At least {n} are needed.",
            actions=len(gap.action_ids), limit=MOST_EXACT, n=proposal.at_least
        )  # fmt: skip


def _list_answers(
    snapshot: Snapshot, t: Translator, unknown: pd.DataFrame, gap: Gap, proposal: Proposal
) -> Iterator[tuple[str, ...]]:
    answers = proposal.answers[:MOST_SHOWN]
    frame = unknown.iloc[[answer.row for answer in answers]].drop(columns="status")
    chosen = register.labelled(frame, snapshot, t.language)
    rows = chosen.astype(object).where(chosen.notna(), None).to_dict("records")
    for number, (row, answer) in enumerate(zip(rows, answers, strict=True), start=1):
        yield (
            formats.format_count(number, t.language),
            Foreign(row["stakeholder"]) if row["stakeholder"] else t("Stakeholder not stated"),
            Foreign(f"{row['title'] or t('Untitled action')} · {row['action_id']}", row["language"] or ""),
            name_list(snapshot, t, [gap.members[place] for place in answer.counts_for]),
        )


def name_list(snapshot: Snapshot, t: Translator, members: Sequence[Member]) -> str:
    """Name members in words, the total first; of many the first ones and the number of the others."""
    names = [name_member(snapshot, t, member) for member in members]
    if len(names) <= MOST_NAMED:
        return ", ".join(names)
    return t("{names} and {n} more", names=", ".join(names[:MOST_NAMED]), n=len(names) - MOST_NAMED)


def name_member(snapshot: Snapshot, t: Translator, member: Member) -> str:
    """Name a member; all actions together are the total."""
    if not member.dimension:
        return t("Total")
    code = snapshot.codes.get(DIMENSIONS[member.dimension].codelist, {}).get(member.code)
    return code.labels[t.language] if code else member.code


def _list_members(snapshot: Snapshot, t: Translator, gap: Gap, proposal: Proposal) -> Iterator[tuple[str, ...]]:
    answered = gap.belongs[[answer.row for answer in proposal.answers]].sum(axis=0).tolist()
    for member, need, proposed in zip(gap.members, proposal.needs, answered, strict=True):
        if member.dimension and not need:
            continue
        name = name_member(snapshot, t, member)
        yield (
            f"{name} ({t(DIMENSIONS[member.dimension].label)})" if member.dimension else name,
            formats.format_rate_label(member.unknown, member.actions, t.language),
            formats.format_count(need, t.language),
            formats.format_count(proposed, t.language),
            formats.format_rate_label(member.unknown - proposed, member.actions, t.language),
        )


def _say_what_is_left_out(snapshot: Snapshot, t: Translator, gap: Gap) -> str:
    unclassified = t("“Not yet classified” does not count as a member.")
    if not gap.small:
        return unclassified
    names = name_list(snapshot, t, gap.small)
    small = t("Members with fewer than {few} actions are left out: {names}.", few=FEW, names=names)
    return f"{unclassified} {small}"
