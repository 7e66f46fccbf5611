"""Nothing behind the question mark is ignored: it counts, or it is refused with what is allowed."""

import pytest

from tests.api.conftest import LISTS
from tests.factories import InitiativeFactory, PartyFactory, ThemeFactory


@pytest.mark.parametrize("resource", [*LISTS, "changes", "vocabularies"])
def test_an_unknown_parameter_is_refused_everywhere_with_those_that_exist(refused, resource):
    error = refused(f"{resource}/", {"colour": "red"})["colour", "unknown_parameter"]

    assert "lang" in error["allowed"]
    assert all(name in error["message"] for name in error["allowed"])


def test_a_misspelt_parameter_is_told_the_nearest(refused):
    error = refused("initiatives/", {"statsu": "signed"})["statsu", "unknown_parameter"]

    assert "Did you mean `status`?" in error["message"]


def test_a_filter_of_lists_is_refused_on_one_record(refused):
    initiative = InitiativeFactory()

    assert ("status", "unknown_parameter") in refused(f"initiatives/{initiative.slug}/", {"status": "signed"})


@pytest.mark.parametrize(
    ("path", "field", "code"),
    [
        ("initiatives/?status=sined", "status", "invalid_choice"),
        ("initiatives/?status=", "status", "invalid_choice"),
        ("initiatives/?kind=festival", "kind", "invalid_choice"),
        ("initiatives/?scope=world", "scope", "invalid_choice"),
        ("initiatives/?evidence=good", "evidence", "invalid_choice"),
        ("initiatives/?schedule=late", "schedule", "invalid_choice"),
        ("initiatives/?sort=best", "sort", "invalid_choice"),
        ("initiatives/?since=2024-13", "since", "invalid_partial_date"),
        ("initiatives/?until=yesterday", "until", "invalid_partial_date"),
        ("initiatives/?since=0000", "since", "invalid_partial_date"),
        ("initiatives/?as_of=2024", "as_of", "invalid_day"),
        ("initiatives/?as_of=2024-02-30", "as_of", "invalid_partial_date"),
        ("initiatives/?limit=0", "limit", "invalid"),
        ("initiatives/?limit=201", "limit", "invalid"),
        ("initiatives/?limit=", "limit", "invalid"),
        ("initiatives/?limit=1.5", "limit", "invalid"),
        ("initiatives/?limit=١", "limit", "invalid"),
        ("initiatives/?limit=99999999999999999999999999999999", "limit", "invalid"),
        ("initiatives/?count=1", "count", "invalid"),
        ("initiatives/?lang=xx", "lang", "invalid_choice"),
        ("initiatives/?fields=slug,colour", "fields", "invalid_choice"),
        ("initiatives/?fields=", "fields", "invalid_choice"),
        ("initiatives/?include=slug", "include", "invalid_choice"),
        ("initiatives/?year=0", "year", "unknown_parameter"),
        ("initiatives/?status__regex=(a", "status__regex", "unknown_parameter"),
        ("meetings/?state=draft", "state", "invalid_choice"),
        ("meetings/?country=zz", "country", "invalid_choice"),
        ("status-updates/?role=sung", "role", "invalid_choice"),
        ("status-updates/?certainty=sure", "certainty", "invalid_choice"),
        ("documents/?kind=poem", "kind", "invalid_choice"),
        ("provisions/?force=brute", "force", "invalid_choice"),
        ("sources/?language=xx", "language", "invalid_choice"),
        ("changes/?after=-1", "after", "invalid"),
        ("changes/?after=9223372036854775808", "after", "invalid"),
        ("changes/?after=x", "after", "invalid"),
    ],
)
def test_a_value_that_does_not_exist_is_refused_by_name(refused, path, field, code):
    assert (field, code) in refused(path)


@pytest.mark.parametrize("name", ["theme", "party", "meeting", "series"])
@pytest.mark.parametrize("value", ["no-such-thing", "9" * 30, "1", "ü", "%25", "a'b"])
def test_a_record_that_does_not_exist_is_no_value_of_a_filter(refused, name, value):
    error = refused(f"initiatives/?{name}={value}")[name, "invalid_choice"]

    assert "/api/v1/" in error["message"]


def test_a_draft_is_no_value_of_a_filter(refused):
    ThemeFactory(slug="hidden-theme", is_public=False)

    error = refused("initiatives/", {"theme": "hidden-them"})["theme", "invalid_choice"]

    assert "hidden-theme" not in error["message"]
    assert ("theme", "invalid_choice") in refused("initiatives/", {"theme": "hidden-theme"})


@pytest.mark.parametrize("name", ["limit", "cursor", "count", "fields", "include", "lang", "q", "sort", "since", "as_of"])
def test_a_single_value_given_twice_is_refused(refused, name):
    assert (name, "repeated") in refused(f"initiatives/?{name}=1&{name}=2")


def test_a_repeated_filter_means_or(read):
    for code in ("aa", "bb", "cc"):
        PartyFactory(code=code, kind={"aa": "body", "bb": "company", "cc": "chamber"}[code])

    found = read("parties/?kind=body&kind=company&fields=code")["results"]

    assert [row["code"] for row in found] == ["aa", "bb"]


def test_all_faults_are_told_at_once(refused):
    assert len(refused("initiatives/?colour=red&limit=0&count=maybe")) == 3


def test_the_parameter_goes_before_the_header_and_the_header_before_english(get):
    wishes = [
        get("themes/", {"lang": "ru"}, accept_language="tr"),
        get("themes/", accept_language="tr"),
        get("themes/", accept_language="xx"),
    ]

    assert [answer.headers["Content-Language"] for answer in wishes] == ["ru", "tr", "en"]
