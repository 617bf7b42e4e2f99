"""`python -m dashboard serve`: the dashboard for others, behind a proxy that ends TLS (docs/operations.md).

`streamlit run` starts the same program, but hands uvicorn no limits and waits for every open page when it is stopped.
The limits of a server stand here alone: `make run`, the units, the image and the documents
start this command, and the site of the proxy keeps within its limits (a test holds one against the other).
"""

import asyncio
import contextlib
import logging
import os
import re
import shutil
import socket
import subprocess
import sys
import webbrowser
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from itertools import chain
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dashboard import outbound, stopping
from dashboard.campaign.blank import is_blank, keep_out_of_git
from dashboard.campaign.copies.reading_copy import is_copy
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.sources import SECRETS
from dashboard.campaign.uploads import has_inbox
from dashboard.command_line import JsonOption
from dashboard.commands.console import Campaign, find_settings, open_campaign, print_done, refusals
from dashboard.errors import UserError
from dashboard.ground.base_urls import is_local
from dashboard.paths import IS_INSTALLED, PROGRAM, PROJECT, SAMPLE_FOLDER, SHIPPED_CAMPAIGN
from dashboard.settings import FIELDS, OTHERS, LogSettings, Settings, read_again

if TYPE_CHECKING:
    import uvicorn

PORT = 8501
LIMITS: dict[str, Any] = {
    # One place reads what a proxy says of the client, and trusts the named proxies only.
    "proxy_headers": False,
    "server_header": False,
    "access_log": False,
    # Its parser ends a request whose headers do not end; the faster one collects them without a limit.
    "http": "h11",
    "h11_max_incomplete_event_size": 65_536,
    "limit_concurrency": 2_000,
    # Longer than the proxy keeps a connection that it does not use, so that it never sends into one that is closed.
    "timeout_keep_alive": 75,
    # From SIGTERM on: answers that are underway may end, then their connections are cut.
    "timeout_graceful_shutdown": 8,
    "ws": "dashboard.web.guard.limits:Handshakes",
    # A page's messages are clicks and words; files come by another way.
    "ws_max_size": 2_097_152,
    "ws_ping_interval": 20.0,
    "ws_ping_timeout": 20.0,
    "ws_per_message_deflate": True,
}
"""The options of uvicorn."""
MOST_SECONDS_OF_A_RUN = 5.0
"""How long a running page may go on once the server is told to end."""
WATCHDOG_SECONDS = 15
"""How often the system's manager hears that the process answers, where it asks for it."""

_KINDS = "|".join(sorted({"HOST", *chain(*SECRETS.values())}))
_OF_SOURCE = re.compile(rf"DASHBOARD_SOURCE_[A-Z0-9_]+_({_KINDS})(_FILE)?")
"""A source's secret, the file of one, or the host that they are for."""

Address = Annotated[str, typer.Option(metavar="ADDRESS", help="Where to listen; 0.0.0.0 in a container.")]
Port = Annotated[int, typer.Option(metavar="PORT", help="The port.", min=0, max=65_535)]
Drain = Annotated[
    float,
    typer.Option(
        "--drain",
        metavar="SECONDS",
        help="After SIGTERM, go on for so long while /readyz says no: for balancers that ask it.",
        min=0,
        max=60,
    ),
]
Check = Annotated[bool, typer.Option("--check", help="Only say whether these settings are fit for a server.")]


def serve(
    campaign: Campaign = None,
    address: Address = "127.0.0.1",
    port: Port = PORT,
    drain: Drain = 0.0,
    only_check: Check = False,
    as_json: JsonOption = False,
) -> None:
    """Serve the dashboard to others, behind a proxy with TLS, until SIGTERM."""
    with refusals(as_json):
        settings = _find_settings(campaign)
        os.environ["DASHBOARD_CAMPAIGN"] = str(settings.campaign)
        os.environ["STREAMLIT_SERVER_MAX_UPLOAD_SIZE"] = str(settings.upload_mb)
        read_again()
        check_settings(settings, address)
        is_for_oneself = settings.staff_is_open and not _is_public(settings, address)
        faults = [*list_misspelt(os.environ), *([] if is_for_oneself else list_faults(settings))]
        for sentence in (*faults, *list_remarks(settings)):
            print(sentence, file=sys.stderr)
        if only_check and faults:
            raise UserError("The settings are not fit for a server.", "Mend what stands above.")
        if only_check:
            sentence = f"The settings are fit for a server. Campaign: {settings.campaign}. Address: {settings.base_url}"
            print_done(sentence, as_json, campaign=settings.campaign, address=settings.base_url)
            return
        listener = listen(address, port)
    from dashboard.web.guard import ending

    if str(PROGRAM) not in sys.path:
        sys.path.insert(0, str(PROGRAM))
    server = make_server(drain=drain)
    listening = f"Listening on {address}:{listener.getsockname()[1]} for {settings.base_url}"
    oneself = f"The dashboard's address: {settings.base_url}  (stop with Ctrl+C)"
    print_done(
        oneself if is_for_oneself else listening, as_json, port=listener.getsockname()[1], address=settings.base_url
    )
    with listener, stopping.ending_well():
        server.run(sockets=[listener])
    ending.ENDING.set()  # and stays so: sessions' remains are for the next server
    if not server.started:
        raise typer.Exit(3)


Sample = Annotated[bool, typer.Option("--sample", help="Begin with the fictional sample where nothing is there yet.")]
NoBrowser = Annotated[bool, typer.Option("--no-browser", help="Only print the address; do not open the browser.")]
FOR_ONESELF = {"DASHBOARD_STAFF": "open", "DASHBOARD_NEWSLETTER": "on", "DASHBOARD_LOG_LEVEL": "warning"}
"""The settings of one who works on this computer alone, where no others are set."""


def start(
    campaign: Campaign = None,
    address: Address = "127.0.0.1",
    port: Port = PORT,
    sample: Sample = False,
    no_browser: NoBrowser = False,
    as_json: JsonOption = False,
) -> None:
    """Build a campaign and open its pages on this computer; an installed program begins with a fictional sample."""
    own_address = f"http://127.0.0.1:{port}"
    for_oneself = FOR_ONESELF if is_local(f"http://{address}") else {}
    for name, value in {**for_oneself, "DASHBOARD_BASE_URL": own_address}.items():
        os.environ.setdefault(name, value)
    with refusals(as_json):
        folder = _find_settings(campaign).campaign
        if is_blank(folder) and (sample or (IS_INSTALLED and folder.name == SAMPLE_FOLDER)):
            _copy_sample(folder)
        listen(address, port).close()
    command = [sys.executable, "-P", "-m", "etl", "build", "--campaign", str(folder)]
    if folder.is_dir() and not has_inbox(folder) and CampaignFolder(folder).samples.is_dir():
        print("Preparing the fictional sample, which takes some seconds …", file=sys.stderr)
        command.append("--quiet")  # the account of its files is nobody's work
    path = os.pathsep.join([str(PROJECT), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {**os.environ, "PYTHONPATH": path}
    if subprocess.run(command, env=environment, check=False).returncode:  # noqa: S603  (this program's own command)
        raise typer.Exit(1)
    has_screen = os.name == "nt" or sys.platform == "darwin" or "DISPLAY" in os.environ
    if has_screen and sys.stdout.isatty() and not no_browser:
        opening = Timer(OPENING_SECONDS, webbrowser.open, [own_address])
        opening.daemon = True
        opening.start()
    serve(folder, address, port, as_json=as_json)


OPENING_SECONDS = 3.0
"""The time until the server answers; a browser that comes earlier says that nobody is there."""
BUILT = ("inbox", "published", "private")
"""The folders of the shipped campaign that are made, not shipped."""


def _copy_sample(folder: Path) -> None:
    """Copy the shipped campaign with its samples, for somebody to look at and to change."""
    for file in SHIPPED_CAMPAIGN.rglob("*"):
        place = file.relative_to(SHIPPED_CAMPAIGN)
        if file.is_file() and file.suffix not in {".py", ".pyc"} and place.parts[0] not in BUILT:
            (folder / place).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, folder / place)  # without its modes: an installation is only read
    keep_out_of_git(folder)
    print(f"A sample campaign, all of it fictional, is in {folder} now.", file=sys.stderr)


def make_server(app: Any = "app:app", *, drain: float = 0.0, **options: Any) -> "uvicorn.Server":
    """Make the server, which tells the system's manager when it is ready, that it is well and that it stops.

    `drain`: seconds for which it goes on once it is told to stop.
    `options`: options of uvicorn in place of `LIMITS`.
    """
    import uvicorn

    from dashboard.web.guard import ending

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            # Its lines hold people's searches. Streamlit turns `access_log` on again.
            logging.getLogger("uvicorn.access").disabled = True
            tell_manager("READY=1")

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            tell_manager("STOPPING=1")
            with ending.begun():
                await asyncio.sleep(drain)
                for listening in self.servers:  # newcomers are refused at once, and ask the next server
                    listening.close()
                await ending.move_pages(MOST_SECONDS_OF_A_RUN)
                await super().shutdown(sockets)

    async def tell_well() -> None:
        tell_manager("WATCHDOG=1")

    watched = {"callback_notify": tell_well, "timeout_notify": WATCHDOG_SECONDS}
    return Server(uvicorn.Config(app, **{**LIMITS, **watched, **options}))


def tell_manager(state: str) -> None:
    """Tell systemd, where it has started this process (`sd_notify`); a library for one datagram would be more code."""
    name = os.environ.get("NOTIFY_SOCKET", "")
    if not name or not hasattr(socket, "AF_UNIX"):
        return
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.connect("\0" + name[1:] if name.startswith("@") else name)
        manager.sendall(state.encode())


def listen(address: str, port: int) -> socket.socket:
    """Open a socket that listens, before anything is loaded, so that a refusal comes at once.

    Raises:
        UserError: the address is none of this computer, or the port is taken or not to be had.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name != "nt":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, port))
        listener.listen(2_048)
    except OSError as error:
        listener.close()
        raise UserError(
            f"Nothing can listen on {address}:{port}: {error.strerror or error}.",
            "Stop the program that does, or give another --address or --port (with make: PORT=8600).",
        ) from error
    listener.setblocking(False)
    return listener


def check_settings(settings: Settings, address: str) -> None:
    """Check whether a server may start with these settings, before readers meet a fault."""
    folder = _find_folder(settings)
    outbound.client_options(settings)
    if _is_public(settings, address) and settings.staff_is_open and not settings.staff_password:
        raise UserError(
            "DASHBOARD_STAFF=open would open the staff pages to everybody.",
            "Leave it out, or serve on 127.0.0.1 with DASHBOARD_BASE_URL=http://127.0.0.1.",
        )
    parts = ("published", "private") if is_copy(settings) else ("inbox", "published", "private")
    for name in ("", *parts) if folder.exists() else ("",):
        _check_writable(folder / name)


def _is_public(settings: Settings, address: str) -> bool:
    return not (is_local(f"http://{address}") and is_local(settings.base_url))


def _find_settings(campaign: Path | None) -> Settings:
    """Find the settings for a campaign folder, also for one still to be made: the page New campaign makes it."""
    if campaign is None or campaign.exists():
        return find_settings(campaign)
    return Settings.from_environment().model_copy(update={"campaign": campaign.resolve()})


def _find_folder(settings: Settings) -> Path:
    """Find the campaign folder; a missing one can still be made, but not on a reading copy."""
    if is_blank(settings.campaign) and not is_copy(settings):
        return settings.campaign
    return CampaignFolder(settings.campaign).root


def list_misspelt(environment: Mapping[str, str]) -> list[str]:
    """List the variables that have no effect, since name or value is wrong; a sentence each."""
    _, wrong = LogSettings.from_environment(environment)
    return [*_list_unknown(environment), *([] if wrong is None else map(" ".join, wrong.faults.values()))]


def list_faults(settings: Settings) -> list[str]:
    """List the faults of settings for a public server; a sentence each. It starts all the same, as for a trial."""
    from dashboard.access.passwords import Gate, gate  # other commands would load its library in vain

    faults = []
    if is_local(settings.base_url):
        faults.append(f"DASHBOARD_BASE_URL is {settings.base_url}, which others cannot open. Write the public address.")
    elif not settings.base_url.startswith("https://"):
        faults.append("DASHBOARD_BASE_URL does not begin with https://: passwords and sessions would go unprotected.")
    if gate(settings) is not Gate.SIGN_IN and not is_copy(settings):
        faults.append(
            "Nobody can sign in: set DASHBOARD_STAFF_PASSWORD_HASH, or write a provider into private/providers.toml "
            "(docs/security.md)."
        )
    return faults


def _list_unknown(environment: Mapping[str, str]) -> Iterator[str]:
    """List the variables that begin as settings do and are none: misspelt ones, which would have no effect."""
    for name in sorted(environment):
        if not name.startswith("DASHBOARD_") or name in FIELDS.keys() | OTHERS or _OF_SOURCE.fullmatch(name):
            continue
        near = get_close_matches(name, FIELDS, 1, 0.8)
        yield f"{name} is no setting. " + (f"Is {near[0]} meant?" if near else "docs/settings.md lists all of them.")


def list_remarks(settings: Settings) -> list[str]:
    """List settings that an operator probably did not mean; a sentence each, and no reason not to start."""
    remarks = []
    if not settings.campaign.exists():
        remarks.append(f"There is no folder {settings.campaign} yet: the page New campaign makes it, for staff.")
    if is_local(settings.base_url):
        return remarks
    if not settings.trusted_proxies:
        remarks.append("DASHBOARD_TRUSTED_PROXIES is not set: behind a proxy, all readers count as one.")
    if settings.has_newsletter and is_copy(settings):
        remarks.append("DASHBOARD_NEWSLETTER is on at a reading copy: who signs up here is known only here.")
    ranges = [name for name in outbound.list_direct() if "/" in name]
    if ranges and outbound.has_proxy():
        remarks.append(f"NO_PROXY names {', '.join(ranges)}: ranges are not taken, only names and addresses.")
    return remarks


def _check_writable(folder: Path) -> None:
    place = folder if folder.exists() else folder.parent
    if not os.access(place, os.W_OK | os.X_OK):
        raise UserError(
            f"Nothing can be written to {folder}.",
            "Give the user that runs the dashboard the campaign folder, with all that is in it.",
        )


def mcp(campaign: Campaign = None, as_json: JsonOption = False) -> None:
    """Answer an assistant on standard input and output, by the Model Context Protocol."""
    with refusals(as_json):
        settings, _ = open_campaign(campaign)
        from dashboard.web.assistants.protocol import serve_streams

        asyncio.run(serve_streams(settings))
