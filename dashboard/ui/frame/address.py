"""Where the reader is: the address of the page, and of the dashboard for links to its other parts."""

from urllib.parse import urlsplit

import streamlit as st

from dashboard.settings import Settings


def page_address() -> str:
    """The address of the page the reader is on, without its parameters."""
    return (st.context.url or "").split("?")[0]


def site_address(page_id: str) -> str:
    """The address of the dashboard for links that others open, without a slash at its end.

    It is the one the reader sees; the settings' one where there is none, or where the reader sits at the server itself.

    Args:
        page_id: The page the reader is on, which is the last part of its address.
    """
    here = page_address().rstrip("/").removesuffix(f"/{page_id}")
    public = Settings.from_environment().base_url
    return public if not here or (is_local(here) and not is_local(public)) else here


def own_path(page_id: str) -> str:
    """Where below its host the dashboard is, as the reader's browser asks for it; empty at the top.

    Args:
        page_id: The page the reader is on, which is the last part of its address.
    """
    return urlsplit(page_address()).path.rstrip("/").removesuffix(f"/{page_id}")


def is_local(address: str) -> bool:
    """Whether an address means something on this computer only."""
    host = urlsplit(address).hostname or ""
    return host in ("localhost", "::1") or host.startswith("127.")
