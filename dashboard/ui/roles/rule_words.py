"""An entry of the roles in words of the reader's language."""

from dashboard.access.roles_file import Rule
from dashboard.i18n import N_, Translator

FIELDS = {
    "address": N_("Mail address"),
    "domain": N_("Mail domain"),
    "tenant": N_("Directory (tenant)"),
    "object_id": N_("Person (object id)"),
    "group": N_("Group (object id)"),
    "provider": N_("Provider"),
    "subject": N_("Subject (sub)"),
    "claim": N_("Claim"),
    "value": N_("Value", "what a sign-in token says"),
}
"""What an entry may name somebody by, for people."""


def say_rule(t: Translator, rule: Rule) -> str:
    """For whom an entry is."""
    if rule.address:
        return rule.address
    if rule.domain:
        return t(N_("everybody at {domain}"), domain=rule.domain)
    pairs = ((words, getattr(rule, name)) for name, words in FIELDS.items())
    return " · ".join(f"{t(words)}{t(': ')}{value}" for words, value in pairs if value)
