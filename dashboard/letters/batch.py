"""The letters of a batch, written anew from its notes: what each says, and where it goes."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from dashboard.campaign.folder import Campaign, CampaignFolder
from dashboard.campaign.licences import find_text
from dashboard.languages import Texts
from dashboard.letters.asked import Asked, NotedLetter
from dashboard.letters.letter import Letter, Occasion, Sender, compose, find_survey, read_facts
from dashboard.letters.recipients import Addressee, find_addresses
from dashboard.snapshot.database import Snapshot


class Addressed(NamedTuple):
    """A letter with its id, the address it goes to (empty where none is known), and its actions."""

    letter_id: str
    address: str
    action_ids: tuple[str, ...]
    letter: Letter


def find_occasion(
    snapshot: Snapshot, campaign: Campaign, wave: str, own_words: Mapping[str, str] | None = None
) -> Occasion:
    """What the letters of a wave have in common, as `campaign.toml` says."""
    return Occasion(campaign.titles, find_sender(campaign), find_survey(campaign, wave), own_words, snapshot.is_sample)


def find_sender(campaign: Campaign) -> Sender:
    """Who publishes the campaign, as `campaign.toml` says; nobody where it does not."""
    names = {lang: find_text(campaign.publisher.name, lang, campaign.default_language) for lang in campaign.offered}
    return Sender(Texts(names), campaign.publisher.email)


def write_letter(snapshot: Snapshot, addressee: Addressee, lang: str, occasion: Occasion) -> Letter:
    """The letter to one recipient as it would go out now."""
    facts = read_facts(snapshot, addressee.action_ids, snapshot.last_date)
    return compose(snapshot, [facts[action_id] for action_id in addressee.action_ids], lang, occasion)


def write_batch(snapshot: Snapshot, folder: CampaignFolder, batch_id: str) -> list[Addressed]:
    """The letters of a batch that count, in the order in which they were noted.

    Actions that the build no longer has are left out.

    Args:
        snapshot: The build whose facts and addresses the letters have.
        folder: The campaign's folder, with the notes.
        batch_id: The batch.
    """
    notes = Asked(folder.private, is_sample=snapshot.is_sample)
    letters = [letter for letter in notes.letters(batch_id) if not letter.is_taken_back]
    batches = notes.batches(batch_id)
    occasion = find_occasion(snapshot, folder.load(), batches[0].wave if batches else "", notes.own_words(batch_id))
    return _write(snapshot, letters, occasion)


def _write(snapshot: Snapshot, noted_letters: Sequence[NotedLetter], occasion: Occasion) -> list[Addressed]:
    addresses = find_addresses(snapshot.path)
    ids = [action_id for letter in noted_letters for action_id in letter.action_ids]
    facts = read_facts(snapshot, ids, snapshot.last_date)
    letters = []
    for letter in noted_letters:
        action_ids = [action_id for action_id in letter.action_ids if action_id in facts]
        if action_ids:
            address = next((addresses[action_id] for action_id in action_ids if action_id in addresses), "")
            letter_text = compose(snapshot, [facts[action_id] for action_id in action_ids], letter.lang, occasion)
            letters.append(Addressed(letter.letter_id, address, tuple(action_ids), letter_text))
    return letters
