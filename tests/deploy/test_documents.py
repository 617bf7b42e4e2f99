"""The documents are followed word by word: each command that they show is run, in their order, in a fresh folder."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from itertools import dropwhile, takewhile
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest
from typer.testing import CliRunner

from benchmarks.servers import find_free_port
from dashboard import __main__ as dashboard_program
from dashboard.paths import PROJECT
from etl import __main__ as etl_program
from tests import moto_server
from tests.deploy.running import PATIENCE, make_environment
from tests.etl.sources.far_sides import KoboToolbox, serving

NOT_RUN = {
    "make test": "it runs these tests",
    "make wheelhouse": "it fetches every package, as test_installing.py does",
    "sh deploy/install.sh --to /opt/dashboard/2026-01 --wheelhouse": "test_installing.py installs so",
    "sh deploy/roll.sh": "there is one server here; test_replicas.py has several",
    "systemctl disable --now dashboard-serve": "as above",
    "systemctl enable --now dashboard-serve@8501": "as above",
    "pip-audit ": "it asks a database of weaknesses",
    "tar xf ": "there is no such backup; test_backup.py opens one",
    "age -d ": "as above",
    "podman ": "test_image.py builds the image and runs it, where a builder of images is at hand",
    "docker ": "as above",
    "make wheel": "test_wheel.py builds one, and runs what it installs",
    "python -m dashboard start": "as above: it goes on until it is ended",
    "python3 -m venv .venv": "make does so",
    ".venv/bin/python -m": "as above",
    "python -m pip install -r requirements-dev.txt": "as above",
    "python -m pytest -m": "make test does so",
    "python -m dashboard serve": "make serve does so",
    "nginx -t": "it wants a certificate; test_site.py has one",
    "[Service]": "a line of a unit",
    "IPAddress": "a line of a unit",
    "ssh-keyscan ": "the host is an example",
    "ssh-keygen -lf ": "the key is that of another computer's server",
}
"""The beginnings of lines that cannot be run, and the reasons."""
SERVERS = ("make run", "make serve", "python -m etl watch")
"""Commands that go on until they are ended."""
AS_ROOT = re.compile(r"(install|systemctl|sudo) |sh deploy/install|DASHBOARD_\w+=")
"""Commands for a server in the documents for users; they are run behind `operations.md`, on a server."""
FOR_USERS = ("README.md", "docs/start.md", "docs/recipes.md", "docs/sources.md", "docs/operations.md#Public files")
FOR_SERVERS = "docs/operations.md"
IN_THE_PROJECT = ("make ", "python -m ", ". .venv")
"""The beginnings of commands typed in the project's folder, with its environment."""
TAKES_LONG = ("make ", "python -m etl watch", "python -m etl verify")
"""Commands that only the nightly run tries: they build, or go on until they are ended."""
LEFT = {
    "docs/start.md": ["my-campaign/.gitignore"],
    "docs/recipes.md": ["data/recipes/mangrove_promises.toml", "mangrove-promises.csv"],
}
"""The leftovers of following a document that git would take."""
GIVEN = {
    "python -m etl recipe FILE": "python -m etl recipe 'data/samples/Promesses d'\\''action 2021 (Google Forms).csv'",
    "python -m etl forget EMAIL": "python -m etl forget nobody@example.org",
    "python -m etl verify FILE": "python -m dashboard extract --to a.xlsx && python -m etl verify a.xlsx && rm a.xlsx",
    "python -m etl check FILE": "python -m etl check mangrove-promises.csv",
    "python -m etl check FILE --campaign FOLDER": "python -m etl check mangrove-promises.csv --campaign data",
    "python -m etl validate FILE": "python -m etl validate mangrove-promises.csv",
    "python -m etl build": "cp mangrove-promises.csv data/inbox/ && python -m etl build",
    "python -m etl decide keep ID": "python -m etl decide --help",  # nothing has gone that could be kept
    "python -m etl fetch NAME --whole": "python -m etl fetch midyear --whole",
}
"""Placeholders in sentences, and their values; blocks run as they stand."""


_CAMPAIGN, _SHIPPED = "/srv/dashboard/campaign", "/opt/dashboard/2026-01/program/data"
_PASSWORD = "s/^DASHBOARD_STAFF_PASSWORD=$/&a sample password/"  # noqa: S105
ON_A_SERVER = {
    rf"^install -d {_CAMPAIGN}/inbox$": rf"\g<0> && cp data/samples/*.xlsx data/samples/*.csv {_CAMPAIGN}/inbox/",
    r"^(install .* (/etc/dashboard/settings.env)) +#.*": rf"\1 && sed -i '{_PASSWORD}' \2",
    rf"^\(cd {_CAMPAIGN}": rf"\g<0> && cp -r {_SHIPPED}/recipes {_SHIPPED}/codelists . && echo >> codelists/themes.csv",
}
"""The reader's steps between a document's commands, or its preconditions."""


SECRET = "a-sample-secret"  # noqa: S105
"""The text typed where a command reads a passphrase or a token."""


TYPED = ("", "sh", "bash")
"""The languages of blocks that hold commands."""
_FENCE = re.compile(r" *```(\w*)")
_SPAN = re.compile(r"`([^`]+)`")
_PROGRAMS = r"\.|sudo|sh|make|python3?|systemctl|ln|git|podman|docker|curl|nginx|ssh-key\w+|etl|dashboard"
_COMMAND = re.compile(rf"(?:{_PROGRAMS}) [^.;].*|/opt/\S+/bin/.+")
_OF_FILE = re.compile(r".*`([\w./-]+\.\w+)`[^`]*:")


class Shown(NamedTuple):
    """A command or a file in a document.

    Attributes:
        place: The document and the line, as `README.md:19`.
        text: A command on one line, or the content of a file.
        file: The file with this content; empty for a command.
        is_block: Whether it stands in a block, so that readers copy it unchanged.
    """

    place: str
    text: str
    file: str = ""
    is_block: bool = True


def read_document(document: str) -> Iterator[Shown]:
    """Read the commands and files of a document, in order.

    A block of another language is a file where the line before it names one. For `docs/operations.md#Public files`,
    read only below that heading.
    """
    document, _, heading = document.partition("#")
    lines = iter(list(enumerate((PROJECT / document).read_text(encoding="utf-8").splitlines(), 1)))
    if heading:
        section = list(dropwhile(lambda line: line[1] != f"## {heading}", lines))
        lines = iter([section[0], *takewhile(lambda line: not line[1].startswith("## "), section[1:])])
    before = ""
    for number, line in lines:
        place, text = f"{document}:{number}", line.strip()
        if fence := _FENCE.match(line):
            block = []
            for _, inside in lines:
                if _FENCE.match(inside):
                    break
                block.append(inside)
            file = _OF_FILE.fullmatch(before)
            if fence[1] in TYPED:
                yield from (Shown(f"{document}:{number + at}", one) for at, one in enumerate(block, 1) if one.strip())
            elif file:
                yield Shown(place, "\n".join(block) + "\n", file[1])
        elif line.startswith("    ") and text:
            while text.endswith("\\"):
                text = f"{text[:-1].rstrip()} {next(lines)[1].strip()}"
            yield Shown(place, text)
        else:
            spans = [span[1] for span in _SPAN.finditer(line)]
            yield from (Shown(place, span, is_block=False) for span in spans if _COMMAND.fullmatch(span))
        before = text or before


class Session:
    """A terminal: its folder and exported variables stay from one command to the next."""

    def __init__(self, clone: Path, own: Mapping[str, str], begin: Sequence[str] = ()) -> None:
        self.clone, self.begin = clone, begin
        self.state = clone.parent / "state"
        self.environment = {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": str(clone.parent), **own}
        self.state.write_text(f"cd {shlex.quote(str(clone))}\n", encoding="utf-8")

    def start(self, text: str, **streams: Any) -> "subprocess.Popen[bytes]":
        state = shlex.quote(str(self.state))
        leave = f"code=$?; {{ export -p; echo cd \"'$PWD'\"; }} > {state}; exit $code"
        script = f". {state}\n{text}\n{leave}"
        return subprocess.Popen(
            [*self.begin, "bash", "-c", script], env=self.environment, start_new_session=True, **streams
        )

    def run(self, text: str) -> tuple[int, str]:
        """Return the exit code of a command, and its output; type a passphrase where it asks for one."""
        pipe = subprocess.PIPE
        with self.start(text, stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT) as process:
            said, _ = process.communicate(f"{SECRET}\n".encode(), timeout=600)
        return process.returncode, said.decode(errors="replace")

    def write(self, file: str, text: str) -> None:
        """Add to a file, which need not be there; its place is seen from the project's folder."""
        written = self.start(f"cat >> {shlex.quote(str(self.clone / file))}", stdin=subprocess.PIPE)
        written.communicate(text.encode())
        assert written.returncode == 0, file

    def serve(self, text: str, is_well: Callable[[str], bool]) -> tuple[int, str]:
        """Return 0 where a lasting command is well at last, and its output; end it as Ctrl+C does."""
        log = self.clone.parent / "server.log"
        end = time.monotonic() + 2 * PATIENCE
        with log.open("wb") as lines:
            process = self.start(text, stdin=subprocess.DEVNULL, stdout=lines, stderr=lines)
            try:
                while not (well := is_well(log.read_text(errors="replace"))) and process.poll() is None:
                    if time.monotonic() > end:
                        break
                    time.sleep(0.2)
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGINT)
                try:
                    process.wait(30)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
                    raise
        return int(not well), log.read_text(errors="replace")


def make_clone(folder: Path) -> Path:
    """Clone the project, with an environment that has its packages, as if `make run` had installed them."""
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        capture_output=True,
        check=True,
    )
    files = [Path(name) for name in names.stdout.decode().split("\0") if name and (PROJECT / name).is_file()]
    rooms = {file.parent for file in files if file.suffix == ".py"}
    code = [path.relative_to(PROJECT) for room in rooms for path in (PROJECT / room).glob("__pycache__/*.pyc")]
    clone = folder / "clone"
    for file in (*files, *code):  # with their days, by which Python matches its bytecode to the file
        (clone / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(PROJECT / file, clone / file)
    environment = make_environment(clone / ".venv")
    for stamp in ("installed-to-run", "installed-to-develop"):
        (environment / stamp).touch()
    for command in (("init", "--quiet"), ("add", "--all")):  # added is as good as committed
        subprocess.run(["git", "-C", str(clone), *command], check=True)
    return clone


def follow(shown: Sequence[Shown], session: Session, given: Mapping[str, str], port: int) -> None:
    """Run the commands of a document; only check the name of one in a sentence without its arguments.

    Raises:
        AssertionError: one fails; it is named with its document and line.
    """
    done = set()
    for one in shown:
        if one.file:
            session.write(one.file, put_in(one.text, given))
            continue
        text = put_in(GIVEN.get(one.text, one.text) if not one.is_block else one.text, given)
        if one.text.startswith(tuple(NOT_RUN)) or (text in done and not one.is_block):
            continue
        done.add(text)
        if text.startswith(("etl ", "dashboard ")):
            check_name(one)
        elif text.startswith(SERVERS):
            is_watch = "watch" in text
            code, said = session.serve(text, is_at_work if is_watch else lambda _: answers(port))
            assert code == 0, f"{one.place}: {one.text}\n{said[-3_000:]}"
        else:
            code, said = session.run(text)
            is_named = not one.is_block and code == 2 and ("Missing" in said or "Usage" in said)
            assert code == 0 or is_named, f"{one.place}: {one.text}\nexit code {code}\n{said[-3_000:]}"


def put_in(text: str, given: Mapping[str, str]) -> str:
    """Replace, by patterns, the parts of a text that mean other computers or fetched files."""
    for pattern, other in given.items():
        text = re.sub(pattern, other, text)
    return text


def check_name(one: Shown) -> None:
    """Check that a command exists with its options; a sentence calls it by the program's name alone."""
    program, *words = one.text.split()
    app = etl_program.app if program == "etl" else dashboard_program.app
    names = [word for word in words if re.fullmatch("[a-z][a-z-]+", word)]
    told = CliRunner().invoke(app, [*names, "--help"], env={"COLUMNS": "200"})
    missing = [word for word in words if word.startswith("--") and word not in told.output]
    assert told.exit_code == 0 and not missing, f"{one.place}: {one.text}"


def is_at_work(said: str) -> bool:
    """Whether the watching command has looked at the campaign."""
    return len(said.splitlines()) > 2


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def find_common_python() -> str:
    """Find a Python of this version that every user may run; the test is skipped where there is none."""
    common = shutil.which(f"python3.{sys.version_info.minor}", path="/usr/local/bin:/usr/bin")
    check = ["setpriv", "--reuid=65534", "--clear-groups", common or sys.executable, "-c", f"open({duckdb.__file__!r})"]
    if os.getuid() or subprocess.run(check, capture_output=True, check=False).returncode:
        pytest.skip("a server is made by root, of a Python and packages that other users may read")
    return check[3]


@contextmanager
def own_system(folder: Path) -> Iterator[tuple[list[str], Path]]:
    """Return the prefix of a command with a separate /etc, /opt, /srv and /var; all in them is gone at the end.

    With it comes a folder of programs: `systemctl.py` stands for systemd, and another for sudo where there is none.
    """
    programs, layers = folder / "programs", folder / "layers"
    programs.mkdir()
    layers.mkdir()
    stands_for = {"systemctl": f'exec {sys.executable} {Path(__file__).with_name("systemctl.py")} "$@"'}
    if shutil.which("sudo") is None:
        stands_for["sudo"] = 'user=$2; shift 2; exec setpriv --reuid="$user" --regid="$user" --init-groups "$@"'
    for name, line in stands_for.items():
        (programs / name).write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
        (programs / name).chmod(0o755)
    steps = [f"mount -t tmpfs tmpfs {layers}"]
    for name in ("etc", "opt", "srv", "var"):
        options = f"lowerdir=/{name},upperdir={layers}/{name}/new,workdir={layers}/{name}/work"
        steps.append(
            f"mkdir -p {layers}/{name}/new {layers}/{name}/work && mount -t overlay overlay -o {options} /{name}"
        )
    steps.append("mkdir -p /etc/nginx/sites-available /etc/nginx/sites-enabled")
    apart = ["unshare", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child"]
    script = f"{' && '.join(steps)} && echo ready && exec sleep infinity"
    with subprocess.Popen([*apart, "sh", "-c", script], stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        try:
            assert process.stdout is not None
            if (said := process.stdout.readline()) != b"ready\n":
                pytest.skip(f"no folders of one's own can be had here: {said.decode()}")
            [child] = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
            yield ["nsenter", f"--target={child}", "--mount", "--pid", "--"], programs
        finally:
            process.kill()


@contextmanager
def survey(folder: Path) -> Iterator[dict[str, str]]:
    """Serve a form of two answers as KoboToolbox; yield the replacements for its address and for its token's file."""
    rows = [[f"OFF-{n}", "completed", "", str(n), f"uuid-{n}", f"2021-07-0{n}T09:00:00"] for n in (1, 2)]
    header = ["action_id", "action_status", "narrative", "_id", "_uuid", "_submission_time"]
    side = KoboToolbox(header, rows)
    side.token = SECRET
    token = folder / "kobo-token"
    token.write_text(side.token, encoding="utf-8")
    token.chmod(0o600)
    with serving(side) as address:
        host = address.removeprefix("http://")
        yield {
            r"https://kf\.kobotoolbox\.org": address,
            r"kf\.kobotoolbox\.org": host,
            "/etc/dashboard/kobo-token": str(token),
        }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("document", "left_out"),
    [
        ("docs/start.md", TAKES_LONG),
        *(pytest.param(name, (), marks=pytest.mark.nightly) for name in FOR_USERS),
    ],
)
def test_what_a_document_shows_to_be_typed_works(document: str, left_out: tuple[str, ...], tmp_path: Path) -> None:
    clone, port = make_clone(tmp_path), find_free_port()
    own = {"PORT": str(port), "DASHBOARD_SOURCE_NETWORKS": "127.0.0.1"}
    shown = [one for one in read_document(document) if one.file or not AS_ROOT.match(one.text)]
    shown = [one for one in shown if not one.text.startswith(left_out)]
    first = [one for one in shown if one.file.endswith(".csv")]  # the files that an example needs exist
    with ExitStack() as stack:
        given = stack.enter_context(survey(tmp_path))
        try:
            own |= stack.enter_context(moto_server.serving("bucket")) if "Public files" in document else {}
        except moto_server.MissingMotoError:  # tests of public files say why
            shown = [one for one in shown if "s3://" not in one.text]
        session = Session(clone, own)
        follow([*first, *(one for one in shown if one not in first)], session, given, port)
    untracked = ["git", "-C", str(clone), "ls-files", "--others", "--exclude-standard"]
    left = subprocess.run(untracked, capture_output=True, text=True, check=True).stdout.split()
    assert left == ([] if left_out else LEFT.get(document, [])), "git add would take nothing else"


@pytest.mark.nightly
def test_a_server_comes_about_and_is_upgraded_as_the_document_shows(open_folder: Path) -> None:
    clone, port = make_clone(open_folder), find_free_port()
    python = find_common_python()
    packages = make_environment(open_folder / "packages", python)
    shown = [one for one in read_document(FOR_SERVERS) if not one.text.startswith(IN_THE_PROJECT)]
    sources = [one for one in read_document("docs/sources.md") if one.file or AS_ROOT.match(one.text)]
    sources = [one._replace(file=one.file and "/srv/dashboard/campaign/campaign.toml") for one in sources]
    with survey(open_folder) as given, own_system(open_folder) as (begin, programs):
        session = Session(clone, {"STAND_IN_PORT": str(port)}, begin)
        session.environment["PATH"] = f"{programs}:{session.environment['PATH']}"
        given |= {
            ":8501/": f":{port}/",
            r"^sh deploy/install\.sh --to \S+-01$": rf"\g<0> --environment {packages}",
            r"^sh deploy/install\.sh --to \S+-02$": r"\g<0> --environment /opt/dashboard/2026-01/environment",
        }
        follow(shown, session, given | ON_A_SERVER, port)
        code, said = session.run("ls /srv/dashboard/campaign/recipes /srv/dashboard/campaign/codelists")
        assert (code, said.split()[1:]) == (0, ["themes.csv", "/srv/dashboard/campaign/recipes:"]), said
        given |= {r"^DASHBOARD_.*": r"echo '\g<0>' >> /etc/dashboard/settings.env"}
        session.run(f"cd {clone}; echo DASHBOARD_SOURCE_NETWORKS=127.0.0.1 >> /etc/dashboard/settings.env")
        follow(sources, session, given, port)
        assert session.run("rm -r /opt/dashboard/2026-01; /opt/dashboard/current/bin/etl --help")[0] == 0


def test_what_is_not_run_is_shown_somewhere() -> None:
    shown = [one for document in (*FOR_USERS, FOR_SERVERS) for one in read_document(document)]
    assert [start for start in NOT_RUN if not any(one.text.startswith(start) for one in shown)] == []
    assert [text for text in GIVEN if not any(one.text == text and not one.is_block for one in shown)] == []
