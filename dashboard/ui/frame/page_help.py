"""The help beside a page's title: what the page shows, three things to do there, the meaning of its figures.

It is made in a run of its own when it is opened, so that pages cost nothing more and are not drawn again.
"""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

import streamlit as st

from dashboard.campaign.commitments.criteria import CRITERIA
from dashboard.i18n import N_, Translator, translator
from dashboard.measures.definitions import DEFINITIONS
from dashboard.ui.frame import header
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.page_link import PageLink
from dashboard.web.page_preview import LINES


class PageHelp(NamedTuple):
    """The help of one page; the texts are translated when shown.

    Attributes:
        figures: The measures that the page shows, by their ids in `DEFINITIONS`.
    """

    shows: str
    ways: tuple[str, str, str]
    figures: tuple[str, ...] = ()


_RATES = ("actions", "reported", "completed", "unknown", "completion_rate", "upper_bound", "reporting_rate")
_STATUSES = ("in_progress", "not_started", "discontinued", "not_reported")
_CLOCK = ("overdue", "elapsed", "pace")
_MILESTONES = (
    "milestones", "milestones_due", "milestones_reached", "milestones_missed", "milestones_unknown",
    "milestones_ahead", "milestones_coming", "milestones_undated", "milestone_rate",
)  # fmt: skip

PAGE_HELP: dict[str, PageHelp] = {
    "overview": PageHelp(
        N_(
            "How far the actions are on a day of the campaign: how many are completed and how many could be, by "
            "region, category and theme, and over time."
        ),
        (
            N_(
                "Choose a figure of the sentence to see its actions, and a bar to see more of its region, category or "
                "theme."
            ),
            N_("Play the campaign day by day, or move its slider, and show one of the days on the page."),
            N_("Unfold “What changed since …” to see what has become known since a day that you choose."),
        ),
        (*_RATES, *_CLOCK),
    ),
    "regions": PageHelp(
        N_(
            "How far the actions of each region are, and of each country on a map. An action of several regions or "
            "countries counts once in each."
        ),
        (
            N_("Choose a bar or a country of the map to filter all pages by it; with Ctrl it is added to the others."),
            N_(
                "Go on to subregions, countries or groupings above; “More charts” has reporting, evidence and each "
                "region over time."
            ),
            N_("When one country is chosen, open its own page by “About …” above."),
        ),
        (*_RATES, *_STATUSES, "evidence"),
    ),
    "categories": PageHelp(
        N_("How far the actions of each category are, and what their status is."),
        (
            N_("Choose a bar to see only its actions, on all pages; choose it again to remove the filter."),
            N_("Change what a chart measures and how it is sorted, or open its large view."),
            N_("Take a chart into a slide, a document or a web page by “Share this chart”."),
        ),
        (*_RATES, *_STATUSES),
    ),
    "themes": PageHelp(
        N_("How far the actions on each subject are. An action with several themes counts once in each."),
        (
            N_("Choose a cell of the grid of themes and regions to see that theme in that region."),
            N_("Unfold “Figures and notes” below a chart to read all of its numbers."),
            N_("When something is chosen, open the list of its actions by the link above."),
        ),
        (*_RATES, *_STATUSES),
    ),
    "groups": PageHelp(
        N_("How far the actions of each group of stakeholders are, and what their status is."),
        (
            N_("Choose a group to see only that group, on all pages."),
            N_("Choose the reporting rate under “Measure”: where few have reported, a completion rate says little."),
            N_("Put a group beside another selection by “Compare with …” above."),
        ),
        (*_RATES, *_STATUSES),
    ),
    "actions": PageHelp(
        N_("The register: the filtered actions as a list, and a page for each action."),
        (
            N_("Search, sort, choose columns, and keep what you see as a saved view."),
            N_("Open an action by its title: its texts, milestones, reports and evidence, and others who do the same."),
            N_("Download the list as an Excel file, with the columns you see."),
        ),
        ("actions", "reported", "completed", "overdue", "evidence"),
    ),
    "stakeholders": PageHelp(
        N_("Who promised actions and how far they are, with a page for each stakeholder."),
        (
            N_("Find a stakeholder by name, or sort the list, by reports for instance."),
            N_("Open a stakeholder: its figures, actions, reports, milestones, events and stories."),
            N_("Download a stakeholder’s actions, from its page."),
        ),
        ("actions", "reported", "completed", "milestones_reached", "milestones_due"),
    ),
    "latest": PageHelp(
        N_(
            "What happened, newest first: completed actions, milestones, events, stories and new actions; and "
            "upcoming events."
        ),
        (
            N_("Choose the kinds, and since when: since Monday, a day, or your last visit."),
            N_("Follow the news of your filters in a feed reader, in a calendar or by mail."),
            N_("Open the action that an entry is about, or pass the entry on by its link."),
        ),
        ("completed", "milestones_reached"),
    ),
    "milestones": PageHelp(
        N_("Steps within actions that have their own date: which were reached or missed, and which are due next."),
        (
            N_("Choose a list: due in the next 30 days, missed, unknown, reached before due, without a date."),
            N_("Open the action that a milestone belongs to."),
            N_("Download all milestones."),
        ),
        (*_MILESTONES, "milestone_upper_bound"),
    ),
    "explore": PageHelp(
        N_("Build a chart: any measure by one or two dimensions, in the form you choose."),
        (
            N_("Choose what is measured, by what, and whether as bars, grid, curves, map, tiles or table."),
            N_("Copy the link: whoever opens it sees the same chart with the same filters."),
            N_("Take the chart into a slide, a document or a web page by “Share this chart”."),
        ),
        (
            "completion_rate", "upper_bound", "reporting_rate", "on_time_rate", "pace", "elapsed", "milestone_rate",
            "evidenced_rate", "reviewed_rate", "verified_rate", *(f"{criterion}_rate" for criterion in CRITERIA),
        ),
    ),
    "compare": PageHelp(
        N_("Two selections, or one at two dates, side by side, with what differs."),
        (
            N_("Choose the other side by filters and day, or at once by one of the suggestions."),
            N_("Read the difference: two rates are called different only where their ranges do not overlap."),
            N_("Swap the sides, or take a chart of both with you by “Share this chart”."),
        ),
        (*_RATES, "on_time_rate"),
    ),
    "surveys": PageHelp(
        N_("The answers to the closed questions of the progress surveys."),
        (
            N_("Choose a question, and see how many reports give each answer."),
            N_("Choose a survey wave, or all of them side by side."),
            N_("Choose a region, a theme or a group in the filters to see only its answers."),
        ),
        ("answer_share",),
    ),
    "briefing": PageHelp(
        N_("Charts to download: one for a slide, a document or a web page, or several as a briefing."),
        (
            N_("Use one chart: as a picture, a PowerPoint slide, code for a web page, or its data."),
            N_("Add several, put them in order, give them titles, and take them as a deck, PDF, document or ZIP."),
            N_("Keep the link: next week it opens the same briefing with the new figures."),
        ),
        ("completion_rate", "upper_bound", "reporting_rate", "elapsed"),
    ),
    "download": PageHelp(
        N_("The filtered actions with their reports and milestones, as tables to download."),
        (
            N_("Choose the rows, the columns and the format: Excel, CSV, Parquet, JSON or all as ZIP."),
            N_("Copy the link with which Excel or Power BI refreshes the table with the newest data."),
            N_("Copy how to cite the data, at the end of the page."),
        ),
        ("actions", "reported", "completed", "overdue"),
    ),
    "newsletter": PageHelp(
        N_("The newsletter: what it contains, what is kept about you, and how to sign up."),
        (
            N_("Choose the language, and the regions and themes that you want to hear about."),
            N_("Confirm by the link in the mail you receive: only then is the newsletter sent."),
            N_("Unsubscribe at any time by a link in every mail."),
        ),
    ),
    "help": PageHelp(
        LINES["help"],
        (
            N_("Read in a minute what the figures say, and what they do not."),
            N_("Look up which page answers your question, and open it."),
            N_("Follow a guide with pictures, step by step."),
        ),
    ),
    "definitions": PageHelp(
        N_("What each figure and status means, which codes there are, and which files the figures come from."),
        (
            N_("Look up how a measure is computed, or how a status counts."),
            N_("Find the code of a region or theme, for links and for extracts."),
            N_("Copy how to cite these figures."),
        ),
    ),
    "country": PageHelp(
        N_("One country: its figures, its course through the year, its actions and its neighbours."),
        (
            N_("Open one of its actions, or all of them, or download them."),
            N_("Choose a neighbour in the last chart to go to that country's page."),
            N_("Put the country beside another selection by “Compare with …” above."),
        ),
        (*_RATES, *_CLOCK),
    ),
    "shared_links": PageHelp(
        N_("Signed links, with which programs and web pages read the figures of a closed campaign."),
        (
            N_("Create a link: what it opens, in which format, for whom and until when."),
            N_("Copy its address and token into Excel, Power BI or a web page; the token is shown only once."),
            N_("Revoke a link: it stops working."),
        ),
    ),
    "quality": PageHelp(
        N_("What is wrong, unlikely or unclear in the files, and what only staff can decide."),
        (
            N_(
                "Decide about columns, words and possible duplicates once: every build remembers, and each can be "
                "undone."),
            N_("Classify actions that lack a group, category, theme or place, here or in a sheet that you upload."),
            N_("Download everything to correct in a file as Excel, for the office that sent it."),
        ),
        ("unmatched_reports", "claimed_only"),
    ),
    "upload": PageHelp(
        N_("How exports arrive: dropped here or fetched from sources; and the published builds."),
        (
            N_("Drop exports and see what they would change, before you publish or discard them."),
            N_("Add a source, so that exports arrive automatically."),
            N_("Restore an earlier build, or remove a file."),
        ),
        ("actions", "reported", "completed", "unmatched_reports"),
    ),
    "new_campaign": PageHelp(
        N_("Set up a campaign: title, languages, dates, kind of register and publisher."),
        (
            N_("Answer the questions; all of it can be changed later on the page Settings."),
            N_("Give the deadlines too if they are before the last day."),
            N_("Then drop a first file on the page Upload, assign its columns, and see the figures."),
        ),
    ),
    "settings": PageHelp(
        N_("The campaign’s title, dates, lists, sources and people: changed here, without editing files."),
        (
            N_("Change titles, days, the publisher, codelists and groupings in forms; changes are collected."),
            N_("See in a preview what they do to the figures, and publish them together or drop them."),
            N_("Undo what was published, or restore an earlier state under “History”."),
        ),
        ("actions", "reported", "completed"),
    ),
    "silent": PageHelp(
        N_("Which stakeholders have not reported, for how long, and what was done to ask them."),
        (
            N_("See the smallest number of answers that makes the figures certain enough, and ask for those first."),
            N_(
                "Write letters to stakeholders without a report: as files, by mail, or recorded as asked in another "
                "way."),
            N_("See how many have answered after each reminder."),
        ),
        ("not_reported", "unknown", "reporting_rate", "upper_bound"),
    ),
    "mailing": PageHelp(
        N_("The newsletter: its subscribers, the next issue, and what happened to the mails."),
        (
            N_("Look at the next issue as its readers will see it, try it at your own address, and send it."),
            N_("Decide about mails that came back or could not be sent."),
            N_("Answer a subscriber who asks what is kept about them, or wants it deleted."),
        ),
    ),
    "reports": PageHelp(
        N_("What stakeholders have reported by a link of their own, waiting until staff decide; and these links."),
        (
            N_("Compare what each report states with what stands, and tick the files and replies that may be public."),
            N_("Accept some, then build: the figures count them. Or ask back, or set them aside with a reason."),
            N_("Give a stakeholder a new link, or end a link."),
        ),
        ("unknown", "completed", "upper_bound"),
    ),
    "roles": PageHelp(
        N_("Who may see the campaign and who may change it, and who is signed in now."),
        (
            N_("Give a person or a group a role, change it or take it away; the last change can be undone."),
            N_("Close the campaign to everybody who has not signed in, or open it again."),
            N_("Sign somebody out."),
        ),
    ),
    "audit": PageHelp(
        N_("What staff and administrators did, when, and with what outcome."),
        (
            N_("Filter by dates, operations, people and outcomes, or search for a file or a build."),
            N_("Choose a row to see the whole entry."),
            N_("Download the entries as an Excel file."),
        ),
    ),
}  # fmt: skip
"""The help of every part of a page, by its id."""
PAGE_HELP |= dict.fromkeys(("subregions", "countries", "groupings"), PAGE_HELP["regions"])


HELP, GLOSSARY = "help", "definitions"
"""The pages that say more."""
_ABOUT = N_("What this page shows, what you can do here, what its figures mean")


@st.fragment
def show(lang: str, page_id: str, pairs: tuple[tuple[str, str], ...]) -> None:
    """Draw the button that opens the help.

    `pairs`: the parameters that links to other pages carry: the selection and the language.
    """
    t = translator(lang)
    if st.button(t("Help"), icon=":material/help:", key=f"help-{page_id}", help=t(_ABOUT), type="tertiary"):
        title = f"{t('Help')}{t(': ')}{plain(t(header.find(page_id).title))}"
        st.dialog(title, width="medium", icon=":material/help:")(_show_opened)(t, page_id, pairs)


def _show_opened(t: Translator, page_id: str, pairs: tuple[tuple[str, str], ...]) -> None:
    st.html(_render(t, page_id, PAGE_HELP[page_id], pairs))


def _render(t: Translator, page_id: str, texts: PageHelp, pairs: tuple[tuple[str, str], ...]) -> str:
    parts = [f'<p class="shows">{escape(t(texts.shows))}</p>', _head(t("Three things you can do here"))]
    parts.append(f"<ul>{''.join(f'<li>{escape(t(way))}</li>' for way in texts.ways)}</ul>")
    if texts.figures:
        parts += [_head(t("What the figures mean")), explain(t, texts.figures)]
    more = ((GLOSSARY, t("All definitions")), (HELP, t("More help")))
    links = (PageLink(label, to, pairs).render(page_id) for to, label in more if to != page_id)
    parts.append(f'<p class="more">{" ".join(links)}</p>')
    return f'<div class="page-help">{"".join(parts)}</div>'


def explain(t: Translator, figures: Sequence[str]) -> str:
    """Explain measures by their ids, as an HTML list of names and sentences."""
    rows = []
    for definition in (DEFINITIONS[name] for name in figures):
        formula = f'<br><span class="formula">{escape(t(definition.formula))}</span>' if definition.formula else ""
        rows.append(f"<dt>{escape(t(definition.name))}</dt><dd>{escape(t(definition.sentence))}{formula}</dd>")
    return f"<dl>{''.join(rows)}</dl>"


def _head(text: str) -> str:
    return f'<h2 class="card-title">{escape(text)}</h2>'
