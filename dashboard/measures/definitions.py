"""What every measure means: one name, one sentence, one formula, for pages, captions and extracts.

A rate's numerator and denominator stand in `RATES`; whatever computes a rate computes it from there.
"""

from typing import NamedTuple

from dashboard.i18n import N_
from dashboard.snapshot import attribution

FICTIONAL = attribution.FICTIONAL
"""The banner of everything that shows the sample data."""

FEW = 5
"""Below this number of actions, or of rows of a file, the count is shown and the rate is muted."""


class Rate(NamedTuple):
    """A rate: the counts that are added up, over the count they are a part of."""

    parts: tuple[str, ...]
    whole: str


RATES = {
    "completion_rate": Rate(("completed",), "actions"),
    "upper_bound": Rate(("completed", "unknown"), "actions"),
    "reporting_rate": Rate(("reported",), "actions"),
    "completion_rate_reporting": Rate(("completed",), "reported"),
    "on_time_rate": Rate(("on_time",), "actions"),
    "milestone_rate": Rate(("milestones_reached",), "milestones_due"),
    "milestone_upper_bound": Rate(("milestones_reached", "milestones_unknown"), "milestones_due"),
    "evidenced_rate": Rate(("evidenced",), "completed"),
    "reviewed_rate": Rate(("reviewed",), "completed"),
    "verified_rate": Rate(("verified",), "completed"),
}


class Definition(NamedTuple):
    """One measure in words; the texts are translated when shown."""

    id: str
    name: str
    sentence: str
    formula: str = ""


_DEFINITIONS = (
    Definition(
        "actions",
        N_("Actions"),
        N_("The actions in the selection, each counted once; their number does not depend on the day."),
    ),
    Definition(
        "reported",
        N_("Reported"),
        N_("Actions with at least one progress report by the day; a report counts from its own date on."),
    ),
    Definition(
        "completed",
        N_("Completed"),
        N_("Actions whose latest report by the day says that they are completed."),
    ),
    Definition(
        "in_progress",
        N_("In progress"),
        N_("Actions whose latest report by the day says that they are under way."),
    ),
    Definition(
        "not_started",
        N_("Not started"),
        N_("Actions whose latest report by the day says that they have not begun."),
    ),
    Definition(
        "discontinued",
        N_("Discontinued"),
        N_("Actions whose latest report by the day says that they were given up."),
    ),
    Definition(
        "status_unclassified",
        N_("Status not stated"),
        N_("Actions whose latest report by the day states no status that is understood."),
    ),
    Definition(
        "not_reported",
        N_("Not reported"),
        N_("Actions without any progress report by the day: nothing is known about them, which is not failure."),
    ),
    Definition(
        "unknown",
        N_("Unknown"),
        N_("Actions without a report by the day, or whose latest report by then states no status that is understood."),
        N_("not reported + status not stated"),
    ),
    Definition(
        "evidence",
        N_("Evidence"),
        N_(
            "What stands behind a status: the stakeholder claims it, a document or an address shows it, it was "
            "reviewed, or somebody independent verified it. Each step counts among those before it, from its own day "
            "on, for as long as the reports state the same status."
        ),
    ),
    Definition(
        "claimed_only",
        N_("Claimed only"),
        N_("Completed actions of which only the stakeholder says so: nothing that shows it is known by the day."),
    ),
    Definition(
        "evidenced",
        N_("Evidenced"),
        N_("Completed actions backed by a document or web address on that day (reviewed and verified ones included)."),
    ),
    Definition(
        "reviewed",
        N_("Reviewed"),
        N_("Completed actions whose evidence had been reviewed by that day (verified ones included)."),
    ),
    Definition(
        "verified",
        N_("Verified"),
        N_("Completed actions that somebody independent verified by the day."),
    ),
    Definition(
        "evidenced_rate",
        N_("Evidenced share"),
        N_("Completed actions with evidence as a share of all completed actions."),
        N_("evidenced ÷ completed"),
    ),
    Definition(
        "reviewed_rate",
        N_("Reviewed share"),
        N_("Completed actions whose evidence was reviewed as a share of all completed actions."),
        N_("reviewed ÷ completed"),
    ),
    Definition(
        "verified_rate",
        N_("Verified share"),
        N_("Completed actions that were verified as a share of all completed actions."),
        N_("verified ÷ completed"),
    ),
    Definition(
        "overdue",
        N_("Overdue"),
        N_("Actions that are neither completed nor discontinued after their own deadline, reported or not."),
    ),
    Definition(
        "completion_rate",
        N_("Completion rate"),
        N_("Completed actions as a share of all actions; it is the lower bound, since silence is not failure."),
        N_("completed ÷ actions"),
    ),
    Definition(
        "upper_bound",
        N_("Completion rate, up to"),
        N_("The completion rate if every action whose status is unknown turned out to be completed."),
        N_("(completed + unknown) ÷ actions"),
    ),
    Definition(
        "reporting_rate",
        N_("Reporting rate"),
        N_("Actions with at least one report by the day as a share of all actions."),
        N_("reported ÷ actions"),
    ),
    Definition(
        "completion_rate_reporting",
        N_("Completion rate among reporting"),
        N_("Completed actions as a share of the actions with at least one report by the day."),
        N_("completed ÷ reported"),
    ),
    Definition(
        "on_time",
        N_("Actions completed on time"),
        N_("Actions that were completed on or before their own deadline."),
    ),
    Definition(
        "on_time_unknown",
        N_("On time not known"),
        N_("Actions of unknown status, and completed ones of which only a report after the deadline says so."),
    ),
    Definition(
        "on_time_rate",
        N_("On-time rate"),
        N_("Actions completed on or before their own deadline as a share of all actions."),
        N_("completed on time ÷ actions"),
    ),
    Definition(
        "milestones",
        N_("Milestones"),
        N_("The dated mini-goals inside the actions of the selection, each counted once, with a date or without."),
    ),
    Definition(
        "milestones_due",
        N_("Milestones due"),
        N_("Milestones whose own date has come by the day, whatever became of them."),
        N_("milestones reached + milestones missed + milestones unknown"),
    ),
    Definition(
        "milestones_reached",
        N_("Milestones reached"),
        N_("Milestones due by the day that were reached by the day, in time or late."),
    ),
    Definition(
        "milestones_missed",
        N_("Milestones missed"),
        N_("Milestones due by the day and not reached, as was told after they were due."),
    ),
    Definition(
        "milestones_unknown",
        N_("Milestones unknown"),
        N_("Milestones that were due by that day and have had no report since. They may have been reached."),
    ),
    Definition(
        "milestones_ahead",
        N_("Reached before due"),
        N_("Milestones reached by the day that are not due yet, or have no date; they are not in the rate."),
    ),
    Definition(
        "milestones_coming",
        N_("Milestones coming"),
        N_("Milestones that are due after the day and not reached yet."),
    ),
    Definition(
        "milestones_undated",
        N_("Milestones without a date"),
        N_("Milestones that are not reached and have no date: it cannot be told whether they are due."),
    ),
    Definition(
        "milestone_rate",
        N_("Milestone rate"),
        N_("Milestones reached by the day as a share of the milestones that were due by the day."),
        N_("milestones reached ÷ milestones due"),
    ),
    Definition(
        "milestone_upper_bound",
        N_("Milestone rate, up to"),
        N_("The milestone rate if every milestone of which it is unknown turned out to be reached."),
        N_("(milestones reached + milestones unknown) ÷ milestones due"),
    ),
    Definition(
        "answer_share",
        N_("Share of answers"),
        N_("Reports that give an answer as a share of those that answer the question; a report may give several."),
        N_("reports with the answer ÷ reports that answer the question"),
    ),
    Definition(
        "elapsed",
        N_("Time elapsed"),
        N_("The share of the campaign's days that have passed, the day itself included."),
        N_("day of the campaign ÷ days of the campaign"),
    ),
    Definition(
        "pace",
        N_("Pace"),
        N_("The completion rate minus the share of the campaign's time that has elapsed, in percentage points."),
        N_("completion rate − time elapsed"),
    ),
    Definition(
        "unmatched_reports",
        N_("Reports without an action"),
        N_("Progress reports that match no action: they are kept and listed, and never change a rate."),
    ),
)

DEFINITIONS: dict[str, Definition] = {definition.id: definition for definition in _DEFINITIONS}
"""Every definition by its id, in the order in which they are explained."""
