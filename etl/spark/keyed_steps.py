"""The steps of a build that need nothing but the rows of one key at a time, and what they need of it.

Which rows those are says a file in `etl/sql/shares/`: a view a table, each row with the bucket that its key is in. The
steps themselves are those of every build: in the database of a bucket they find its rows under the same names.
"""

from typing import NamedTuple


class KeyedSteps(NamedTuple):
    """Steps that follow each other and are run a bucket of keys at a time.

    Attributes:
        key: What the rows are put together by: the name of the file in `etl/sql/shares/`, with which its views begin.
        steps: The files of `etl/sql/steps` in their order, without `.sql`.
        takes: The tables whose rows each bucket gets its own of.
        needs: The tables that every bucket gets the whole of.
        fills: What comes of it: the rows that the buckets give, one after another.
        leaves: What stays in the buckets, for steps that come later.
    """

    key: str
    steps: tuple[str, ...]
    takes: tuple[str, ...]
    needs: tuple[str, ...]
    fills: tuple[str, ...]
    leaves: tuple[str, ...] = ()


BY_NAME = KeyedSteps(
    "by_name",
    steps=("28_stakeholder_names",),
    takes=(
        "staged_actions",
        "staged_classification",
        "staged_progress_reports",
        "staged_milestones",
        "staged_events",
        "staged_stories",
    ),
    needs=("spellings",),
    fills=("stakeholder_names",),
)

BY_ACTION = KeyedSteps(
    "by_action",
    steps=(
        "70_write_actions",
        "72_write_places",
        "73_write_members",
        "75_suggest_classes",
        "80_write_reports",
        "86_evidence_steps",
    ),
    takes=(
        "kept_actions",
        "action_keys",
        "action_places",
        "action_scopes",
        "snapshot.action_themes",
        "classified",
        "staged_classification",
        "staged_actions",
        "stakeholder_display",
        "kept_reports",
        "staged_progress_reports",
        "numbered_keys",
        "shown_report_keys",
    ),
    needs=(
        "sheets",
        "cell_codes",
        "person_keys",
        "shown_names",
        "renamed_actions",
        "decided_evidence",
        "lost_statuses",
        "codelist_codes",
        "codelist_countries",
        "codelist_subregions",
        "codelist_groupings",
        "listed_terms",
    ),
    fills=(
        "snapshot.actions",
        "snapshot.action_countries",
        "snapshot.action_regions",
        "snapshot.action_subregions",
        "snapshot.action_members",
        "snapshot.suggested_classes",
        "snapshot.progress_reports",
        "snapshot.report_spells",
        "snapshot.evidence_steps",
        "stated_parts",
    ),
    leaves=("snapshot.evidence_steps", "ordered_reports"),
)

EVIDENCE_SPELLS = KeyedSteps(
    "by_action",
    steps=("95_evidence_spells",),
    takes=("snapshot.evidence_steps", "ordered_reports"),
    needs=("snapshot.campaign",),
    fills=("snapshot.evidence_spells",),
)
"""Begins where `BY_ACTION` ended, in the same buckets: only the day the figures stand at had to be known of all."""
