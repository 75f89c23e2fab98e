# Sourced by ./run and ./test. Expects $root. Decides, without starting Python, whether anything is to be set up.

python=$root/.venv/bin/python

# What the environment was made from; $root/.venv/set-up-KIND holds the same when it is complete.
stamp() {
    printf '%s\n' "$root"
    cat "$root/.venv/pyvenv.cfg" "$root/packaging/locks/app.txt"
    [[ $1 != test ]] || cat "$root/packaging/locks/dev.txt"
}

is_set_up() {
    [[ -x $python && -e $root/.venv/set-up-$1 ]] && stamp "$1" | cmp -s - "$root/.venv/set-up-$1"
}

# A Python that can make the environment: one that runs (pyenv's shims may not) and has a version that we know.
bootstrap() {
    local candidate
    for candidate in "$python" python3.11 python3.12 python3 python; do
        if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null; then
            "$candidate" -E -s "$root/packaging/bootstrap.py" "$@"
            return
        fi
    done
    echo "Audio Studio needs Python 3.11 or 3.12, and none was found." >&2
    echo "  → Debian, Ubuntu: apt-get install python3.11 python3.11-venv   Fedora: dnf install python3.11" >&2
    echo "    Arch: pacman -S python311 (AUR)   macOS: brew install python@3.11" >&2
    return 1
}
