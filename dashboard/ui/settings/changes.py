"""Changes of settings: those in hand, those begun elsewhere, the effects of publishing, the published ones."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import streamlit as st

from dashboard import formats
from dashboard.campaign import colleagues, settings_history
from dashboard.campaign.settings_history import Change
from dashboard.campaign.working_copy import WorkingCopy
from dashboard.errors import UserError
from dashboard.i18n import N_
from dashboard.lists.quality.differences import Preview
from dashboard.measures.counts import Headline
from dashboard.measures.definitions import DEFINITIONS
from dashboard.settings import Settings
from dashboard.ui.frame import header, page_link
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import Frame
from dashboard.ui.pieces import at_work, comparison, draft_work, html_tables, messages
from dashboard.ui.settings import basket
from dashboard.ui.settings.basket import SettingsWork

_MOST_LISTED = 12
_MOST_SHOWN = 20


class Way(NamedTuple):
    """A button below changes: its key, its words, its icon, its action (the page explains a refusal)."""

    key: str
    label: str
    icon: str
    act: Callable[..., object]
    arguments: tuple[Any, ...] = ()
    is_primary: bool = False
    refusal: str = ""


def show_sentences(view: Frame, sentences: Sequence[str]) -> None:
    """Draw sentences as a list; of many the first ones, the rest folded away."""
    if sentences:
        st.markdown("\n".join(f"- {plain(line)}" for line in sentences[:_MOST_LISTED]))
    if len(sentences) > _MOST_LISTED:
        more = len(sentences) - _MOST_LISTED
        with st.expander(view.t.plural("{n} more", "{n} more", more)):
            st.markdown("\n".join(f"- {plain(line)}" for line in sentences[_MOST_LISTED:]))


def show_ways(ways: Sequence[Way]) -> None:
    """Draw the buttons; one that has a refusal cannot be pressed, and says why."""
    with st.container(horizontal=True):
        for way in ways:
            st.button(
                way.label,
                key=f"settings-{way.key}",
                type="primary" if way.is_primary else "secondary",
                icon=f":material/{way.icon}:",
                on_click=basket.guarded,
                args=(way.act, *way.arguments),
                disabled=bool(way.refusal),
                help=way.refusal or None,
            )


def show_in_hand(view: Frame, work: SettingsWork) -> None:
    """Draw the unpublished changes; nothing where there are none."""
    t, sentences = view.t, basket.list_changes(view.t)
    if work.error is not None:
        messages.show_error(view, work.error)
    if not sentences and not work.basket.can_undo():
        return
    ways = []
    if sentences and not work.clashing:
        words = t.plural("Preview {n} change", "Preview {n} changes", len(sentences))
        ways.append(Way("preview", words, "preview", work.make, is_primary=True))
    if work.basket.can_undo():
        ways.append(Way("undo-edit", t("Undo the last change"), "undo", basket.undo))
    ways.append(Way("discard", t("Discard"), "delete", basket.forget))
    with st.container(border=True, key="settings-changes"):
        messages.show_card_title(
            t.plural("{n} change not published yet", "{n} changes not published yet", len(sentences))
        )
        show_sentences(view, sentences)
        if work.clashing:
            _show_clash(view, work)
        elif work.basket.list_overtaken():
            st.warning(
                t(
                    "Somebody else has changed the same settings meanwhile. The preview combines your changes with "
                    "theirs where they do not conflict."
                ),
                icon=":material/update:",
            )
        show_ways(ways)


def _show_clash(view: Frame, work: SettingsWork) -> None:
    """Draw the clash of two changes in the same place of a file: only one of the two can stay."""
    t, files = view.t, ", ".join(work.clashing)
    st.warning(
        t(
            "Somebody else has changed the same place meanwhile: {files}. Undo your change, look at theirs, then "
            "redo yours if still needed.",
            files=plain(files),
        ),
        icon=":material/warning:",
    )
    show_ways([Way("give-up", t("Undo mine: {files}", files=files), "undo", work.give_up)])


def show_elsewhere(view: Frame) -> None:
    """Draw the authors of unpublished changes; for the reader's own of another tab with a button to go on with them."""
    t, colleague, campaign = view.t, at_work.find_own(), Settings.from_environment().campaign
    mine = None
    for draft in colleagues.list_drafts(campaign, colleague.session, is_of_settings=True):
        if (draft.owner.name, draft.owner.address) == (colleague.name, colleague.address):
            mine = draft
            continue
        text = t(
            "{name} has unpublished changes since {time} UTC: {files}",
            name=at_work.name_colleague(view, draft.owner),
            time=at_work.name_time(draft.owner.since),
            files=", ".join(draft.files),
        )
        st.info(plain(text), icon=":material/group:")
    if mine is None or basket.find() is not None:
        return
    if sentences := basket.describe(t, WorkingCopy(campaign, campaign / "private" / "drafts" / mine.draft_id)):
        with st.container(border=True, key="settings-left"):
            since = at_work.name_time(mine.owner.since)
            messages.show_card_title(t("Your changes since {time} UTC are not published", time=since))
            show_sentences(view, sentences)
            show_ways(
                [
                    Way("take-up", t("Continue"), "edit", basket.take_up, (mine.draft_id,)),
                    Way("discard-left", t("Discard"), "delete", basket.discard, (mine.draft_id,)),
                ]
            )


def show_history(view: Frame) -> None:
    """Draw the published changes of settings with their days, the newest first, each with a button that undoes it."""
    t = view.t
    changes = settings_history.list_changes(Settings.from_environment().campaign)
    messages.show_heading(t("History"))
    if not changes:
        st.markdown(t("Nothing has been changed on this page yet. Changes made in files by hand are not listed."))
        return
    st.markdown(
        t(
            "What was published from this page, newest first. Restoring one starts a change with the files as they "
            "were before; you preview and publish it like any other."
        )
    )
    refusal = t("Publish or discard your unpublished changes first.") if basket.list_changes(t) else ""
    for change in changes[:_MOST_SHOWN]:
        later = len(settings_history.list_later(changes, change))
        with st.container(key=f"entry-change-{change.change_id}"):
            moment = f"{formats.format_moment(change.at, view.lang)} UTC"
            messages.show_card_title(moment, level=3)
            show_sentences(view, change.describe(t) or [", ".join(change.files)])
            if later:
                undone = t.plural(
                    "{n} later change to the same files would be undone too.",
                    "{n} later changes to the same files would be undone too.",
                    later,
                )
                messages.show_note(undone)
            words = t("Restore the previous state")
            key = f"put-back-{change.change_id}"
            show_ways([Way(key, words, "settings_backup_restore", _put_back, (change,), refusal=refusal)])
    if (more := len(changes) - _MOST_SHOWN) > 0:
        messages.show_note(t.plural("{n} older change", "{n} older changes", more))


def _put_back(change: Change) -> None:
    """Begin a change that restores the files, and make its preview."""
    _begin(change).make()


def undo(change_id: str) -> None:
    """Take back the last publication: restore, make and publish at once.

    Where somebody has changed the same files since, that change would go too: then only make the preview.

    Raises:
        UserError: the former state is not kept, or in force already.
    """
    change = _find_change(change_id)
    if change is None:
        raise UserError(N_("The previous state is no longer kept."), N_("Change it by hand."))
    is_last = change.is_last(Settings.from_environment().campaign)
    work = _begin(change)
    work.is_undo, work.is_over_others = is_last, not is_last
    work.make()


def _find_change(change_id: str) -> Change | None:
    """Find the published change with the id of its draft."""
    changes = settings_history.list_changes(Settings.from_environment().campaign)
    return next((one for one in changes if one.change_id == change_id), None)


def _begin(change: Change) -> SettingsWork:
    work = basket.begin(change.list_back())
    if not work.basket.list_names():
        basket.forget()
        raise UserError(N_("These settings are already as they were."))
    return work


def show_preview(view: Frame, work: SettingsWork) -> None:
    """Draw the preview, with the buttons that publish it and lead back to the changes."""
    t, preview = view.t, work.preview
    messages.show_heading(t("Preview: what publishing would change"))
    if work.error is not None:
        messages.show_error(view, work.error)
    show_sentences(view, basket.list_changes(t))
    is_outdated = _show_outdated(view, work)
    has_concerns = (preview is not None and _show_concerns(view, preview)) or work.is_over_others
    if work.is_over_others:
        warning = t("Somebody else has since changed the same settings.")
        more = t("Undoing also undoes that: check the preview before you publish.")
        st.warning(f"{warning} {more}", icon=":material/warning:")
    if is_outdated or work.error is not None:
        first = Way("remake", t("Refresh the preview"), "refresh", work.make, is_primary=True)
    else:
        label = t("Publish anyway") if has_concerns else t("Publish")
        refusal = ""
        if preview is not None and preview.is_asked:
            refusal = t("Answer the questions on Upload first.")
        elif preview is not None and preview.refusal is not None:
            refusal = t(preview.refusal.what)
        first = Way("publish", label, "publish", work.publish, is_primary=not has_concerns, refusal=refusal)
    show_ways(
        [
            first,
            Way("back", t("Keep editing"), "edit", work.forget_preview),
            Way("discard", t("Discard"), "delete", basket.forget),
        ]
    )
    _show_figures(view, preview)


def _show_outdated(view: Frame, work: SettingsWork) -> bool:
    """Draw the publications and changes since the preview was made; return whether there are any."""
    t = view.t
    if work.basket.list_overtaken():
        warning = t("Somebody else has changed the same settings since this preview was made.")
    elif work.is_outdated():
        warning = t("Another build was published since this preview was made.")
    else:
        return False
    more = t("Refresh the preview: it shows what your changes would do now. Your changes are kept.")
    st.warning(f"{warning} {more}", icon=":material/update:")
    return True


def _show_concerns(view: Frame, preview: Preview) -> bool:
    if preview.is_asked:
        t, pairs = view.t, (("lang", view.lang),)
        st.warning(
            t("With these settings the exports raise questions about columns or sheets. Answer them on Upload first."),
            icon=":material/help:",
        )
        page_link.show(PageLink(t(header.find("upload").title), "upload", pairs, ":material/arrow_forward:"))
    return comparison.show_concerns(view, preview)


def _show_figures(view: Frame, preview: Preview | None) -> None:
    """Draw the figures before and after, and the changes of single actions; a sentence where there are none."""
    t = view.t
    if preview is None:
        st.info(
            t("There is no export yet to compute figures from. The settings were checked and are valid."),
            icon=":material/check:",
        )
        return
    actions = preview.changes
    is_changed = preview.before != preview.after or any(one.changed for one in preview.groups)
    if is_changed or actions.actions_added or actions.actions_changed or actions.actions_removed:
        _show_by_days(view, preview)
        comparison.show_figures(view, preview)
        comparison.show_changes(view, preview)
    else:
        st.info(t("No figures and no actions change."), icon=":material/check:")
    comparison.show_checks(view, preview)


def _show_by_days(view: Frame, preview: Preview) -> None:
    """Draw the figures that depend on the campaign's days, if they differ: time elapsed, pace, late or on time."""
    t, before, after = view.t, preview.before, preview.after
    if before is None:
        return
    was, now = _say_by_days(view, before), _say_by_days(view, after)
    rows = [[t(DEFINITIONS[name].name), value, now[name]] for name, value in was.items() if value != now[name]]
    if rows:
        messages.show_card_title(t("Depends on the dates"))
        html_tables.show(html_tables.figures(t("Figure"), t("Before"), t("After")), rows)


def _say_by_days(view: Frame, headline: Headline) -> dict[str, str]:
    lang = view.lang
    rates = {name: headline.fraction(name) for name in ("on_time_rate", "milestone_rate")}
    return {
        "elapsed": formats.format_share(headline.elapsed, lang),
        "pace": view.t("{points} points", points=formats.format_points(headline.pace, lang)),
        "overdue": formats.format_count(headline.overdue, lang),
        **{name: formats.format_rate(*parts, lang) for name, parts in rates.items()},
    }


def show_published(view: Frame, work: SettingsWork) -> None:
    """Draw what was published, with the undo in one click."""
    t = view.t
    if work.error is not None:
        messages.show_error(view, work.error)
    done = t("Undone: the settings are as they were before.") if work.is_undo else ""
    st.success(done or t("Published. The settings are in force."), icon=":material/check_circle:")
    change = _find_change(work.folder.name)
    show_sentences(view, [] if change is None else change.describe(t))
    draft_work.show_not_sent(view, work)
    undo_ways = [] if work.is_undo else [Way("undo", t("Undo"), "undo", undo, (work.folder.name,))]
    show_ways([*undo_ways, Way("close", t("Close"), "close", basket.forget)])
