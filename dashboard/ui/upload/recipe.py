"""Files that no recipe knows: a recipe is proposed for each, to be finished by a person."""

from pathlib import Path

import streamlit as st

from dashboard.audit import actor
from dashboard.errors import UserError
from dashboard.i18n import N_
from dashboard.processes import commands
from dashboard.settings import Settings
from dashboard.ui.frame import staff
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import messages, unforeseen
from dashboard.ui.pieces.messages import plain
from dashboard.ui.upload.state import Upload

_UNKNOWN = "No recipe recognises"
"""What the build's sentence on a file that no recipe knows says."""

_STEPS = (
    N_("Open the recipe in a text editor and settle each line that is marked CHECK."),
    N_("Ask the operator to put it into the folder “recipes” of the campaign."),
    N_("Make the preview again: the file is now read by the new recipe."),
)


def show(view: Frame, upload: Upload) -> None:
    """Draw, for each file that no recipe knows, the way to one."""
    t = view.t
    names = _unknown_files(upload)
    if not names:
        return
    messages.show_heading(t("Files of a new kind"))
    st.markdown(
        t(
            "A recipe says how one kind of export maps to the fields of the dashboard. "
            "A recipe for these files can be proposed from their headers; a person finishes it in minutes."
        )
    )
    for number, name in enumerate(names):
        _show_file(view, upload, name, number)


def for_the_page(error: UserError) -> UserError:
    """A refusal as it is told here: of an unknown file the build's own remedy is for the command line."""
    if _UNKNOWN not in error.what:
        return error
    return UserError(error.what, N_("Have a recipe proposed for it below, or leave it out."))


def _show_file(view: Frame, upload: Upload, name: str, number: int) -> None:
    t = view.t
    with st.container(border=True):
        st.markdown(f"**{plain(name)}**")
        proposal = upload.proposals.get(name)
        if proposal is None:
            if st.button(t("Propose a recipe"), key=f"propose-{number}", icon=":material/edit_note:"):
                _propose(view, upload, name)
            return
        st.download_button(
            t("Download the proposed recipe"),
            data=proposal.encode("utf-8"),
            file_name=f"{Path(name).stem}.toml",
            mime="application/toml",
            on_click="ignore",
            icon=":material/download:",
            key=f"proposal-{number}",
        )
        st.markdown("\n".join(f"{place}. {t(step)}" for place, step in enumerate(_STEPS, 1)))


def _propose(view: Frame, upload: Upload, name: str) -> None:
    arguments = ["recipe", str(upload.folder / "uploads" / name)]
    arguments += ["--campaign", str(Settings.from_environment().campaign)]
    try:
        with st.spinner(view.t("Reading the headers …")), unforeseen.told(N_("No recipe could be proposed.")):
            upload.proposals[name] = commands.start(arguments, actor.tell(staff.person())).result().text
    except UserError as error:
        messages.show_error(view, error)
        return
    st.rerun()


def _unknown_files(upload: Upload) -> list[str]:
    """The uploaded files that no recipe knows."""
    if upload.note is not None:
        return [refused.name for refused in upload.note.refused if _UNKNOWN in refused.what]
    if upload.error is not None and _UNKNOWN in upload.error.what:
        return sorted(path.name for path in (upload.folder / "uploads").glob("*"))
    return []
