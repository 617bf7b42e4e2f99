"""The route of the files that pages offer: `/files/{token}`, asked for by the page that shows the link."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dashboard.web.offered_files import find_offer

PATH = "/files"
MOST_AT_ONCE = 16
"""Files in the making or waiting for a worker; more wait here, apart from the threads that answer other requests."""

_UNKEPT = {"Cache-Control": "no-store"}


def routes() -> list[Route]:
    """The routes of offered files for `st.App`."""
    return [Route(f"{PATH}/{{token}}", answer_file)]


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="offered-file")


def close() -> None:
    """Wait for nothing more, so that the process can end."""
    _threads().shutdown(wait=False, cancel_futures=True)
    _threads.cache_clear()


async def answer_file(request: Request) -> Response:
    """The file of an offer; 404 when nobody offers it any more, 503 with the reason when it could not be made."""
    offer = find_offer(request.path_params["token"])
    if offer is None:
        return JSONResponse({"error": "The page that offered this file is gone."}, 404, _UNKEPT)
    headers = {
        **_UNKEPT,
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(offer.file_name)}",
        "Content-Language": offer.t.language,
    }
    if request.method == "HEAD":
        answer = Response(headers=headers, media_type=offer.media_type)
        del answer.headers["content-length"]  # its size is known once it is made
        return answer
    try:
        content = await asyncio.get_running_loop().run_in_executor(_threads(), offer.make)
    except Exception as error:
        told = offer.explain(error)
        said = {"error": f"{offer.t(told.what)} {offer.t(told.remedy)}".strip()}
        return JSONResponse(said, 503, {**_UNKEPT, "Content-Language": offer.t.language})
    return Response(content, headers=headers, media_type=offer.media_type)
