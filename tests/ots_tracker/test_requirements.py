"""What is declared is pinned, and the pins lead nowhere in particular."""

import re
import tomllib

import pytest
from django.conf import settings

PROJECT = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())


def pins(name):
    return (settings.BASE_DIR / "requirements" / f"{name}.txt").read_text()


def canonical(requirement):
    return re.match(r"[A-Za-z0-9._-]+", requirement)[0].lower().replace("_", "-").replace(".", "-")


@pytest.mark.parametrize(
    ("name", "declared"),
    [
        ("run", PROJECT["project"]["dependencies"]),
        ("dev", PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]),
    ],
)
def test_every_declared_dependency_is_pinned(name, declared):
    pinned = set(re.findall(r"^([a-z0-9-]+)==", pins(name).replace("[", "=="), flags=re.MULTILINE))

    assert {canonical(requirement) for requirement in declared} <= pinned


def test_tests_run_with_the_versions_that_serve():
    assert set(re.findall(r"^\S+==\S+", pins("run"), re.MULTILINE)) <= set(re.findall(r"^\S+==\S+", pins("dev"), re.MULTILINE))


@pytest.mark.parametrize("name", ["run", "dev"])
def test_the_pins_carry_hashes_and_name_no_host(name):
    text = pins(name)

    assert text.count("==") <= text.count("--hash=sha256:")
    assert not re.search(r"://|index|find-links", text)
