"""`python -m etl verify`: whether a picture, slide, workbook or page agrees with its build.

This program has the inputs, the dashboard the files and figures: this one asks it, as any other program, for the builds
of files and whether they agree with the build that is made again here.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from dashboard.campaign.folder import CampaignFolder
from dashboard.command_line import JsonOption, print_json
from dashboard.errors import UserError
from dashboard.paths import PROJECT, SHIPPED_CAMPAIGN
from dashboard.scratch import Scratch
from etl.commands.console import CampaignOption, print_line
from etl.publish import history
from etl.publish.build_again import ChangedInput, InputsGoneError, find_kept, made_again

Ask = list[str]
EQUAL, DIFFERS, UNVERIFIED = "equal", "differs", "unverified"


@dataclass
class Verdict:
    """The result of one file.

    Attributes:
        state: `equal`, `differs`, or `unverified` where there was nothing to compare it with.
        said: The result and its reason, in sentences.
        deviations: Figures that differ: place, says, should.
        inputs: Inputs of the build that have changed since.
    """

    file: str
    state: str
    said: list[str] = field(default_factory=list)
    build: str = ""
    of: str = ""
    compared: int = 0
    is_readable: bool = True
    deviations: list[dict[str, str]] = field(default_factory=list)
    inputs: list[ChangedInput] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def verify(
    files: Annotated[list[str], typer.Argument(metavar="FILE|URL…", help="Pictures, slides, workbooks, rows, pages.")],
    campaign: CampaignOption = SHIPPED_CAMPAIGN,
    of: Annotated[
        str, typer.Option("--of", metavar="ADDRESS", help="Where files without a receipt, such as CSV, came from.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Make figures again from the kept inputs of their build: equal, or what differs and in which file."""
    folder = CampaignFolder(campaign)
    with Scratch("verify") as place:
        verdicts = list(_verify(folder, files, of, Path(place)))
    for verdict in verdicts:
        print_json({"ok": verdict.state == EQUAL, **asdict(verdict)}) if as_json else _print(verdict)
    if any(verdict.state != EQUAL for verdict in verdicts):
        raise typer.Exit(1)


def _verify(folder: CampaignFolder, files: list[str], of: str, place: Path) -> Iterable[Verdict]:
    fetched = place / "fetched"
    fetched.mkdir()
    receipts = ask_dashboard("receipt", *files, "--into", str(fetched), *(["--of", of] if of else []))
    verdicts: dict[str, Verdict] = {}
    builds: dict[str, list[dict[str, Any]]] = {}
    for answer in receipts:
        if not answer["ok"]:
            verdicts[answer["file"]] = Verdict(answer["file"], UNVERIFIED, [answer["what"], answer["remedy"]])
            continue
        build = answer["receipts"][0]["build"] or _published(folder)
        for receipt in answer["receipts"]:
            receipt["build"] = receipt["build"] or build
        builds.setdefault(build, []).append(answer)
    for number, (build, answers) in enumerate(builds.items()):
        for verdict in _verify_build(folder, build, answers, place / str(number)):
            verdicts[verdict.file] = verdict
    return [verdicts[name] for name in dict.fromkeys(files) if name in verdicts]


def _published(folder: CampaignFolder) -> str:
    pointer = history.read_pointer(folder)
    if pointer is None:
        raise UserError("Nothing has been published yet.", "Build first: python -m etl build.")
    return str(pointer["build_id"])


def _verify_build(folder: CampaignFolder, build: str, answers: list[dict[str, Any]], place: Path) -> Iterable[Verdict]:
    """Make the verdicts on the files of one build."""
    verdicts = [_begin(build, answer) for answer in answers]
    try:
        kept_inputs = find_kept(folder, build)
    except InputsGoneError as error:
        for verdict, answer in zip(verdicts, answers, strict=True):
            verdict.said += _say_foreign(folder, answer["receipts"][0]) or [error.what, error.remedy]
        return verdicts
    if kept_inputs.changed:
        for verdict in verdicts:
            verdict.state, verdict.inputs = DIFFERS, kept_inputs.changed
            verdict.said += [
                f"{one.name}, an input of build {build}, was changed: it had sha256 {one.recorded} "
                f"and has {one.found} now."
                for one in kept_inputs.changed
            ]
            verdict.said.append("Put the file back from a copy, so that the figures can be made again.")
        return verdicts
    with made_again(folder, kept_inputs, place) as again:
        _compare(verdicts, answers, again.root)
        for verdict in verdicts:
            if again.build_id != build and not kept_inputs.erased:
                verdict.remarks.append(
                    f"The program that builds is another edition now, by which the same inputs are build "
                    f"{again.build_id}: what differs may be its doing."
                )
            if kept_inputs.erased:
                _tell_erased(verdict, build)
    return verdicts


def _begin(build: str, answer: Mapping[str, Any]) -> Verdict:
    return Verdict(answer["file"], UNVERIFIED, build=build, of=answer["receipts"][0]["of"])


def _say_foreign(folder: CampaignFolder, receipt: Mapping[str, Any]) -> list[str]:
    """Report a receipt of another campaign, where its title is not this one's."""
    campaign = str(receipt.get("campaign") or "")
    titles = folder.load().title.values()
    if not campaign or any(title in campaign for title in titles):
        return []
    return [
        f"The receipt is of another campaign: “{campaign}”.",
        f"Verify it with that campaign's folder (--campaign); this one is {folder.root}.",
    ]


def _tell_erased(verdict: Verdict, build: str) -> None:
    if verdict.state == DIFFERS:
        verdict.said.append(
            f"A person was erased from the inputs of build {build} since (python -m etl forget), so that equality "
            "cannot be expected."
        )
    else:
        verdict.remarks.append(f"A person was erased from the inputs of build {build} since; the figures are the same.")


def _compare(verdicts: list[Verdict], answers: list[dict[str, Any]], root: Path) -> None:
    """Have the files compared with the build that was made again; those with receipts of their own in one go."""
    own_answers = [answer for answer in answers if answer["is_own"]]
    paths = [answer["path"] for answer in own_answers]
    proofs = ask_dashboard("proof", *paths, "--campaign", str(root), "--made-again") if paths else []
    proofs_by_file = {answer["file"]: one for answer, one in zip(own_answers, proofs, strict=True)}
    for answer in answers:
        if answer["file"] not in proofs_by_file:
            receipt = json.dumps(answer["receipts"][0])
            (proofs_by_file[answer["file"]],) = ask_dashboard(
                "proof", answer["path"], "--campaign", str(root), "--made-again", "--of", receipt
            )
    for verdict, answer in zip(verdicts, answers, strict=True):
        _judge(verdict, proofs_by_file[verdict.file], answer["path"])


def _judge(verdict: Verdict, proof: Mapping[str, Any], path: str) -> None:
    if "what" in proof:
        verdict.said += [proof["what"].replace(path, verdict.file), proof["remedy"]]
        return
    if proof["ok"] and not proof["compared"]:
        verdict.said.append("It holds no figures of its own, so there is nothing to compare.")
        return
    verdict.state = EQUAL if proof["ok"] else DIFFERS
    verdict.compared, verdict.deviations = proof["compared"], proof["deviations"]
    verdict.is_readable = proof["is_readable"]
    verdict.remarks += proof["remarks"]
    if proof["more"]:
        verdict.remarks.append(f"{proof['more']} more figures differ.")


def ask_dashboard(command: str, *arguments: str) -> list[dict[str, Any]]:
    """Return the answer of a command of `python -m dashboard`, an object a line.

    Raises:
        UserError: it gives no answer.
    """
    process = subprocess.run(  # noqa: S603  (the program's own command, with arguments as they are)
        [sys.executable, "-m", "dashboard", command, "--json", *arguments],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")])},
        capture_output=True,
        text=True,
        check=False,
    )
    return read_answer(process.stdout, process.stderr)


def read_answer(output: str, errors: str) -> list[dict[str, Any]]:
    """Read the printed objects of a command, one a line.

    Raises:
        UserError: it was refused, or ended without an answer.
    """
    lines = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    if not lines or "file" not in lines[0]:
        refused = lines[0] if lines else {}
        raise UserError(
            str(refused.get("what") or "The files could not be compared: the program that reads them ended."),
            str(refused.get("remedy") or errors.strip()[-500:]),
        )
    return lines


def _print(verdict: Verdict) -> None:
    if verdict.state == EQUAL:
        scope = "The whole picture is" if not verdict.is_readable else f"{verdict.compared:,} texts and values are"
        print_line(f"{verdict.file}: equal. {scope} what build {verdict.build} gives.")
    elif verdict.state == DIFFERS:
        print_line(f"{verdict.file}: differs from what build {verdict.build} gives.")
    else:
        print_line(f"{verdict.file}: not verified.")
    for sentence in verdict.said:
        print_line(f"  {sentence}")
    for one in verdict.deviations:
        print_line(f"  {one['place']}: says “{one['says']}”, should be “{one['should']}”.")
    for sentence in verdict.remarks:
        print_line(f"  {sentence}")
    if verdict.of:
        print_line(f"  {verdict.of}")
