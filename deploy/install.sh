#!/bin/sh
# Installs the dashboard into an empty folder: the program, which is only read, and the packages that it needs, each held
# against its hash. The image (Containerfile) is made by this script, and so is an installation without containers.
#
#   sh deploy/install.sh --to /opt/dashboard/2026-01                        packages from the network (or a mirror, as pip is set)
#   sh deploy/install.sh --to /opt/dashboard/2026-01 --wheelhouse wheelhouse    from a folder that `make wheelhouse` has
#                                                                           filled, without a network
#   sh deploy/install.sh --to /opt/dashboard/2026-01 --environment /opt/dashboard/2025-12/environment
#                                                                           packages of an installation that needs the same,
#                                                                           which may be removed later
#
# --python names the Python (3.11 or newer); on its own: python3. An installation is never changed: each version has a
# folder of its own, so the one before is there to go back to (docs/operations.md). What failed half way is begun anew by
# the same command.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
to='' wheelhouse='' environment='' python=python3
# What the program is. Of `data/` only what is shipped: a folder that was worked in holds exports and private files there too.
program='app.py LICENSE .streamlit dashboard etl pages data/campaign.toml data/codelists data/recipes data/samples
         data/inbox/.gitkeep docs/guides deploy/health.py requirements.txt'

fail() {
    echo "$1" >&2
    exit 1
}

while [ $# -gt 0 ]; do
    case $1 in
        -h | --help) sed -n '2,/^set/{/^#/s/^# \{0,1\}//p;}' "$0"; exit ;;
        --to | --wheelhouse | --environment | --python) [ $# -gt 1 ] || fail "$1 needs a value." ;;
        *) fail "There is no option $1: --to, --wheelhouse, --environment, --python, --help." ;;
    esac
    case $1 in
        --to) to=$2 ;;
        --wheelhouse) wheelhouse=$2 ;;
        --environment) environment=$2 ;;
        --python) python=$2 ;;
    esac
    shift 2
done

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
    fail "$python is no Python 3.11 or newer. Name another with --python."

[ -n "$to" ] || fail "Say where to: --to DIR, an empty folder or one that is not there yet."
mkdir -p "$to" || fail "$to cannot be made."
to=$(CDPATH='' cd -- "$to" && pwd)
if [ -f "$to/.installing" ]; then  # an installation that failed half way
    chmod -R u+w "$to/program" "$to/bin" 2> /dev/null || :
    rm -rf "$to/environment" "$to/program" "$to/bin" "$to/.installing"
fi
[ -z "$(ls -A "$to")" ] || fail "$to is not empty. Install each version into a folder of its own."

if [ -n "$environment" ]; then
    [ -x "$environment/bin/python" ] || fail "$environment is no environment of Python."
    environment=$(CDPATH='' cd -- "$environment" && pwd)
    kept=$(dirname -- "$environment")/program/requirements.txt
    [ ! -f "$kept" ] || cmp -s "$kept" "$here/requirements.txt" ||
        fail "$environment has the packages of another requirements.txt. Leave --environment out."
    : > "$to/.installing"
    # Its files are linked hard where the disk can, else copied: the installation that they are of may be removed.
    "$environment/bin/python" -m venv --without-pip "$to/environment" || fail "No environment could be made of $environment."
    cp -al "$environment/lib/." "$to/environment/lib/" 2>/dev/null || cp -a "$environment/lib/." "$to/environment/lib/"
else
    set -- --require-hashes --only-binary :all: --no-binary sly  # the one package that has no wheel is Python alone
    if [ -n "$wheelhouse" ]; then
        [ -d "$wheelhouse" ] || fail "There is no folder $wheelhouse."
        set -- "$@" --no-index --find-links "$(CDPATH='' cd -- "$wheelhouse" && pwd)"
    fi
    : > "$to/.installing"
    "$python" -m venv "$to/environment" ||
        fail "No environment could be made. On Debian and Ubuntu: apt-get install python3-venv"
    "$to/environment/bin/python" "$here/deploy/packages.py" --slim "$@" -r "$here/requirements.txt" ||
        fail "The packages could not be installed: pip says above why. Mend that and give the same command again."
    "$to/environment/bin/python" -m compileall -q -j 0 "$to/environment/lib" > /dev/null || :  # nobody can write there later
fi

mkdir "$to/program" "$to/bin"
# shellcheck disable=SC2086  # several words on purpose
(cd "$here" && tar cf - --exclude=__pycache__ --mode=u=rwX,go=rX $program) | (cd "$to/program" && tar xf -)
"$to/environment/bin/python" -m compileall -q "$to/program"
for name in dashboard etl; do
    cat > "$to/bin/$name" <<END
#!/bin/sh
# python -m $name of this installation, with the settings of the server where they can be read: what is typed by hand
# does as the services do. A variable that is set already stays as it is.
settings=\${DASHBOARD_SETTINGS_FILE:-/etc/dashboard/settings.env}
if [ -r "\$settings" ]; then
    while IFS= read -r line || [ -n "\$line" ]; do
        setting=\${line%%=*}
        case \$setting in '' | *[!A-Z0-9_]* | [0-9]* | "\$line") continue ;; esac
        value=\${line#*=}
        case \$value in \'*\' | \"*\") value=\${value#?} value=\${value%?} ;; esac
        eval "[ \"\\\${\$setting+set}\" = set ]" || export "\$setting=\$value"
    done < "\$settings"
fi
here=\$(CDPATH='' cd -- "\$(dirname -- "\$(readlink -f -- "\$0")")/.." && pwd)
PYTHONSAFEPATH=1 PYTHONPATH="\$here/program" exec "\$here/environment/bin/python" -m $name "\$@"
END
    chmod 755 "$to/bin/$name"
done
"$to/bin/dashboard" --help > /dev/null
# Nobody changes it from here on, not even by mistake: another version is another folder.
chmod -R a-w "$to/program" "$to/bin"
rm "$to/.installing"
echo "$to: installed. Next: $to/bin/dashboard serve --check"
