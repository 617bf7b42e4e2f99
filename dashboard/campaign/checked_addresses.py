"""Addresses in settings: of a page, and of an office's mail."""

import re
from typing import Annotated

from pydantic import AfterValidator

from dashboard.errors import N_, sentence

_MAIL = re.compile(r"[^@\s<>,;\"?&%]+@[^@\s<>,;\"?&%]+\.[^@\s<>,;\"?&%.]+")
_PAGE = re.compile(r"https?://[^\s<>\"]+")


def _check_mail(text: str) -> str:
    if text and not _MAIL.fullmatch(text):
        raise ValueError(sentence(N_("this is no mail address: {text}"), text=text))
    return text


def _check_page(text: str) -> str:
    if text and not _PAGE.fullmatch(text):
        raise ValueError(sentence(N_("this must start with https:// and contain no spaces: {text}"), text=text))
    return text


MailAddress = Annotated[str, AfterValidator(_check_mail)]
"""A mail address, or none."""
PageAddress = Annotated[str, AfterValidator(_check_page)]
"""The address of a page, or none."""
