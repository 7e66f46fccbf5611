"""The template tags that every page leans on."""

import pytest
from django.utils import translation
from django.utils.html import strip_tags

from reference.partial_dates import PartialDate
from reference.templatetags import tracker
from tests.factories import InitiativeFactory, InitiativeNameFactory


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("date", "markup"),
    [
        (PartialDate("2024-05-17"), '<time datetime="2024-05-17">17 May 2024</time>'),
        (PartialDate("2024-05"), '<time datetime="2024-05">May 2024</time>'),
        (PartialDate("2024"), '<time datetime="2024">2024</time>'),
        (PartialDate("2024-H2"), "<span>second half of 2024</span>"),
        (PartialDate(), "<span>date not known</span>"),
    ],
)
def test_a_date_is_shown_as_finely_as_it_is_known(date, markup):
    assert tracker.dated(date) == markup


def test_a_date_that_nobody_stated_says_how_it_is_known():
    assert strip_tags(tracker.dated(PartialDate("2024-05", "page_date"))) == "May 2024 (date of the page)"


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2024-05-17", "", "17 May 2024"),
        ("2024-05-17", "2024-05-17", "17 May 2024"),
        ("2024-05-17", "2024-05-18", "17 May 2024 – 18 May 2024"),
    ],
)
def test_a_period_of_one_day_is_that_day(start, end, words):
    assert strip_tags(tracker.period(PartialDate(start), PartialDate(end))) == words


def test_a_text_without_a_translation_is_marked_as_english_on_other_pages_only(db):
    initiative = InitiativeFactory(name="Made-up fund", name_tr="Uydurma fon")

    assert tracker.content(initiative, "name") == "Made-up fund"
    with translation.override("tr"):
        assert tracker.content(initiative, "name") == "Uydurma fon"
    with translation.override("hu"):
        assert tracker.content(initiative, "name").startswith('<span lang="en">Made-up fund</span>')


def test_an_empty_text_is_not_marked_at_all(db):
    with translation.override("hu"):
        assert tracker.content(InitiativeFactory(summary=""), "summary") == ""
        assert tracker.original("") == ""


def test_a_language_is_named_in_the_language_of_the_page_and_by_its_code_when_we_have_no_name():
    assert tracker.language_name("ru") == "Russian"
    assert tracker.language_name("qaa") == "qaa"
    with translation.override("tr"):
        assert tracker.language_name("ru") == "Rusça"
    with translation.override("ru"):
        assert tracker.language_name("en") == "английский"


def test_an_azerbaijani_page_names_a_language_with_its_own_two_letters_i(monkeypatch):
    with translation.override("az"):
        assert tracker.language_name("en") == "ingilis"
        monkeypatch.setattr(tracker, "get_language_info", lambda code: {"name_translated": "Irak İşarəsi"})
        assert tracker.language_name("qaa") == "ırak işarəsi"


@pytest.mark.parametrize(("number", "of", "length"), [(1, 2, "50.0%"), (3, 3, "100.0%"), (0, 0, "0%")])
def test_a_share_is_a_length_in_percent(number, of, length):
    assert tracker.share(number, of) == length


def test_the_other_names_leave_out_the_one_on_display(db):
    initiative = InitiativeFactory(name="Made-up fund")
    InitiativeNameFactory(parent=initiative, text="Made-up fund", language="en")
    other = InitiativeNameFactory(parent=initiative, text="Uydurma fon")

    assert tracker.other_names(initiative) == [other]
