"""The site of nginx for public files sends each file as the program says it is."""

import re
from pathlib import Path

import httpx

from benchmarks.servers import find_free_port
from dashboard.web.public_files.caching import HEADERS_FILE, name_headers
from dashboard.web.public_files.publishing import MANIFEST
from tests.deploy.running import DEPLOY, find_nginx, running_nginx

NAMES = (
    "index.html", "charts.json", "sitemap.xml", "robots.txt", "assets/font-1.woff2", "fr/x.html", "fr/x.svg", 
    "fr/x.png", "fr/x.csv", "fr/latest.atom", "fr/latest.json", "fr/latest.ics", "fr/data/x.parquet", "fr/data/x.zip",
    "builds/0/fr/x.metadata.json",
)  # fmt: skip


def test_each_file_has_its_type_and_lifetime(tmp_path: Path) -> None:
    types = next(path for path in (Path("/etc/nginx"), *Path(find_nginx()).parents) if (path / "mime.types").is_file())
    root, port = tmp_path / "public", find_free_port()
    for name in (*NAMES, MANIFEST, HEADERS_FILE):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x" * 2000)
    site = (DEPLOY / "nginx-public.conf").read_text(encoding="utf-8")
    for place, other in {
        r"listen \[::\]:80;": "",
        "listen 80;": f"listen 127.0.0.1:{port};",
        "/srv/public": str(root),
        r"mime\.types": str(types / "mime.types"),
    }.items():
        site, count = re.subn(place, other, site)
        assert count == 1, place
    with running_nginx(tmp_path, f"access_log off;\n{site}", port), httpx.Client(timeout=20) as client:
        for name in NAMES:
            answer = client.get(f"http://127.0.0.1:{port}/{name}")
            assert {key: answer.headers[key] for key in ("content-type", "cache-control")} == name_headers(name), name
            assert answer.headers["access-control-allow-origin"] == "*"
        for name in (MANIFEST, HEADERS_FILE):
            assert client.get(f"http://127.0.0.1:{port}/{name}").status_code == 404
