"""`python -m etl decide`: one decision about stakeholders, actions or reports, kept in decisions.csv."""

from typing import Annotated

import typer

from dashboard.audit.events import Event
from dashboard.audit.log import Act, acting_here
from dashboard.campaign.folder import CampaignFolder
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.console import BUILD_TO_APPLY, CampaignOption, JsonOption, print_said, refusals
from etl.deciding.decide import add, parse_words, undo
from etl.inputs.decisions import ALONE, Decision, Subject, Verb
from etl.publish.holding import SHORT_WAIT, only_build


def decide(
    verb: Annotated[
        str, typer.Argument(metavar="same|different|rename|assign|keep|gone|evidence", help="What is decided.")
    ],
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="[stakeholder|action|event|story] THIS [THAT]",
            help="Two names or ids; for rename the new name comes second; for assign a report's key (or event or story "
            "and its id) and an action's id (or none); for keep and gone the id of an action that the newest version "
            "of its register lacks; for evidence a report's key and what stands behind its status: claimed (no more "
            "than that), evidenced, reviewed or verified.",
        ),
    ],
    campaign: CampaignOption = SHIPPED_CAMPAIGN,
    note: Annotated[str, typer.Option("--note", help="Why it was decided, for colleagues.")] = "",
    on_date: Annotated[
        str | None, typer.Option("--on", metavar="DAY", help="The day of the evidence, 2021-12-31; today by default.")
    ] = None,
    source: Annotated[str, typer.Option("--source", help="The address or document that shows it.")] = "",
    take_back: Annotated[bool, typer.Option("--undo", help="Take this decision out again.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Decide once: two are the same or different, a new name, a report's action, an action kept or gone, evidence."""
    with refusals(as_json):
        folder = CampaignFolder(campaign)
        decision = parse_words(verb, words, note, on_date=on_date, source=source, take_back=take_back)
        is_evidence = decision.verb is Verb.EVIDENCE
        event = Event.EVIDENCE_SETTLED if is_evidence else Event.DECIDED
        undone = Event.EVIDENCE_UNDONE if is_evidence else Event.DECISION_UNDONE
        with acting_here(folder.root, undone if take_back else event) as act, only_build(folder, SHORT_WAIT):
            act.is_quiet = decision.subject is Subject.STAKEHOLDER
            _tell(act, decision)
            if take_back:
                decision, is_new = undo(folder, decision), True
                sentence = f"Taken out of decisions.csv, row {decision.line}: {_describe(decision)}. {BUILD_TO_APPLY}"
            else:
                decision, is_new = add(folder, decision)
                place = f"decisions.csv, row {decision.line}: {_describe(decision)}."
                sentence = f"Decided in {place} {BUILD_TO_APPLY}" if is_new else f"Decided already in {place}"
            _tell(act, decision, changed=is_new)
        print_said(sentence, as_json, changed=is_new, line=decision.line)


def _tell(act: Act, decision: Decision, **details: object) -> None:
    """Say in the audit log what is decided; the names of stakeholders, who may be persons, stay in decisions.csv."""
    sides = [] if decision.subject is Subject.STAKEHOLDER or decision.verb is Verb.RENAME else decision.sides
    about = " ".join([decision.verb.value, decision.subject.value, *sides])
    act.say(about, verb=decision.verb.value, subject=decision.subject.value, row=decision.line, **details)


def _describe(decision: Decision) -> str:
    this, that = decision.this, decision.that
    if decision.verb is Verb.ASSIGN:
        return f"the {decision.subject.value} {this} belongs to {that or 'no action'}"
    if decision.verb is Verb.EVIDENCE:
        return f"the report {this} is {that}{f' on {decision.on_date}' if decision.on_date else ''}"
    if decision.verb in ALONE:
        return f"the action {this} is {'kept' if decision.verb is Verb.KEEP else 'gone'}"
    if decision.verb is Verb.RENAME:
        return f"the {decision.subject.value} {this} is called {that}"
    things = "stories" if decision.subject is Subject.STORY else f"{decision.subject.value}s"
    return f"the {things} {this} and {that} are {decision.verb.value.replace('same', 'the same')}"
