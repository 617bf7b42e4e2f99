"""Put the build's words into plain ones: reasons, checks and fields, as English literals for later translation.

The build writes each reason for rejecting, merging or suggesting as one English phrase (tested against its SQL); the
text beside it here is the remedy. A recipe's reason for leaving rows out is no key here: it is shown as written. Each
check is a query (`etl/sql/checks`) with the id of the check; those of severity `error` stop a build and appear on the
command line only.
"""

from typing import NamedTuple

from dashboard.campaign.answers.question_kinds import BY_NAME
from dashboard.i18n import N_, Translator

_SAY_WHICH = N_("Write the ID of the action, or its stakeholder and title, into this row; otherwise delete the row.")
_SEND_WHOLE = N_("Export the file again with all its rows and sheets: the row that this one belongs to is missing.")
_ANSWER = N_("Answer the question about it in the preview of an upload, or correct the file.")
_NOTHING = N_("Nothing needs to be done.")
_ACCEPT_AGAIN = N_("Delete the row, and accept the report again on the page Reports received.")
_BELOW = N_(
    "If it holds for the rows below, say so under Read it differently on the page Upload: preview the inbox as it is."
)
_IF_ACTION = N_("Nothing needs to be done; if it is an action, write its title and its stakeholder into the row.")
_OTHER = N_("The recipe of this file leaves the row out; if it should count, correct the row or the recipe.")

REJECTED: dict[str, str] = {
    N_("neither title nor id: the row names no action"): N_(
        "Write the title of the action into this row; if the row is empty or only a remark, delete it."
    ),
    N_("names no action: neither id, stakeholder nor title"): _SAY_WHICH,
    N_("names no action: neither id nor stakeholder and title"): _SAY_WHICH,
    N_("matches no action by id or by stakeholder and title"): N_(
        "Compare the ID, the stakeholder and the title with the register of actions, and correct them in this row."
    ),
    N_("the row it belongs to is not in this export"): _SEND_WHOLE,
    N_("the row it belongs to is left out"): N_(
        "Correct the row that it belongs to; this one then counts automatically."
    ),
    N_("the milestone has no label"): N_("Write into this row what the milestone is; otherwise delete the row."),
    N_("the milestone belongs to no action that is known"): _SAY_WHICH,
    N_("the result has no number that can be read"): N_(
        "Write the number that is promised or reached into this row, with digits only; otherwise delete the row."
    ),
    N_("the row has no title"): N_("Write a title into this row; otherwise delete the row."),
    N_("it is cancelled"): N_("Nothing needs to be done; if it takes place all the same, correct the calendar."),
    N_("the row has no number"): N_("Write a number of its own into this row; otherwise delete the row."),
    N_("it is neither a reply nor a document nor a picture"): N_(
        "Write reply, document or picture into this row; otherwise delete the row."
    ),
    N_("it has no words"): N_(
        "Write the reply, the title of the document or what the picture shows into this row; otherwise delete the row."
    ),
    N_("its file is not named as kept files are"): _ACCEPT_AGAIN,
    N_("it does not say whose rights they are"): _ACCEPT_AGAIN,
    N_("the event or story it belongs to is not there"): N_(
        "Accept the event or story, too; this row then counts automatically."
    ),
    N_("it belongs to no action that is known"): N_(
        "Write the ID of the action into this row; otherwise delete the row."
    ),
    N_("it has more cells than there are headers"): N_(
        "Put the cell that holds a separator into quotation marks, or export the file again as Excel."
    ),
    N_("no longer in the newest version of the register: gone, unless staff decide to keep it"): N_(
        "Decide on this page whether the action is removed or kept."
    ),
    N_("it repeats the headers"): N_(
        "Nothing needs to be done; if the rows below it have other columns, give them a sheet of their own."
    ),
    N_("it stands below headers in another order"): _ANSWER,
    N_("it may be another table"): _ANSWER,
    N_("it has neither title nor stakeholder, as if prepared for later"): _ANSWER,
    N_("it may be a test"): _ANSWER,
    N_("it is struck through"): _ANSWER,
    N_("it held the end of a column that begins a row too low"): _ANSWER,
    N_("staff do not know whether it is a register"): _ANSWER,
    N_("it is a classification, but no recipe reads it as one"): N_(
        "Give its columns the headers of the Excel sheet that Data quality writes for classifying."
    ),
    N_("it numbers the columns"): _NOTHING,
    N_("it is a title of the table"): _NOTHING,
    N_("it is a total"): _IF_ACTION,
    N_("its numbers are the sums of those above it"): _IF_ACTION,
    N_("its numbers are the sums of those below it"): _IF_ACTION,
    N_("it is a note or a legend"): _IF_ACTION,
    N_("it repeats an earlier row, every cell alike"): N_(
        "Nothing needs to be done; if somebody else gave the same answers, give both rows an id."
    ),
    N_("it is a heading"): N_("Nothing needs to be done; if it is an action, write its stakeholder into the row."),
    N_("it is a heading that names a place"): _BELOW,
    N_("it is a heading that names a theme"): _BELOW,
    N_("it is a heading that names a category"): _BELOW,
    N_("it is a heading that names a stakeholder group"): _BELOW,
    N_("it is a heading that names a status"): _BELOW,
    N_("it is a heading: the rows below have its value"): _NOTHING,
    N_("no recipe reads this sheet"): N_(
        "If the sheet holds data, a recipe for it is needed; if it does not, name it under ignore_sheets in the recipe."
    ),
}
"""Reasons for rejecting a row, each with its remedy."""

MERGED: dict[str, str] = {
    N_("submitted again with the same id: the latest submission is kept"): _NOTHING,
    N_("submitted again by the same stakeholder under the same title: the latest submission is kept"): N_(
        "If these are two actions, choose the row and say so, or give them different titles."
    ),
    N_("staff decided that it is the same action: the latest submission is kept"): _NOTHING,
    N_("classified again further down: the last row that fills a field is kept"): _NOTHING,
    N_("the milestone is told again: the last telling is kept"): _NOTHING,
    N_("sent again with the same report id: the latest is kept"): _NOTHING,
    N_("told again further on: the last telling is kept"): _NOTHING,
    N_("withdrawn further on: none is kept"): _NOTHING,
    N_("the same report again, every answer alike: one is kept"): _NOTHING,
    N_("another target of the same action: its status counts with those of the others"): _NOTHING,
    N_("a newer version of the register replaces it"): _NOTHING,
    N_("a newer version of the file replaces it"): _NOTHING,
}
"""Reasons for merging a row into another, each with the remedy of a wrong merge."""

SUGGESTED: tuple[str, ...] = (
    N_("the same words in another order"),
    N_("may be a translation"),
    N_("one may be the acronym of the other"),
    N_("the same institution's name, once without its country"),
    N_("one name holds all words of the other"),
    N_("one may name several stakeholders, the other among them"),
    N_("spelled almost alike"),
    N_("the same title from another stakeholder"),
    N_("the same title from the same stakeholder"),
    N_("similar titles, sent on the same day"),
    N_("similar titles from the same stakeholder"),
    N_("almost the same description from the same stakeholder"),
    N_("sent on the same day in two languages"),
    N_("several actions have this id"),
    N_("a similar title, and a stakeholder spelled almost alike"),
    N_("a stakeholder spelled almost alike"),
    N_("the same stakeholder and a similar title"),
    N_("the only action of this stakeholder"),
    N_("the same stakeholder"),
    N_("its text has the title of the action"),
    N_("its text has most words of the action's title"),
    N_("its text names the stakeholder, and has words of the action's title"),
    N_("its text names the stakeholder, whose only action it is"),
    N_("its text names the stakeholder"),
    N_("the same stakeholder, and words of the action's title"),
    N_("may be the same in another language"),
)
"""Reasons for the suggestion that two things are one."""

IDLE: tuple[str, ...] = (
    N_('what stands under "this" is not in the files'),
    N_("the files hold no older version with an action of that id that the newest version lacks"),
    N_('what stands under "that" is not in the files'),
    N_('what stands under "this" means several: write the id'),
    N_('what stands under "that" means several: write the id'),
    N_("both sides are one and the same in the files"),
)
"""Reasons why a decision changes nothing in a build."""


def remedy(reason: str) -> str:
    """Return the remedy for a rejected or merged row; English, for translation on display."""
    return REJECTED.get(reason) or MERGED.get(reason) or _OTHER


class CheckText(NamedTuple):
    """The words for one check: its finding and the remedy. English literals, for translation on display."""

    title: str
    remedy: str


_REPORT_BUG = N_("Nothing was published. Please report this with the file that caused it.")
_DATE = N_(
    "Correct the date in the file; if day and month are in the wrong order, say so under Read it differently on the "
    "page Upload."
)
_ASK = N_("Ask the stakeholder which of the two is right, and correct the file.")

CHECKS: dict[str, CheckText] = {
    # error
    "account_adds_up": CheckText(N_("Rows of a file are unaccounted for"), _REPORT_BUG),
    "known_codes": CheckText(N_("A code is in no codelist"), _REPORT_BUG),
    "relations_whole": CheckText(N_("A row refers to an action or report that does not exist"), _REPORT_BUG),
    "spells_disjoint": CheckText(N_("Two reports about one action apply on the same day"), _REPORT_BUG),
    "unique_actions": CheckText(N_("One ID is used for several actions"), _REPORT_BUG),
    "unique_numbers": CheckText(N_("One number is used for several rows"), _REPORT_BUG),
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
    "title_alone": CheckText(
        N_("The row has only a title"),
        N_("If it is a heading or a note, delete the row; if it is an action, write its stakeholder into the row."),
    ),
    "text_over_limit": CheckText(
        N_("A text is longer than the form allows"),
        N_("Shorten it together with the stakeholder, or change the limits in campaign.toml."),
    ),
    "text_garbled": CheckText(
        N_("A text was read in the wrong encoding"),
        N_("Export the file again as CSV UTF-8 or Excel; if the tool itself shows such letters, correct them there."),
    ),
    "numbers_disagree": CheckText(
        N_("The title gives a different number than the other texts"),
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
        N_("A country is not in the stated region"),
        N_("Correct the country or the region; the region of the country is the one that counts."),
    ),
    "language_not_of_campaign": CheckText(
        N_("The action is in a language that the campaign does not use"),
        N_("Check the language; if it is right, nothing needs to be done."),
    ),
    "language_without_interface": CheckText(
        N_("One of the campaign’s languages is not translated; those readers see English"),
        N_("Nothing, if that will do. Titles and labels are shown as the campaign wrote them."),
    ),
    "label_not_translated": CheckText(
        N_("A name is missing in one of the dashboard’s languages: readers see the English one"),
        N_("Add it to the codelist, or the title to campaign.toml."),
    ),
    # reports
    "reported_before_submitted": CheckText(N_("Reported before the action was submitted"), _DATE),
    "report_date_implausible": CheckText(N_("Reported more than a year before or after the campaign"), _DATE),
    "reported_long_after_deadline": CheckText(
        N_("Reported more than half a year after the action deadline"),
        N_("Check the date; if it is right, nothing needs to be done."),
    ),
    "completed_date_implausible": CheckText(N_("Completed more than a year before or after the campaign"), _DATE),
    "completed_after_report": CheckText(N_("Completion date later than the report"), _DATE),
    "completed_before_submitted": CheckText(
        N_("Completed before the action was submitted"),
        N_("Correct the date; if it is right, ask whether this is the action that was promised."),
    ),
    "completed_below_100": CheckText(N_("Completed, but below 100 percent"), _ASK),
    "full_but_not_completed": CheckText(N_("100 percent, but not completed"), _ASK),
    "progress_but_not_started": CheckText(N_("Not started, but above 0 percent"), _ASK),
    "completion_date_without_status": CheckText(N_("A completion date, but not the status completed"), _ASK),
    "progress_goes_back": CheckText(
        N_("A later report says less than an earlier one"),
        N_("Ask the stakeholder; the latest report is the one that counts."),
    ),
    # evidence
    "evidence_before_report": CheckText(
        N_("Reviewed or verified before the report existed"),
        N_("Correct one of the two dates; the step counts from the report on."),
    ),
    "evidence_not_shown": CheckText(
        N_("Reviewed or verified, but no document or address shows it"),
        N_("Record on the action's page what was checked, or leave it: the step counts in any case."),
    ),
    "evidence_no_address": CheckText(
        N_("A proof that looks like a web address but is not one"),
        N_("Correct the address in the file, so that it begins with https:// and opens."),
    ),
    "evidence_without_status": CheckText(
        N_("A proof for a status that is missing or not understood"),
        N_("Fill in the status, or say what its word means; until then the proof does not count."),
    ),
    "report_id_again": CheckText(
        N_("The same report came again with other answers"),
        N_("Check that the latest answers are the right ones; for the same action they are the ones that count."),
    ),
    "question_gone": CheckText(
        N_("A question of the recipe, or a choice of it, has no column"),
        N_(
            "If the survey no longer asks it, nothing needs to be done. If it has another header, say so on this "
            "page (Columns, To decide), or correct the header."
        ),
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
    # results
    "result_target_behind_baseline": CheckText(
        N_("A target lies behind its baseline, so nothing is promised"),
        N_("Correct the target or the baseline; the list of indicators says whether more or less is better."),
    ),
    "result_reached_before_baseline": CheckText(
        N_("A number was reached before the date of its baseline"), N_("Correct one of the two dates.")
    ),
    "result_two_units": CheckText(
        N_("An action counts one indicator in two units"),
        N_("Use one unit if it is the same number; otherwise nothing needs to be done: the two are never summed."),
    ),
    "result_above_100_percent": CheckText(
        N_("A number in per cent is above 100"), N_("Correct the number or its unit.")
    ),
    "result_due_after_deadline": CheckText(
        N_("A number is promised for a day after the action's deadline"),
        N_("Correct the date of the target or the action's due date."),
    ),
    # events and stories
    "event_repeats": CheckText(
        N_("An event repeats; only its first date counts"),
        N_("If each date should be an event of its own, write them into the calendar one by one."),
    ),
    "post_names_unknown_action": CheckText(
        N_("An event or story names an action that is not known"),
        N_("Correct the ID where the event or story is written, or say on this page which action it belongs to."),
    ),
}

OTHERS: dict[str, CheckText] = {
    "suggestions_limited": CheckText(
        N_("Not everything was compared, because there is too much data"),
        N_("Look for more pairs by hand; deciding those listed makes room for others."),
    ),
}
"""The build's notes outside a check."""


def check_text(check_id: str) -> CheckText:
    """Find the words for a check; an unknown one (in a snapshot of another version) keeps its id."""
    text = CHECKS.get(check_id) or OTHERS.get(check_id)
    return text or CheckText(check_id.replace("_", " ").capitalize(), "")


FIELD_NAMES: dict[str, str] = {
    "action_id": N_("Action ID"),
    "submission_id": N_("Action ID"),
    "report_id": N_("Report ID"),
    "id": N_("ID"),
    "title": N_("Title"),
    "stakeholder": N_("Stakeholder"),
    "stakeholder_group": N_("Stakeholder group"),
    "category": N_("Category"),
    "themes": N_("Themes"),
    "scope": N_("Scope"),
    "places": N_("Country, region or global"),
    "countries": N_("Countries"),
    "regions": N_("Regions"),
    "subregions": N_("Subregions"),
    "language": N_("Language"),
    "description": N_("Description"),
    "impact": N_("Expected impact"),
    "communication": N_("Communication"),
    "partners": N_("Partners"),
    "url": N_("Web address"),
    "submitted_at": N_("Submitted on"),
    "submitted_on": N_("Submitted on"),
    "due_on": N_("Deadline"),
    "accept": N_("Accept the suggestions"),
    "suggested_group": N_("Suggested stakeholder group"),
    "suggested_category": N_("Suggested category"),
    "suggested_themes": N_("Suggested themes"),
    "suggested_places": N_("Suggested places"),
    "status": N_("Status"),
    "percent": N_("Percent done"),
    "reported_on": N_("Reported on"),
    "completed_on": N_("Completed on"),
    "wave": N_("Survey wave"),
    "narrative": N_("What happened, in words"),
    "evidence": N_("Proof"),
    "reviewed_by": N_("Reviewed by"),
    "reviewed_on": N_("Reviewed on"),
    "verified_by": N_("Verified by"),
    "verified_on": N_("Verified on"),
    "survey_answers": N_("Answers to closed questions"),
    "progress_report": N_("At least one progress report"),
    "milestone": N_("At least one milestone"),
    "label": N_("Milestone"),
    "reached_on": N_("Reached on"),
    "told_at": N_("Told on"),
    "indicator": N_("Indicator"),
    "unit": N_("Unit"),
    "baseline": N_("Baseline"),
    "baseline_on": N_("Date of the baseline"),
    "target": N_("Target"),
    "target_on": N_("Date of the target"),
    "actual": N_("Number reached"),
    "actual_on": N_("Number reached on"),
    "how_known": N_("How it is known"),
    "on_date": N_("Date"),
    "ends_on": N_("Last day"),
    "starts_at": N_("Begins at"),
    "ends_at": N_("Ends at"),
    "place": N_("Place"),
    "summary": N_("Summary"),
    "body": N_("Text"),
    "links": N_("Addresses in the text"),
    "tags": N_("Tags"),
    "translation_group": N_("Group of translations"),
    "translation_of": N_("Translation of"),
    "version": N_("Version"),
    "updated_at": N_("Changed at"),
    "cancelled": N_("Cancelled"),
    "repeats": N_("How it repeats"),
    "post_id": N_("Event or story"),
    "kind": N_("Kind"),
    "said_on": N_("Said on"),
    "words": N_("Words"),
    "file": N_("File"),
    "rights": N_("Rights"),
    "withdrawn_on": N_("Withdrawn on"),
    "header": N_("Column header"),
}

USE_NAMES: dict[str, str] = {
    "question": N_("Public question"),
    "staff": N_("For staff only"),
    "personal": N_("Personal data"),
    "set_aside": N_("Set aside"),
    "open": N_("No use yet"),
}
"""The uses of a column besides a field."""

REMARKS: dict[str, str] = {
    "hidden": N_("It is hidden, so it is not read."),
    "left_out": N_("Staff said that it does not count (sheets.csv), so it is not read."),
    "round": N_("Its rows are reports about the actions of another sheet, as staff said."),
    "counted": N_("Staff said that it counts beside other sheets with the same actions (sheets.csv)."),
    "hidden_rows": N_("Hidden rows, which are read like the others: {number}."),
    "hidden_columns": N_("Hidden columns, which are read like the others: {number}."),
    "merged_filled": N_("{field}: cells that have the value of the merged cells that they are part of: {number}."),
    "merged_blank": N_(
        "{field}: cells that are blank because they are part of merged cells: {number}. If these mean all their rows, "
        "say so under Read it differently on the page Upload."
    ),
}
"""The remarks on a sheet beside the account of its rows."""

UNREAD = ("hidden", "left_out")
"""Remarks of sheets that are not read."""

DECIDERS: dict[str, str] = {
    "recipe": N_("The recipe"),
    "staff": N_("Staff, in columns.csv"),
    "tool": N_("A column of the tool itself"),
    "header": N_("Its header speaks of a person"),
    "empty": N_("It is empty"),
    "unread": N_("No recipe reads the sheet"),
}
"""The deciders of a column's use."""

READINGS: dict[str, str] = {
    "day_first": N_("The day first: 03/04/2021 is 3 April"),
    "month_first": N_("The month first: 03/04/2021 is 4 March"),
    "of_one": N_("A whole is 1: 0.4 is 40 %"),
    "of_hundred": N_("A whole is 100: 40 is 40 %"),
    "decimal_comma": N_("A comma before the decimals: 0,4"),
    "decimal_point": N_("A point before the decimals: 0.4"),
    "yes_no": N_("Cells that say “yes” count as a yes"),
    "one_zero": N_("Cells that say 1 count as a yes"),
    "stated": N_("Any cell that does not say “no” counts as a yes"),
    "filled": N_("Any filled cell counts as a yes"),
}
"""The chosen readings of a column with several possible ones."""

_SIGNS: dict[str, str] = {
    "separated_by": N_("Several values in a cell, between them {sign}"),
    "part_of_values": N_("{sign} is part of the values, and separates none"),
}
"""The beginning of the build's name for a reading about a sign between words; the sign follows it."""


def name_reading(t: Translator, reading: str) -> str:
    """Name the reading of a column in words."""
    name, _, sign = reading.partition(" ")
    if name == "not_known":
        return t("Not known: {unknown}", unknown=t(BY_NAME[sign].unknown))
    return t(_SIGNS[name], sign=sign) if name in _SIGNS else t(READINGS.get(reading, reading))


READING_DECIDERS: dict[str, str] = {
    "values": N_("Its own cells"),
    "recipe": N_("The recipe"),
    "other_columns": N_("Other columns of the file"),
    "staff": N_("Staff, in answers.csv"),
}
"""The deciders of a column's reading."""

_DIFFERENTLY = N_("If that is wrong, say so under Read it differently on the page Upload: preview the inbox as it is.")
READING_REMEDIES: dict[str, str] = dict.fromkeys(
    ("day_first", "month_first", "decimal_comma", "decimal_point", "of_one", "of_hundred", "not_known"), _DIFFERENTLY
)
"""The remedies of a column's wrong reading that its cells did not decide."""

KIND_NAMES: dict[str, str] = {
    "actions": N_("Actions"),
    "classification": N_("Classification"),
    "progress_reports": N_("Progress reports"),
    "milestones": N_("Milestones"),
    "results": N_("Results"),
    "events": N_("Events"),
    "stories": N_("Stories"),
    "annotations": N_("Replies, documents and pictures"),
}
"""The kinds of a sheet's rows."""


def name_target(t: Translator, target: str) -> str:
    """Name a column's present or likely use in the command's word: a field, a question of the recipe, or `question`."""
    question, _, choice = target.removeprefix("question:").partition("/")
    if question == target:
        return t(USE_NAMES.get(target) or name_field(target))
    if choice:
        return t("Question “{name}”, choice “{choice}”", name=name_field(question), choice=name_field(choice))
    return t("Question “{name}”", name=name_field(question))


def name_field(field: str) -> str:
    """Name a field in plain words; an unknown field keeps its name."""
    return FIELD_NAMES.get(field, field.replace("_", " "))
