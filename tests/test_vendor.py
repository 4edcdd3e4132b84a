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
