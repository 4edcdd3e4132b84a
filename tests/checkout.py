"""A copy of the working tree as git sees it, for tests that build or clone it."""

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def copy_checkout(target):
    """Copy to `target` what a commit of everything not ignored would hold."""
    listing = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in filter(None, listing.split("\0")):
        # A file that was deleted and not committed yet is still listed.
        if (ROOT / name).is_file():
            copy = Path(target) / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy)
    return Path(target)


def clean_environment(home, **variables):
    """Environment of a reader who has set nothing, with caches below `home`."""
    ours = ("HELPERS_", "PYTHON", "PYTEST_", "COV_")
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(ours)
    }
    environment |= {"XDG_CACHE_HOME": str(Path(home) / "cache")}
    environment |= {"no_proxy": "127.0.0.1", "NO_PROXY": "127.0.0.1"}
    return environment | {name: str(value) for name, value in variables.items()}
