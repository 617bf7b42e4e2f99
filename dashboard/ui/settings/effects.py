"""What publishing the changed settings would change in the figures; published, and taken back in one click."""

import streamlit as st

from dashboard import formats
from dashboard.i18n import N_
from dashboard.measures.counts import Headline
from dashboard.measures.definitions import DEFINITIONS
from dashboard.quality.differences import Preview
from dashboard.ui.frame import header, page_link
from dashboard.ui.frame.page import Frame
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.pieces import campaign_commands, comparison, html_tables, messages
from dashboard.ui.settings import basket, changes
from dashboard.ui.settings.basket import SettingsWork
from dashboard.ui.settings.changes import Way

_WORKING = {
    "draft": N_("Preparing the preview. Nothing is published yet."),
    "publish": N_("Publishing …"),
}


def show_work(view: Frame, work: SettingsWork) -> None:
    """Draw how far the command is; where it has ended, take its result and draw the page anew."""
    t, job = view.t, work.job
    if job is not None and not job.done():
        st.markdown(t(_WORKING["publish" if work.is_undo else work.doing]))
        campaign_commands.show_progress(view, job)
        if work.doing == "draft":
            changes.show_ways([Way("cancel", t("Cancel"), "close", work.stop)])
        if not campaign_commands.wait(job):
            return
    if work.doing == "draft":
        work.published_changes = basket.list_changes(t)
    with st.spinner(t("Comparing with what is published …")):
        work.finish()
    st.rerun()


def show(view: Frame, work: SettingsWork) -> None:
    """Draw the preview, with the buttons that publish it and lead back to the changes."""
    t, preview = view.t, work.preview
    messages.show_heading(t("Preview: what publishing would change"))
    if work.error is not None:
        messages.show_error(view, work.error)
    changes.show_sentences(view, basket.list_changes(t))
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
    changes.show_ways(
        [
            first,
            Way("back", t("Keep editing"), "edit", work.forget_preview),
            Way("discard", t("Discard"), "delete", basket.forget),
        ]
    )
    _show_figures(view, preview)


def _show_outdated(view: Frame, work: SettingsWork) -> bool:
    """Whether something was published or changed since the preview was made, which it does not know."""
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
    """The figures before and after, and what changes of single actions; a sentence where nothing does."""
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
    """What the days of the campaign decide, where it differs: time elapsed, pace, what is late or on time."""
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
    """Say what was published, with the way back in one click."""
    t = view.t
    if work.error is not None:
        messages.show_error(view, work.error)
    done = t("Undone: the settings are as they were before.") if work.is_undo else ""
    st.success(done or t("Published. The settings are in force."), icon=":material/check_circle:")
    changes.show_sentences(view, work.published_changes)
    if work.is_not_sent:
        st.warning(
            t("The object store could not save this build, so other servers keep showing the previous one."),
            icon=":material/warning:",
        )
    undo = [] if work.is_undo else [Way("undo", t("Undo"), "undo", changes.undo, (work.folder.name,))]
    changes.show_ways([*undo, Way("close", t("Close"), "close", basket.forget)])
