"""Whether the dashboard is well: exit code 0 if `/healthz` answers. It is asked often, so it loads next to nothing.

python health.py [ADDRESS]      default: http://127.0.0.1:8501/healthz; …/readyz also wants a published build
"""

import sys
import urllib.request

SECONDS = 5


def main(address: str = "http://127.0.0.1:8501/healthz") -> int:
    """Ask; what is wrong goes to standard error."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # never by HTTPS_PROXY: it is this computer
    try:
        with direct.open(address, timeout=SECONDS) as answer:
            return int(answer.status != 200)
    except (OSError, ValueError) as error:
        print(f"{address}: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
