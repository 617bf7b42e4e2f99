"""A campaign's codelists and keywords as tables, which builds with the same ones begin with (`pipeline.workspace`).

Keywords suggest a class to an action that has none, as the codelists' own spellings do
(`etl/sql/steps/75_suggest_classes.sql`).
"""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb

from dashboard import languages
from dashboard.campaign import codelists as lists
from dashboard.campaign.codelists import KEYWORDS, read_lines
from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import CampaignError
from dashboard.ground.codelist_codes import CODELISTS, Code
from dashboard.languages import is_language, list_languages
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.recipes.codelists import load_codelists
from etl.sqlfiles import insert_rows, run_step
from etl.texts.folding import Folding

SUGGESTED_LISTS = ("stakeholder_groups", "categories", "themes", "countries", "subregions", "regions")
COLUMNS = ("codelist", "code", "language", "keyword")
EXCLUDED = "-"  # in front of a keyword: these words suggest nothing, whatever the codelist says
STEM = "*"  # behind it: any word that begins so
_SHORTEST_STEM = 4
_LAST_WORD = re.compile(r"(\w*)\*$")


class Keyword(NamedTuple):
    """One line of the keyword list."""

    codelist: str
    code: str
    keyword: str


def read_keywords(folder: CampaignFolder, codelists: dict[str, list[Code]]) -> list[Keyword]:
    """Read the campaign's keyword list, else the shipped one without the codes that the campaign does not have.

    Raises:
        CampaignError: the file cannot be read, or a line names an unknown list, code or language, or is no keyword.
    """
    path = folder.codelist_file(KEYWORDS)
    member_keys = {(name, code.code) for name in SUGGESTED_LISTS for code in codelists[name]}
    is_own = folder.root != SHIPPED_CAMPAIGN and path.is_relative_to(folder.root)
    keywords = []
    for number, row in read_lines(path, COLUMNS):
        keyword = Keyword(row["codelist"], row["code"], row["keyword"])
        fault = _fault(keyword, row["language"])
        is_known = keyword.keyword.startswith(EXCLUDED) or keyword[:2] in member_keys
        if fault is None and not is_known and is_own:
            fault = f"{keyword.code} is no code of {keyword.codelist}.csv"
        if fault is not None:
            raise CampaignError(f"{path}, line {number}: {fault}.", "Correct or remove that line.")
        if is_known:
            keywords.append(keyword)
    return keywords


def _fault(line: Keyword, language: str) -> str | None:
    """Describe the fault of a line; None where there is none."""
    if line.codelist not in SUGGESTED_LISTS:
        return f"{line.codelist or 'an empty cell'} is not one of {', '.join(SUGGESTED_LISTS)}"
    if not is_language(language):
        return f"the language {language or 'is empty'} is not the code of one, such as {', '.join(list_languages())}"
    words = line.keyword.removeprefix(EXCLUDED).removesuffix(STEM)
    if not re.search(r"\w", words) or STEM in words or "|" in words:
        return f"{line.keyword or 'an empty cell'} is no keyword (one a line, a * only at its end)"
    stem = _LAST_WORD.search(line.keyword)
    if stem and len(stem[1]) < _SHORTEST_STEM:
        return f"{line.keyword} has fewer than {_SHORTEST_STEM} letters before its *"
    return None


class ListedWords:
    """The codelists and keywords of one campaign, in the languages that readers may choose."""

    def __init__(self, folder: CampaignFolder, offered: Sequence[str]) -> None:
        """Note the folder and the languages; nothing is read yet."""
        self._folder, self._offered = folder, offered

    def hash_sources(self) -> str:
        """Hash everything that decides their content beside the ETL itself: files, languages, the readers of the files.

        Raises:
            CampaignError: a file cannot be read.
        """
        digest = hashlib.sha256(repr(tuple(self._offered)).encode())
        for module in (lists, languages):
            digest.update(hashlib.sha256(Path(str(module.__file__)).read_bytes()).digest())
        places = (self._folder, self._folder.shipped)
        for name in (*CODELISTS, KEYWORDS):
            digest.update(f"{name} {self._folder.has_own_codelist(name)}".encode())
            for place in places:
                path = place.codelist_file(name)
                content = path.read_bytes() if path.is_file() else b""
                digest.update(hashlib.sha256(content).digest())
        return digest.hexdigest()

    def load(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Read them and put them into an empty work database, with the words to search for.

        Raises:
            CampaignError: a file is wrong, as described by `dashboard.campaign.codelists` and `read_keywords`.
        """
        fold = Folding(connection, is_defined=True)
        codelists = lists.load_codelists(self._folder, fold.fold_bare)
        load_codelists(connection, codelists, self._offered)
        insert_rows(connection, "keywords", read_keywords(self._folder, codelists))
        for step in ("10_listed_spellings", "10_meant_spellings", "10_listed_terms"):
            run_step(connection, step)
