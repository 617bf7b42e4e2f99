"""Files without a recipe: questions about their columns, and a recipe from the answers for the preview in hand."""

from functools import partial
from typing import Any

import streamlit as st

from dashboard.campaign.recipe_edit import read_head
from dashboard.errors import UserError
from dashboard.i18n import Translator
from dashboard.settings import Settings
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.view import Frame, View
from dashboard.ui.pieces import campaign_commands, messages
from dashboard.ui.sources.source_form import UNKNOWN
from dashboard.ui.upload import brought, recipe_form
from dashboard.ui.upload.proposed import Proposed, read_proposal
from dashboard.ui.upload.state import Upload

_AT_ONCE = 3
"""The number of files of a new kind for which a recipe is proposed at once."""


def show(view: Frame, upload: Upload) -> None:
    """Draw the questions about the columns of each file without a recipe."""
    t = view.t
    names = list_unknown(upload)
    if not names:
        return
    messages.show_heading(t("Files of a new kind"))
    st.markdown(
        t(
            "Nobody has said yet how files of this kind are read. Say it once, from the proposal below: next month’s "
            "file is then read automatically."
        )
    )
    for number, name in enumerate(names):
        with st.container(border=True):
            st.markdown(f"**{plain(name)}**")
            _show_file(view, upload, name, f"new-{number}", is_at_once=number < _AT_ONCE)


def show_known(view: Frame, upload: Upload) -> None:
    """Draw the fold that shows and changes how the campaign's own recipes read the files of the preview."""
    if upload.note is None:
        return
    names = [file.name for file in upload.note.files if (upload.folder / "uploads" / file.name).is_file()]
    if not names:
        return
    t = view.t
    with st.expander(t("How these files are read"), icon=":material/table_view:"):
        name = st.selectbox(t("File"), names, index=None, placeholder=t("Choose a file"), key="known-file")
        if name is not None:
            _show_file(view, upload, name, f"known-{names.index(name)}", is_at_once=True)


def list_unknown(upload: Upload) -> list[str]:
    """List the uploaded files without a recipe."""
    if upload.note is not None:
        return [refused.name for refused in upload.note.refused if UNKNOWN in refused.what]
    if upload.error is not None and UNKNOWN in upload.error.what:
        return sorted(path.name for path in (upload.folder / "uploads").glob("*"))
    return []


def _show_file(view: Frame, upload: Upload, name: str, key: str, *, is_at_once: bool) -> None:
    t = view.t
    is_new = name not in upload.proposals
    label = t("Assign its columns")
    if is_new and (is_at_once or st.button(label, key=f"{key}-propose", icon=":material/edit_note:")):
        _propose(view, upload, name)
    refused = upload.not_proposed.get(name)
    if refused is not None:
        messages.show_error(view, refused)
        if not upload.proposals.get(name):
            st.button(t("Try again"), key=f"{key}-again", icon=":material/refresh:", on_click=upload.forget_refusals)
            return
    proposals = upload.proposals.get(name, [])
    shown_proposals = (
        [one for one in proposals if one.is_known or one.is_used] if key.startswith("known") else proposals
    )
    if proposals and not shown_proposals:
        st.caption(t("It is read by a recipe that comes with the program."))
    for number, proposal in enumerate(shown_proposals):
        _show_sheet(view, upload, proposal, f"{key}-{number}", several=len(shown_proposals) > 1)
    if shown_proposals:
        _show_use(view, upload, shown_proposals, key)


def _show_sheet(view: Frame, upload: Upload, proposal: Proposed, key: str, *, several: bool) -> None:
    t = view.t
    if several:
        where = proposal.sheet or proposal.file
        proposal.is_read = st.checkbox(
            plain(t("Read {sheet}", sheet=where)), proposal.is_read, key=f"{key}-read", disabled=proposal.is_known
        )
    if proposal.is_for_editors:
        st.markdown(
            t(
                "This recipe is too complex for this form. Download it, edit it in a text editor, and put it back "
                "into the campaign’s folder *recipes*."
            )
        )
    elif proposal.is_read:
        recipe_form.show(view, proposal, key, partial(_propose_kind, view.t, upload, proposal))


def _show_use(view: Frame, upload: Upload, proposals: list[Proposed], key: str) -> None:
    """Draw the missing answers, and the button that makes the preview with the given ones."""
    t = view.t
    read = [one for one in proposals if one.is_read]
    editable_proposals = [one for one in read if not one.is_for_editors]
    faults = list(dict.fromkeys(fault for one in editable_proposals for fault in recipe_form.list_faults(t, one)))
    for fault in faults:
        st.warning(plain(fault), icon=":material/warning:")
    for unread in dict.fromkeys(
        sentence for one in editable_proposals for sentence in recipe_form.list_unread(view, one)
    ):
        st.info(plain(unread), icon=":material/info:")
    if editable_proposals and not faults:
        st.success(t("Everything required is there."), icon=":material/check_circle:")
    with st.container(horizontal=True):
        if editable_proposals or not read:
            st.button(
                t("Use it and preview"),
                key=f"{key}-use",
                type="primary",
                icon=":material/preview:",
                disabled=bool(faults) or not read,
                on_click=_use,
                args=(upload, proposals),
            )
        for number, one in enumerate(read):
            st.download_button(
                t("Download the recipe") if len(read) == 1 else t("Download {recipe}", recipe=f"{one.recipe_id}.toml"),
                data=one.write().encode("utf-8"),
                file_name=f"{one.recipe_id}.toml",
                mime="application/toml",
                on_click="ignore",
                icon=":material/download:",
                key=f"{key}-download-{number}",
            )


def _use(upload: Upload, proposals: list[Proposed]) -> None:
    """Make the preview with the answers; a button's callback."""
    for one in proposals:
        one.is_used = one.is_read and not one.is_for_editors
    upload.recipes_made += 1
    upload.make()


def _propose(view: Frame, upload: Upload, name: str) -> None:
    """Have recipes proposed for a file; keep the outcome with the upload."""
    try:
        with st.spinner(view.t("Reading the headers …")):
            answer = _ask(upload, name)
            if not isinstance(view, View) and _speaks_of_reports(answer):  # the first file: there is no action yet
                answer = _ask(upload, name, "--holds", "actions")
        upload.proposals[name] = [read_proposal(view.t, one) for one in answer["recipes"]]
        _restore(view.t, upload, name)
        brought.add_bases(upload.folder, Settings.from_environment().campaign, upload.proposals[name])
    except UserError as error:
        upload.not_proposed[name] = error
        upload.proposals[name] = []


def _restore(t: Translator, upload: Upload, name: str) -> None:
    """Restore the answers about a file's columns from before the page was loaded anew."""
    forms = {(form["file"], form["sheet"]): form for form in upload.forms}
    for proposal in list(upload.proposals[name]):
        form = forms.get((proposal.file, proposal.sheet))
        if form is not None and form["kind"] != proposal.kind:
            _propose_kind(t, upload, proposal, form["kind"])
    for proposal in upload.proposals[name]:
        form = forms.get((proposal.file, proposal.sheet))
        if form is not None and form["kind"] == proposal.kind:
            proposal.restore(form)


def _speaks_of_reports(answer: dict[str, Any]) -> bool:
    """Return whether a file is taken for reports alone, which would be about no action."""
    return all(read_head(one["text"]).holds == "progress_reports" and not one["known_by"] for one in answer["recipes"])


def _ask(upload: Upload, name: str, *options: str) -> dict[str, Any]:
    """Ask the command's proposal for a file; errors as in `campaign_commands.run`."""
    path = upload.folder / "uploads" / name
    return campaign_commands.run("recipe", "--draft", str(upload.folder), *options, operands=[str(path)])


def _propose_kind(t: Translator, upload: Upload, proposal: Proposed, kind: str) -> None:
    """Have a recipe proposed for rows of another kind; a widget's callback."""
    name, place = _find(upload, proposal)
    sheet = ["--sheet", proposal.sheet] if proposal.sheet else []
    try:
        answer = _ask(upload, name, *sheet, "--holds", kind)
    except UserError as error:
        upload.not_proposed[name] = error
        return
    again = next(one for one in answer["recipes"] if (one["file"], one["sheet"]) == (proposal.file, proposal.sheet))
    renewed = read_proposal(t, {**again, "known_text": "", "known_by": None})  # the draft may have it already
    renewed.written_as, renewed.is_used = proposal.written_as, proposal.is_used
    upload.proposals[name][place] = renewed
    upload.not_proposed.pop(name, None)


def _find(upload: Upload, proposal: Proposed) -> tuple[str, int]:
    return next(
        (name, place)
        for name, proposals in upload.proposals.items()
        for place, one in enumerate(proposals)
        if one is proposal
    )
