"""A session's work on sources: trials beside the campaign, writing, fetching; the outcome, and its undo."""

import json
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import streamlit as st

from dashboard.campaign.sources import Source, Tool
from dashboard.errors import UserError
from dashboard.ground.processes.commands import Job
from dashboard.ui.frame.view import Frame
from dashboard.ui.pieces import campaign_commands

SAID_SECONDS = 30.0
"""How long the page shows the last outcome: it runs again meanwhile, when a fetch has ended."""
_PLACE = ("address", "form", "file", "language")
"""The fields of a source that determine the request and its address."""
_ANY_FORM = {Tool.KOBOTOOLBOX: "a0000000000", Tool.ODK_CENTRAL: "1/x", Tool.LIMESURVEY: "1"}
"""A stand-in for a form that a tool would take, where none is chosen yet."""

Stated = dict[str, str]
"""A source as its form states it, and as `etl source` takes it."""


class TrialOutcome(NamedTuple):
    """The outcome of a trial: the fields it was made with, and an answer or the error."""

    fields: Stated
    answer: dict[str, Any]
    error: UserError | None = None


class Undo(NamedTuple):
    """The last change: the former source, and whether it was removed."""

    former: dict[str, Any]
    is_removed: bool


@dataclass
class SourceWork:
    """One session's work on sources; buttons call its methods.

    Attributes:
        changed: The name of the source whose form stands in its place; empty for none.
        fetch: The fetch that this page has asked for: the name of the source, and the command.
        forms: The tool asked for forms, and its list or the reason for its absence.
        undo: The last change that can be taken back.
        is_new: Whether a change also shows in other parts of the page.
    """

    changed: str = ""
    fetch: tuple[str, Job] | None = None
    trial: tuple[Stated, Job] | None = None
    tried: TrialOutcome | None = None
    forms: tuple[tuple[str, ...], list[Any] | UserError] = ((), [])
    undo: Undo | None = None
    refused: UserError | None = None
    is_new: bool = False
    _message: tuple[str, float] = ("", 0.0)

    @property
    def said(self) -> str:
        """The last outcome, in a sentence."""
        sentence, at = self._message
        return sentence if time.monotonic() - at < SAID_SECONDS else ""

    def take_new(self) -> bool:
        """Return whether a change also shows in other parts of the page; true only once."""
        is_new, self.is_new = self.is_new, False
        return is_new

    def change(self, name: str) -> None:
        """Open the form of a source in its place, or close it where there is no name."""
        self.forget_trial()
        self.changed = name

    def start_fetch(self, name: str) -> None:
        """Begin to fetch a source."""
        try:
            self.fetch = (name, campaign_commands.start("fetch", name))
        except UserError as error:
            self.refused = error

    def take_fetch(self) -> bool:
        """Return whether a fetch has ended: a failure of the source itself stands in its note."""
        if self.fetch is None or not campaign_commands.wait(self.fetch[1]):
            return False
        (_, job), self.fetch = self.fetch, None
        try:
            campaign_commands.take(job)
        except UserError as error:
            self.refused = error
        return True

    def begin_trial(self, fields: Stated) -> None:
        """Fetch the source of the form and read it, beside the campaign."""
        self.tried = None
        try:
            job = campaign_commands.start("source", "test", "--stated", "-", stdin=json.dumps(fields))
        except UserError as error:
            self.tried = TrialOutcome(fields, {}, error)
            return
        self.trial = (fields, job)

    def take_trial(self) -> bool:
        """Return whether a trial has ended."""
        if self.trial is None or not campaign_commands.wait(self.trial[1]):
            return False
        (fields, job), self.trial = self.trial, None
        try:
            self.tried = TrialOutcome(fields, campaign_commands.take(job))
        except UserError as error:
            self.tried = TrialOutcome(fields, {}, error)
        return True

    def forget_trial(self) -> None:
        """Give up the trial and its outcome."""
        if self.trial is not None:
            self.trial[1].cancel()
        self.trial = self.tried = None

    def list_forms(self, fields: Mapping[str, str], tool_key: tuple[str, ...]) -> None:
        """Ask the tool for its forms."""
        form = {"form": _ANY_FORM[Tool(fields["tool"])]}
        try:
            answer = campaign_commands.run("source", "forms", "--stated", "-", stdin=json.dumps({**fields, **form}))
            self.forms = (tool_key, answer["forms"])
        except UserError as error:
            self.forms = (tool_key, error)

    def add(self, view: Frame, fields: Stated) -> None:
        """Add a source and show its yield."""
        if not self._write(fields):
            return
        self.forget_trial()
        self.undo = None
        self._say(view.t("{source} was added as a source.", source=fields["title"]))
        for key in ("source-title", f"source-address-{fields['tool']}", "source-form", "source-file"):
            if key in st.session_state:
                st.session_state[key] = ""  # the field itself would keep its text where its key is only dropped
        self.start_fetch(fields["name"])

    def save(self, view: Frame, former: Source, fields: Stated, changes: Collection[str]) -> None:
        """Save a change of a source; where it now asks for other answers, fetch it at once."""
        if not self._write(fields):
            return
        self.change("")
        self.undo = Undo(former.model_dump(mode="json"), is_removed=False)
        self._say(view.t("{source} was changed.", source=fields["title"]))
        if {*changes} & {*_PLACE}:
            self.start_fetch(former.name)

    def remove(self, view: Frame, source: Source) -> None:
        """Take a source out."""
        try:
            answer = campaign_commands.run("source", "remove", operands=[source.name])
        except UserError as error:
            self.refused, self.is_new = error, True
            return
        self.undo = Undo(answer["former"], is_removed=True)
        self._say(view.t("{source} was removed. What came from it stays.", source=source.label))

    def put_back(self, view: Frame, undo: Undo) -> None:
        """Have a source be again as it was."""
        if not self._write(undo.former):
            return
        self.undo, name = None, undo.former["title"] or undo.former["name"]
        if undo.is_removed:
            self._say(view.t("{source} was added as a source.", source=name))
        else:
            self._say(view.t("{source} was restored.", source=name))
            self.start_fetch(undo.former["name"])

    def _write(self, fields: Mapping[str, Any]) -> bool:
        """Write a source into `campaign.toml`, in place of one of its name; whether that was done."""
        try:
            campaign_commands.run("source", "add", "--stated", "-", stdin=json.dumps(fields))
        except UserError as error:
            self.refused, self.is_new = error, True
            return False
        return True

    def _say(self, sentence: str) -> None:
        self._message, self.is_new = (sentence, time.monotonic()), True


def find() -> SourceWork:
    """Find this session's work on sources."""
    work: SourceWork = st.session_state.setdefault("staff-sources", SourceWork())
    return work
