"""A subscriber's own links: signed, so that nobody can make one, and without an address in them.

The key, `private/newsletter_key.txt`, is made when it is first needed; without it no link of an earlier mail works.
"""

from pathlib import Path
from urllib.parse import urlencode

from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer

from dashboard.campaign.private_keys import read_key
from dashboard.errors import UserError
from dashboard.i18n import N_
from dashboard.mail.subscribers import UNANSWERED_KEPT

KEY = "newsletter_key.txt"
PATH = "/newsletter"
CONFIRM, PREFERENCES, UNSUBSCRIBE = "confirm", "preferences", "unsubscribe"
_DAY = 24 * 60 * 60
LIFETIMES = {CONFIRM: int(UNANSWERED_KEPT.total_seconds()), PREFERENCES: 400 * _DAY, UNSUBSCRIBE: None}
"""Seconds for which each link holds; who wants to leave can do so by the oldest mail there is."""


class LinkError(UserError):
    """A link that nobody here has made, or that is too old."""


class Links:
    """Makes and reads the links of one campaign."""

    def __init__(self, private: Path, base_url: str) -> None:
        """Read the key, or make it."""
        self._key = read_key(private, KEY)
        self.base_url = base_url

    def address(self, use: str, subscriber_id: str, lang: str) -> str:
        """The address that a subscriber opens for a use."""
        query = {"t": self._serializer(use).dumps(subscriber_id), "lang": lang}
        return f"{self.base_url}{PATH}/{use}?{urlencode(query)}"

    def read(self, use: str, token: str) -> str:
        """The subscriber's id in a link's token.

        Raises:
            LinkError: it is not for this use, not from here, or too old.
        """
        try:
            return str(self._serializer(use).loads(token, max_age=LIFETIMES[use]))
        except SignatureExpired:
            raise LinkError(N_("This link is too old."), N_("Sign up again to get a new one.")) from None
        except BadData:
            raise LinkError(
                N_("This link is not complete."), N_("Copy all of it from the mail, or open it there.")
            ) from None

    def _serializer(self, use: str) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self._key, salt=f"newsletter/{use}")
