"""A page's connection without a browser: messages as a browser sends them, and all that comes back."""

import asyncio
from collections.abc import Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.util import calc_hash
from websockets.typing import Subprotocol

from dashboard.ground.page_addresses import choose, find_page

PATIENCE = 60
Result = TypeVar("Result")


def ask_page(page_id: str = "", query: str = "", fragment_id: str = "", **states: str) -> BackMsg:
    """Return a browser's request to draw a page; `states` are those of widgets, by their ids."""
    message = BackMsg()
    chosen = urlencode(choose(page_id, ())) if page_id else ""
    message.rerun_script.query_string = "&".join(filter(None, (chosen, query)))
    message.rerun_script.page_script_hash = calc_hash(find_page(page_id)) if page_id else ""
    message.rerun_script.fragment_id = fragment_id
    for widget_id, value in states.items():
        message.rerun_script.widget_states.widgets.add(id=widget_id, string_value=value)
    return message


async def _talk(address: str, messages: Iterable[BackMsg], cookie: str) -> list[str]:
    place = urlsplit(address)
    headers = {"Origin": address} | ({"Cookie": cookie} if cookie else {})
    drawn = []
    stream = f"ws://{place.netloc}/_stcore/stream"
    async with websockets.connect(
        stream, additional_headers=headers, subprotocols=[Subprotocol("streamlit")], max_size=None
    ) as own:
        for message in messages:
            await own.send(message.SerializeToString())
            text = ""
            while True:
                answer = ForwardMsg.FromString(await asyncio.wait_for(own.recv(), PATIENCE))
                if answer.WhichOneof("type") == "delta":
                    text += str(answer.delta)
                if answer.WhichOneof("type") == "script_finished":
                    break
            drawn.append(text)
    return drawn


def run_apart(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """Run in a thread of its own: in that of the tests Playwright's event loop may be open."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def talk(address: str, messages: Iterable[BackMsg], cookie: str = "") -> list[str]:
    """Return the drawing for each message, all over one connection, as text.

    Args:
        address: The address of the dashboard.
        messages: The messages to send.
        cookie: The header `Cookie`; empty for none.

    Raises:
        websockets.exceptions.WebSocketException: the connection was refused or ended.
    """
    return run_apart(_talk(address, messages, cookie))
