"""The events and outcomes that are recorded, with their words."""

from enum import StrEnum
from typing import Self

from dashboard.i18n import N_


class Worded(StrEnum):
    """A code and its label, for `t`."""

    words: str

    def __new__(cls, code: str, words: str = "") -> Self:
        """Take the code, which stays in the log's lines, and its label."""
        member = str.__new__(cls, code)
        member._value_, member.words = code, words
        return member


class Event(Worded):
    """What somebody did."""

    SIGNED_IN = "signed_in", N_("Signed in")
    SIGNED_OUT = "signed_out", N_("Signed out")
    SIGN_IN_FAILED = "sign_in_failed", N_("Sign-in failed")
    ROLES_CHANGED = "roles_changed", N_("Roles changed")
    CAMPAIGN_MADE = "campaign_made", N_("Campaign created")
    CAMPAIGN_CLOSED = "campaign_closed", N_("Campaign closed to the public")
    CAMPAIGN_OPENED = "campaign_opened", N_("Campaign opened to the public")
    SETTING_CHANGED = "setting_changed", N_("Setting changed")
    INVITED = "invited", N_("Link created")
    REVOKED = "revoked", N_("Link revoked")
    UPLOADED = "uploaded", N_("Files uploaded for a preview")
    UPLOAD_DROPPED = "upload_dropped", N_("Preview discarded")
    PUBLISHED = "published", N_("Published")
    RESTORED = "restored", N_("Earlier build restored")
    WITHDRAWN = "withdrawn", N_("Publication undone")
    DECIDED = "decided", N_("Decided")
    DECISION_UNDONE = "decision_undone", N_("Decision undone")
    EVIDENCE_SETTLED = "evidence_settled", N_("Evidence recorded")
    EVIDENCE_UNDONE = "evidence_undone", N_("Evidence removed")
    CLASSIFIED = "classified", N_("Classified")
    CLASSES_UNDONE = "classes_undone", N_("Classification undone")
    COLUMN_CONFIRMED = "column_confirmed", N_("Use of columns confirmed")
    SHEET_CONFIRMED = "sheet_confirmed", N_("Use of sheets confirmed")
    SPELLING_CONFIRMED = "spelling_confirmed", N_("Meaning of words confirmed")
    QUESTION_ANSWERED = "question_answered", N_("Questions answered")
    ANSWER_UNDONE = "answer_undone", N_("Answer undone")
    ERASED = "erased", N_("Person erased")
    NEWSLETTER_SENT = "newsletter_sent", N_("Newsletter sent")
    NEWSLETTER_CHANGED = "newsletter_changed", N_("Newsletter changed")
    SUBSCRIBER_REMOVED = "subscriber_removed", N_("Subscriber removed")
    LETTERS_NOTED = "letters_noted", N_("Letters created or recorded")
    LETTERS_SENT = "letters_sent", N_("Letters sent")
    LETTERS_UNDONE = "letters_undone", N_("Letters marked as not sent")
    REPORTS_ACCEPTED = "reports_accepted", N_("Reports accepted")
    REPORTS_PUBLISHED = "reports_published", N_("Reports counted at once")
    REPORTS_SET_ASIDE = "reports_set_aside", N_("Reports set aside")
    REPORT_ASKED = "report_asked", N_("Stakeholders asked back about reports")
    REPORT_FILE_WITHDRAWN = "report_file_withdrawn", N_("Published files or replies withdrawn")
    REPORT_IS_CASE = "report_is_case", N_("Reports passed on as a case of abuse")
    REPORT_LINK_MADE = "report_link_made", N_("Link for reports created")
    REPORT_LINK_ENDED = "report_link_ended", N_("Link for reports ended")
    REPORT_LINKS_ENDED = "report_links_ended", N_("All links for reports ended")
    BACKED_UP = "backed_up", N_("Backup made")
    BACKUP_RESTORED = "backup_restored", N_("Backup restored")
    TIDIED = "tidied", N_("Old data removed")
    COPIES_SENT = "copies_sent", N_("Copies sent to the object store")
    FETCHED = "fetched", N_("Source fetched")
    SOURCE_ADDED = "source_added", N_("Source added")
    SOURCE_CHANGED = "source_changed", N_("Source changed")
    SOURCE_REMOVED = "source_removed", N_("Source removed")
    AUDIT_TAKEN = "audit_taken", N_("Audit log downloaded")


class Outcome(Worded):
    """How an act ended."""

    BEGUN = "begun", N_("Started, end not recorded")
    """It was begun, and no later line says how it ended: it runs, or it was killed."""
    DONE = "done", N_("Done")
    REFUSED = "refused", N_("Refused")
    """The program said no, with a sentence; nothing was changed."""
    FAILED = "failed", N_("Failed")
    """It broke off: a fault of the program or the computer, or somebody stopped it."""
