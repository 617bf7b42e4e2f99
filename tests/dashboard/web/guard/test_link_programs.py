"""Programs with a signed link, over a real connection: pandas by password, curl by address, the server's own log."""

import base64
import logging
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError

import httpx
import pandas as pd
import pytest
import uvicorn
from starlette.applications import Starlette

from dashboard import server
from dashboard.access.signed_links import open_links
from dashboard.web import extracts
from dashboard.web.site import NO_PAGES
from tests.signed_in import make_link, write_roles
from tests.snapshots import copy_published

REGISTER = ("/extracts/actions.csv", "region=africa&lang=en")


@pytest.fixture(scope="module")
def folder(campaign_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("closed and served")
    copy_published(campaign_folder, folder)
    write_roles(folder, closed=True)
    return folder


@pytest.fixture
def base(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of the campaign's server, with all that stands before its routes."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(folder))
    monkeypatch.setenv("DASHBOARD_BASE_URL", address)
    app = Starlette(routes=server.routes(), middleware=server.middleware(NO_PAGES))
    serving = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, lifespan="off"))
    thread = threading.Thread(target=serving.run, daemon=True)
    thread.start()
    while not serving.started:
        time.sleep(0.01)
    yield address
    serving.should_exit = True
    thread.join(10)
    extracts.close()


def test_programs_get_the_file_and_the_log_has_no_token(
    base: str, folder: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("uvicorn.access"), "disabled", False)
    caplog.set_level(logging.INFO, "uvicorn.access")
    links = open_links(folder / "private")
    link, token = make_link(links, *REGISTER)
    address = f"{base}{REGISTER[0]}?{REGISTER[1]}"
    asked = httpx.get(address, headers={"accept": "*/*"})  # as Excel asks first, which then shows its dialogue
    assert (asked.status_code, asked.headers["www-authenticate"].partition(" ")[0]) == (401, "Basic")
    password = base64.b64encode(f"link:{token}".encode()).decode()
    by_password = pd.read_csv(address, storage_options={"Authorization": f"Basic {password}"})
    by_address = pd.read_csv(f"{address}&token={token}")
    pd.testing.assert_frame_equal(by_password, by_address)
    assert len(by_password) > 0
    assert set(by_password["Regions"].str.contains("Africa")) == {True}
    links.revoke(link.handle)
    with pytest.raises(HTTPError, match="410"):
        pd.read_csv(address, storage_options={"Authorization": f"Basic {password}"})
    logged = [record.getMessage() for record in caplog.records if record.name.startswith(("uvicorn", "dashboard"))]
    assert any(REGISTER[0] in line for line in logged)
    assert not any("dl_" in line for line in logged)
