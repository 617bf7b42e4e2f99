"""Stands for systemd where it does not run: starts and ends commands of units, with their user and settings.

It ignores systemd's confinement. It refuses a missing unit, as systemd does.
"""

import configparser
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

UNITS = Path("/etc/systemd/system")
STATE = Path("/var/lib/stand-in")
SECONDS = 90.0


def read_unit(name: str) -> dict[str, str]:
    """Read a service's files under `[Service]`; of several values of a key take the last."""
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    stem = name.removesuffix(".service")
    files = [UNITS / f"{stem}.service", *UNITS.glob("dashboard-.service.d/*"), *UNITS.glob(f"{stem}.service.d/*")]
    if not files[0].is_file():
        sys.exit(f"Unit {stem}.service not found.")
    unit.read(files)
    return dict(unit["Service"])


def start(name: str) -> None:
    said = read_unit(name)
    lines = Path(said["EnvironmentFile"]).read_text(encoding="utf-8").splitlines()
    settings = dict(line.split("=", 1) for line in lines if re.match(r"[A-Z]", line))
    settings |= {"PATH": "/usr/bin:/bin"}
    place = STATE / name
    place.mkdir(parents=True)
    shutil.chown(place, said["User"])
    if given := said.get("LoadCredential"):
        credential, _, source = given.partition(":")
        shutil.copy(source, place / credential)
        shutil.chown(place / credential, said["User"])
    command = re.sub(r"\$\{(\w+)\}", lambda variable: settings[variable[1]], said["ExecStart"]).replace(
        "%d", str(place)
    )
    words = [*shlex.split(command), *(("--port", os.environ["STAND_IN_PORT"]) if name == "dashboard-serve" else ())]
    become = ["setpriv", f"--reuid={said['User']}", f"--regid={said['Group']}", "--init-groups"]
    if said["Type"] == "oneshot":
        done = subprocess.run([*become, *words], env=settings, check=False)
        shutil.rmtree(place)
        sys.exit(done.returncode)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told, (place / "log").open("wb") as log:
        told.bind(str(place / "notify"))
        shutil.chown(place / "notify", said["User"])
        told.settimeout(SECONDS)
        settings |= {"NOTIFY_SOCKET": str(place / "notify")}
        process = subprocess.Popen([*become, *words], env=settings, stdout=log, stderr=log, start_new_session=True)
        (place / "pid").write_text(str(process.pid), encoding="utf-8")
        while said["Type"] == "notify" and b"READY=1" not in told.recv(1_000):
            pass


def stop(name: str) -> None:
    place = STATE / name
    if (place / "pid").is_file():
        number = int((place / "pid").read_text(encoding="utf-8"))
        os.kill(number, signal.SIGTERM)
        while Path(f"/proc/{number}/cmdline").is_file() and Path(f"/proc/{number}/cmdline").read_bytes():
            time.sleep(0.05)
        shutil.rmtree(place)


def main(verb: str, *words: str) -> None:
    for name in (word.removesuffix(".service") for word in words if not word.startswith("--")):
        if name.endswith(".timer"):
            read_unit(name.removesuffix(".timer"))
            if not (UNITS / name).is_file():
                sys.exit(f"Unit {name} not found.")
            continue
        read_unit(name)
        if verb == "status":
            print((STATE / name / "log").read_text(encoding="utf-8"))
        if verb in ("stop", "restart"):
            stop(name)
        if verb in ("start", "restart", "enable"):
            start(name)


if __name__ == "__main__":
    main(*sys.argv[1:])
