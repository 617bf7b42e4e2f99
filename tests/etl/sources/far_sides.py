"""Local servers that answer as the tools' documentation and published clients say, with faults on demand.

KoboToolbox: kobotoolbox/kpi, `kpi/views/v2/export_task.py` and `kpi/models/import_export_task.py`; KoboconnectR.
ODK Central: getodk/central-backend, `docs/api.yaml` and `lib/model/query/submissions.js`; ruODK.
LimeSurvey: LimeSurvey, `application/helpers/remotecontrol/remotecontrol_handle.php`; limer, LimeRick.
"""

import asyncio
import base64
import csv
import hashlib
import io
import json
import os
import re
import ssl
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import asyncssh

Headers = dict[str, str]


@dataclass
class Answer:
    """An answer of a server."""

    body: bytes = b""
    status: int = 200
    headers: Headers = field(default_factory=dict)


@dataclass
class Asked:
    """A request to a server."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: Headers
    body: bytes

    @property
    def said(self) -> Any:
        """Return the JSON of the request."""
        return json.loads(self.body or b"null")


def as_json(value: Any, status: int = 200) -> Answer:
    return Answer(json.dumps(value).encode(), status, {"Content-Type": "application/json"})


class FarSide:
    """A tool, as far as its interface goes; it records its requests, and a test can spoil its answers."""

    address = ""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.spoil: Callable[[Asked, Answer], Answer] = lambda _asked, answer: answer
        self.cut: dict[str, int] = {}
        """By the beginning of a path: after how many bytes of the body the connection ends."""

    def answer(self, asked: Asked) -> Answer:
        raise NotImplementedError

    def count(self, method: str, path: str) -> int:
        return sum(one.method == method and path in one.path for one in self.asked)


@contextmanager
def serving(side: FarSide, files: tuple[Path, Path] | None = None, port: int = 0) -> Iterator[str]:
    """Serve the tool at an address of this computer, by TLS where it has a certificate and a key; any port for 0."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, parts.path, parse_qs(parts.query), headers, body)
            side.asked.append(asked)
            answer = side.spoil(asked, side.answer(asked))
            self.send_response_only(answer.status)
            if "Date" not in answer.headers:
                self.send_header("Date", formatdate(usegmt=True))
            for name, value in answer.headers.items():
                if value:
                    self.send_header(name, value)
            if "Content-Length" not in answer.headers and "Transfer-Encoding" not in answer.headers:
                self.send_header("Content-Length", str(len(answer.body)))
            self.send_header("Connection", "close")
            self.end_headers()
            cut = next((size for path, size in side.cut.items() if asked.path.startswith(path)), None)
            self.wfile.write(answer.body if cut is None else answer.body[:cut])
            self.close_connection = True

        do_GET = do_POST = do_DELETE = _any  # noqa: N815  (as the library calls them)

        def log_message(self, *_: Any) -> None:
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    if files:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*files)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that leaves is no fault
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    side.address = f"{'https' if files else 'http'}://127.0.0.1:{server.server_address[1]}"
    try:
        yield side.address
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def put_file(path: Path, text: str) -> None:
    """Write a file that nobody is writing any more."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    os.utime(path, (1_600_000_000, 1_600_000_000))


def read_table(text: str, delimiter: str) -> tuple[list[str], list[list[str]]]:
    """Read the names and the rows of a CSV text."""
    header, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter)
    return header, rows


def write_table(header: list[str], rows: list[list[str]], delimiter: str, start: str = "") -> bytes:
    """Write a CSV text as the tools write it."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([header, *rows])
    return (start + out.getvalue()).encode()


class KoboToolbox(FarSide):
    """Version 2 of the API: assets, exports that are ordered and waited for."""

    token = "kobo-token-0123456789"  # noqa: S105
    form = "aFj8thaf9GEtNBeAaVhRKt"

    def __init__(self, header: list[str], rows: list[list[str]]) -> None:
        super().__init__()
        self.header, self.rows = header, rows
        self.exports: dict[str, bytes] = {}
        self.orders: list[Any] = []
        self.waits = 1
        self.pages = 1

    def answer(self, asked: Asked) -> Answer:
        if asked.headers.get("authorization") != f"Token {self.token}":
            return as_json({"detail": "Invalid token."}, 401)
        if asked.path == "/api/v2/assets/":
            return self._list(int(asked.query.get("page", ["1"])[0]))
        asset = f"/api/v2/assets/{self.form}/"
        if not asked.path.startswith(asset):
            if asked.path.startswith("/private-media/"):
                return Answer(self.exports[asked.path.rpartition("/")[2]], headers={"Content-Type": "text/csv"})
            return as_json({"detail": "Not found."}, 404)
        rest = asked.path.removeprefix(asset)
        if not rest:
            return as_json({**self._facts, "has_deployment": True})
        if asked.method == "POST":
            return self._order(asked.said)
        uid = rest.split("/")[1]
        if asked.method == "DELETE":
            del self.exports[uid]
            return Answer(status=204)
        return as_json(self._export(uid, is_done=asked.method == "GET"), 200)

    @property
    def _facts(self) -> dict[str, Any]:
        return {"uid": self.form, "name": "Progress survey", "deployment__submission_count": len(self.rows)}

    def _list(self, page: int) -> Answer:
        library = [{"uid": "aXXXXXXXXXXXXXXXXXXXXX", "name": "Not deployed", "has_deployment": False}]
        more = f"{self.address}/api/v2/assets/?page={page + 1}" if page < self.pages else None
        return as_json({"count": 2, "next": more, "previous": None, "results": [self._facts] if page == 1 else library})

    def _order(self, settings: Any) -> Answer:
        self.orders.append(settings)
        known = {"fields_from_all_versions", "group_sep", "hierarchy_in_labels", "lang", "multiple_select", "type"}
        if not known <= settings.keys() <= known | {"query", "submission_ids", "fields", "name"}:
            return as_json({"detail": "`export_settings` can contain only the following valid keys"}, 400)
        after = settings.get("query", {}).get("_id", {}).get("$gt", 0)
        key = self.header.index("_id")
        rows = [row for row in self.rows if int(row[key]) > after]
        uid = f"e{len(self.orders):021}"
        self.exports[uid] = write_table(self.header, rows, ";", "\ufeff")
        return as_json(self._export(uid, is_done=False), 201)

    def _export(self, uid: str, *, is_done: bool) -> Any:
        is_done = is_done and self.count("GET", f"/exports/{uid}") >= self.waits
        url = f"{self.address}/api/v2/assets/{self.form}/exports/{uid}/?format=json"
        result = f"{self.address}/private-media/somebody/exports/{uid}" if is_done else None
        return {"uid": uid, "url": url, "status": "complete" if is_done else "processing", "result": result}


class OdkCentral(FarSide):
    """Sessions, forms with their counts, the export as ZIP with a filter."""

    user, password = "viewer@example.org", "odk-password-0123456789"
    project, form = 7, "progress_survey"

    def __init__(self, tables: dict[str, tuple[list[str], list[list[str]]]]) -> None:
        super().__init__()
        self.tables = tables
        self.changed: dict[str, str] = {}
        """By KEY: when an answer came or was changed last, where that is later than its SubmissionDate."""
        self.sessions: set[str] = set()

    @property
    def root(self) -> tuple[list[str], list[list[str]]]:
        return next(iter(self.tables.values()))

    def answer(self, asked: Asked) -> Answer:
        if asked.path == "/v1/sessions":
            if asked.said != {"email": self.user, "password": self.password}:
                return as_json({"message": "Could not authenticate with the provided credentials."}, 401)
            token = hashlib.sha256(str(len(self.asked)).encode()).hexdigest()
            self.sessions.add(token)
            return as_json({"token": token, "expiresAt": "2022-01-01T00:00:00.000Z"})
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.sessions:
            return as_json({"message": "The credentials are not valid."}, 403)
        if asked.method == "DELETE":
            self.sessions.discard(asked.path.rpartition("/")[2])
            return as_json({"success": True})
        form = f"/v1/projects/{self.project}/forms/{self.form}"
        counted = len(self.root[1])
        facts = {"projectId": self.project, "xmlFormId": self.form, "name": "Progress", "submissions": counted}
        if asked.path == f"{form}/submissions.csv.zip":
            condition = asked.query.get("$filter", [""])[0]
            return Answer(self._export(condition), headers={"Content-Type": "application/zip"})
        answers: dict[str, Any] = {"/v1/projects": [{"id": self.project, "name": "Campaign"}]}
        answers |= {f"/v1/projects/{self.project}/forms": [facts], form: facts}
        if asked.path in answers:
            return as_json(answers[asked.path])
        return as_json({"message": "Could not find the resource."}, 404)

    def _export(self, condition: str) -> bytes:
        match = re.fullmatch(r"__system/submissionDate gt (\S+) or __system/updatedAt gt \1", condition)
        assert match or not condition
        since = match[1][:19] if match else ""
        header, rows = self.root
        key, sent = header.index("KEY"), header.index("SubmissionDate")
        wanted = {row[key] for row in rows if max(row[sent], self.changed.get(row[key], "")) > since}
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name, (names, table) in self.tables.items():
                own = names.index("PARENT_KEY" if "PARENT_KEY" in names else "KEY")
                kept = [row for row in table if row[own].split("/")[0] in wanted]
                archive.writestr(name, write_table(names, kept, ","))
        return out.getvalue()


class LimeSurvey(FarSide):
    """RemoteControl 2."""

    user, password = "exporter", "lime-password-0123456789"
    form = "673185"

    def __init__(self, header: list[str], rows: list[list[str]], finished: int = 1) -> None:
        super().__init__()
        self.header, self.rows, self.finished = header, rows, finished
        self.keys: set[str] = set()

    def answer(self, asked: Asked) -> Answer:
        said = asked.said
        try:
            if said["method"] != "get_session_key" and said["params"][0] not in self.keys:
                raise PermissionError("Invalid session key")
            result = getattr(self, f"_{said['method']}")(*said["params"])
        except PermissionError as error:
            result = {"status": str(error)}
        return as_json({"id": said["id"], "result": result, "error": None})

    def _get_session_key(self, user: str, password: str) -> Any:
        if (user, password) != (self.user, self.password):
            return {"status": "Invalid user name or password"}
        key = f"key{len(self.asked)}"
        self.keys.add(key)
        return key

    def _release_session_key(self, key: str) -> Any:
        self.keys.discard(key)
        return "OK"

    def _list_surveys(self, _key: str) -> Any:
        return [{"sid": self.form, "surveyls_title": "Progress survey", "active": "Y"}]

    def _get_summary(self, _key: str, survey: int, _what: str) -> Any:
        if str(survey) != self.form:
            raise PermissionError("Invalid surveyid")
        done = sum(bool(row[self.finished]) for row in self.rows)
        return {"completed_responses": str(done), "incomplete_responses": str(len(self.rows) - done)}

    def _export_responses(self, *words: Any) -> Any:
        _key, _survey, kind, _language, status, heading, _type, low, high, *fields = words
        assert kind == "csv"
        if not self.rows:
            raise PermissionError("No Data, could not get max id.")
        rows = [row for row in self.rows if low <= int(row[0]) <= high]
        if status == "incomplete":
            rows = [row for row in rows if not row[self.finished]]
        header = self.header
        if fields:  # by the names that the columns have with the heading "code"
            assert (fields, heading) == ([["id"]], "code")
            header, rows = fields[0], [row[:1] for row in rows]
        return base64.b64encode(write_table(header, rows, ";", "\ufeff")).decode()


class WebFile(FarSide):
    """A file with an `ETag`."""

    def __init__(self, body: bytes) -> None:
        super().__init__()
        self.body = body

    def answer(self, asked: Asked) -> Answer:
        tag = f'"{hashlib.sha256(self.body).hexdigest()[:12]}"'
        if asked.headers.get("if-none-match") == tag:
            return Answer(status=304, headers={"ETag": tag})
        return Answer(self.body, headers={"ETag": tag, "Content-Type": "text/csv"})


class _Users(asyncssh.SSHServer):
    """Lets one user in, by password or by the key of another server."""

    key = ""

    user, password = "fetcher", "sftp-password-0123456789"

    def begin_auth(self, _username: str) -> bool:
        return True

    password_auth_supported = public_key_auth_supported = lambda _self: True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return username == self.user and key.export_public_key().decode() == self.key

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (self.user, self.password)


@contextmanager
def sftp_serving(folder: Path) -> Iterator[tuple[int, str, asyncssh.SSHKey]]:
    """Serve a folder by SFTP; yield the port, the server's public key, and the key of another server."""
    own, other = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
    _Users.key = other.export_public_key().decode()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    serve = partial(asyncssh.SFTPServer, chroot=str(folder))
    options = {"server_factory": _Users, "server_host_keys": [own], "sftp_factory": serve}

    async def listen() -> Any:
        return await asyncssh.listen("127.0.0.1", 0, **options)

    def wait(task: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(task, loop).result(20)

    acceptor = wait(listen())
    try:
        yield acceptor.get_port(), own.export_public_key().decode(), other
    finally:
        acceptor.close()
        wait(acceptor.wait_closed())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
