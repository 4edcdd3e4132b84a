"""Archives of a version: whole, the same each time, and of the right version."""

import hashlib
import subprocess
import tarfile

import pytest
import yaml
from checkout import ROOT

from tools import release

CHANGES = """# Changelog

## [Unreleased]

### Added

- Later.

## [1.2.3] - 2026-11-30

- This.

## [1.2.2] - 2026-11-01

- Before.
"""


@pytest.fixture
def book(tmp_path):
    """A small checkout with a built book."""
    files = {
        "pyproject.toml": '[project]\nversion = "1.2.3"\n',
        "CHANGELOG.md": CHANGES,
        ".gitignore": "_build/\ndist/\n",
        "z/b.txt": "Größe",
        "z/a.txt": "a",
        "run": "#!/bin/sh\n",
        "_build/html/index.html": "<p>A book</p>",
        "_build/html/_images/x.webp": "x",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf8")
    (tmp_path / "run").chmod(0o700)
    for command in (["init", "-q"], ["add", "."]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    (tmp_path / "note.txt").write_text("not for git")
    return tmp_path


def entries(archive):
    with tarfile.open(archive) as tar:
        return {
            entry.name: tar.extractfile(entry).read().decode()
            for entry in tar.getmembers()
        }


def test_archives_hold_the_book_and_what_git_keeps(book):
    dist = release.release(None, book)
    name = "seeing-with-convolutions-1.2.3"
    assert entries(dist / f"{name}-html.tar.gz") == {
        f"{name}-html/_images/x.webp": "x",
        f"{name}-html/index.html": "<p>A book</p>",
    }
    source = entries(dist / f"{name}-source.tar.gz")
    kept = {".gitignore", "CHANGELOG.md", "pyproject.toml", "run", "z/a.txt", "z/b.txt"}
    assert set(source) == {f"{name}-source/{path}" for path in kept}
    assert source[f"{name}-source/z/b.txt"] == "Größe"
    assert list(source) == sorted(source)


def test_the_same_files_give_the_same_bytes(book):
    first = {
        path.name: path.read_bytes() for path in release.release(None, book).iterdir()
    }
    for path in book.rglob("*"):
        if path.is_file() and ".git" not in path.parts:
            path.write_bytes(path.read_bytes())  # a new time
    (book / "z/a.txt").chmod(0o600)
    again = {
        path.name: path.read_bytes() for path in release.release(None, book).iterdir()
    }
    assert again == first
    (book / "z/a.txt").write_text("b")
    changed = release.release(None, book)
    differ = {n for n in first if (changed / n).read_bytes() != first[n]}
    assert differ == {"seeing-with-convolutions-1.2.3-source.tar.gz", "SHA256SUMS"}


def test_what_may_be_run_may_be_run_after_unpacking(book):
    (archive,) = release.release(None, book).glob("*-source.tar.gz")
    with tarfile.open(archive) as tar:
        modes = {entry.name.split("/", 1)[1]: entry.mode for entry in tar.getmembers()}
    assert (modes["run"], modes["z/a.txt"]) == (0o755, 0o644)


def test_checksums_are_those_of_the_archives(book):
    dist = release.release(None, book)
    lines = (dist / "SHA256SUMS").read_text().splitlines()
    found = dict(reversed(line.split("  ")) for line in lines)
    assert found == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in dist.glob("*.tar.gz")
    }
    assert len(found) == 2


def test_notes_are_the_changelogs_of_this_version(book):
    assert release.notes("v1.2.3", book) == "- This.\n"
    assert release.notes(None, book) == "### Added\n\n- Later.\n"
    assert (release.release("v1.2.3", book) / "release-notes.md").read_text() == (
        "- This.\n"
    )


def test_a_tag_of_another_version_or_without_changes_is_refused(book):
    with pytest.raises(release.ReleaseError, match=r"tag is v1\.2\.4, .* says 1\.2\.3"):
        release.release("v1.2.4", book)
    changes = book / "CHANGELOG.md"
    changes.write_text(CHANGES.replace("[1.2.3]", "[1.2.30]"))
    with pytest.raises(release.ReleaseError, match=r"no section \[1\.2\.3\]"):
        release.release("v1.2.3", book)
    assert not (book / "dist").exists()


# What stands in this book


def test_the_version_is_the_same_everywhere():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf8"))
    assert str(citation["version"]) == release.version()
    assert str(citation["preferred-citation"]["version"]) == release.version()


def test_the_citation_names_the_book_as_the_book_does():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf8"))
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf8"))
    for entry in (citation, citation["preferred-citation"]):
        assert entry["title"].startswith(config["title"])
        assert f"title = {{{entry['title']}}}" in (ROOT / "README.md").read_text("utf8")
        assert [author["name"] for author in entry["authors"]] == [config["author"]]
    assert str(citation["preferred-citation"]["year"]) == config["copyright"]
    address = config["repository"]["url"]
    assert citation["repository-code"] == citation["preferred-citation"]["url"]
    assert citation["repository-code"] == address
    assert citation["license"] == ["MIT", "CC-BY-4.0"]
    assert (ROOT / "LICENSE").read_text("utf8").startswith("MIT License")
    assert "CC BY 4.0" in (ROOT / "LICENSE-text").read_text("utf8")


def test_the_changelog_says_what_comes_next():
    assert release.notes(None).startswith("### Added")
