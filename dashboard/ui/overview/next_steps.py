"""What staff should do next, as ways to the pages where it is done, each with what waits there."""

from collections.abc import Iterator

from dashboard.i18n import Translator
from dashboard.measures.counts import headline
from dashboard.measures.standing import count_silence
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame.page_link import PageLink


def list_links(
    snapshot: Snapshot, selection: Selection, t: Translator, uploads: int = 0, settings: int = 0
) -> Iterator[PageLink]:
    """The ways: to publish drafts, to ask the silent, and to settle what was not understood; none where nothing waits.

    Args:
        snapshot: The data.
        selection: Whose figures are shown.
        t: The reader's language.
        uploads: How many uploads are previewed and not published.
        settings: How many people have changes of settings that are not published.
    """
    total = headline(snapshot, selection)
    silent = count_silence(snapshot, selection).silent
    lang = (("lang", t.language),)
    if uploads:
        label = t.plural(
            "Finish {n} upload that is not published", "Finish {n} uploads that are not published", uploads
        )
        yield PageLink(label, "upload", lang, ":material/preview:")
    if settings:
        label = t.plural("Publish {n} set of changed settings", "Publish {n} sets of changed settings", settings)
        yield PageLink(label, "settings", lang, ":material/tune:")
    if silent:
        pairs = tuple(pair for pair in selection.query_pairs() if pair[0] != "build")
        label = t.plural("Ask {n} silent stakeholder for a report", "Ask {n} silent stakeholders for a report", silent)
        yield PageLink(label, "silent", pairs, ":material/mail:")
    waiting = total.unmatched_reports + total.status_unclassified
    if waiting:
        label = t.plural(
            "Settle {n} report that was not understood", "Settle {n} reports that were not understood", waiting
        )
        yield PageLink(label, "quality", lang, ":material/rule:")
    yield PageLink(t("Upload new files"), "upload", lang, ":material/upload:")
