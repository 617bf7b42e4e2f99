"""Where the reader is: the address of the page, and of the dashboard for links to its other parts."""

import streamlit as st

from dashboard.settings import Settings


def page_address() -> str:
    """The address of the page the reader is on, without its parameters."""
    return (st.context.url or "").split("?")[0]


def site_address(page_id: str) -> str:
    """The address of the dashboard as the reader sees it, without a slash at its end; else the settings' one.

    Args:
        page_id: The page the reader is on, which is the last part of its address.
    """
    here = page_address().rstrip("/")
    if not here:
        return Settings.from_environment().base_url
    return here.removesuffix(f"/{page_id}")
