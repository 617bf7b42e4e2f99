"""The page Upload: files are dropped, a draft is made and looked at, then published or dropped; below, the builds."""

from collections.abc import Sequence
from functools import partial

import pandas as pd
import streamlit as st

from dashboard import formats
from dashboard.campaign import uploads
from dashboard.campaign.blank import is_blank
from dashboard.campaign.snapshot_schema import OtherSchemaError
from dashboard.campaign.uploads import Draft
from dashboard.errors import SnapshotError, UserError
from dashboard.ground import page_addresses
from dashboard.i18n import N_
from dashboard.lists.quality.differences import Preview
from dashboard.lists.quality.queries import name_reason
from dashboard.lists.quality.wording import name_field
from dashboard.measures.register import name_stakeholder
from dashboard.settings import Settings
from dashboard.snapshot.database import current
from dashboard.ui.frame import first_steps, header, page_link
from dashboard.ui.frame.first_steps import FirstStep
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import Frame, View
from dashboard.ui.pieces import account, campaign_commands, comparison, draft_work, html_tables, messages
from dashboard.ui.pieces.account import place
from dashboard.ui.pieces.html_tables import Cells
from dashboard.ui.sources import fetched, source_form
from dashboard.ui.upload import builds, meanwhile, question_list, recipe, state
from dashboard.ui.upload.state import Upload

_STATES = {
    "added": N_("new"),
    "replaces": N_("replaces the file of this name"),
    "unchanged": N_("same as the existing file"),
    "removed": N_("taken out"),
}
_MOST_PAIRS = 200


def show_effects(view: Frame, upload: Upload) -> None:
    """Draw the preview of the session's upload."""
    if upload.preview is None or upload.note is None:
        return
    comparison.show_figures(view, upload.preview)
    _show_files(view, upload, upload.note, upload.preview.account)
    _show_first_rows(view, upload.preview)
    comparison.show_changes(view, upload.preview)
    _show_rejected(view, upload.preview.rejected)
    _show_unmatched(view, upload.preview.unmatched)
    _show_duplicates(view, upload.preview)
    comparison.show_checks(view, upload.preview)
    comparison.show_criteria(view, upload.preview)


def _show_files(view: Frame, upload: Upload, note: Draft, files: pd.DataFrame) -> None:
    t = view.t
    states = {file.name: t(_STATES[file.state]) for file in note.files}
    unread = [name for name in states if name not in set(files["upload"])]
    all_files = pd.concat([files, pd.DataFrame({"source_file": unread, "upload": unread, "recipe": ""})])
    if len(all_files) or note.refused:
        messages.show_card_title(t("Files"), level=3)
    if len(all_files):
        what = Cells(t("What happens"), lambda file: states[file["upload"]])
        extra_columns = (what, Cells(t("Read as"), lambda file: str(file["recipe"])))
        html_tables.show(*account.lay_out(view, all_files, extra_columns))
    unknown = recipe.list_unknown(upload)
    for refused in note.refused:
        if refused.name in unknown:
            text = t("{name} is of a new kind: assign its columns, or leave it out.", name=refused.name)
        else:
            what_remedy = {"what": t(refused.what), "remedy": t(refused.remedy)}
            text = t("{name} is left out: {what} {remedy}", name=refused.name, **what_remedy)
        st.warning(plain(text), icon=":material/block:")


def _show_first_rows(view: Frame, preview: Preview) -> None:
    """Draw the first rows of the uploaded files, as their recipes read them."""
    rows, t = preview.first_rows.to_dict("records"), view.t
    columns = source_form.list_columns(view, rows, preview.codes, preview.persons)
    title = t("The first rows, as the recipe reads them")
    html_tables.show_list(view, title, rows, columns, t("Contacts are not shown."))


def _show_rejected(view: Frame, rejected: pd.DataFrame) -> None:
    t = view.t
    columns = (
        Cells(
            t(N_("Row", "a row of a file")),
            lambda row: place(view, row["source_file"], row["sheet"], row["source_row"]),
        ),
        Cells(t("Reason"), lambda row: name_reason(t, row["reason"])),
    )
    note = t(
        "These rows cannot be what their file says. Correct them in the file and upload it again under the same name."
    )
    title = t("Rejected rows of these files")
    html_tables.show_list(view, title, rejected, columns, note)


def _show_unmatched(view: Frame, unmatched: pd.DataFrame) -> None:
    t = view.t
    columns = (
        Cells(t(N_("Value", "a word in a cell")), lambda row: str(row["value"])[:120]),
        Cells(t("Field"), lambda row: t(name_field(row["field"]))),
        html_tables.count(view, t("Rows"), "rows"),
        Cells(t("File"), lambda row: str(row["source_file"])),
    )
    title = t("Values that are not dates or percentages")
    note = t("The rows count, but this field stays empty. Correct the value in the file.")
    html_tables.show_list(view, title, unmatched, columns, note)


def _show_duplicates(view: Frame, preview: Preview) -> None:
    t, pairs = view.t, preview.duplicates
    columns = (
        Cells(
            t("First of the pair"), lambda pair: str(name_stakeholder(pair["left_name"], preview.persons, view.lang))
        ),
        Cells(
            t("Second of the pair"), lambda pair: str(name_stakeholder(pair["right_name"], preview.persons, view.lang))
        ),
        Cells(t("Similarity"), lambda pair: formats.format_share(pair["score"], view.lang), is_words=False),
    )
    note = t("They stay separate until somebody decides on the page Data quality.")
    title = t("New possible duplicates")
    html_tables.show_list(view, title, pairs.head(_MOST_PAIRS).assign(in_all=len(pairs)), columns, note)


def show(view: Frame) -> None:
    """Draw the stage of the session's upload, and below it the builds, where no preview is in hand."""
    if is_blank(root := Settings.from_environment().campaign):
        first_steps.lead_to_campaign(view.t)
        if not root.is_dir():
            return
    upload = state.find_upload()
    if not isinstance(view, View) and not is_blank(root):
        first_steps.show(view.t, _find_step(upload))
    meanwhile.show(view)
    _show_stage(view, upload)
    if upload is None:
        fetched.show(view, state.take_waiting)
    if upload is None or (upload.job is None and upload.published is not None):
        builds.show(view)


def _find_step(upload: Upload | None) -> FirstStep:
    """Find the reader's step on the way to the first figures."""
    if upload is None:
        return FirstStep.DROP
    is_read = upload.preview is not None and not upload.preview.is_asked and not recipe.list_unknown(upload)
    return FirstStep.FIGURES if is_read or upload.published is not None else FirstStep.COLUMNS


def _show_stage(view: Frame, upload: Upload | None) -> None:
    if upload is None:
        _show_uploader(view)
    elif upload.job is not None:
        st.fragment(draft_work.show_work, run_every=campaign_commands.POLL_SECONDS)(
            view, upload, "cancel-upload", state.forget, partial(question_list.show_first_figures, view, upload)
        )
    elif upload.published is not None:
        _show_published(view, upload)
    elif upload.preview is not None and upload.note is not None:
        _show_preview(view, upload)
    else:
        _show_failure(view, upload)


_FIELD = """
[data-testid="stFileUploaderDropzoneInstructions"] { display: none; }
[data-testid="stFileUploaderDropzone"] button p { font-size: 0; }
[data-testid="stFileUploaderDropzone"] button p::after { content: "LABEL"; font-size: .95rem; }
"""


def _show_uploader(view: Frame) -> None:
    t = view.t
    campaign_commands.prepare()
    st.markdown(
        t(
            "Drop the exports here, exactly as the form or survey tool saved them. You will see what would change "
            "before anything is published. A file replaces an earlier one of the same name."
        )
    )
    _explain_sample(view)
    # Streamlit's own words inside the field are English in every language.
    st.html(f"<style>{_FIELD.replace('LABEL', t('Choose files'))}</style>")
    files = st.file_uploader(
        t("Exports: Excel, CSV or OpenDocument files, a website’s export, a feed or a calendar, also in a ZIP file"),
        type=list(uploads.KINDS),
        accept_multiple_files=True,
        max_upload_size=Settings.from_environment().upload_mb,
        key=state.uploader_key(),
    )
    st.caption(t("Up to {mb} MB a file", mb=Settings.from_environment().upload_mb))
    if state.has_moved() and not files:
        st.info(
            t("This page moved to another server. Choose again any files you had not yet previewed."),
            icon=":material/info:",
        )
    fault = _find_fault(files or [])
    error = state.take_drop_error() or fault
    if error is not None:
        messages.show_error(view, error)
    label = t.plural("Preview {n} file", "Preview {n} files", len(files)) if files else t("Preview")
    with st.container(horizontal=True):
        st.button(
            label,
            type="primary",
            disabled=not files or fault is not None,
            on_click=state.take_drop,
            key="make-preview",
            icon=":material/preview:",
        )
        if not files and uploads.has_inbox(Settings.from_environment().campaign):
            st.button(
                t("Preview the inbox as it is"),
                key="preview-inbox",
                icon=":material/inbox:",
                on_click=state.take_inbox,
                help=t(
                    "If a build was refused because of unassigned columns or duplicate sheets, sort that out here. No "
                    "upload needed."
                ),
            )


def _find_fault(files: Sequence[uploads.Uploaded]) -> UserError | None:
    """Find a fault in the dropped files, before they are sent on."""
    try:
        uploads.check_names([file.name for file in files])
    except UserError as error:
        return error
    return None


def _explain_sample(view: Frame) -> None:
    t = view.t
    try:
        if not current().is_shipped_sample:
            return
        text = t("The pages now show the fictional sample. The first upload you publish replaces all of it.")
    except OtherSchemaError as error:
        text = " ".join(map(t, error.for_readers or ()))
    except SnapshotError:
        text = t("Nothing has been published yet. The pages will show what you publish first.")
    st.info(text, icon=":material/info:")
    if uploads.list_samples(Settings.from_environment().campaign):
        st.button(
            t("Try it with the sample’s files"),
            key="try-samples",
            icon=":material/school:",
            on_click=state.take_samples,
            help=t("They are read like your own files, and stay marked as fictional. Undo removes them."),
        )


def _show_failure(view: Frame, upload: Upload) -> None:
    """Draw the reason why the draft could not be made, and the remedy."""
    t = view.t
    if upload.error is not None and not recipe.list_unknown(upload):
        messages.show_error(view, upload.error)
    st.caption(t("Nothing was published and nothing was changed."))
    recipe.show(view, upload)
    upload.remember()
    with st.container(horizontal=True):
        st.button(t("Try again"), key="retry-upload", icon=":material/refresh:", on_click=upload.make)
        st.button(t("Choose other files"), key="discard-upload", on_click=state.discard)


def _show_preview(view: Frame, upload: Upload) -> None:
    t = view.t
    upload.prepare()  # for the preview with answers, or for publishing
    messages.show_heading(t("Preview: what publishing would change"))
    if upload.error is not None:
        messages.show_error(view, upload.error)
    is_outdated = upload.is_outdated()
    overlaps = meanwhile.show_published_since(view, upload, is_outdated=is_outdated)
    has_concerns = (upload.preview is not None and comparison.show_concerns(view, upload.preview)) or overlaps
    with st.container(horizontal=True):
        if is_outdated or upload.error is not None:
            label, icon = t("Refresh the preview"), ":material/refresh:"
            st.button(label, key="remake-upload", type="primary", icon=icon, on_click=upload.make)
        else:
            st.button(
                t("Publish anyway") if has_concerns else t("Publish"),
                key="publish-upload",
                type="secondary" if has_concerns else "primary",
                icon=":material/publish:",
                on_click=upload.publish,
                disabled=upload.preview is not None and (upload.preview.is_asked or upload.preview.refusal is not None),
            )
        st.button(t("Discard"), key="discard-upload", icon=":material/delete:", on_click=state.discard)
    _show_questions(view, upload)
    recipe.show(view, upload)
    show_effects(view, upload)
    if upload.preview is not None:
        question_list.show_sheets_and_words(view, upload, upload.preview)
    recipe.show_known(view, upload)


def _show_questions(view: Frame, upload: Upload) -> None:
    """Draw the reader's questions, and the effects of the tried answers; one button tries them all."""
    if upload.preview is None:
        return
    if upload.tried:
        question_list.show_tried(view, upload, upload.preview)
    question_list.show(view, upload)
    if upload.preview.is_asked or upload.preview.columns or upload.preview.questions or len(upload.preview.words):
        question_list.show_try(view, upload)
    question_list.show_questions(view, upload, upload.preview)
    upload.remember()


def _lead_to_figures(view: Frame, upload: Upload) -> None:
    """Draw the end of the way after the first publication, with the link to the figures."""
    if upload.note is None or upload.note.base_build_id is not None:
        return
    t = view.t
    first_steps.show(t, FirstStep.FIGURES)
    label, pairs = t("See the figures"), (("lang", view.lang),)
    page_link.show(PageLink(label, page_addresses.FRONT, pairs, ":material/bar_chart:"), f"**{label}**")


def _show_published(view: Frame, upload: Upload) -> None:
    t = view.t
    if upload.error is not None:
        messages.show_error(view, upload.error)
    if upload.undone:
        is_first = upload.note is not None and upload.note.base_build_id is None
        text = (
            t("Undone: nothing is published, as before.")
            if is_first
            else t("Undone: the pages show the previous build again.")
        )
        st.success(text, icon=":material/undo:")
        if upload.settings_brought:
            st.caption(
                t("What you said about the columns stays with the campaign, so these files will be read automatically.")
            )
    else:
        names = ", ".join(file.name for file in upload.note.files) if upload.note else ""
        text = t("Published. The pages now show build {build}.", build=(upload.published or "")[:12])
        st.success(text, icon=":material/check_circle:")
        _lead_to_figures(view, upload)
        draft_work.show_not_sent(view, upload)
        if names:
            st.markdown(t("Files taken in: {names}", names=plain(names)))
        if upload.preview is not None:
            comparison.show_figures(view, upload.preview)
    with st.container(horizontal=True):
        for page_id in (page_addresses.FRONT, "quality"):
            pairs = (("lang", view.lang),)
            page_link.show(PageLink(t(header.find(page_id).title), page_id, pairs, ":material/arrow_forward:"))
    with st.container(horizontal=True):
        st.button(t("Upload more files"), key="next-upload", icon=":material/upload:", on_click=state.forget)
        if not upload.undone and upload.note is not None:
            st.button(t("Undo"), key="undo-upload", icon=":material/undo:", on_click=upload.undo)
