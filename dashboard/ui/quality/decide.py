"""To decide: possible duplicates and possible actions of reports and posts, a card each, with buttons that settle it.

A button runs the command; then the card shows the decision, with a button that takes it back.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from html import escape

import streamlit as st

from dashboard import formats
from dashboard.i18n import N_
from dashboard.lists.declaration import Row
from dashboard.lists.quality.lists import LISTS
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import answer_files, messages, paging, session_answers
from dashboard.ui.pieces.answer_files import DECISIONS
from dashboard.ui.pieces.session_answers import SessionAnswers
from dashboard.ui.quality import listing
from dashboard.ui.quality.decision_cards import DECIDED, KINDS, Card, Choice, Side, list_cards

PAGE_CARDS = 10


def show(view: View, file: str | None, numbers: Mapping[str, int]) -> None:
    """Draw the suggestions of one kind, or the decisions."""
    t = view.t
    names = {
        kind_id: f"{t(kind.title)} · {formats.format_count(numbers[kind.number], view.lang)}"
        for kind_id, kind in KINDS.items()
    }
    first = next((kind_id for kind_id, kind in KINDS.items() if numbers[kind.number]), next(iter(KINDS)))
    kind_id = listing.choose_part(view, "quality-decide-kind", names, first)
    answers = session_answers.begin(view, "decide", DECISIONS)
    if view.snapshot.is_shipped_sample:
        messages.show_sample_note(view)
    if kind_id == DECIDED:
        listing.show(view, LISTS["decisions"], None, show_buttons=partial(_show_undo, view, answers))
        return
    kind, spec = KINDS[kind_id], LISTS["gone" if kind_id == "gone" else "duplicates"]
    if not numbers[kind.number]:
        st.success(t(spec.empty), icon=":material/check_circle:")
        return
    st.markdown(t(kind.question))
    listing.show_download(view, spec, file)
    _show_cards(view, answers, kind_id, file, numbers[kind.number])


def _show_cards(view: View, answers: SessionAnswers, kind_id: str, file: str | None, total: int) -> None:
    page = paging.find(f"quality-page-{kind_id}-{file}-{view.snapshot.build_id[:12]}", PAGE_CARDS, total)
    cards = list_cards(view, kind_id, file, page.offset, PAGE_CARDS)
    for place, card in enumerate(cards):
        _show_card(view, answers, card, f"{kind_id}-{place}")
    paging.show_others(page, total)
    numbers = paging.name_range(page, min(PAGE_CARDS, total - page.offset), total)
    alike = N_("{first} to {last} of {total}, the most alike first.")
    st.caption(view.t(N_("{first} to {last} of {total}.") if kind_id == "gone" else alike, **numbers))


def _show_card(view: View, answers: SessionAnswers, card: Card, key: str) -> None:
    """Draw one question: its subject, the possible actions, and its buttons."""
    with st.container(border=True, gap="xsmall", key=f"card-{key}"):
        for half, side in zip(st.columns(len(card.sides), gap="medium"), card.sides, strict=True):
            with half:
                _show_side(view, side)
        if card.origin:
            listing.show_origin(view, *card.origin, None, key)
        if card.why:
            messages.show_note(card.why)
        for place, one in enumerate(card.candidates):
            [side] = one.sides
            st.html(f'<p class="card-title">→ {escape(side.title)}</p>{messages.note(one.why)}')
            with st.container(horizontal=True, vertical_alignment="center"):
                show_buttons(view, answers, one.choices, f"{key}-{place}", one.note)
                _show_action(view, side.action_id)
        if card.takes_others:
            _show_other_action(view, answers, card, key)
        show_buttons(view, answers, card.choices, f"{key}-none" if card.candidates else key, card.note)


def _show_side(view: View, side: Side) -> None:
    st.html(f'<p class="card-title">{escape(side.title)}</p>{"".join(map(messages.note, side.notes))}')
    if side.action_id:
        _show_action(view, side.action_id)


def _show_action(view: View, action_id: str) -> None:
    listing.show_action(view, action_id, view.t("Open the action {id}", id=action_id))


def _show_other_action(view: View, answers: SessionAnswers, card: Card, key: str) -> None:
    """Ask for the id of an action that is not suggested, and offer to take back ids given so far."""
    t, none = view.t, card.choices[0][1]
    suggested = {"none", *(one.sides[0].action_id for one in card.candidates)}
    for place, choice in enumerate(list(answers.saved)):
        if (choice.subject, choice.this) == (none.subject, none.this) and choice.that not in suggested:
            show_buttons(view, answers, [(choice.that, choice)], f"{key}-other-{place}", "")
    with st.popover(t("Another action"), icon=":material/edit:"):
        st.text_input(t("Action ID"), key=f"{key}-other-id")
        st.button(
            card.candidates[0].choices[0][0],
            key=f"assign-{key}-other",
            on_click=_decide_other,
            args=(view, answers, none, card.note, f"{key}-other-id"),
            disabled=view.snapshot.is_shipped_sample,
        )


def _decide_other(view: View, answers: SessionAnswers, none: Choice, note: str, field: str) -> None:
    """Assign to the action whose id was typed; a button's callback."""
    action_id = str(st.session_state.get(field) or "").strip()
    if action_id:
        _decide(view, answers, none._replace(that=action_id), note)


def show_buttons(
    view: View, answers: SessionAnswers, choices: Sequence[tuple[str, Choice]], key: str, note: str
) -> None:
    """Draw a button for each choice; where one was made since the last build, show it and offer to take it back.

    `note`: the names behind the ids, kept beside the decision so that a person can read it.
    """
    t = view.t
    decided = next((choice for _, choice in choices if choice in answers.saved), None)
    if decided is not None:
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            st.markdown(f":material/check: {decided.say(t)}")
            undo = partial(_take_back, view, answers, decided)
            st.button(t("Undo"), key=f"undo-{key}", icon=":material/undo:", on_click=undo)
        return
    is_settled = any(saved_choice.excludes(choices[0][1]) for saved_choice in answers.saved)
    with st.container(horizontal=True, width="content"):
        for label, choice in choices:
            st.button(
                label,
                key=f"{choice.verb}-{key}",
                on_click=_decide,
                args=(view, answers, choice, note),
                disabled=view.snapshot.is_shipped_sample or is_settled,
            )


def _decide(view: View, answers: SessionAnswers, choice: Choice, note: str) -> None:
    answers.run(view, {choice: True}, partial(answer_files.decide, choice.words, f"--note={note}"))


def _take_back(view: View, answers: SessionAnswers, choice: Choice) -> None:
    answers.undo(view, choice, partial(answer_files.decide, choice.words, "--undo"))


def _show_undo(view: View, answers: SessionAnswers, row: Row) -> None:
    """Draw a decision's subject, and the button that takes it back."""
    t, that = view.t, row["that"] or ("none" if row["decision"] == "assign" else "")
    choice = Choice(row["decision"], row["subject"], row["this"], that)
    with st.container(horizontal=True, vertical_alignment="center"):
        name = row["note"] or " / ".join(filter(None, (row["this"], row["that"])))
        st.markdown(f"{row['decision_name']}: {plain(name)}")
        if choice in answers.undone:
            st.markdown(t("Undone; the next build no longer applies it."))
        else:
            undo, is_sample = partial(_take_back, view, answers, choice), view.snapshot.is_shipped_sample
            st.button(t("Undo"), key="undo-decided", icon=":material/undo:", on_click=undo, disabled=is_sample)
