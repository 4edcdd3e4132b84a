"""Archives of the built book and of its source: ``python -m tools.release [TAG]``.

They go to ``dist/``, with their checksums and what the changelog says of the version.
The same files give the same bytes: names are sorted; owners and times are left out.
With a tag, which must be the version's, the changelog must have its section.
"""

import gzip
import hashlib
import re
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path

from tools.fingerprint import ROOT

CHECKSUMS = "SHA256SUMS"
NOTES = "release-notes.md"


class ReleaseError(Exception):
    """What keeps a version from being released."""


def version(root=ROOT):
    """Return the version, which stands in pyproject.toml."""
    text = (root / "pyproject.toml").read_text(encoding="utf8")
    return tomllib.loads(text)["project"]["version"]


def notes(tag, root=ROOT):
    """Return what the changelog says of a tag's version, or of what is unreleased."""
    if tag and tag != f"v{version(root)}":
        raise ReleaseError(f"the tag is {tag}, pyproject.toml says {version(root)}")
    title = version(root) if tag else "Unreleased"
    changes = (root / "CHANGELOG.md").read_text(encoding="utf8")
    section = rf"^## \[{re.escape(title)}\].*\n((?:(?!## ).*\n?)*)"
    found = re.search(section, changes, re.MULTILINE)
    if found is None:
        raise ReleaseError(f"CHANGELOG.md has no section [{title}]")
    return found[1].strip() + "\n"


def committed(root=ROOT):
    """Return the files that git keeps, named from the root."""
    command = ["git", "ls-files", "-z"]
    listing = subprocess.run(command, cwd=root, check=True, capture_output=True)
    return [Path(name) for name in listing.stdout.decode().split("\0") if name]


def pack(archive, folder, files, prefix):
    """Write files of a folder to an archive in which they stand below a prefix."""
    with (
        archive.open("wb") as raw,
        gzip.GzipFile("", "wb", mtime=0, fileobj=raw) as packed,
        tarfile.open(mode="w", fileobj=packed, format=tarfile.PAX_FORMAT) as tar,
    ):
        for name in sorted(files, key=Path.as_posix):
            path = folder / name
            entry = tarfile.TarInfo(f"{prefix}/{name.as_posix()}")
            entry.size = path.stat().st_size
            entry.mode = 0o755 if path.stat().st_mode & 0o100 else 0o644
            with path.open("rb") as content:
                tar.addfile(entry, content)


def release(tag=None, root=ROOT):
    """Write both archives, their checksums and the notes; return the folder."""
    text = notes(tag, root)  # what is wrong is better said at once
    html = root / "_build" / "html"
    pages = [path.relative_to(html) for path in html.rglob("*") if path.is_file()]
    dist = root / "dist"
    dist.mkdir(exist_ok=True)
    lines = []
    for kind, folder, files in (
        ("html", html, pages),
        ("source", root, committed(root)),
    ):
        name = f"seeing-with-convolutions-{version(root)}-{kind}"
        archive = dist / f"{name}.tar.gz"
        pack(archive, folder, files, name)
        digest = hashlib.sha256(archive.read_bytes()).hexdigest()
        lines.append(f"{digest}  {archive.name}\n")
    (dist / CHECKSUMS).write_text("".join(lines), encoding="utf8")
    (dist / NOTES).write_text(text, encoding="utf8")
    return dist


def main():
    try:
        dist = release(*sys.argv[1:2])
    except ReleaseError as error:
        sys.exit(f"No release: {error}.")
    print(f"Archives and checksums are in {dist}")


if __name__ == "__main__":
    main()
