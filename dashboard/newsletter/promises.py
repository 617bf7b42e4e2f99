"""What the newsletter is, how one leaves, what is kept: the same sentences on the page and on the plain pages."""

from dashboard.i18n import N_

ABOUT = N_(
    "A mail from time to time that says what is new: actions completed, milestones reached, events, stories and new "
    "actions, and where the actions stand. When nothing is new, none is sent."
)
LEAVING = N_("Each mail has a link to unsubscribe at once, and one to change what you get.")
PRIVACY = N_(
    "Your address, language and choice are kept apart from the figures, for sending the newsletter and nothing else, "
    "and are shown to nobody. They are deleted when you leave, and after seven days if you do not confirm."
)
ASKED = N_(
    "If this address can get the newsletter, a mail is on its way to it. Open the link in it to confirm; it holds for "
    "seven days."
)
EVERYTHING = N_("None chosen means all.")
