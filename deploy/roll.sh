#!/bin/sh
# Starts several servers anew, one after the other, so that one is always there (docs/operations.md). As root:
#
#   sh deploy/roll.sh 8501 8502
#
# Each is told to end: its pages move to the others. The next one has its turn only once the one before it has a build
# to show, and nginx has tried it again; where one does not come back, the others stay as they are.
set -eu

# How long nginx leaves a server alone that was away: fail_timeout in nginx-servers.conf, and a little more.
pause=${DASHBOARD_ROLL_PAUSE:-7}
seconds=120
health=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)/health.py
restart=${DASHBOARD_ROLL_COMMAND:-systemctl restart dashboard-serve@}

[ $# -gt 1 ] || { echo "Name the ports of two servers or more: sh roll.sh 8501 8502" >&2; exit 2; }
for port in "$@"; do  # with one away already, its pages would have nowhere to go
    python3 "$health" "http://127.0.0.1:$port/readyz" || { echo "The server on $port is not ready. Nothing was done." >&2; exit 1; }
done
first=yes
for port in "$@"; do
    [ "$first" = yes ] || sleep "$pause"
    first=no
    $restart"$port" || { echo "The server on $port did not start. Those after it were left alone." >&2; exit 1; }
    waited=0
    until python3 "$health" "http://127.0.0.1:$port/readyz" 2> /dev/null; do
        waited=$((waited + 1))
        [ "$waited" -lt "$seconds" ] || { echo "The server on $port is not ready after $seconds s. Those after it were left alone." >&2; exit 1; }
        sleep 1
    done
    echo "$port: ready"
done
