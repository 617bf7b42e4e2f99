"""What staff should do next, as ways to the pages where it is done, each with what waits there."""

from collections.abc import Iterator

from dashboard import formats
from dashboard.i18n import Translator
from dashboard.measures.counts import headline
from dashboard.measures.standing import count_silence
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame.page_link import PageLink


def list_links(snapshot: Snapshot, selection: Selection, t: Translator) -> Iterator[PageLink]:
    """The ways: to ask the silent, and to settle what was not understood; none where nothing waits."""
    total = headline(snapshot, selection)
    silent = count_silence(snapshot, selection).silent
    lang = (("lang", t.language),)
    if silent:
        pairs = tuple(pair for pair in selection.query_pairs() if pair[0] != "build")
        n = formats.format_count(silent, t.language)
        label = t.plural(
            "Ask {n} silent stakeholder for a report", "Ask {n} silent stakeholders for a report", silent, n=n
        )
        yield PageLink(label, "silent", pairs, ":material/mail:")
    waiting = total.unmatched_reports + total.status_unclassified
    if waiting:
        n = formats.format_count(waiting, t.language)
        label = t.plural(
            "Settle {n} report that was not understood", "Settle {n} reports that were not understood", waiting, n=n
        )
        yield PageLink(label, "quality", lang, ":material/rule:")
    yield PageLink(t("Upload new files"), "upload", lang, ":material/upload:")
