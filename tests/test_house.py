"""The house of DESIGN.md section 3: who may lean on whom, and what every model comes with."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin

from tests import factories

ROOT = Path(settings.BASE_DIR)
# What an app may import, besides itself.
BELOW = {
    "reference": set(),
    "editorial": set(),
    "meetings": {"reference", "editorial"},
    "initiatives": {"meetings", "reference", "editorial"},
    "api": {"initiatives", "meetings", "reference", "editorial"},
    "ots_tracker": {"api", "initiatives", "meetings", "reference", "editorial"},
}
# Only the urls of the wiring may mount the JSON face.
MAY_MOUNT_API = "ots_tracker/urls.py"
LONGEST_MODULE = 340


def modules(*folders):
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    assert found
    return found


def code():
    return [path for path in modules(*BELOW) if "migrations" not in path.parts]


def name(path):
    return str(path.relative_to(ROOT))


def imported(tree):
    """Every import statement of a module with the top-level package it names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name.split(".")[0]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node, (node.module or "").split(".")[0]


@pytest.mark.parametrize("path", code(), ids=name)
def test_a_module_imports_only_what_stands_below_it(path):
    app = path.relative_to(ROOT).parts[0]
    upward = {package for _node, package in imported(ast.parse(path.read_text())) if package in BELOW} - BELOW[app] - {app}
    assert not upward, f"{name(path)} leans on {sorted(upward)}, which stand above or beside {app}"
    if app == "ots_tracker" and name(path) != MAY_MOUNT_API:
        assert "api" not in {package for _node, package in imported(ast.parse(path.read_text()))}


@pytest.mark.parametrize("path", code(), ids=name)
def test_a_module_hides_no_import_of_the_house_inside_a_function(path):
    tree = ast.parse(path.read_text())
    hidden = [f"line {node.lineno}: {package}" for node, package in imported(tree) if package in BELOW and node not in tree.body]
    assert not hidden


@pytest.mark.parametrize("path", code(), ids=name)
def test_a_module_is_short_enough_to_be_read(path):
    assert len(path.read_text().splitlines()) <= LONGEST_MODULE


def test_there_is_no_catch_all():
    names = {path.stem for path in code()} | {path.name for path in ROOT.iterdir()}
    assert not names & {"core", "common", "utils", "services", "helpers", "misc"}


def our_models():
    return [model for model in apps.get_models() if model._meta.app_label in BELOW]


def by_label(model):
    return model._meta.label


@pytest.mark.parametrize("model", our_models(), ids=by_label)
def test_a_model_says_what_it_is_and_why(model):
    assert model.__doc__
    assert not model.__doc__.startswith(f"{model.__name__}(")


@pytest.mark.parametrize("model", our_models(), ids=by_label)
def test_a_model_has_a_factory_that_works(model, db):
    made = [
        factory
        for factory in vars(factories).values()
        if isinstance(factory, type) and issubclass(factory, factories.DjangoModelFactory) and factory._meta.model is model
    ]
    assert len(made) == 1
    assert made[0]().pk


@pytest.mark.parametrize("model", our_models(), ids=by_label)
def test_a_model_can_be_reached_in_the_admin(model):
    """Registered itself, or edited on the page of the record it belongs to, or derived and named as such."""
    derived = {"initiatives.Step"}
    inlines = {inline.model for made in admin.site._registry.values() for inline in made.inlines}
    assert model in admin.site._registry or model in inlines or model._meta.label in derived


@pytest.mark.parametrize("model", our_models(), ids=by_label)
def test_a_model_is_described_in_the_docs(model):
    assert f"`{model.__name__}`" in (ROOT / "docs" / "data-model.md").read_text()


@pytest.mark.parametrize("model", our_models(), ids=by_label)
def test_a_model_keeps_the_rules_of_its_abstract_parent(model):
    """A Meta that does not inherit the abstract one's silently loses its constraints."""
    kept = {constraint.name for constraint in model._meta.constraints}
    for parent in model.__mro__[1:]:
        if hasattr(parent, "_meta") and parent._meta.abstract:
            for constraint in parent._meta.constraints:
                assert constraint.name % {"class": model._meta.model_name, "app_label": model._meta.app_label} in kept
            names = {trigger.name for trigger in getattr(model._meta, "triggers", [])}
            assert {trigger.name for trigger in getattr(parent._meta, "triggers", [])} <= names


@pytest.mark.parametrize("path", [path for path in modules(*BELOW) if "migrations" in path.parts and path.stem != "__init__"], ids=name)
def test_a_migration_has_a_human_name(path):
    assert "auto_" not in path.stem
    assert "alter_" not in path.stem


def test_apps_use_the_same_file_names_for_the_same_things():
    for app in ("reference", "editorial", "meetings", "initiatives"):
        for expected in ("apps", "models", "querysets", "admin"):
            assert (ROOT / app / f"{expected}.py").exists() or (ROOT / app / expected / "__init__.py").exists()
