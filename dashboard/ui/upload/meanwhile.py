"""Colleagues beside an upload: their open previews, and their publications since this one was begun."""

from collections.abc import Sequence

import streamlit as st

from dashboard import formats
from dashboard.access.audit.entries import find_publishers, name_person
from dashboard.campaign import builds, colleagues
from dashboard.campaign.builds import Build
from dashboard.campaign.colleagues import OpenDraft
from dashboard.settings import Settings
from dashboard.ui.frame import streamlit_grips
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.view import Frame
from dashboard.ui.pieces import at_work, campaign_commands
from dashboard.ui.upload import state
from dashboard.ui.upload.state import Upload

_MOST_NAMED = 4


def show(view: Frame) -> None:
    """Draw whose previews are open, with their files; looked at again by itself."""
    st.fragment(_show, run_every=at_work.LOOK_SECONDS)(view, at_work.find_own().session)


def _show(view: Frame, own_session: str) -> None:
    t, campaign = view.t, Settings.from_environment().campaign
    drafts, myself = colleagues.list_drafts(campaign, own_session), at_work.find_own()
    tabs = streamlit_grips.list_connected()
    connected = None if tabs is None else [colleagues.hash_tab(tab) for tab in tabs]
    resumable = [draft for draft in drafts if colleagues.is_left(campaign, draft, myself, connected)]
    for draft in resumable:
        _show_left(view, draft)
    lines = [
        t(
            "{name} has a preview open since {time} UTC: {files}",
            name=plain(at_work.name_colleague(view, draft.owner)),
            time=at_work.name_time(draft.owner.since),
            files=plain(_name(draft.files)) or t("the inbox as it is"),
        )
        for draft in drafts
        if draft not in resumable
    ]
    if not lines:
        return
    more = t("They have not published yet. Whoever publishes second will see what changed.")
    st.info("\n".join(f"- {line}" for line in lines) + f"\n\n{more}", icon=":material/group:")


def _show_left(view: Frame, draft: OpenDraft) -> None:
    """Draw the ways on with an abandoned preview that has answers."""
    t, place = view.t, Settings.from_environment().campaign / "private" / "drafts" / draft.draft_id
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(t("Left with answers: {files}", files=plain(_name(draft.files)) or t("the inbox as it is")))
        if st.button(t("Continue"), key=f"go-on-{draft.draft_id}", icon=":material/play_arrow:"):
            state.take_waiting(draft.draft_id)
            st.rerun()
        if st.button(t("Discard"), key=f"throw-{draft.draft_id}", icon=":material/delete:"):
            campaign_commands.run("discard-draft", operands=[str(place)])
            st.rerun()


def show_published_since(view: Frame, upload: Upload, *, is_outdated: bool) -> bool:
    """Draw the publications since this upload was begun, with their authors, and what publishing would change of them.

    `upload`: the session's upload.
    `is_outdated`: whether the preview lacks the last of them.

    Returns:
        Whether publishing would replace or take out a file that came in meanwhile.
    """
    if upload.note is None or upload.first_base is None:
        return False
    t, campaign = view.t, Settings.from_environment().campaign
    history = builds.read_builds(campaign)
    newer = _list_newer(history, upload.first_base)
    if not newer and not is_outdated:
        return False
    publishers = find_publishers(campaign, [build.build_id for build, _ in newer])
    lines = [_describe(view, build, before, publishers) for build, before in newer]
    changed = {name for build, before in newer for name in _find_changed(build, before)}
    touched = sorted(file.name for file in upload.note.files if file.state != "unchanged" and file.name in changed)
    text = (
        t("**Since you began this upload, others have published:**") + "\n\n" + "\n".join(f"- {one}" for one in lines)
    )
    if touched:
        sentence = t("Publishing will replace or remove files added meanwhile: {files}.", files=plain(_name(touched)))
        text += f"\n\n**{sentence}**"
    elif newer:
        text += "\n\n" + t("Your files do not affect those added meanwhile.")
    if is_outdated:
        text += "\n\n" + t("Refresh the preview: it shows what yours would change now.")
    st.warning(text, icon=":material/update:")
    return bool(touched)


def _list_newer(history: Sequence[Build], base: str) -> list[tuple[Build, Build | None]]:
    """List the builds published after one, the newest first, each with the one before it."""
    place = next((number for number, build in enumerate(history) if build.build_id == base), len(history))
    builds: list[Build | None] = [*history, None]
    return [(build, builds[number + 1]) for number, build in enumerate(history[:place])]


def _find_changed(build: Build, before: Build | None) -> set[str]:
    """Find the files of a build that the one before lacked, or had with other content."""
    hashes = {(file.name, file.sha256) for file in before.files} if before is not None else set()
    return {file.name for file in build.files if (file.name, file.sha256) not in hashes}


def _describe(view: Frame, build: Build, before: Build | None, publishers: dict[str, str]) -> str:
    t = view.t
    who = publishers.get(build.build_id)
    name = name_person(t, who) if who else t("somebody not recorded")
    files = _name(sorted(_find_changed(build, before))) or t("no other files")
    moment = formats.format_moment(build.built_at, view.lang)
    return t("{name}, {moment} UTC: {files}", name=plain(name), moment=moment, files=plain(files))


def _name(files: Sequence[str]) -> str:
    more = len(files) - _MOST_NAMED
    return ", ".join(files[:_MOST_NAMED]) + (f" (+ {more})" if more > 0 else "")
