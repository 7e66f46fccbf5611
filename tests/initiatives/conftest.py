"""Exchange folders that a test may spoil."""

import json
import shutil

import pytest

from tests.conftest import FIXTURES


@pytest.fixture
def folder(tmp_path):
    """A copy of the shipped data that a test may spoil."""
    shutil.copytree(FIXTURES, tmp_path / "set")
    return tmp_path / "set"


def edit(folder, file, line, **changes):
    """Change keys of one line; a key set to ... is taken out."""
    path = folder / f"{file}.ndjson"
    lines = path.read_text().splitlines()
    row = json.loads(lines[line - 1]) | changes
    lines[line - 1] = json.dumps({key: value for key, value in row.items() if value is not ...}, ensure_ascii=False)
    path.write_text("\n".join(lines) + "\n")


def only(folder, *files):
    """Take all other files out of the folder."""
    for path in folder.glob("*.ndjson"):
        if path.stem not in files:
            path.unlink()
