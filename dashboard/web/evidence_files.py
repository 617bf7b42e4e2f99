"""Documents and pictures that came with reports, for pages and feeds: what the build names and what still stands.

What was handed in runs nothing at a reader's: a document is saved, a picture is drawn, and neither is a page.
"""

from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from dashboard.access.rights import AccessClass
from dashboard.campaign.reporting.evidence import PICTURES
from dashboard.campaign.reporting.published_files import ENDINGS, FILE_NAME, MEDIA_TYPES, find_published_file
from dashboard.i18n import N_
from dashboard.measures.annotations import WITHDRAWN, Annotation, list_annotations
from dashboard.web.api_route import ApiRoute
from dashboard.web.handouts import FileAnswer, StandingFile, open_context
from dashboard.web.http import OPEN, answer_unmodified, name_attachment
from dashboard.web.operation import EITHER, SELECTION, Operation, Parameter, Reply, pick
from dashboard.web.refusals import answer_words, explained_to_all

PATH = "/evidence"
KEPT = "public, max-age=600, must-revalidate"
"""A file that was withdrawn is gone from caches too, within ten minutes."""
HARMLESS = {"content-security-policy": "default-src 'none'; sandbox", "x-robots-tag": "noindex, noarchive"}
"""Nothing in it runs; and no search engine keeps a copy that outlasts a consent."""
LONGEST_NAME = 80
NO_FILE = N_("There is no such file")

OPERATION = Operation(
    f"{PATH}/{{file}}",
    "evidence_file",
    "reports",
    N_("A document or picture of a report"),
    N_("The file, as a page or feed names it, for as long as it is not withdrawn"),
    tuple(Reply(media_type) for media_type in ENDINGS),
    (
        Parameter(
            "file",
            N_("Its name, as a page or feed has it."),
            {"type": "string", "pattern": f"^{FILE_NAME.pattern}$"},
            place="path",
        ),
        *pick(("build", "lang"), SELECTION),
    ),
    {400: EITHER, 404: EITHER, 410: EITHER, 416: EITHER, 503: EITHER},
    is_open=True,
)


def routes() -> list[ApiRoute]:
    """Return the route for `st.App`."""
    return [ApiRoute(f"{PATH}/{{file}}", answer_file, (OPERATION,), AccessClass.PUBLIC)]


def write_address(base_url: str, file: str, build: str = "") -> str:
    """Write the address of a file below a dashboard, or below a folder that stands in for one; of a kept build."""
    return f"{base_url}{PATH}/{file}{f'?build={quote(build)}' if build else ''}"


@explained_to_all
async def answer_file(request: Request) -> Response:
    """Answer with a file that the build names and that stands; 410 where it was withdrawn, 404 where none is named."""
    return await run_in_threadpool(_answer, request)


def _answer(request: Request) -> Response:
    snapshot, name = open_context(request).snapshot, request.path_params["file"]
    annotation = next(iter(list_annotations(snapshot, file=name)), None)
    if annotation is None:
        nothing = N_("No action, event or story here has a file of this name; it may have been withdrawn.")
        return answer_words(request, 404, NO_FILE, (nothing,), OPEN)
    path = find_published_file(snapshot.path.parent, name)
    try:
        file = StandingFile(path) if path else None
    except FileNotFoundError:  # withdrawn in this moment
        file = None
    if file is None:
        return answer_words(request, 410, NO_FILE, (WITHDRAWN,), OPEN)
    ending = file.path.suffix
    media_type = MEDIA_TYPES[ending.removeprefix(".")]
    way = "inline" if media_type in PICTURES else name_attachment(f"{_name_plainly(annotation)}{ending}")
    headers = {**OPEN, **HARMLESS, "content-type": media_type, "content-disposition": way, "cache-control": KEPT}
    headers |= {"etag": f'"{file.path.stem}"', "accept-ranges": "bytes"}
    return answer_unmodified(request, headers) or FileAnswer(file, headers)


def _name_plainly(annotation: Annotation) -> str:
    """Name a document for the reader's disk by its title: no sign that leads elsewhere or turns the name around."""
    letters = "".join(sign if sign.isalnum() or sign in "-_" else " " for sign in annotation.words)
    return " ".join(letters.split())[:LONGEST_NAME].strip() or "document"
