"""A campaign's codelists and keywords as tables, which builds with the same ones begin with (`pipeline.workspace`)."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import duckdb

from dashboard import languages
from dashboard.campaign import codelists as lists
from dashboard.campaign.codelists import CODELISTS, KEYWORDS
from dashboard.campaign.folder import CampaignFolder
from etl.pipeline.suggest import load_keywords, read_keywords
from etl.recipes.codelists import load_codelists
from etl.sqlfiles import run_step
from etl.texts.folding import Folding


class ListedWords:
    """The codelists and keywords of one campaign, in the languages that readers may choose."""

    def __init__(self, folder: CampaignFolder, offered: Sequence[str]) -> None:
        """Know where they stand; nothing is read yet."""
        self._folder, self._offered = folder, offered

    def hash_sources(self) -> str:
        """Everything that decides what they say, beside the ETL itself: files, languages, what reads the files.

        Raises:
            CampaignError: a file cannot be read.
        """
        digest = hashlib.sha256(repr(tuple(self._offered)).encode())
        for module in (lists, languages):
            digest.update(hashlib.sha256(Path(str(module.__file__)).read_bytes()).digest())
        for name in (*CODELISTS, KEYWORDS):
            digest.update(f"{name} {self._folder.has_own_codelist(name)}".encode())
            for place in (self._folder, self._folder.shipped):
                path = place.codelist_file(name)
                content = path.read_bytes() if path.is_file() else b""
                digest.update(hashlib.sha256(content).digest())
        return digest.hexdigest()

    def load(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Read them and put them into an empty work database, with the words that are looked for.

        Raises:
            CampaignError: a file says what it cannot, as `dashboard.campaign.codelists` and `read_keywords` say.
        """
        fold = Folding(connection, is_defined=True)
        codelists = lists.load_codelists(self._folder, fold.fold_bare)
        load_codelists(connection, codelists, self._offered)
        load_keywords(connection, read_keywords(self._folder, codelists))
        for step in ("10_listed_spellings", "10_listed_terms"):
            run_step(connection, step)
