"""The names of files that may be public: by hash and media type alone, so that none leads out of their folder."""

from pathlib import Path

import pytest

from dashboard.campaign.reporting.evidence import DOCUMENTS, PICTURES, SentFile
from dashboard.campaign.reporting.published_files import (
    FOLDER,
    MEDIA_TYPES,
    find_published_file,
    list_published_files,
    name_file,
)

HASH = "ab" * 32


@pytest.mark.parametrize("media_type", [*PICTURES, *DOCUMENTS])
def test_every_kind_of_file_has_a_name_by_which_its_copy_is_found(media_type: str, tmp_path: Path) -> None:
    name = name_file(SentFile(sha256=HASH, name="../private/list.pdf", media_type=media_type, size=1))
    assert name.partition(".")[0] == HASH
    assert MEDIA_TYPES[name.rpartition(".")[2]] == media_type
    assert find_published_file(tmp_path, name) is None
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / name).write_bytes(b"x")
    (tmp_path / FOLDER / f".{name}.new").write_bytes(b"x")
    assert find_published_file(tmp_path, name) == tmp_path / FOLDER / name
    assert list(list_published_files(tmp_path)) == [name]


@pytest.mark.parametrize(
    "name", ["", "current.json", f"../{HASH}.pdf", f"{HASH}.html", f"{HASH}.pdf\n", f"{HASH[1:]}.pdf"]
)
def test_no_other_name_finds_a_file(name: str, tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    for place in (tmp_path, tmp_path / FOLDER):
        for file in ("current.json", f"{HASH}.pdf", f"{HASH}.html"):
            (place / file).write_bytes(b"x")
    assert find_published_file(tmp_path, name) is None
