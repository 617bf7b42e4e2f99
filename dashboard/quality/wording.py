"""Why rows were rejected or merged, and why pairs are suggested: the build's own words, known here to be translated.

The build writes each reason as one English phrase (tested against its SQL); what stands beside it here says what
a person can do about it. A recipe's own reason for leaving rows out is no key here: it is shown as it is written.
"""

from dashboard.i18n import N_

_SAY_WHICH = N_("Write the ID of the action, or its stakeholder and title, into this row; otherwise delete the row.")
_SEND_WHOLE = N_("Export the file again with all its rows and sheets: the row that this one belongs to is missing.")
_NOTHING = N_("Nothing needs to be done.")
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
    N_("the row it belongs to is left out"): N_("Correct the row that it belongs to; this one then counts by itself."),
    N_("the milestone has no label"): N_("Write into this row what the milestone is; otherwise delete the row."),
    N_("the milestone belongs to no action that is known"): _SAY_WHICH,
    N_("the row has no title"): N_("Write a title into this row; otherwise delete the row."),
    N_("no recipe reads this sheet"): N_(
        "If the sheet holds data, a recipe for it is needed; if it does not, name it under ignore_sheets in the recipe."
    ),
}
"""Reasons for rejecting a row, each with its remedy."""

MERGED: dict[str, str] = {
    N_("submitted again with the same id: the latest submission is kept"): _NOTHING,
    N_("submitted again by the same stakeholder under the same title: the latest submission is kept"): N_(
        "If these are two actions, give them different titles, or decide that they are different."
    ),
    N_("staff decided that it is the same action: the latest submission is kept"): _NOTHING,
    N_("classified again further down: the last row that fills a field is kept"): _NOTHING,
    N_("the milestone is told again: the last telling is kept"): _NOTHING,
    N_("sent again with the same report id: the latest is kept"): _NOTHING,
    N_("told again further on: the last telling is kept"): _NOTHING,
    N_("the same report again, every answer alike: one is kept"): _NOTHING,
}
"""Reasons for merging a row into another, each with what to do where the build was wrong."""

SUGGESTED: tuple[str, ...] = (
    N_("the same words in another order"),
    N_("may be a translation"),
    N_("one may be the acronym of the other"),
    N_("the same institution's name, once without its country"),
    N_("one name holds all words of the other"),
    N_("one may name several stakeholders, the other among them"),
    N_("spelled almost alike"),
    N_("the same title from another stakeholder"),
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
)
"""Why two things are suggested to be one."""

IDLE: tuple[str, ...] = (
    N_('what stands under "this" is not in the files'),
    N_('what stands under "that" is not in the files'),
    N_('what stands under "this" means several: write the id'),
    N_('what stands under "that" means several: write the id'),
    N_("both sides are one and the same in the files"),
)
"""Why a decision changes nothing in a build."""


def remedy(reason: str) -> str:
    """What to do about a rejected or merged row; English, to be translated where it is shown."""
    return REJECTED.get(reason) or MERGED.get(reason) or _OTHER
