"""Deciding by a button: the command is run, the card says what was decided, and it can be taken back."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import streamlit as st

from dashboard.errors import UserError
from dashboard.i18n import N_
from dashboard.processes import commands
from dashboard.quality import queries
from dashboard.quality.lists import LISTS
from dashboard.quality.queries import MOST_ROWS, Reading
from dashboard.settings import Settings
from dashboard.ui.frame.page import View
from dashboard.ui.pieces.markdown import plain
from dashboard.ui.quality import build, rows

_MADE = "staff-quality-decided"
_ERROR = "staff-quality-refused"
_TOLD = {
    "same": N_("Decided: they are the same."),
    "different": N_("Decided: they are different."),
    "assign": N_("Decided: the report is about the action {action}."),
    "none": N_("Decided: the report is about no action."),
}


class Choice(NamedTuple):
    """One decision, as the command takes it."""

    verb: str
    subject: str
    this: str
    that: str

    @property
    def words(self) -> list[str]:
        """The command's words for it."""
        middle = [] if self.verb == "assign" else [self.subject]
        return [self.verb, *middle, self.this, self.that]


def show_buttons(view: View, choices: Sequence[tuple[str, Choice]], key: str, note: str) -> None:
    """Draw a button a choice; where one was made since the last build, say so and offer to take it back.

    Args:
        view: The page.
        choices: What each button says and does.
        key: What tells these buttons from others.
        note: The names behind the ids, which are kept beside the decision so that a person can read it.
    """
    t, made = view.t, _made(view)
    for _, choice in choices:
        if choice in made:
            with st.container(horizontal=True, vertical_alignment="center", width="content"):
                told = "none" if choice.that == "none" and choice.verb == "assign" else choice.verb
                st.markdown(f":material/check: {t(_TOLD[told], action=choice.that)}")
                st.button(t("Undo"), key=f"undo-{key}", icon=":material/undo:", on_click=undo, args=(view, choice))
            return
    settled = any(made_before.subject == "report" and made_before.this == choices[0][1].this for made_before in made)
    with st.container(horizontal=True, width="content"):
        for label, choice in choices:
            st.button(
                label,
                key=f"{choice.verb}-{key}",
                on_click=decide,
                args=(view, choice, note),
                disabled=view.snapshot.is_sample or settled,
            )


def decide(view: View, choice: Choice, note: str) -> None:
    """Write a decision down; a button's callback."""
    if _run(choice, f"--note={note}"):
        _made(view).append(choice)
        build.note_change(view)


def undo(view: View, choice: Choice) -> None:
    """Take a decision back; a button's callback."""
    if not _run(choice, "--undo"):
        return
    made = _made(view)
    if choice in made:
        made.remove(choice)
        build.take_change_back(view)
    else:
        _taken_back(view).append(choice)
        build.note_change(view)


def refused() -> UserError | None:
    """Why the last decision could not be written down; told once."""
    error: UserError | None = st.session_state.pop(_ERROR, None)
    return error


def show(view: View) -> None:
    """Draw what was decided before this build, and whether it applied; each line can be taken back."""
    t = view.t
    spec = LISTS["decisions"]
    listed = queries.read(Reading(view.snapshot, t, most=MOST_ROWS), spec.list_id)
    if not listed.total:
        st.success(t(spec.empty), icon=":material/info:")
        return
    st.markdown(t(spec.note))
    rows.show_download(view, spec, None)
    place = rows.show_rows(view, spec, listed, "all")
    rows.show_count(view, listed)
    if place is None:
        return
    row = listed.frame.iloc[place].to_dict()
    that = row["that"] if isinstance(row["that"], str) else "none" if row["decision"] == "assign" else ""
    choice = Choice(row["decision"], row["subject"], row["this"], that)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{row['decision_name']}: {plain(_name(row))}")
        if choice in _taken_back(view):
            st.markdown(t("Taken back; the next build no longer applies it."))
        else:
            st.button(
                t("Undo"),
                key="undo-decided",
                icon=":material/undo:",
                on_click=undo,
                args=(view, choice),
                disabled=view.snapshot.is_sample,
            )


def _run(choice: Choice, *options: str) -> bool:
    """Run the command; where it refuses, keep why."""
    campaign = str(Settings.from_environment().campaign)
    try:
        commands.run_etl(["decide", *options, "--campaign", campaign, "--json", "--", *choice.words])
    except UserError as error:
        st.session_state[_ERROR] = error
        return False
    return True


def _made(view: View) -> list[Choice]:
    """The decisions of this session that wait for a build."""
    return _kept(view, _MADE)


def _taken_back(view: View) -> list[Choice]:
    """The decisions of the build that this session took back."""
    return _kept(view, f"{_MADE}-back")


def _kept(view: View, name: str) -> list[Choice]:
    build_id, choices = st.session_state.get(name, ("", []))
    if build_id != view.snapshot.build_id:
        choices = []
        st.session_state[name] = (view.snapshot.build_id, choices)
    found: list[Choice] = choices
    return found


def _name(row: dict[Any, Any]) -> str:
    """What a decision is about: its note, else the ids."""
    ids = [row[name] for name in ("this", "that") if isinstance(row[name], str)]
    return row["note"] if isinstance(row["note"], str) else " / ".join(ids)
