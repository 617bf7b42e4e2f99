"""Settings come from the environment, and docs/settings.md lists each with its default and meaning."""

from pathlib import Path

import pytest

from dashboard.paths import PROJECT, SHIPPED_CAMPAIGN
from dashboard.settings import SETTINGS, Setting, Settings

PAGE = (PROJECT / "docs" / "settings.md").read_text(encoding="utf-8")


def test_defaults_hold_without_variables() -> None:
    settings = Settings.from_environment({})
    assert settings.campaign == SHIPPED_CAMPAIGN
    assert settings.base_url == "http://127.0.0.1:8501"
    assert settings.cache_mb == 128


def test_empty_variables_mean_the_default() -> None:
    assert Settings.from_environment({s.variable: "" for s in SETTINGS}) == Settings.from_environment({})


def test_variables_are_read(tmp_path: Path) -> None:
    settings = Settings.from_environment(
        {
            "DASHBOARD_CAMPAIGN": str(tmp_path),
            "DASHBOARD_BASE_URL": "https://example.org/actions/",
            "DASHBOARD_CACHE_MB": "7",
        }
    )
    assert settings.campaign == tmp_path
    assert settings.base_url == "https://example.org/actions"
    assert settings.cache_mb == 7


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda s: s.variable)
def test_page_lists_the_setting(setting: Setting) -> None:
    default = f"`{setting.default}`" if setting.default else "none"
    assert f"| `{setting.variable}` | {default} | {setting.help} |" in PAGE.splitlines()


def test_page_lists_no_other_setting() -> None:
    listed = {line.split("`")[1] for line in PAGE.splitlines() if line.startswith("| `DASHBOARD_")}
    assert listed == {setting.variable for setting in SETTINGS}
