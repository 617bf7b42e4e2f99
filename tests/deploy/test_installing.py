"""The script of installation: its copies and refusals, and an installation from a wheelhouse, without a network."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from deploy import packages
from tests.deploy.running import (
    DEPLOY,
    VERSION,
    as_nobody,
    fill_wheelhouse,
    install,
    make_environment,
    make_unwritable,
    serving,
)
from tests.snapshots import publish_fixture


def test_what_cannot_be_installed_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    here = ("--environment", sys.prefix, "--python", sys.executable)
    old = tmp_path / "python"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    other = tmp_path / "other" / "program"
    other.mkdir(parents=True)
    (other / "requirements.txt").write_text("older==1\n")
    (other.parent / "environment" / "bin").mkdir(parents=True)
    (other.parent / "environment" / "bin" / "python").symlink_to(sys.executable)
    for to, options, said in (
        ("full", here, "is not empty. Install each version into a folder of its own."),
        ("new", ("--python", str(old)), "is no Python 3.11 or newer."),
        ("new", ("--environment", str(tmp_path)), "is no environment of Python."),
        ("new", ("--environment", str(other.parent / "environment")), "has the packages of another requirements.txt."),
        ("new", ("--colour",), "There is no option --colour:"),
        ("new", ("--wheelhouse", str(tmp_path / "none")), "There is no folder"),
        ("new", ("--wheelhouse",), "--wheelhouse needs a value."),
    ):
        answer = install(tmp_path / to, *options)
        assert answer.returncode == 1 and said in answer.stderr, answer
        assert len(answer.stderr.strip().splitlines()) == 1


def test_help_says_how_it_is_called() -> None:
    answer = subprocess.run(["sh", str(DEPLOY / "install.sh"), "--help"], capture_output=True, text=True, check=True)
    options = ("--to", "--wheelhouse", "--environment", "--python")
    assert [option for option in options if option not in answer.stdout] == [] and "#" not in answer.stdout


FAILING_PYTHON = """#!/bin/sh
case $* in
    *"-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
    *packages.py*) printf '%s\\n' "$@"; exit 1 ;;
esac
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Return a small program, in a folder that was worked in."""
    source = tmp_path / "source"
    for name in ("inbox/export.csv", "private/contacts.duckdb", "published/current.json", "decisions.csv"):
        (source / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        (source / "data" / name).write_text("Sample Person 001")
    for name in ("dashboard", "etl", "pages", ".streamlit", "data/codelists", "data/recipes", "data/samples"):
        (source / name).mkdir(parents=True, exist_ok=True)
        (source / name / "__main__.py").write_text("")
    for name in ("app.py", "LICENSE", "requirements.txt", "data/campaign.toml", "data/inbox/.gitkeep"):
        (source / name).write_text("")
    shutil.copytree(DEPLOY, source / "deploy", ignore=shutil.ignore_patterns("__pycache__"))
    make_unwritable(source)
    return source


def test_what_failed_half_way_is_begun_anew_and_paths_may_have_spaces(source: Path, tmp_path: Path) -> None:
    (tmp_path / "wheel house").mkdir()
    python = tmp_path / "python that fails"
    python.write_text(FAILING_PYTHON)
    python.chmod(0o755)
    command = ["sh", str(source / "deploy" / "install.sh"), "--to", str(tmp_path / "to there")]
    failed = subprocess.run(
        [*command, "--wheelhouse", str(tmp_path / "wheel house"), "--python", str(python)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert failed.returncode == 1 and failed.stderr.endswith("give the same command again.\n")
    assert str(tmp_path / "wheel house") in failed.stdout.splitlines()
    command += ["--environment", str(make_environment(tmp_path / "environment"))]
    again = subprocess.run(command, capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    done = subprocess.run([tmp_path / "to there" / "bin" / "etl"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    third = subprocess.run(command, capture_output=True, text=True, check=False)
    assert third.returncode == 1 and "is not empty" in third.stderr, "an installation is never changed"


def test_files_of_a_folder_that_was_worked_in_stay_there(source: Path, tmp_path: Path) -> None:
    former = make_environment(tmp_path / "environment")
    command = ["sh", str(source / "deploy" / "install.sh"), "--to", str(tmp_path / "to"), "--environment", str(former)]
    answer = subprocess.run(
        [*as_nobody(), *command], capture_output=True, text=True, check=False, env={"PATH": os.environ["PATH"]}
    )
    assert answer.returncode == 0, answer.stderr
    program = tmp_path / "to" / "program"
    copied = {path.relative_to(program).as_posix() for path in program.rglob("*") if "__pycache__" not in path.parts}
    assert {"app.py", "dashboard/__main__.py", "data/campaign.toml", ".streamlit", "deploy/health.py"} <= copied
    found = [path for path in program.rglob("*") if path.is_file() and b"Sample Person" in path.read_bytes()]
    assert found == []
    assert not (program / "app.py").stat().st_mode & 0o222, "nobody changes an installation"
    foreign = tmp_path / "foreign" / "etl"
    foreign.mkdir(parents=True)
    (foreign / "__main__.py").write_text("print('code of the folder in which it is typed')")
    shutil.rmtree(former)  # as when the older version is removed
    command = [str(tmp_path / "to" / "bin" / "etl")]
    answer = subprocess.run(command, cwd=foreign.parent, capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "", "")


def test_commands_by_hand_have_the_settings_of_the_server(tmp_path: Path) -> None:
    script = (DEPLOY / "install.sh").read_text(encoding="utf-8")
    wrapper = script[script.index("for name in dashboard etl") : script.index('"$to/bin/dashboard" --help')]
    (tmp_path / "bin").mkdir()
    subprocess.run(["sh", "-ec", f"to={tmp_path}\n{wrapper}"], check=True)
    python = tmp_path / "environment" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\nenv; printf "%s\\n" "$*"\n')
    python.chmod(0o755)
    settings = tmp_path / "settings.env"
    hashed = "$argon2id$v=19$m=1,t=1,p=1$c2FsdA$aGFzaA"
    settings.write_text(
        f"# a remark=1\nDASHBOARD_STAFF_PASSWORD_HASH='{hashed}'\nDASHBOARD_CACHE_MB=64\nDASHBOARD_UPLOAD_MB=7\n"
        'DASHBOARD_SMTP_FROM="2021 Actions <news@example.org>"\nHTTPS_PROXY=http://u:$(touch x)`id`@proxy\n'
        "lower=1\nNO WAY=1\n$(id)=1\nDASHBOARD_LAST=no line break"
    )
    (tmp_path / "link").symlink_to(tmp_path / "bin" / "etl")
    given = {"PATH": os.environ["PATH"], "DASHBOARD_SETTINGS_FILE": str(settings), "DASHBOARD_UPLOAD_MB": "9"}
    answer = subprocess.run(
        [str(tmp_path / "link"), "history", "a  b"], env=given, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    lines = answer.stdout.splitlines()
    assert {
        f"DASHBOARD_STAFF_PASSWORD_HASH={hashed}",
        "DASHBOARD_CACHE_MB=64",
        "DASHBOARD_UPLOAD_MB=9",
        "DASHBOARD_SMTP_FROM=2021 Actions <news@example.org>",
        "HTTPS_PROXY=http://u:$(touch x)`id`@proxy",
        "DASHBOARD_LAST=no line break",
        f"PYTHONPATH={tmp_path}/program",
        "PYTHONSAFEPATH=1",
    } <= set(lines)
    assert lines[-1] == "-m etl history a  b" and not any(line.startswith(("lower", "NO WAY")) for line in lines)
    assert not (tmp_path / "x").exists() and answer.stderr == ""


def test_how_far_the_packages_are_is_said_and_what_nobody_reads_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    pip, listed, folder = tmp_path / "pip", tmp_path / "list.txt", tmp_path / "packages"
    lines = "".join(f"echo Collecting p{number}\n" for number in range(20))
    pip.write_text(f'#!/bin/sh\n{lines}echo Installing collected packages: all\necho "$@" >&2\nexit $STATE\n')
    pip.chmod(0o755)
    listed.write_text("".join(f"p{number}==1 --hash=sha256:0\n" for number in range(20)))
    read = ("pandas/core.py", "pandas/_libs.so", "babel/locale-data/fr.dat", "plotly/package_data/plotly.min.js")
    unread = ("pandas/tests/test_core.py", "uvloop/loop.c", "pydeck/nbextension/a.js", "pyarrow/libarrow_flight.so")
    for name in (*read, *unread):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    monkeypatch.setattr(sys, "executable", str(pip))
    monkeypatch.setattr(sysconfig, "get_path", lambda _: str(folder))
    for state, stands in (("1", {*read, *unread}), ("0", {*read})):
        monkeypatch.setenv("STATE", state)
        assert packages.main(["--require-hashes", "-r", str(listed), "--slim"]) == int(state)
        said = capfd.readouterr()
        assert said.err.split()[:4] == ["-m", "pip", "install", "--no-compile"] and "--slim" not in said.err
        assert said.out.splitlines()[1] == "Fetching packages: 20 of 20"
        found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
        assert found == stands, "what is not whole is left as it is"


@pytest.mark.nightly
def test_a_wheelhouse_installs_without_a_network_and_starts_as_another_user(open_folder: Path) -> None:
    python = shutil.which("python3.11", path="/usr/bin") or sys.executable
    uid = 65_534 if os.getuid() == 0 and python.startswith("/usr/") else None
    if subprocess.run([python, "-c", "import ensurepip"], capture_output=True, check=False).returncode:
        pytest.skip(f"{python} cannot make environments: install python3-venv")
    wheels = open_folder / "wheelhouse"
    version = subprocess.run([python, "-c", VERSION], capture_output=True, text=True, check=True).stdout.strip()
    fill_wheelhouse(wheels, version)
    closed = {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_CONFIG_FILE": os.devnull, "PATH": os.environ["PATH"]}
    command = ["sh", str(DEPLOY / "install.sh"), "--to", str(open_folder / "first"), "--python", python]
    made = subprocess.run(
        [*command, "--wheelhouse", str(wheels)], env=closed, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
    newer = install(open_folder / "second", "--environment", str(open_folder / "first" / "environment"))
    assert newer.returncode == 0, newer.stderr
    campaign = open_folder / "campaign"
    publish_fixture(campaign)
    for path in (campaign, *campaign.rglob("*")) if uid else ():
        os.chown(path, uid, uid)
    for version in ("first", "second", "first"):  # up, and back
        with serving(open_folder / version, campaign, open_folder, {}, as_nobody(uid)):
            pass
    damaged = next(wheels.glob("itsdangerous-*.whl"))
    damaged.write_bytes(damaged.read_bytes() + b"x")
    command[3] = str(open_folder / "third")
    refused = subprocess.run(
        [*command, "--wheelhouse", str(wheels)], env=closed, capture_output=True, text=True, check=False
    )
    assert refused.returncode and "DO NOT MATCH THE HASHES" in refused.stderr
