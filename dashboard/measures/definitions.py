"""Define every measure: one name, one sentence, one formula, for pages, captions and extracts.

`RATES` has the numerator and denominator of each rate; every computation of a rate uses them.
"""

from typing import NamedTuple

from dashboard.campaign.commitments.criteria import CRITERIA
from dashboard.ground.codelist_codes import EVIDENCE_STEPS
from dashboard.i18n import N_, translator
from dashboard.snapshot import attribution
from dashboard.snapshot.database import Snapshot

FICTIONAL = attribution.FICTIONAL
"""The banner of everything that shows the sample data."""

FEW = 5
"""Below this number of actions, or of rows of a file, the count is shown and the rate is muted."""


class Rate(NamedTuple):
    """A rate: the counts that are added up, over the count they are a part of."""

    parts: tuple[str, ...]
    denominator: str


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
    "targets_met_rate": Rate(("results_met",), "results"),
    "targets_met_upper_bound": Rate(("results_met", "results_unknown"), "results"),
    "reached_share": Rate(("reached",), "promised"),
    "reached_upper_bound": Rate(("reached", "promised_unknown"), "promised"),
    **{f"{criterion}_rate": Rate((criterion,), "judged") for criterion in CRITERIA},
}


COUNTED_BY = {"reached_share": "results", "reached_upper_bound": "results"}
"""The count by which a rate is of many or few, where its denominator is an amount."""


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
        N_("Actions with at least one progress report by that date; a report counts from its own date on."),
    ),
    Definition(
        "completed",
        N_("Completed"),
        N_("Actions whose latest report by that date says they are completed."),
    ),
    Definition(
        "in_progress",
        N_("In progress"),
        N_("Actions whose latest report by that date says they are under way."),
    ),
    Definition(
        "not_started",
        N_("Not started"),
        N_("Actions whose latest report by that date says they have not started."),
    ),
    Definition(
        "discontinued",
        N_("Discontinued"),
        N_("Actions whose latest report by that date says they were discontinued."),
    ),
    Definition(
        "status_unclassified",
        N_("Status not stated"),
        N_("Actions whose latest report by that date states no recognised status."),
    ),
    Definition(
        "not_reported",
        N_("Not reported"),
        N_("Actions without any progress report by that date. Nothing is known about them; that is not failure."),
    ),
    Definition(
        "unknown",
        N_("Unknown"),
        N_("Actions without a report by that date, or whose latest report states no recognised status."),
        N_("not reported + status not stated"),
    ),
    Definition(
        "evidence",
        N_("Evidence"),
        N_(
            "What supports a status: the stakeholder claims it, a document or web address shows it, it was reviewed, "
            "or somebody independent verified it. Each step includes the ones before, from its own date on, while "
            "reports state the same status."
        ),
    ),
    Definition(
        "claimed_only",
        N_("Claimed only"),
        N_("Completed actions for which only the stakeholder’s word was known by that date."),
    ),
    Definition(
        "evidenced",
        N_("Evidenced"),
        N_("Completed actions backed by a document or web address by that date (reviewed and verified ones included)."),
    ),
    Definition(
        "reviewed",
        N_("Reviewed"),
        N_("Completed actions whose evidence was reviewed by that date (verified ones included)."),
    ),
    Definition(
        "verified",
        N_("Verified"),
        N_("Completed actions verified by somebody independent by that date."),
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
        N_("Actions past their own deadline that are neither completed nor discontinued, reported or not."),
    ),
    Definition(
        "completion_rate",
        N_("Completion rate"),
        N_("Completed actions as a share of all actions: the least possible rate, since others may be completed."),
        N_("completed ÷ actions"),
    ),
    Definition(
        "upper_bound",
        N_("Completion rate, up to"),
        N_("The completion rate if every action whose status is unknown turned out to be completed."),
        N_("(completed + unknown) ÷ actions"),
    ),
    Definition(
        "expected_low",
        N_("Expected, at least"),
        N_(
            "The least share of actions that is completed by a day to come, up to the deadline, if the rest goes on as "
            "until now and no action of unknown status is completed. It takes 30 completions whose day is known."
        ),
        N_(
            "(completed + each other action’s chance, by its age since it was submitted) ÷ actions; from the "
            "completions at each age, at a constant speed beyond the oldest age observed"
        ),
    ),
    Definition(
        "expected_high",
        N_("Expected, at most"),
        N_(
            "The greatest share, if actions of unknown status are completed like the others. Of simulated campaigns, "
            "four in five ended between the two: most went on at 0.6 to 2.3 times the speed until then. A strong late "
            "rush often ends above, a campaign that slows down below."
        ),
    ),
    Definition(
        "reporting_rate",
        N_("Reporting rate"),
        N_("Actions with at least one report by that date as a share of all actions."),
        N_("reported ÷ actions"),
    ),
    Definition(
        "completion_rate_reporting",
        N_("Completion rate among reporting"),
        N_("Completed actions as a share of the actions with at least one report by that date."),
        N_("completed ÷ reported"),
    ),
    Definition(
        "on_time",
        N_("Actions completed on time"),
        N_("Actions completed by their own deadline."),
    ),
    Definition(
        "on_time_unknown",
        N_("On time not known"),
        N_("Actions of unknown status, and completed ones whose only report came after the deadline."),
    ),
    Definition(
        "on_time_rate",
        N_("On-time rate"),
        N_("Actions completed by their own deadline as a share of all actions."),
        N_("completed on time ÷ actions"),
    ),
    Definition(
        "milestones",
        N_("Milestones"),
        N_("The intermediate goals of the selected actions, each counted once, with or without a date."),
    ),
    Definition(
        "milestones_due",
        N_("Milestones due"),
        N_("Milestones whose date had come by that date, whatever their outcome."),
        N_("milestones reached + milestones missed + milestones unknown"),
    ),
    Definition(
        "milestones_reached",
        N_("Milestones reached"),
        N_("Milestones due by that date and reached by then, on time or late."),
    ),
    Definition(
        "milestones_missed",
        N_("Milestones missed"),
        N_("Milestones due by that date and not reached, according to a later report."),
    ),
    Definition(
        "milestones_unknown",
        N_("Milestones unknown"),
        N_("Milestones due by that date that have had no report since. They may have been reached."),
    ),
    Definition(
        "milestones_ahead",
        N_("Reached before due"),
        N_("Milestones reached by that date that are not due yet or have no date; not included in the rate."),
    ),
    Definition(
        "milestones_coming",
        N_("Milestones coming"),
        N_("Milestones due after that date and not reached yet."),
    ),
    Definition(
        "milestones_undated",
        N_("Milestones without a date"),
        N_("Milestones not reached and without a date: whether they are due is unknown."),
    ),
    Definition(
        "milestone_rate",
        N_("Milestone rate"),
        N_("Milestones reached as a share of the milestones due by that date."),
        N_("milestones reached ÷ milestones due"),
    ),
    Definition(
        "milestone_upper_bound",
        N_("Milestone rate, up to"),
        N_("The milestone rate if every unknown milestone turned out to be reached."),
        N_("(milestones reached + milestones unknown) ÷ milestones due"),
    ),
    Definition(
        "results",
        N_("Numbers promised"),
        N_("The targets that the selected actions state, of any indicator, each counted once."),
        N_("targets met + targets not reached + targets unknown"),
    ),
    Definition(
        "results_met",
        N_("Targets met"),
        N_("Promised numbers whose latest statement by that date is at the target or beyond."),
    ),
    Definition(
        "results_short",
        N_("Targets not reached"),
        N_("Promised numbers whose latest statement by that date is short of the target."),
    ),
    Definition(
        "results_unknown",
        N_("Targets unknown"),
        N_("Promised numbers of which nobody had stated what was reached by that date. They may have been met."),
    ),
    Definition(
        "results_unpromised",
        N_("Numbers never promised"),
        N_("Numbers reached by that date that no action had promised; they are in no share."),
    ),
    Definition(
        "targets_met_rate",
        N_("Share of targets met"),
        N_("Promised numbers that are met as a share of all promised numbers."),
        N_("targets met ÷ numbers promised"),
    ),
    Definition(
        "targets_met_upper_bound",
        N_("Targets met, up to"),
        N_("The share of targets met if every unknown one turned out to be met."),
        N_("(targets met + targets unknown) ÷ numbers promised"),
    ),
    Definition(
        "promised",
        N_("Promised"),
        N_("The sum of what actions promised of one indicator in one unit: how far each target is from its baseline."),
    ),
    Definition(
        "reached",
        N_("Reached"),
        N_("The sum of what was reached of that by the latest statement of each action; it may be more than promised."),
    ),
    Definition(
        "promised_unknown",
        N_("Promised, not known"),
        N_(
            "The part of what was promised of which nobody had stated a number by that date: what was reached of it "
            "may be anything from nothing to the target."
        ),
    ),
    Definition(
        "reached_unpromised",
        N_("Reached, never promised"),
        N_("The sum of what was reached of the indicator without a target; it is in no share."),
    ),
    Definition(
        "reached_share",
        N_("Reached share"),
        N_("What was reached as a share of what was promised: the least possible share, since more may be reached."),
        N_("reached ÷ promised"),
    ),
    Definition(
        "reached_upper_bound",
        N_("Reached share, up to"),
        N_("The reached share if everything that nobody stated turned out to be at its target."),
        N_("(reached + promised, not known) ÷ promised"),
    ),
    Definition(
        "answer_share",
        N_("Share of answers"),
        N_("Reports that give this answer as a share of those that answer the question; a report may give several."),
        N_("reports with the answer ÷ reports that answer the question"),
    ),
    Definition(
        "judged",
        N_("Commitments read"),
        N_(
            "Actions whose text the five criteria were looked for in: all that are not stated to be in a language "
            "without patterns. Each criterion is a rule over the words and fields of the action, as it was promised."
        ),
    ),
    Definition("specific", N_("Specific"), N_("Actions that say what is done, and for whom or where.")),
    Definition(
        "measurable",
        N_("Measurable"),
        N_("Actions that state a number, a finish line that can be checked, or a result with a target."),
    ),
    Definition(
        "achievable",
        N_("Achievable"),
        N_("Actions that name steps, partners, means or an existing programme. It is no judgement of their ambition."),
    ),
    Definition(
        "relevant",
        N_("Relevant"),
        N_(
            "Actions about child labour, forced labour, children’s schooling or protection, or a theme of the campaign."
        ),
    ),
    Definition(
        "time_bound",
        N_("Time-bound"),
        N_("Actions that state a day, month, quarter or year, or an own deadline, not after the campaign’s."),
    ),
    Definition(
        "specific_rate",
        N_("Specific commitments"),
        N_("Specific actions as a share of the commitments read."),
        N_("specific ÷ commitments read"),
    ),
    Definition(
        "measurable_rate",
        N_("Measurable commitments"),
        N_("Measurable actions as a share of the commitments read."),
        N_("measurable ÷ commitments read"),
    ),
    Definition(
        "achievable_rate",
        N_("Achievable commitments"),
        N_("Achievable actions as a share of the commitments read."),
        N_("achievable ÷ commitments read"),
    ),
    Definition(
        "relevant_rate",
        N_("Relevant commitments"),
        N_("Relevant actions as a share of the commitments read."),
        N_("relevant ÷ commitments read"),
    ),
    Definition(
        "time_bound_rate",
        N_("Time-bound commitments"),
        N_("Time-bound actions as a share of the commitments read."),
        N_("time-bound ÷ commitments read"),
    ),
    Definition(
        "elapsed",
        N_("Time elapsed"),
        N_("The share of the campaign's days that have passed, including the date itself."),
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
        N_("Progress reports that match no action: they are listed separately and never change a rate."),
    ),
)

DEFINITIONS: dict[str, Definition] = {definition.id: definition for definition in _DEFINITIONS}
"""Every definition by its id, in the order of their explanation."""

RESULTS = N_("Numbers promised")
SUBJECTS = {
    N_("Evidence"): (
        "evidence", "claimed_only", "evidenced", "reviewed", "verified", "evidenced_rate", "reviewed_rate",
        "verified_rate",
    ),
    N_("Milestones"): (
        "milestones", "milestones_due", "milestones_reached", "milestones_missed", "milestones_unknown",
        "milestones_ahead", "milestones_coming", "milestones_undated", "milestone_rate", "milestone_upper_bound",
    ),
    RESULTS: (
        "results", "results_met", "results_short", "results_unknown", "results_unpromised", "targets_met_rate",
        "targets_met_upper_bound", "promised", "reached", "promised_unknown", "reached_unpromised", "reached_share",
        "reached_upper_bound",
    ),
    N_("Commitments"): (
        "judged", "specific", "measurable", "achievable", "relevant", "time_bound", "specific_rate",
        "measurable_rate", "achievable_rate", "relevant_rate", "time_bound_rate",
    ),
}  # fmt: skip
"""The definitions that are not about all actions and their statuses, by subject; `RESULTS` only some campaigns need."""

ROLES = {
    "stakeholder": N_("Stakeholder"),
    "secretariat": N_("Secretariat"),
    "independent": N_("Somebody independent"),
    "staff": N_("Noted by staff"),
}
"""The decider of a step: a role, never a name."""


def name_evidence(snapshot: Snapshot, lang: str) -> dict[str, list[str]]:
    """Name steps and roles in a language for queries of extracts: in the order of their macros."""
    t, steps = translator(lang), snapshot.codes["evidence"]
    return {
        "step_words": [steps[step].labels[lang] for step in EVIDENCE_STEPS],
        "role_words": [t(role) for role in ROLES.values()],
    }
