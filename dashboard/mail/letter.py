"""The text of a letter: the promises, the last reports, the survey's address, and the contact.

Each letter is one text in one language; its plain form and its HTML come from it, so that both say the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from typing import Any, NamedTuple

import pandas as pd

from dashboard.campaign.folder import Campaign, Survey
from dashboard.campaign.licences import find_text
from dashboard.campaign.reporting.links import find_today
from dashboard.formats import clean, format_date, format_share
from dashboard.ground.base_urls import shareable
from dashboard.i18n import Translator, translator
from dashboard.languages import Texts, write_attributes
from dashboard.measures.register import name_stakeholder
from dashboard.snapshot.database import Snapshot


class Occasion(NamedTuple):
    """The common part of all letters of a batch; texts by language.

    Where `campaign.toml` states no sender, letters are from the campaign; without `contact` they name no contact, and
    without a survey they ask for a reply. `own_words` is a paragraph by staff.
    """

    title: Mapping[str, str]
    senders: Mapping[str, str] = {}
    contact: str = ""
    survey: Survey | None = None
    own_words: Mapping[str, str] = {}
    is_sample: bool = False


def find_occasion(
    snapshot: Snapshot, campaign: Campaign, wave: str, own_words: Mapping[str, str] | None = None
) -> Occasion:
    """Find the common part of a wave's letters in `campaign.toml`."""
    publisher, lang = campaign.publisher, campaign.default_language
    senders = Texts({one: find_text(publisher.name, one, lang) for one in campaign.offered})
    survey = find_survey(campaign, wave)
    return Occasion(campaign.titles, senders, publisher.email, survey, own_words or {}, snapshot.is_sample)


class Invitation(NamedTuple):
    """The address of a recipient's own link, by which they report in place of a survey, and its last day."""

    address: str
    last_day: date


class Promise(NamedTuple):
    """One action of a letter, in the letter's language but for its title.

    `lines` are its stakeholder, reference, days and last report; `link` is the survey's address where each action has a
    separate one; `is_known` is true where the last report states its progress.
    """

    title: str
    title_lang: str
    lines: tuple[str, ...]
    link: str
    is_known: bool


@dataclass(frozen=True)
class Letter:
    """One letter, ready to be sent or filed.

    Attributes:
        paragraphs: Its texts in order, `promises` standing at the place of None.
        link: The address to answer at; empty without one, or where each promise has one.
    """

    lang: str
    subject: str
    paragraphs: tuple[str | None, ...]
    promises: tuple[Promise, ...]
    link: str

    @property
    def text(self) -> str:
        """The whole letter in plain text."""
        items = ([f"* {promise.title}", *(f"  {line}" for line in promise.lines)] for promise in self.promises)
        promises = "\n\n".join(map("\n".join, items))
        return "\n\n".join(promises if part is None else part for part in self.paragraphs) + "\n"

    @property
    def html(self) -> str:
        """The same as HTML, for mail programs; the address in a paragraph or a promise becomes a link."""
        items = "".join(
            f'<li><b lang="{escape(promise.title_lang)}">{escape(promise.title)}</b>'
            + "".join(f"<br>{self._link(escape(line), promise.link)}" for line in promise.lines)
            + "</li>"
            for promise in self.promises
        )
        html = [f"<ul>{items}</ul>" if part is None else self._render(part) for part in self.paragraphs]
        return (
            f"<!DOCTYPE html><html {write_attributes(self.lang)}>"
            f'<head><meta charset="utf-8"><title>{escape(self.subject)}</title>'
            f"<style>{_STYLE}</style></head><body>{''.join(html)}</body></html>"
        )

    def _render(self, paragraph: str) -> str:
        html = escape(paragraph).replace("\n", "<br>")
        return f"<p>{self._link(html, self.link)}</p>"

    def _link(self, html: str, address: str) -> str:
        address = escape(address)
        return html.replace(address, f'<a href="{address}">{address}</a>') if address else html


_STYLE = (
    "body { font-family: Arial, Helvetica, sans-serif; font-size: 15px; line-height: 1.5; max-width: 40em; } "
    "li { margin-bottom: 12px; }"
)


def read_facts(snapshot: Snapshot, action_ids: Sequence[str], day: date) -> dict[str, dict[str, Any]]:
    """Read the facts of some actions on a day, by their ids; leave out those that the build lacks."""
    frame = snapshot.query("letter_facts", {"as_of": day, "action_ids": list(action_ids)})
    frame = frame.astype(object).where(frame.notna(), None)
    return {str(row["action_id"]): {str(name): row[name] for name in row} for row in frame.to_dict("records")}


def find_survey(campaign: Campaign, wave: str) -> Survey | None:
    """Find the survey of a wave; without one, the last survey that names no wave."""
    wave_surveys = [survey for survey in campaign.survey if survey.wave == wave]
    surveys = wave_surveys or [survey for survey in campaign.survey if not survey.wave]
    return surveys[-1] if surveys else None


def has_report_links(campaign: Campaign, base_url: str) -> bool:
    """Return whether letters have links to report by: the campaign is open for it, and others reach the server."""
    return campaign.reports_by_link.open and bool(shareable(base_url))


def find_last_day(campaign: Campaign, survey: Survey | None) -> date:
    """Find the last day of a new link: the survey's, where it is yet to come, else the campaign's days from today."""
    today = find_today()
    if survey and survey.answer_by and survey.answer_by >= today:
        return survey.answer_by
    return today + timedelta(days=campaign.reports_by_link.days)


def compose(
    snapshot: Snapshot,
    facts: Sequence[Mapping[str, Any]],
    lang: str,
    occasion: Occasion,
    invitation: Invitation | None = None,
) -> Letter:
    """Compose the letter about the actions of some facts (`read_facts`), in their order."""
    t = translator(lang)
    survey = occasion.survey
    link = invitation.address if invitation else survey.find_link(lang) if survey else ""
    has_own_links = "{action}" in link
    promises = tuple(_describe(snapshot, t, row, link if has_own_links else "") for row in facts)
    title = occasion.title[lang]
    subject = t.plural(
        "How far is your action? {campaign}", "How far are your actions? {campaign}", len(promises), campaign=title
    )
    return Letter(
        lang=lang,
        subject=clean(subject),
        paragraphs=tuple(_write(t, occasion, promises, "" if has_own_links else link, invitation)),
        promises=promises,
        link="" if has_own_links else link,
    )


def _write(
    t: Translator, occasion: Occasion, promises: Sequence[Promise], link: str, invitation: Invitation | None
) -> Iterator[str | None]:
    """Write the paragraphs in order; None marks the place of the promises."""
    count, title = len(promises), occasion.title[t.language]
    if occasion.is_sample:
        yield t("Fictional data: these actions and stakeholders are invented.")
    yield t("Dear colleagues,")
    yield t.plural(
        "You made this commitment in the campaign “{campaign}”:",
        "You made these commitments in the campaign “{campaign}”:",
        count,
        campaign=title,
    )
    yield None
    yield _say_why(t, promises)
    if invitation:
        request = t(
            "Please report by {day} under this link, which is yours alone; it takes two minutes and needs no password:",
            day=format_date(invitation.last_day, t.language),
        )
        yield f"{request}\n{link}"
    else:
        yield from _ask(t, occasion, promises, link)
    yield t("Every answer helps, also that an action has not begun, has changed or was given up.")
    own_words = occasion.own_words.get(t.language, "").strip()
    if own_words:
        yield own_words
    yield t("If you have reported in the meantime, please accept our thanks; nothing more is needed.")
    if occasion.contact:
        yield t("Questions? Please write to {address}.", address=occasion.contact)
    yield f"{t('With our thanks and kind regards,')}\n{occasion.senders.get(t.language) or title}"


def _say_why(t: Translator, promises: Sequence[Promise]) -> str:
    """Write what is unknown, and the consequence for the figures."""
    if all(promise.is_known for promise in promises):
        return t.plural(
            "We would like to know what has become of it since your last report.",
            "We would like to know what has become of them since your last reports.",
            len(promises),
        )
    return t.plural(
        "We do not know how far it has come. Until you tell us, it counts as unknown: neither as completed nor as "
        "failed.",
        "We do not know how far they have come. Until you tell us, they count as unknown: neither as completed nor "
        "as failed.",
        len(promises),
    )


def _ask(t: Translator, occasion: Occasion, promises: Sequence[Promise], link: str) -> Iterator[str]:
    """Write the request: the survey's link where there is one, else an answer to the letter."""
    by = occasion.survey.answer_by if occasion.survey else None
    day = format_date(by, t.language) if by else ""
    if link:
        request = t("Please answer the survey by {day}:", day=day) if day else t("Please answer the survey:")
        yield f"{request}\n{link}"
    elif any(promise.link for promise in promises):
        if day:
            yield t("Please answer the survey by {day}, under the link of each action.", day=day)
        else:
            yield t("Please answer the survey, under the link of each action.")
    elif day:
        yield t("Please reply to this letter by {day}: not started, in progress, completed or discontinued?", day=day)
    else:
        yield t("Please reply to this letter: not started, in progress, completed or discontinued?")


def _describe(snapshot: Snapshot, t: Translator, row: Mapping[str, Any], link: str) -> Promise:
    """Describe one action: its title as submitted, then the campaign's facts about it, a line each."""
    lang = t.language
    stakeholder = name_stakeholder(row["stakeholder"], snapshot.person_names, lang)
    facts = [(t("Stakeholder"), clean(stakeholder)) if stakeholder else None, (t("Reference"), row["action_id"])]
    for label, name in ((t("Submitted on"), "submitted_on"), (t("Deadline"), "due_on")):
        facts.append((label, _say_day(row[name], lang)) if row[name] is not None else None)
    facts.append((t("Last report"), say_report(snapshot, t, row)))
    survey_link = link.replace("{action}", str(row["action_id"]))
    if survey_link:
        facts.append((t("Survey"), survey_link))
    lines = tuple(t("{name}: {value}", name=fact[0], value=fact[1]) for fact in facts if fact)
    is_known = row["status"] not in (None, "unclassified")
    return Promise(clean(row["title"] or t("Untitled action")), row["language"] or "", lines, survey_link, is_known)


def say_report(snapshot: Snapshot, t: Translator, row: Mapping[str, Any]) -> str:
    """Write the last report: its day, its status in the campaign's words, and its progress."""
    if row["reported_on"] is None:
        return t("none has reached us yet")
    day, codes = _say_day(row["reported_on"], t.language), snapshot.codes.get("statuses", {})
    status = codes.get(str(row["status_code"] or row["status"]))
    status_label = status.labels[t.language] if status and row["status"] != "unclassified" else t("status not stated")
    if row["percent"] is None:
        return t("{day}: {status}", day=day, status=status_label)
    done = format_share(float(row["percent"]) / 100, t.language)
    return t("{day}: {status}, {share} done", day=day, status=status_label, share=done)


def _say_day(value: Any, lang: str) -> str:
    return format_date(pd.Timestamp(value).date(), lang)
