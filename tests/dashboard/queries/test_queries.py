"""Every query file: it prepares against a snapshot, and takes the parameters that it declares."""

import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dashboard.campaign.builds import FIRST_PUBLISHED
from dashboard.campaign.evidence_steps import STEPS
from dashboard.i18n import translator
from dashboard.measures.evidence import ROLES, name_evidence
from dashboard.measures.latest import first_known
from dashboard.paths import QUERIES
from dashboard.snapshot.database import MACROS, Snapshot, query_text
from tests.shipped import LANGUAGES

FOLDERS = ("*.sql", "milestones/*.sql", "evidence/*.sql")
NAMES = sorted(
    str(path.relative_to(QUERIES).with_suffix(""))
    for pattern in FOLDERS
    for path in QUERIES.glob(pattern)
    if path.stem not in MACROS
)


def declared_parameters(text: str) -> set[str]:
    """The names in the comment's `Parameters:` sentence, explanations in brackets left out."""
    comment = "\n".join(line[2:].strip() for line in text.splitlines() if line.startswith("--"))
    stated = comment.split("Parameters:", 1)[1]
    stated = re.split(r"\.(?:\s|$)", re.sub(r"\([^)]*\)", "", stated).replace("\n", " "))[0]
    return {name.strip() for name in re.split(r"[,;]", stated) if name.strip() and name.strip() != "none"}


def test_a_query_says_its_question_grain_and_parameters_and_is_one_statement_that_takes_them() -> None:
    for name in NAMES:
        text = query_text(name)
        assert text.startswith("-- "), name
        comment = "\n".join(line for line in text.splitlines() if line.startswith("--"))
        assert [word for word in ("?", "Grain:", "Parameters:") if word not in comment] == [], name
        (statement,) = duckdb.extract_statements(text)
        assert set(statement.named_parameters) == declared_parameters(text), name


def test_a_query_can_be_planned(snapshot: Snapshot, first_published: Path) -> None:
    first_known(snapshot)  # which makes the tables that some queries read
    values = _VALUES | {"file": str(first_published)}
    for name in NAMES:
        (statement,) = duckdb.extract_statements(query_text(name))
        parameters = {parameter: values.get(parameter) for parameter in statement.named_parameters}
        with snapshot.cursor() as cursor:
            assert cursor.execute(f"explain {query_text(name)}", parameters).fetchall(), name


@pytest.fixture(scope="module")
def first_published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("published") / FIRST_PUBLISHED
    with duckdb.connect() as connection:
        connection.sql("select uuid() as entry_id, timestamptz '2022-01-10 09:00:00Z' as known_at").write_parquet(
            str(file)
        )
    return file


_VALUES: dict[str, Any] = {
    "as_of": "2021-12-31",
    "dimension": "theme",
    "row_dimension": "theme",
    "column_dimension": "region",
    "words": "Côte d'Ivoire",
    "limit": 10,
    "offset": 0,
    "sort": "title",
    "descending": False,
    "action_id": "FIX-001",
}


def test_steps_and_roles_of_evidence_are_called_as_on_the_pages(snapshot: Snapshot) -> None:
    with snapshot.cursor() as cursor:
        for lang in LANGUAGES:
            words = name_evidence(snapshot, lang)
            for step in STEPS:
                asked = {"code": step, "words": words["step_words"]}
                [(word,)] = cursor.execute("select step_in($code, $words)", asked).fetchall()
                assert word == snapshot.codes["evidence"][step].labels[lang]
            for role, label in ROLES.items():
                asked = {"code": role, "words": words["role_words"]}
                [(word,)] = cursor.execute("select role_in($code, $words)", asked).fetchall()
                assert word == translator(lang)(label)
