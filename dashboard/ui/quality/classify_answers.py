"""A session's classifications: their author, savings by a command, undo, and colleagues' changes meanwhile."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import streamlit as st

from dashboard.campaign.accepted import FIELDS
from dashboard.errors import UserError
from dashboard.lists.quality.classifying import LABELS
from dashboard.lists.quality.queries import label_codes
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import campaign_commands, messages, rebuild

SHOWN_CONFLICTS = 20
Line = Mapping[str, Any]
"""The answers about an action for the command; for a conflict also those of a colleague."""


@dataclass
class Classified:
    """The answers of one session.

    Attributes:
        who: Their author; nothing is saved without one.
        savings: For each saving the lines that take it back.
        conflicts: The answers not saved because a colleague had answered otherwise.
        ticked: The actions that stay ticked after a saving.
        version: The count of savings: widgets drawn before one are drawn anew.
        is_changed: Whether an answer was saved since the whole page was drawn.
    """

    who: str = ""
    savings: list[list[Line]] = field(default_factory=list)
    conflicts: list[Line] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)
    ticked: Collection[str] = ()
    version: int = 0
    is_changed: bool = False
    _error: UserError | None = None
    _saved: int = 0
    _restored: int = 0

    def may_save(self, view: View) -> bool:
        """Return whether answers can be saved: about real data, by a named author."""
        return bool(self.who) and not view.snapshot.is_shipped_sample

    def save(self, view: View, answers: Sequence[Line], titles: Mapping[str, str], ticked: Collection[str]) -> None:
        """Hand answers over; a button's callback.

        `ticked`: the actions that stay ticked.
        """
        report = self._run(answers)
        if report is None:
            return
        self.titles |= {
            conflict["action_id"]: titles.get(conflict["action_id"], "") for conflict in report["conflicts"]
        }
        self.ticked, self._saved = frozenset(ticked), report["actions"]
        if report["undo"]:
            self.savings.append(report["undo"])
            rebuild.note_change(view)

    def undo(self, view: View) -> None:
        """Take back the last saving; a button's callback."""
        report = self._run(self.savings[-1])
        if report is not None:
            self.savings.pop()
            rebuild.take_change_back(view)
            self._restored = report["actions"]

    def _run(self, lines: Sequence[Line]) -> dict[str, Any] | None:
        """Run the command; where it refuses, keep why."""
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        self.is_changed = True
        try:
            report = campaign_commands.run("classify", f"--by={self.who}", stdin=text)
        except UserError as error:
            self._error = error
            return None
        self.conflicts += report["conflicts"]
        self.version += 1
        return report

    def settle(self, view: View, place: int, *, takes_mine: bool) -> None:
        """Let one side of a conflict stand; a button's callback."""
        conflict = self.conflicts.pop(place)
        if takes_mine:
            action_id, name = conflict["action_id"], conflict["field"]
            codes = conflict["yours"] if FIELDS[name].takes_several else next(iter(conflict["yours"]), None)
            line = {"action_id": action_id, name: codes, "was": {name: conflict["theirs"]}}
            self.save(view, [line], self.titles, self.ticked)

    def tell(self, view: View) -> None:
        """Draw the last saving's outcome, once; and a colleague's conflicting changes, until they are settled."""
        t = view.t
        error, saved, restored = self._error, self._saved, self._restored
        self._error, self._saved, self._restored = None, 0, 0
        if error is not None:
            messages.show_error(view, error)
        if saved:
            text = t.plural("{n} action saved.", "{n} actions saved.", saved)
            st.success(f"{text} {t('The figures will show it after the next build.')}", icon=":material/check_circle:")
        if restored:
            text = t.plural("{n} action restored.", "{n} actions restored.", restored)
            st.info(text, icon=":material/undo:")
        if self.conflicts:
            self._show_conflicts(view)

    def _show_conflicts(self, view: View) -> None:
        t, count = view.t, len(self.conflicts)
        text = t.plural(
            "{n} answer was not saved: somebody else changed the same field meanwhile.",
            "{n} answers were not saved: somebody else changed the same fields meanwhile.",
            count,
        )
        st.warning(text, icon=":material/group:")
        for place, conflict in enumerate(self.conflicts[:SHOWN_CONFLICTS]):
            self._show_conflict(view, conflict, place)
        if count > 1:
            st.button(t("Leave all unchanged"), key="conflicts-theirs", on_click=self.conflicts.clear)

    def _show_conflict(self, view: View, conflict: Line, place: int) -> None:
        """Draw an answer that was not saved: both values, and the choice between them."""
        t, name, action_id = view.t, conflict["field"], conflict["action_id"]
        theirs, yours = (
            plain(label_codes(view.snapshot, name, conflict[side], view.lang) or t("nothing"))
            for side in ("theirs", "yours")
        )
        stands = t("Currently: {codes}", codes=theirs)
        if conflict["by"]:
            when = str(conflict["at"]).replace("T", " ").removesuffix("Z")
            stands += " " + t("({name}, {when} UTC)", name=plain(conflict["by"]), when=when)
        title = plain(self.titles.get(action_id) or t("Untitled action"))
        with st.container(border=True, key=f"conflict-{place}"):
            st.markdown(f"**{title}** ({plain(action_id)}) · {t(LABELS[name])}")
            st.markdown(f"{stands}  \n{t('Yours: {codes}', codes=yours)}")
            with st.container(horizontal=True):
                for label, key, mine in ((t("Leave as is"), "theirs", False), (t("Use mine"), "mine", True)):
                    st.button(label, key=f"{key}-{place}", on_click=partial(self.settle, view, place, takes_mine=mine))


def find() -> Classified:
    """Find the answers of this session."""
    answers: Classified = st.session_state.setdefault("staff-classified", Classified())
    return answers
