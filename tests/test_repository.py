"""The promises of the documents hold: commands, links, pinned requirements, a licence."""

import ast
import os
import re
import subprocess
import tomllib
from collections import defaultdict
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

from benchmarks import results
from dashboard.paths import PROJECT

DOCUMENTS = sorted([*PROJECT.glob("*.md"), PROJECT / "data" / "README.md", *(PROJECT / "docs").glob("**/*.md")])
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt", "requirements-spark.txt")


def read(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


def name_of(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def test_relative_links_of_documents_lead_somewhere_and_their_make_commands_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), flags=re.MULTILINE))
    for document in DOCUMENTS:
        whole = document.read_text(encoding="utf-8")
        text = re.sub(r"```.*?```", "", whole, flags=re.DOTALL)
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if "://" in target or target.startswith(("mailto:", "#")):
                continue
            place, _, anchor = target.partition("#")
            file = document.parent / place
            assert file.exists(), f"{name_of(document)} links to {target}"
            assert not anchor or anchor in anchors(file), f"{name_of(document)} links to {target}"
        for span in re.findall(r"`(make [^`]*)`|^(make .*)$", whole, flags=re.MULTILINE):
            command = (span[0] or span[1]).split("#")[0].split()
            named = [word for word in command[1:] if "=" not in word]
            assert named[:1] == [] or named[0] in targets, f"{name_of(document)}: {' '.join(command)}"


@cache
def anchors(file: Path) -> set[str]:
    """Return the anchors of a document's headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def test_documents_that_the_program_names_are_there() -> None:
    pattern = r"docs/[a-zA-Z/.-]+\.md(#[a-z0-9-]+)?"
    command = ["git", "grep", "--untracked", "-hoE", pattern, "--", ":!*.md"]
    named = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout.split()
    assert len(named) > 20
    for name, _, anchor in {target.partition("#") for target in named}:
        assert (PROJECT / name).is_file(), name
        assert not anchor or anchor in anchors(PROJECT / name), f"{name}#{anchor}"


TARGETS = ["run", "build", "test", "test-quick", "test-nightly", "check", "bench", "audit", "wheelhouse", "clean"]


def test_make_lists_its_commands_and_knows_what_to_do() -> None:
    lines = [line.split("#")[0].strip() for line in read("README.md").splitlines()]
    assert {"make run", "make test"} <= set(lines)
    environment = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    for arguments in (["--dry-run", *TARGETS, "help"], []):
        answer = subprocess.run(
            ["make", *arguments], cwd=PROJECT, capture_output=True, text=True, check=False, env=environment
        )
        assert answer.returncode == 0, answer.stderr
    for target in TARGETS:
        assert re.search(rf"^\s*make {target}\s+\S", answer.stdout, flags=re.MULTILINE), target


def test_requirements_are_pinned_with_hashes_and_name_no_source() -> None:
    for name in REQUIREMENTS:
        text = re.sub(r"^\s*#.*\n", "", read(name), flags=re.MULTILINE).replace("\\\n", " ")
        lines = [line for line in text.splitlines() if line.strip()]
        assert lines
        for line in lines:
            assert re.fullmatch(r"[a-z0-9.-]+==[\w.]+( ; [^;]+?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*", line), line
        assert "://" not in read(name)


def test_make_installs_nothing_without_a_hash() -> None:
    makefile = read("Makefile")
    assert re.search(r"^INSTALL := .*--require-hashes", makefile, flags=re.MULTILINE)
    assert "pip install" not in makefile
    assert re.findall(r"\$\(INSTALL\) -r (\S+)", makefile) == list(REQUIREMENTS)


def names(requirements: str) -> set[str]:
    found = re.findall(r"^([A-Za-z0-9-]+)(?:\[[^\]]*\])?(?:==|;|\s*$|\s+#)", requirements, flags=re.MULTILINE)
    return {name.lower() for name in found}


def test_every_direct_requirement_is_compiled_and_both_lists_pin_the_same_versions() -> None:
    project = tomllib.loads(read("pyproject.toml"))
    lists = [project["project"]["dependencies"], *project["dependency-groups"].values()]
    for name, declared in zip(REQUIREMENTS, lists, strict=True):
        assert {re.split(r"[^a-z0-9-]", one.lower())[0] for one in declared} <= names(read(name))
    pinned = [set(re.findall(r"^[a-z]\S+", read(name), flags=re.MULTILINE)) for name in REQUIREMENTS]
    assert pinned[0] <= pinned[1]


def test_settings_of_the_server() -> None:
    config = tomllib.loads(read(".streamlit/config.toml"))
    assert config["server"]["address"] == "127.0.0.1"
    assert config["server"]["fileWatcherType"] == "none"
    assert config["browser"]["gatherUsageStats"] is False
    assert config["runner"]["postScriptGC"] is False
    assert config["logger"]["enableRich"] is False  # it writes values of variables, and not into the log


def test_licence_is_apache() -> None:
    for words in ("Apache License", "END OF TERMS AND CONDITIONS"):
        assert words in read("LICENSE")


def test_continuous_integration_runs_the_documented_commands() -> None:
    assert set(re.findall(r"^(?:nice -n 19 )?make ([a-z-]+)", read(".ci/run"), flags=re.MULTILINE)) == {"test", "check"}
    assert os.access(PROJECT / ".ci" / "run", os.X_OK)


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_file_of_the_program_that_a_document_names_is_there(document: Path) -> None:
    spans = re.findall(r"```.*?```|`[^`]+`", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    folders = "dashboard|etl|pages|tests|benchmarks|deploy"
    named = {name for span in spans for name in re.findall(rf"(?<![\w/.])(?:{folders})/[\w./*-]*[\w*]", span)}
    assert sorted(name for name in named if not any(PROJECT.glob(name))) == []
    assert len(named) > 20 or document.name != "architecture.md"


def test_the_document_on_performance_has_the_table_of_results() -> None:
    document = read("docs/performance.md")
    assert results.write_into(document) == document, "Run: python -m benchmarks.results docs/performance.md"
    assert "| **5** |" in document, "an aim that is missed is bold"
    assert {result["by"] for result in results.read_results()} <= {
        file.stem for file in PROJECT.glob("benchmarks/*.py")
    }


def test_each_benchmark_prints_what_it_measured_beside_its_aims() -> None:
    aims = [result for result in results.read_results() if result.keys() & {*results.AIMS}]
    nameless = set()
    for by in {result["by"] for result in aims}:
        tree = ast.parse(read(f"benchmarks/{by}.py"))
        texts = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr | ast.Constant)]
        names = re.compile("|".join(pattern for pattern in map(as_pattern, texts) if len(pattern) > 12))
        nameless |= {result["what"] for result in aims if result["by"] == by and not names.fullmatch(result["what"])}
    assert nameless == set()
    measured: results.Measured = {
        "a preview of an upload, from the drop": (3.004, None),
        "a preview of something else": (1, None),
    }
    *_, row = results.write_aims("upload_preview", measured).splitlines()
    assert row == "| a preview of an upload, from the drop (`upload_preview`) | 3.0 s |  |  | **3 s** |"


def as_pattern(node: ast.AST) -> str:
    """Return a text of a program as a pattern: what is filled in matches any text."""
    match node:
        case ast.Constant(value=str(text)):
            return re.escape(text)
        case ast.JoinedStr(values=parts):
            return "".join(as_pattern(part) for part in parts)
        case ast.FormattedValue():
            return ".+"
        case _:
            return ""


ONE_MEANING = {
    "answer": "what staff answer: a line of their file, and the command",
    "bars": "the drawing of a rate or of statuses a member",
    "body": "what a page shows first, and the order of the rest",
    "build": "one build: carried out, and started by a command",
    "builds": "the builds that are kept: read, and shown on the page",
    "changes": "what one snapshot has that another has not",
    "choice": "what a reader has chosen, as the link keeps it",
    "classify": "staff's classification: carried out, started by a command, made on the page",
    "codelists": "the campaign's codelists: read, and put into the work database",
    "console": "what every command of a program shares",
    "curve": "the drawing of values over time",
    "decide": "a decision: carried out, started by a command, made on the page",
    "definitions": "what measures and codes mean: declared, and listed on a page",
    "draw": "a chart drawn by one means, for every kind of chart",
    "forget": "erasing a person: carried out, and started by a command",
    "forgetting": "a person taken out of one place: of all that has to do with mails, of the audit log",
    "history": "the builds that are kept: written, and listed by a command",
    "map": "the drawing of countries where they lie",
    "model": "what a page shows, and what the shape of an input is, as plain data",
    "newsletter": "the newsletter signed up for and left, sent by a command, and its page",
    "open_columns": "the columns without a use: read, shown with a choice each, and tried in a preview",
    "open_questions": "what files leave open: found, and drawn",
    "order": "a file ordered from the process that makes it",
    "proof": "files held against what a build gives: carried out, and started by a command",
    "recipe": "proposing a recipe: started by a command, and on the page",
    "replay": "the campaign day by day: one answer, and the slider that moves through it",
    "scatter": "the drawing of countries by two figures",
    "silent": "those who have not answered: found, and asked by a command",
    "stakeholders": "who promised what: found, and the page of all or one of them",
    "surveys": "surveys' questions and answers: built, asked for, and shown on a page",
    "texts": "text in a drawing: its size and its lines",
}
"""Names that modules of several rooms share, because they mean the same idea."""


def test_modules_of_one_name_hold_one_idea_and_none_invites_everything() -> None:
    places = defaultdict(list)
    for path in (path for folder in ("dashboard", "etl") for path in (PROJECT / folder).rglob("*.py")):
        if not path.stem.startswith("__"):
            places[path.stem].append(name_of(path))
    shared = {name: files for name, files in places.items() if len(files) > 1}
    assert {name: files for name, files in shared.items() if name not in ONE_MEANING} == {}
    assert set(ONE_MEANING) <= set(shared)
    stems = {path.stem for folder in ("pages", "benchmarks") for path in (PROJECT / folder).rglob("*.py")} | set(places)
    assert stems & {"utils", "util", "core", "common", "helpers", "misc"} == set()


def test_no_file_knows_the_folder_it_lies_in() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=PROJECT, capture_output=True, check=True,
    )  # fmt: skip
    files = [PROJECT / name for name in listed.stdout.decode().split("\0") if name]
    assert files
    home = str(PROJECT).encode() + b"/"
    assert [name_of(file) for file in files if file.is_file() and home in file.read_bytes()] == []


def test_every_file_of_tests_is_collected(pytestconfig: pytest.Config) -> None:
    passed_over = pytestconfig.getini("norecursedirs")
    folders = {
        folder for path in (PROJECT / "tests").rglob("test_*.py") for folder in path.relative_to(PROJECT).parts[:-1]
    }
    assert [name for name in sorted(folders) if any(fnmatch(name, pattern) for pattern in passed_over)] == []
