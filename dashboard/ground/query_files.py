"""Statements to databases, which are files of `dashboard/queries`, and the macros that several of them call."""

from functools import cache

from dashboard.paths import QUERIES

SHARED_MACROS = (
    "fold",
    *(
        f"macros/{name}"
        for name in (
            "status_places", "action_status", "stakeholder_names", "milestone_outcomes", "evidence_steps",
            "register_order", "filter_conditions", "themes_countries", "results_in_force",
        )
    ),
)  # fmt: skip
"""Files of macros that measures, comparisons and builds share."""


@cache
def read_sql_file(name: str) -> str:
    """Read `dashboard/queries/<name>.sql`."""
    return (QUERIES / f"{name}.sql").read_text(encoding="utf-8")
