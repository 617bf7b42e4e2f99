"""What is recorded: the declared events and outcomes, with their words."""

from enum import StrEnum

from dashboard.i18n import N_


class Event(StrEnum):
    """What somebody did. Its value stands in the log's lines and stays."""

    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    SIGN_IN_FAILED = "sign_in_failed"
    ROLES_CHANGED = "roles_changed"
    CAMPAIGN_MADE = "campaign_made"
    CAMPAIGN_CLOSED = "campaign_closed"
    CAMPAIGN_OPENED = "campaign_opened"
    SETTING_CHANGED = "setting_changed"
    INVITED = "invited"
    REVOKED = "revoked"
    UPLOADED = "uploaded"
    UPLOAD_DROPPED = "upload_dropped"
    PUBLISHED = "published"
    RESTORED = "restored"
    WITHDRAWN = "withdrawn"
    DECIDED = "decided"
    DECISION_UNDONE = "decision_undone"
    EVIDENCE_SETTLED = "evidence_settled"
    EVIDENCE_UNDONE = "evidence_undone"
    CLASSIFIED = "classified"
    CLASSES_UNDONE = "classes_undone"
    COLUMN_CONFIRMED = "column_confirmed"
    SHEET_CONFIRMED = "sheet_confirmed"
    SPELLING_CONFIRMED = "spelling_confirmed"
    QUESTION_ANSWERED = "question_answered"
    ANSWER_UNDONE = "answer_undone"
    ERASED = "erased"
    NEWSLETTER_SENT = "newsletter_sent"
    NEWSLETTER_CHANGED = "newsletter_changed"
    SUBSCRIBER_REMOVED = "subscriber_removed"
    LETTERS_NOTED = "letters_noted"
    LETTERS_SENT = "letters_sent"
    LETTERS_UNDONE = "letters_undone"
    BACKED_UP = "backed_up"
    BACKUP_RESTORED = "backup_restored"
    TIDIED = "tidied"
    COPIES_SENT = "copies_sent"
    FETCHED = "fetched"
    SOURCE_ADDED = "source_added"
    SOURCE_CHANGED = "source_changed"
    SOURCE_REMOVED = "source_removed"
    AUDIT_TAKEN = "audit_taken"


EVENT_NAMES = {
    Event.SIGNED_IN: N_("Signed in"),
    Event.SIGNED_OUT: N_("Signed out"),
    Event.SIGN_IN_FAILED: N_("Sign-in failed"),
    Event.ROLES_CHANGED: N_("Roles changed"),
    Event.CAMPAIGN_MADE: N_("Campaign created"),
    Event.CAMPAIGN_CLOSED: N_("Campaign closed to the public"),
    Event.CAMPAIGN_OPENED: N_("Campaign opened to the public"),
    Event.SETTING_CHANGED: N_("Setting changed"),
    Event.INVITED: N_("Link created"),
    Event.REVOKED: N_("Link revoked"),
    Event.UPLOADED: N_("Files uploaded for a preview"),
    Event.UPLOAD_DROPPED: N_("Preview discarded"),
    Event.PUBLISHED: N_("Published"),
    Event.RESTORED: N_("Earlier build restored"),
    Event.WITHDRAWN: N_("Publication undone"),
    Event.DECIDED: N_("Decided"),
    Event.DECISION_UNDONE: N_("Decision undone"),
    Event.EVIDENCE_SETTLED: N_("Evidence recorded"),
    Event.EVIDENCE_UNDONE: N_("Evidence removed"),
    Event.CLASSIFIED: N_("Classified"),
    Event.CLASSES_UNDONE: N_("Classification undone"),
    Event.COLUMN_CONFIRMED: N_("Use of columns confirmed"),
    Event.SHEET_CONFIRMED: N_("Use of sheets confirmed"),
    Event.SPELLING_CONFIRMED: N_("Meaning of words confirmed"),
    Event.QUESTION_ANSWERED: N_("Questions answered"),
    Event.ANSWER_UNDONE: N_("Answer undone"),
    Event.ERASED: N_("Person erased"),
    Event.NEWSLETTER_SENT: N_("Newsletter sent"),
    Event.NEWSLETTER_CHANGED: N_("Newsletter changed"),
    Event.SUBSCRIBER_REMOVED: N_("Subscriber removed"),
    Event.LETTERS_NOTED: N_("Letters created or recorded"),
    Event.LETTERS_SENT: N_("Letters sent"),
    Event.LETTERS_UNDONE: N_("Letters marked as not sent"),
    Event.BACKED_UP: N_("Backup made"),
    Event.BACKUP_RESTORED: N_("Backup restored"),
    Event.TIDIED: N_("Old data removed"),
    Event.COPIES_SENT: N_("Copies sent to the object store"),
    Event.FETCHED: N_("Source fetched"),
    Event.SOURCE_ADDED: N_("Source added"),
    Event.SOURCE_CHANGED: N_("Source changed"),
    Event.SOURCE_REMOVED: N_("Source removed"),
    Event.AUDIT_TAKEN: N_("Audit log downloaded"),
}
"""What each is called, for `t`."""


class Outcome(StrEnum):
    """What became of it."""

    BEGUN = "begun"
    """It was begun, and no later line says how it ended: it runs, or it was killed."""
    DONE = "done"
    REFUSED = "refused"
    """The program said no, with a sentence; nothing was changed."""
    FAILED = "failed"
    """It broke off: a fault of the program or the computer, or somebody stopped it."""


OUTCOME_NAMES = {
    Outcome.BEGUN: N_("Started, end not recorded"),
    Outcome.DONE: N_("Done"),
    Outcome.REFUSED: N_("Refused"),
    Outcome.FAILED: N_("Failed"),
}
"""What each is called, for `t`."""
