"""What each page shows, three things one can do there, and which figures it has, for its help and for the page Help.

What the figures mean stands in `dashboard.measures.definitions`; here are their ids.
"""

from typing import NamedTuple

from dashboard.i18n import N_
from dashboard.web.page_preview import LINES


class PageHelp(NamedTuple):
    """The help of one page; the texts are translated when shown.

    Attributes:
        shows: What it shows.
        ways: Three things one can do there.
        figures: The measures that it shows, by their ids in `DEFINITIONS`.
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
            N_("Choose another chart under “More charts”: subregions, countries, groupings, reporting, evidence."),
            N_("When one country is chosen, open its own page by “About …” above."),
        ),
        (*_RATES, *_STATUSES, "evidence"),
    ),
    "categories": PageHelp(
        N_("How far the actions of each category are, and what their status is."),
        (
            N_("Choose a bar to see its actions alone, on all pages; choose it again to lift the filter."),
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
            N_("Choose a group to see it alone, on all pages."),
            N_("Choose the reporting rate under “Measure”: where few have reported, a completion rate says little."),
            N_("Put a group beside another selection by “Compare with …” above."),
        ),
        (*_RATES, *_STATUSES),
    ),
    "actions": PageHelp(
        N_("The register: the actions that the filters choose as a list, and each action on a page of its own."),
        (
            N_("Search by words at the side, sort, choose columns, and keep what you see as a saved view."),
            N_("Open an action by its title: its texts, milestones, reports and evidence, and others who do the same."),
            N_("Take the list as an Excel file, with the columns that you see."),
        ),
        ("actions", "reported", "completed", "overdue", "evidence"),
    ),
    "stakeholders": PageHelp(
        N_("Who promised actions and how far they are, and a page of each stakeholder."),
        (
            N_("Find a stakeholder by name, or sort the list, by reports for instance."),
            N_("Open a stakeholder: its figures, actions, reports, milestones, events and stories."),
            N_("Take the actions of a stakeholder as a file, from its page."),
        ),
        ("actions", "reported", "completed", "milestones_reached", "milestones_due"),
    ),
    "latest": PageHelp(
        N_(
            "What happened on the way, the newest first: completed actions, milestones, events, stories and new "
            "actions; and the events to come."
        ),
        (
            N_("Choose the kinds, and since when: since Monday, a day, or your last visit."),
            N_("Follow the news of your filters in a feed reader, in a calendar or by mail."),
            N_("Open the action that an entry is about, or pass the entry on by its link."),
        ),
        ("completed", "milestones_reached"),
    ),
    "milestones": PageHelp(
        N_("The steps on the way that have a date of their own: which were reached or missed, and which are due next."),
        (
            N_("Choose a list: due in the next 30 days, missed, unknown, reached before due, without a date."),
            N_("Open the action that a milestone belongs to."),
            N_("Take all milestones as a file."),
        ),
        (*_MILESTONES, "milestone_upper_bound"),
    ),
    "explore": PageHelp(
        N_("A chart of your own: any measure by one or two dimensions, in the form that you choose."),
        (
            N_("Choose what is measured, by what, and whether as bars, grid, curves, map, tiles or table."),
            N_("Copy the link: whoever opens it sees the same chart with the same filters."),
            N_("Take the chart into a slide, a document or a web page by “Share this chart”."),
        ),
        (
            "completion_rate", "upper_bound", "reporting_rate", "on_time_rate", "pace", "elapsed", "milestone_rate",
            "evidenced_rate", "reviewed_rate", "verified_rate",
        ),
    ),
    "compare": PageHelp(
        N_("Two selections, or one on two days, side by side, with what can be told apart."),
        (
            N_("Choose the other side by filters and day, or at once by one of the suggestions."),
            N_("Read the difference: two rates are called different only where their ranges do not overlap."),
            N_("Swap the sides, or take a chart of both with you by “Share this chart”."),
        ),
        (*_RATES, "on_time_rate"),
    ),
    "surveys": PageHelp(
        N_("What was answered to those questions of the progress surveys that have fixed answers."),
        (
            N_("Choose a question, and see how many reports give each answer."),
            N_("Choose a survey wave, or all of them side by side."),
            N_("Choose a region, a theme or a group at the side to see its answers alone."),
        ),
        ("answer_share",),
    ),
    "briefing": PageHelp(
        N_("Charts to take away: one for a slide, a document or a web page, or several as a briefing."),
        (
            N_("Use one chart: as a picture, a PowerPoint slide, code for a web page, or its data."),
            N_("Add several, put them in order, give them titles, and take them as a deck, PDF, document or ZIP."),
            N_("Keep the link: next week it opens the same briefing with the new figures."),
        ),
        ("completion_rate", "upper_bound", "reporting_rate", "elapsed"),
    ),
    "download": PageHelp(
        N_("The actions that the filters choose, with their reports and milestones, as tables to take away."),
        (
            N_("Choose what one row is, the columns and the format: Excel, CSV, Parquet, JSON or all as ZIP."),
            N_("Take the link by which Excel or Power BI refreshes the table with the newest data."),
            N_("Copy how to cite the data, at the end of the page."),
        ),
        ("actions", "reported", "completed", "overdue"),
    ),
    "newsletter": PageHelp(
        N_("The newsletter: what it brings, what is kept about you, and signing up."),
        (
            N_("Choose the language, and the regions and themes that you want to hear about."),
            N_("Confirm by the link in the mail that you get: only then is the newsletter sent."),
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
            N_("Look up how a measure is computed, or as what a status counts."),
            N_("Find the code of a region or theme, for links and for extracts."),
            N_("Copy how to cite the figures that you have before you."),
        ),
    ),
    "country": PageHelp(
        N_("One country: its figures, its course through the year, its actions and its neighbours."),
        (
            N_("Open one of its actions, or all of them, or take them as a file."),
            N_("Choose a neighbour in the last chart to go to that country's page."),
            N_("Put the country beside another selection by “Compare with …” above."),
        ),
        (*_RATES, *_CLOCK),
    ),
    "shared_links": PageHelp(
        N_("Signed links, by which programs and web pages read the figures of a closed campaign."),
        (
            N_("Create a link: what it opens, in which format, for whom and until when."),
            N_("Copy its address and token into Excel, Power BI or a web page; the token is shown only once."),
            N_("Revoke a link: it stops working."),
        ),
    ),
    "quality": PageHelp(
        N_("What is wrong, unlikely or unclear in the files that came in, and what only staff can settle."),
        (
            N_("Settle columns, words and possible duplicates once: every build remembers, and each can be undone."),
            N_("Classify actions that lack a group, category, theme or place, here or in a sheet that you upload."),
            N_("Take all that is to be put right about a file as Excel, for the office that sent it."),
        ),
        ("unmatched_reports", "claimed_only"),
    ),
    "upload": PageHelp(
        N_("How exports come in: dropped here, or fetched from sources; and the builds that were published."),
        (
            N_("Drop exports and see what they would change, before you publish or discard them."),
            N_("Add a source, so that exports arrive automatically."),
            N_("Restore an earlier build, or remove a file."),
        ),
        ("actions", "reported", "completed", "unmatched_reports"),
    ),
    "new_campaign": PageHelp(
        N_("Where there is no campaign yet: its title, languages, days, kind of register and publisher."),
        (
            N_("Answer the questions; all of it can be changed later on the page Settings."),
            N_("Say the deadlines too where they are before the last day."),
            N_("Then drop a first file on the page Upload, say what its columns are, and see the figures."),
        ),
    ),
    "settings": PageHelp(
        N_("What the campaign says of itself, and its lists, sources and people: changed here, without a file."),
        (
            N_("Change titles, days, the publisher, codelists and groupings in forms; changes are collected."),
            N_("See in a preview what they do to the figures, and publish them together or drop them."),
            N_("Undo what was published, or put an earlier state back under “History”."),
        ),
        ("actions", "reported", "completed"),
    ),
    "silent": PageHelp(
        N_("Whose actions have no report, for how long, and what has been done to ask for one."),
        (
            N_("See the fewest answers that make the figures certain enough, and ask for those first."),
            N_("Write letters to the silent: as files, by mail, or noted as asked in another way."),
            N_("See how many have answered after each reminder."),
        ),
        ("not_reported", "unknown", "reporting_rate", "upper_bound"),
    ),
    "mailing": PageHelp(
        N_("The newsletter from your side: its readers, the next issue, and what became of the mails."),
        (
            N_("Look at the next issue as its readers will see it, try it at your own address, and send it."),
            N_("Decide about mails that came back or could not be sent."),
            N_("Answer a reader who asks what is kept about them, or wants it deleted."),
        ),
    ),
    "roles": PageHelp(
        N_("Who may see the campaign and who may change it, and who is signed in now."),
        (
            N_("Give a person or a group a role, change it or take it away; the last change can be undone."),
            N_("Close the campaign to everybody who has not signed in, or open it again."),
            N_("End the session of somebody who is signed in."),
        ),
    ),
    "audit": PageHelp(
        N_("What staff and administrators have done, when, and what came of it."),
        (
            N_("Choose days, acts, people and outcomes, or search for a file or a build."),
            N_("Choose a row to see the entry whole."),
            N_("Take the entries as an Excel file."),
        ),
    ),
}  # fmt: skip
"""The help of every part of a page, by its id."""
PAGE_HELP |= dict.fromkeys(("subregions", "countries", "groupings"), PAGE_HELP["regions"])
