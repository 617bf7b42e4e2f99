"""A file, or the files of a place, in an object store (S3, Google Cloud Storage, Azure), by obstore as the copies are.

The credentials are the source's own, else those that each cloud's own programs find.
"""

from pathlib import Path

from dashboard.copies.object_store import Listed, open_store
from dashboard.errors import sentence
from dashboard.i18n import N_
from dashboard.settings import Settings
from etl.sources.asking import Asking, FarSideError
from etl.sources.far_side import Arrival, FarSide, Fetched, Known, is_named


def fetch(asking: Asking, find_before: Known, place: Path) -> Fetched:
    """The files that are new or other than before.

    Raises:
        FarSideError: there is none of that name, or one is too large.
        StoreError: the store cannot be asked, or refuses.
    """
    source = asking.source
    folder, _, file_name = source.address.rpartition("/")
    secrets = {name: asking.secrets[kind] for kind, name in _names(source.parts.scheme).items() if asking.secrets[kind]}
    store = open_store(Settings.from_environment(), source.address.rstrip("/") if source.is_place else folder, secrets)
    files = {one.name: one for one in store.list_all("") if "/" not in one.name}
    if source.is_place:
        chosen_files = {name: one for name, one in files.items() if is_named(name, source.file)}
    else:
        chosen_files = {source.inbox_name: files[file_name]} if file_name in files else {}
        if not chosen_files:
            what = sentence(N_("There is no {file} in {folder}."), file=file_name, folder=folder)
            raise FarSideError(what, N_("Correct the address, or put the file there again."))
    arrivals = []
    for number, (name, one) in enumerate(sorted(chosen_files.items())):
        asking.progress(name, number, len(chosen_files))
        asking.check_size(name, one.size)
        before = find_before(name)
        if before.path is None or before.modified != _stamp(one):
            store.take(one.name, place / f"arrived{number}", one.size)
            arrivals.append(Arrival(name, place / f"arrived{number}", modified=_stamp(one)))
    return Fetched(tuple(arrivals), frozenset(chosen_files))


def _stamp(one: Listed) -> str:
    return f"{one.size} {one.changed_at.isoformat()}"


def _names(scheme: str) -> dict[str, str]:
    """What obstore calls a source's secrets."""
    if scheme == "s3":
        return {"KEY_ID": "access_key_id", "KEY": "secret_access_key"}
    return {"KEY": "service_account_key"} if scheme == "gs" else {"KEY": "account_key"}


FAR_SIDE = FarSide(None, fetch)
