"""The codes that a draft's settings would lose: a code in use stays, whoever made the draft and however."""

from collections.abc import Iterator
from pathlib import Path

from dashboard.campaign.code_uses import list_named, read_published, refuse_used
from dashboard.campaign.codelists import CODELISTS, load_codelist, load_codelists
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.settings_history import BEFORE, list_changes
from etl.publish import history


def refuse_lost(folder: CampaignFolder, of_draft: CampaignFolder) -> None:
    """Refuse a draft whose codelists lose codes in use: a renamed code is lost, too.

    Undoing changes of a list is allowed: their additions go again.

    Raises:
        UserError: the published data or the campaign's settings use a lost code; or a list cannot be read.
    """
    lost = [key for name in CODELISTS for key in _list_lost(folder, of_draft, name)]
    if not lost:
        return
    uses = list_named(of_draft, load_codelists(of_draft))
    pointer = history.read_pointer(folder)
    published = read_published(folder.published / str(pointer["snapshot"])) if pointer else {}
    for key in lost:
        refuse_used(*key, {**uses.get(key, {}), **published.get(key, {})})


def _list_lost(folder: CampaignFolder, of_draft: CampaignFolder, name: str) -> Iterator[tuple[str, str]]:
    """List the codes of a list that the draft lacks, unless the draft undoes changes of the list."""
    before, after = folder.codelist_file(name), of_draft.codelist_file(name)
    if before == after or _is_undone(folder, of_draft, name):
        return
    codes = {code.code for code in load_codelist(of_draft, name)}
    yield from ((name, code.code) for code in load_codelist(folder, name) if code.code not in codes)


def _is_undone(folder: CampaignFolder, of_draft: CampaignFolder, name: str) -> bool:
    """Return whether a draft takes a list back to before a published change: codes added since go again."""
    file = f"codelists/{name}.csv"
    draft_text = b"" if of_draft.overlay is None else _read(of_draft.overlay / file)
    changes = [change for change in list_changes(folder.root) if file in change.files]
    return any(draft_text == _read(change.place / BEFORE / file) for change in changes)


def _read(path: Path) -> bytes:
    """Read a file; a missing one is empty."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
