"""Fetch one data file from the book's repository into the user's cache."""

import http.client
import importlib.metadata
import json
import os
import re
import sys
import tempfile
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from helpers.data._files import (
    DISTRIBUTION,
    DownloadError,
    describe,
    expected,
    measure,
)

ATTEMPTS = 2
TIMEOUT = 20  # seconds without a byte
CHUNK = 1 << 18  # bytes
PROGRESS_FROM = 5_000_000  # bytes; below that a download is over before it is read


def fetch(name, target, address=None, facts=None, other_ways=None):
    """Download the file `name` and put it, whole and checked, at `target`.

    Unless given, the address, the facts (size in bytes and SHA-256) and what to do
    without a network are those of a file of ``data/``.

    The bytes go to a folder of this call's own beside the target and move into place
    in one step, so that two processes may fetch the same file at once and neither
    sees half of it. A download that is cut off or damaged is removed and tried again
    once.
    """
    address = address or f"{base_address()}/{quote(name)}"
    facts = facts or expected(name)
    other_ways = other_ways or _other_ways(name)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        for _ in range(ATTEMPTS):
            with tempfile.TemporaryDirectory(dir=target.parent, prefix=".") as folder:
                part = Path(folder) / target.name
                _download(address, part, name, facts, other_ways)
                found = measure(part)
                if found == facts:
                    os.replace(part, target)
                    return
    except DownloadError:
        raise
    except OSError as error:
        raise DownloadError(
            f"could not store {name} in {target.parent}: {error}\n"
            "  set XDG_CACHE_HOME to a folder that can be written, "
            "or HELPERS_DATA to a folder that holds the file"
        ) from error
    raise DownloadError(
        f"could not fetch {name}: {ATTEMPTS} downloads from {address} were cut off "
        "or damaged\n"
        f"  expected {describe(name, facts)}\n"
        f"  found    {describe(name, found)}\n"
        f"  {other_ways}"
    )


def base_address():
    """Return the address of the ``data`` folder to fetch from.

    It is built from the repository's address in the metadata of the installed package.
    Where pip noted the commit that it installed, the files are those of that commit.
    """
    chosen = os.environ.get("HELPERS_DATA_URL")
    if chosen:
        if not chosen.startswith(("http://", "https://")):
            raise ValueError(
                "HELPERS_DATA_URL must start with http:// or https://, "
                f"and is {chosen!r}"
            )
        return chosen.rstrip("/")
    try:
        installed = importlib.metadata.distribution(DISTRIBUTION)
    except importlib.metadata.PackageNotFoundError:
        raise DownloadError(
            f"no address to fetch data from: {DISTRIBUTION} is not installed; "
            "install it with pip, or set HELPERS_DATA to the repository's data folder"
        ) from None
    lines = installed.metadata.get_all("Project-URL") or []
    repository = dict(line.split(", ", 1) for line in lines).get("Repository")
    github = re.fullmatch(
        r"https://github\.com/([^/]+)/([^/]+?)(?:\.git)?/?", repository or ""
    )
    if not github:
        raise DownloadError(
            f"no address to fetch data from: the repository {repository} is not on "
            "GitHub; set HELPERS_DATA_URL to the address of its data folder"
        )
    origin = json.loads(installed.read_text("direct_url.json") or "{}")
    commit = origin.get("vcs_info", {}).get("commit_id", "HEAD")
    owner, project = github.groups()
    return f"https://raw.githubusercontent.com/{owner}/{project}/{commit}/data"


def _download(address, part, name, facts, other_ways):
    """Write what `address` answers to `part`; the caller checks what came."""
    size, _ = facts
    with open(part, "wb") as file, _progress(name, size) as show:
        try:
            for block in _blocks(address):
                file.write(block)
                show(file.tell())
                if file.tell() > size:
                    break  # not our file, and there may be no end to it
        except urllib.error.URLError as error:
            raise DownloadError(
                f"could not fetch {name} from {address}: {_reason(error)}\n"
                f"  expected {describe(name, facts)}\n"
                f"  {other_ways}"
            ) from error


def _blocks(address):
    """Yield the answer's body; a connection that breaks ends it early."""
    request = urllib.request.Request(address, headers={"User-Agent": DISTRIBUTION})
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as response:
            while block := response.read(CHUNK):
                yield block
    except urllib.error.URLError:
        raise
    except (OSError, http.client.HTTPException):
        # Size and checksum tell the caller as much as the exception could.
        return


def _reason(error):
    if isinstance(error, urllib.error.HTTPError):
        return f"the server answered {error.code} {error.reason}"
    return f"no connection ({error.reason})"


def _other_ways(name):
    return (
        "try again with a network; without one, set HELPERS_DATA to a folder that "
        f"holds {name}, such as data/ in a copy of the book's repository"
    )


@contextmanager
def _progress(name, size):
    """Yield a function that draws how much has come, for a file worth the wait."""
    if size <= PROGRESS_FROM:
        yield lambda done: None
        return

    def show(done):
        share = min(done / size, 1)
        bar = "#" * round(30 * share)
        line = f"\r{name} [{bar:<30}] {share:4.0%} of {size / 1e6:.0f} MB"
        print(line, end="", file=sys.stderr, flush=True)

    yield show
    print(file=sys.stderr)
