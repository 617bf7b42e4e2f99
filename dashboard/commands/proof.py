"""`python -m dashboard receipt` and `proof`: the origin of a file, and whether it agrees with a snapshot.

`python -m etl verify` asks both, with the snapshot that it makes again from the kept inputs.
"""

import json
import re
import urllib.error
import urllib.request
from dataclasses import asdict, replace
from email.message import Message
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urljoin, urlsplit

import typer

from dashboard import outbound
from dashboard.command_line import JsonOption, print_json
from dashboard.commands.console import Campaign, find_settings, refusals
from dashboard.errors import UserError
from dashboard.scratch import Scratch
from dashboard.settings import Settings
from dashboard.snapshot.receipts.receipt import NAME, VERSION, Receipt, read_receipt

Of = Annotated[str, typer.Option("--of", metavar="ADDRESS", help="What a file is, where it carries no receipt.")]

SECONDS = 60
MOST_BYTES = 500_000_000
_DESCRIBED = re.compile(r'<([^>]+)>;[^,]*\brel="?describedby"?', re.IGNORECASE)
_AGENT = "dashboard-verify"


class FetchedFile:
    """A named file or address, once it is on the disk.

    Attributes:
        of: The address that it came from; empty for a file.
        described: The description that the answer named; it has the receipt of rows of text.
    """

    def __init__(self, name: str, into: Path, number: int) -> None:
        """Take the content of an address; a file stays where it is.

        Raises:
            UserError: it is not there, or too large.
        """
        self.name, self.of, self.described = name, "", b""
        if urlsplit(name).scheme in ("http", "https"):
            self.of = name
            content, headers = _fetch(name)
            self.path = into / f"{number}"
            self.path.write_bytes(content)
            match = _DESCRIBED.search(headers.get("link", ""))
            if match:
                self.described, _ = _fetch(urljoin(name, match[1]))
            return
        self.path = Path(name)
        if not self.path.is_file():
            raise UserError(f"There is no file {name}.", "Name a file, or an address that begins with http.")
        if self.path.stat().st_size > MOST_BYTES:
            raise UserError(f"{name} is too large.", f"Files of up to {MOST_BYTES // 1_000_000} MB are read.")


def receipt(
    files: Annotated[list[str], typer.Argument(metavar="FILE|URL…", help="Files, or addresses of them.")],
    of: Of = "",
    into: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder for what is fetched from addresses.", hidden=True)
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show what files are of: build, selection and the hash of their values, as they carry it."""
    faults = 0
    with Scratch("receipt") as scratch:
        for number, name in enumerate(files):
            try:
                report = _read(FetchedFile(name, into or Path(scratch), number), of)
            except UserError as error:
                faults += 1
                report = {"ok": False, "file": name, "what": error.what, "remedy": error.remedy}
            print_json(report) if as_json else _print(report)
    if faults:
        raise typer.Exit(1)


def _read(source: FetchedFile, of: str) -> dict[str, Any]:
    from dashboard.snapshot.receipts.kinds import find_receipts, tell_kind

    content = source.path.read_bytes()
    try:
        kind = tell_kind(content)
        receipts = find_receipts(content, kind)
    except ValueError as error:
        raise UserError(
            f"{source.name} cannot be read: it is damaged, or too large.", "Take it again from the dashboard."
        ) from error
    is_own = bool(receipts)
    is_rows = kind == "csv" or (kind == "json" and content.lstrip()[:1] == b"[")
    if not receipts and (of or (source.of and is_rows)):
        receipts = [_describe(of or source.of, kind, source.described)]
    if not receipts:
        place = (
            "Rows of text have no place for one." if is_rows else "It is not the dashboard's, or lost it on the way."
        )
        raise UserError(
            f"{source.name} carries no receipt. {place}",
            "Name the address that it came from (--of ADDRESS), or take the file again from the dashboard.",
        )
    return {
        "ok": True,
        "file": source.name,
        "path": str(source.path),
        "kind": kind,
        "is_own": is_own,
        "receipts": [{NAME: VERSION, **asdict(one)} for one in receipts],
    }


def _describe(of: str, kind: str, described: bytes) -> Receipt:
    """Make the receipt of a file without one: its address, and the build that its description or the address names."""
    from urllib.parse import parse_qs

    receipt_facts = json.loads(described).get("receipt") if described else None
    build = (parse_qs(urlsplit(of).query).get("build") or [""])[-1]
    plain = Receipt(of=of, form=kind, build=build)
    if not receipt_facts:
        return plain
    description = read_receipt(json.dumps(receipt_facts))
    # A chart's rows have one hash in all forms.
    values = description.values if description.form == "metadata.json" else ""
    return replace(description, of=of, form=kind, build=build or description.build, values=values)


def proof(
    files: Annotated[list[str], typer.Argument(metavar="FILE…")],
    campaign: Campaign = None,
    of: Of = "",
    templates: Annotated[
        list[Path] | None,
        typer.Option("--template", metavar="FILE", help="The campaign's design of decks, or of documents; repeated."),
    ] = None,
    made_again: Annotated[
        bool, typer.Option("--made-again", hidden=True, help="The campaign's build is that of all files, made again.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Hold files against what their builds give, figure by figure: as published, changed, or of an earlier build.

    `of` is a receipt, or empty: then files carry theirs.
    """
    from dashboard.files.briefings.order import tell_template
    from dashboard.web.verifying.proof import Prover

    with refusals(as_json):
        settings = find_settings(campaign)
        designs = {tell_template(one): one for one in templates or ()}
        prover = Prover(settings, designs, is_made_again=made_again)
    differs = False
    for name in files:
        try:
            content = Path(name).read_bytes()
            report = {"file": name, **prover.prove(content, [read_receipt(of)] if of else None).state()}
        except UserError as error:
            report = {"ok": False, "file": name, "what": error.what, "remedy": error.remedy}
        except OSError as error:
            report = {"ok": False, "file": name, "what": f"{name} cannot be read: {error.strerror}.", "remedy": ""}
        differs |= not report["ok"]
        print_json(report) if as_json else _print(report)
    if differs:
        raise typer.Exit(1)


def _print(report: dict[str, Any]) -> None:
    """Print a report for a person."""
    if "what" in report:
        print(f"{report['what']} {report['remedy']}")
        return
    print(f"{report['file']}: {report.get('says', '')}".rstrip())
    for one in report["receipts"]:
        print(f"  build {one['build']} of {one.get('campaign') or 'an unknown campaign'}: {one['of']}")
        print(f"  values {one.get('values') or 'not hashed'}, program {one.get('program') or 'unknown'}")
    for part in report.get("parts", ()):
        print(f"  {part['place']}: {part['says']}")
        for name, words in (("should", "should be"), ("now", "is now")):
            for one in (one for one in part["changed"] + part["now"] if name in one):
                print(f"    {one['place']}: says {one['says']}; {words} {one[name]}")
        for sentence in part["remarks"]:
            print(f"    {sentence}")


def _fetch(address: str) -> tuple[bytes, Message]:
    """Fetch an answer with its headers.

    Raises:
        UserError: there is no answer, or it is too large.
    """
    request = urllib.request.Request(address, headers={"user-agent": _AGENT, "accept": "*/*"})  # noqa: S310  (http)
    try:
        tls = outbound.make_tls(Settings.from_environment().ca_file)
        with urllib.request.urlopen(request, timeout=SECONDS, context=tls) as answer:  # noqa: S310  (http, checked before)
            content = answer.read(MOST_BYTES + 1)
            headers: Message = answer.headers
    except urllib.error.HTTPError as error:
        raise UserError(f"{address} answers {error.code}.", "Open it in a browser: it says why.") from error
    except (OSError, ValueError) as error:
        raise outbound.explain(error, address) from error
    if len(content) > MOST_BYTES:
        raise UserError(f"{address} is too large.", f"Files of up to {MOST_BYTES // 1_000_000} MB are read.")
    return content, headers
