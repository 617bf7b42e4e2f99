"""Settings come from the environment; wrong ones are reported together, and docs/settings.md lists all of them."""

import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dashboard.ground.logs import begin
from dashboard.paths import PROJECT, SHIPPED_CAMPAIGN
from dashboard.settings import FIELDS, SECRETS, Settings, SettingsError
from tests.etl.program import run_etl

PAGE = PROJECT / "docs" / "settings.md"
SECRET = "a word that is told nobody"  # noqa: S105


def test_variables_are_read_defaults_hold_without_them_and_nobody_changes_settings_in_force(tmp_path: Path) -> None:
    usual = Settings.from_environment({})
    assert (usual.campaign, usual.base_url, usual.cache_mb) == (SHIPPED_CAMPAIGN, "http://127.0.0.1:8501", 128)
    assert Settings.from_environment(dict.fromkeys(FIELDS, "")) == usual
    told = {
        "CAMPAIGN": str(tmp_path),
        "BASE_URL": "https://example.org/actions/",
        "CACHE_MB": " 7 ",
        "PUBLIC_NAMES": "Figures.example.org, [::1]",
        "TRUSTED_PROXIES": "127.0.0.1 10.0.0.1/8",
        "SECURITY_CONTACT": "security@example.org https://example.org/report",
        "STAFF": "Open",
        "STAFF_PASSWORD": f" {SECRET} ",
        "SMTP_FROM": "News <news@example.org>",
    }
    read = Settings.from_environment({f"DASHBOARD_{name}": value for name, value in told.items()})
    assert (read.campaign, read.base_url, read.cache_mb) == (tmp_path, "https://example.org/actions", 7)
    assert read.public_names == ("figures.example.org", "::1")
    assert [str(network) for network in read.trusted_proxies] == ["127.0.0.1/32", "10.0.0.0/8"]
    assert read.security_contact == ("mailto:security@example.org", "https://example.org/report")
    assert read.staff_is_open and read.staff_password == f" {SECRET} "
    assert read.mail_sender == "News <news@example.org>"
    with pytest.raises(ValueError, match="frozen"):
        setattr(Settings.from_environment({}), "cache_mb", 1)  # noqa: B010  (which mypy refuses otherwise)


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("UPLOAD_MB", "lots", "is 'lots'. Write a whole number."),
        ("CACHE_MB", "-1", "is '-1'. Write a whole number, 0 at least."),
        ("BUILDS_KEPT", "0", "is '0'. Write a whole number, 1 at least."),
        ("SMTP_PORT", "70000", "is '70000'. The most is 65535."),
        ("SMTP_SECURITY", "maybe", "is 'maybe'. It can be one of: starttls, tls, none."),
        ("STAFF", "yes", "is 'yes'. It can be one of: closed, open."),
        ("BASE_URL", "figures.example.org", "is no address of a site. Write https://"),
        ("BASE_URL", "https://figures.example.org:port", "is no address of a site. Write https://"),
        ("SERVER_NAME", "Left 1", "is 'Left 1'. Use up to 32 small letters"),
        ("PUBLIC_NAMES", "a.example.org https://b", "names 'https://b', which is no name of a host. Write names"),
        ("TRUSTED_PROXIES", "10.0.0.0/8 nginx", "names 'nginx', which is neither an address nor a network. Write"),
        ("FRAME_ANCESTORS", "https://a.example.org;", "names 'https://a.example.org;', which is no site. Write"),
        ("SECURITY_CONTACT", "somebody", "names 'somebody', which is no address. Write security@"),
        ("SECURITY_POLICY", "policy", "names 'policy', which is no address. Write security@"),
        ("STAFF_PASSWORD_HASH", SECRET, "is no hash"),
        ("STORE", "s3://[bucket", "is no address of an object store. Write s3://"),
        ("STORE", "ftp://bucket", "is 'ftp://bucket', which is no address of an object store. Write s3://"),
    ],
)
def test_a_wrong_value_is_one_sentence_and_what_to_do(variable: str, value: str, said: str) -> None:
    with pytest.raises(SettingsError) as error:
        Settings.from_environment({f"DASHBOARD_{variable}": value})
    assert str(error.value).startswith(f"DASHBOARD_{variable} {said}")
    assert len(str(error.value).splitlines()) == 1


def test_several_wrong_values_are_told_together_and_no_secret_is_not_even_with_the_settings() -> None:
    environment = {
        "DASHBOARD_UPLOAD_MB": "lots",
        "DASHBOARD_STAFF_PASSWORD_HASH": SECRET,
        "DASHBOARD_STORE": f"s3://key:{SECRET}@bucket",
        "DASHBOARD_BASE_URL": f"https://user:{SECRET}@example.org",
        **{name: SECRET for name in SECRETS},
    }
    with pytest.raises(SettingsError) as error:
        Settings.from_environment(environment)
    assert error.value.faults.keys() == environment.keys() - SECRETS | {"DASHBOARD_STAFF_PASSWORD_HASH"}
    assert [line.split()[0] for line in str(error.value).splitlines()] == list(error.value.faults)
    assert SECRET not in str(error.value) and error.value.__context__ is error.value.__cause__ is None
    secrets = dict.fromkeys(SECRETS, SECRET) | {"DASHBOARD_STAFF_PASSWORD_HASH": f"$argon2{SECRET}"}
    assert len(secrets) == 5 and SECRET not in repr(Settings.from_environment(secrets))


WRONG = {"DASHBOARD_UPLOAD_MB": "lots", "DASHBOARD_CACHE_MB": "many"}


def assert_refused(said: str) -> None:
    assert "DASHBOARD_UPLOAD_MB is 'lots'. Write a whole number." in said
    assert "DASHBOARD_CACHE_MB is 'many'. Write a whole number." in said


def test_neither_server_nor_commands_begin_with_wrong_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in WRONG.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(begin, "begin", lambda: None)
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(PROJECT / "app.py"), run_name="app")
    assert_refused(str(ended.value))
    refused = run_etl("build")
    assert refused.returncode == 1
    assert_refused(refused.stderr)


@pytest.mark.nightly
@pytest.mark.parametrize(
    "command",
    [("uvicorn", "app:app", "--port", "0"), ("etl", "build"), ("streamlit", "run", "app.py"), ("dashboard", "extract")],
    ids=lambda words: words[0],
)
def test_no_process_begins_with_wrong_settings(command: tuple[str, ...], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=PROJECT,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "DASHBOARD_CAMPAIGN": str(tmp_path), **WRONG},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1 and "Traceback" not in done.stderr, done.stderr
    assert_refused(done.stderr)


def test_the_page_has_the_table_that_is_made_of_the_declaration(tmp_path: Path) -> None:
    page = Path(shutil.copy(PAGE, tmp_path))
    subprocess.run([sys.executable, "-m", "dashboard.settings", page], cwd=PROJECT, check=True)
    text = PAGE.read_text(encoding="utf-8")
    assert page.read_text(encoding="utf-8") == text, "Run: python -m dashboard.settings docs/settings.md"
    assert "| `DASHBOARD_CACHE_MB` | `128` | Memory kept for answers to repeated queries, in MB. |" in text
    assert [line.split("`")[1] for line in text.splitlines() if line.startswith("| `DASHBOARD_")] == list(FIELDS)
