"""The fields of the data in plain words: English literals, to be translated where they are shown."""

from dashboard.i18n import N_

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
    "status": N_("Status"),
    "percent": N_("Percent done"),
    "reported_on": N_("Reported on"),
    "completed_on": N_("Completed on"),
    "wave": N_("Survey wave"),
    "narrative": N_("What happened, in words"),
    "survey_answers": N_("Answers to closed questions"),
    "progress_report": N_("At least one progress report"),
    "milestone": N_("At least one milestone"),
    "label": N_("Milestone"),
    "reached_on": N_("Reached on"),
    "on_date": N_("Date"),
}

KIND_NAMES: dict[str, str] = {
    "actions": N_("Actions"),
    "classification": N_("Classification"),
    "progress_reports": N_("Progress reports"),
    "milestones": N_("Milestones"),
    "events": N_("Events"),
    "stories": N_("Stories"),
}
"""What the rows of a sheet are."""


def name_field(field: str) -> str:
    """A field in plain words; one that is not known here as it is written."""
    return FIELD_NAMES.get(field, field.replace("_", " "))
