"""The steps that change a campaign folder: the moments at which a kill, a full disk or a clock may interrupt it.

`reached` is called before each of them. The program itself does nothing there: tests listen, and kill commands at each
of them (docs/testing.md#reliability).
"""

from collections.abc import Callable
from enum import StrEnum


class Step(StrEnum):
    """The next step, in the order of a command; a step that works on several files is reached for each."""

    SWEEP = "what killed commands left is removed, and what they had begun is finished"
    # a build
    READ = "an export is read"
    MAKE = "a part of the snapshot is made, in a folder of its own"
    CHECK = "the finished snapshot is checked"
    # publishing it
    KEEP_INPUTS = "the inputs that are new are copied into the private store"
    NOTE_INPUTS = "it is noted which inputs the build has"
    KEEP_CONTACTS = "the contacts of the build are put in place"
    PLACE_SNAPSHOT = "the snapshot is put in place"
    NOTE_FIRST = "it is noted what is public for the first time"
    POINT = "the pointer is replaced"
    USE_CONTACTS = "the contacts of the build become those of the campaign"
    RECORD = "the history is written"
    PRUNE = "the oldest builds are removed"
    # caches of the next build
    # a preview, and publishing it
    PLACE_DRAFT = "the snapshot of a preview is put in its folder"
    NOTE_DRAFT = "the note of a preview is written"
    BEGIN = "it is noted that several files of the campaign are about to change together"
    PUT_SETTINGS = "a file of settings is put in place, and what stood there is kept"
    MOVE_UPLOAD = "an upload moves into the inbox"
    TAKE_OUT = "a file leaves the inbox"
    END = "it is noted that they have changed"
    DISCARD = "a preview is removed"
    # going back
    PUT_BACK = "a kept file is put back"
    WITHDRAW = "the pointer is removed"
    # answers of staff
    SAY = "a line of a file of staff's answers is written"
    CLASSIFY = "the sheet of accepted classes is written"
    NOTE_UNDO = "it is noted how to take the classes back"
    # reports by link
    PUBLISH_FILE = "a file that staff confirmed is copied for the public"
    DECIDE = "the decision about a report is noted in it"
    # forgetting a person
    NOTE_PERSON = "the hash of an address is noted"
    CLEAN_FILE = "a file of the campaign is written anew without the person"
    CLEAN_KEPT = "a kept input is written anew without the person"
    NOTE_CLEANED = "it is noted that a build's inputs are other ones now"
    DROP_KEPT = "the kept inputs with the person are removed"
    DROP_DRAFT = "a preview with the person is removed"
    CLEAN_CONTACTS = "a store of contacts is written anew without the person"
    CLEAN_MAILS = "subscribers and mails lose the person"
    DROP_BUILDS = "builds whose data itself held the person are removed"


Listener = Callable[[Step], None]
_listeners: list[Listener] = []


def reached(step: Step) -> None:
    """Call the listener before a step."""
    for listener in _listeners:
        listener(step)


def listen(listener: Listener) -> Callable[[], None]:
    """Report steps to a listener; return the function that ends it."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)
