"""The scripts and fonts that the pages load are what their packages held."""

import hashlib
import re
from pathlib import Path

VENDOR = Path(__file__).parent.parent / "_extra" / "vendor"


def test_vendored_files_match_their_checksums():
    listed = {}
    for line in (VENDOR / "SHA256SUMS").read_text().splitlines():
        checksum, name = line.split()
        listed[name] = checksum
    ours = {"README.md", "SHA256SUMS", "book-widgets.js"}
    present = {
        path.relative_to(VENDOR).as_posix()
        for path in VENDOR.rglob("*")
        if path.is_file() and "licenses" not in path.parts
    }
    assert present - ours == set(listed)
    readme = (VENDOR / "README.md").read_text()
    for name, checksum in listed.items():
        data = (VENDOR / name).read_bytes()
        assert hashlib.sha256(data).hexdigest() == checksum, name
        assert re.search(rf"`{re.escape(name)}`.*`{checksum[:12]}`", readme), name


def test_fonts_match_their_checksums():
    fonts = VENDOR.parents[1] / "_static" / "fonts"
    readme = (fonts / "README.md").read_text(encoding="utf8")
    listed = dict(re.findall(r"^\| `([^`]+)` .*\| `([0-9a-f]{12})` \|$", readme, re.M))
    present = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        for path in fonts.glob("*.woff2")
    }
    assert listed == present
