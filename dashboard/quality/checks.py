"""What each check of a build is about, in plain words, and what staff can do about what it finds.

The checks themselves are SQL files (`etl/sql/checks`); a file's name is the check's id. Those of severity `error`
stop a build and are met on the command line only.
"""

from typing import NamedTuple

from dashboard.i18n import N_


class CheckText(NamedTuple):
    """The words for one check: what it found, and what to do. English literals, to be translated where shown."""

    title: str
    remedy: str


_REPORT_BUG = N_("Nothing was published. Please report this with the file that caused it.")
_DATE = N_("Correct the date in the file; day and month may be in the wrong order (date_order in the recipe).")
_ASK = N_("Ask the stakeholder which of the two is right, and correct the file.")

CHECKS: dict[str, CheckText] = {
    # error
    "account_adds_up": CheckText(N_("Rows of a file are unaccounted for"), _REPORT_BUG),
    "known_codes": CheckText(N_("A code is in no codelist"), _REPORT_BUG),
    "relations_whole": CheckText(N_("A row speaks of an action or report that does not exist"), _REPORT_BUG),
    "spells_disjoint": CheckText(N_("Two reports about one action are in force on the same day"), _REPORT_BUG),
    "unique_actions": CheckText(N_("One ID stands for several actions"), _REPORT_BUG),
    "unique_numbers": CheckText(N_("One number stands for several rows"), _REPORT_BUG),
    # dates of actions
    "submitted_outside_campaign": CheckText(
        N_("Submitted more than a year before the campaign, or after its end"), _DATE
    ),
    "submitted_after_deadline": CheckText(
        N_("Submitted after the submission deadline"),
        N_("Decide whether the action is still accepted; the action counts in any case."),
    ),
    "due_before_submitted": CheckText(N_("Due before it was submitted"), _DATE),
    "due_after_campaign": CheckText(
        N_("Due after the end of the campaign"),
        N_("Check the due date; if it is right, the action is never overdue within the campaign."),
    ),
    # texts and classes of actions
    "action_without_stakeholder": CheckText(
        N_("The action names no stakeholder"), N_("Write the stakeholder's name into the file.")
    ),
    "action_without_title": CheckText(
        N_("The action has no title"), N_("Write the title into the file, or take the row out if it is empty.")
    ),
    "text_over_limit": CheckText(
        N_("A text is longer than the form allows"),
        N_("Shorten it together with the stakeholder, or change the limits in campaign.toml."),
    ),
    "numbers_disagree": CheckText(
        N_("The title promises another number than the other texts"),
        N_("Ask the stakeholder which number is right, and correct the file."),
    ),
    "several_codes": CheckText(
        N_("Several answers where one is possible: only the first is used"),
        N_("Write the one answer that fits best into the file or into a classification sheet."),
    ),
    "group_differs": CheckText(
        N_("Actions of one stakeholder are in different stakeholder groups"),
        N_("Write the right group into a classification sheet for each of its actions."),
    ),
    "country_outside_region": CheckText(
        N_("A country does not lie in the region that is stated"),
        N_("Correct the country or the region; the region of the country is the one that counts."),
    ),
    "language_not_of_campaign": CheckText(
        N_("The action is in a language that the campaign does not use"),
        N_("Check the language; if it is right, nothing needs to be done."),
    ),
    # reports
    "reported_before_submitted": CheckText(N_("Reported before the action was submitted"), _DATE),
    "report_date_implausible": CheckText(N_("Reported more than a year before or after the campaign"), _DATE),
    "reported_long_after_deadline": CheckText(
        N_("Reported more than half a year after the action deadline"),
        N_("Check the date; if it is right, nothing needs to be done."),
    ),
    "completed_date_implausible": CheckText(N_("Completed more than a year before or after the campaign"), _DATE),
    "completed_after_report": CheckText(N_("Completed on a day after the report says so"), _DATE),
    "completed_before_submitted": CheckText(
        N_("Completed before the action was submitted"),
        N_("Correct the date; if it is right, ask whether this is the action that was promised."),
    ),
    "completed_below_100": CheckText(N_("Completed, but below 100 percent"), _ASK),
    "full_but_not_completed": CheckText(N_("100 percent, but not completed"), _ASK),
    "progress_but_not_started": CheckText(N_("Not started, but above 0 percent"), _ASK),
    "completion_date_without_status": CheckText(N_("A day of completion, but not the status completed"), _ASK),
    "progress_goes_back": CheckText(
        N_("A later report says less than an earlier one"),
        N_("Ask the stakeholder; the latest report is the one that counts."),
    ),
    "report_id_again": CheckText(
        N_("The same report came again with other answers"),
        N_("Check that the latest answers are the right ones; for the same action they are the ones that count."),
    ),
    # milestones
    "milestone_due_after_deadline": CheckText(
        N_("A milestone is due after its action"), N_("Correct the date of the milestone or the action's due date.")
    ),
    "milestone_reached_before_submitted": CheckText(
        N_("A milestone was reached before the action was submitted"),
        N_("Correct the date; if it is right, nothing needs to be done."),
    ),
    "milestone_date_implausible": CheckText(
        N_("A milestone is dated more than a year before or after the campaign"), _DATE
    ),
}

OTHERS: dict[str, CheckText] = {
    "suggestions_limited": CheckText(
        N_("Not everything was compared with everything, because there is too much of it"),
        N_("Look for further pairs by hand; settling those that are listed makes room for others."),
    ),
}
"""What the build notes without a check of its own."""


def check_text(check_id: str) -> CheckText:
    """The words for a check; of one that is not known here (a snapshot of another version) its id."""
    found = CHECKS.get(check_id) or OTHERS.get(check_id)
    return found or CheckText(check_id.replace("_", " ").capitalize(), "")
