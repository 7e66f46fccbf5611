"""Two states of a record in the reader's words, what differs marked. All texts are made up."""

import html

import pytest
from django.utils import translation
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from editorial.desk.comparing import differences, marked
from editorial.desk.words import boxes_in_words, kind_in_words, value_in_words, verb_in_words
from initiatives.models import Initiative
from meetings.models import Meeting


def told(before, after, model=Meeting):
    return [(one.label, str(one.before), str(one.after)) for one in differences(model, before, after)]


def test_the_words_that_differ_are_marked():
    assert marked("They met in Oldtown.", "They met in Newtown.") == (
        "They met in <del>Oldtown</del>.",
        "They met in <ins>Newtown</ins>.",
    )


def test_nothing_is_shown_as_a_dash():
    assert marked("", "New") == ("–", "<ins>New</ins>")
    assert marked("Old", "") == ("<del>Old</del>", "–")


@given(st.text(), st.text())
def test_marking_keeps_every_letter_and_lets_no_markup_through(before, after):
    for text, shown, mark in zip((before, after), marked(before, after), ("del", "ins"), strict=True):
        bare = shown.replace(f"<{mark}>", "").replace(f"</{mark}>", "")
        assert "<" not in bare
        assert html.unescape(bare) == (html.unescape(escape(text)) or "–")


def test_a_very_long_text_is_compared_as_a_whole():
    left, right = marked("one " * 3000, "two " * 3000)

    assert (left.count("<del>"), right.count("<ins>")) == (1, 1)


def test_fields_are_named_as_the_form_names_them_and_choices_by_their_labels():
    assert told({"format": "in_person"}, {"format": "online"}) == [("Format", "<del>in person</del>", "<ins>online</ins>")]


def test_they_are_named_in_the_readers_language():
    with translation.override("tr"):
        assert told({"place": "A"}, {"place": "B"})[0][0] != "Place"


def test_days_are_written_as_people_write_them():
    assert told({"start": "2024-05"}, {"start": "2025-05"}) == [("Start", "May <del>2024</del>", "May <ins>2025</ins>")]


def test_days_known_in_different_ways_are_told_apart():
    assert told({"start": "2024"}, {"start": "2024~inferred"}) == [("Start", "2024", "2024<ins>~inferred</ins>")]


def test_each_translation_is_a_field_of_its_own():
    assert told({"i18n": {"name_tr": "Eski"}}, {"i18n": {"name_tr": "Yeni", "name_kk": "Жаңа"}}) == [
        ("Name (KK)", "–", "<ins>Жаңа</ins>"),
        ("Name (TR)", "<del>Eski</del>", "<ins>Yeni</ins>"),
    ]


def test_rows_of_a_list_are_compared_row_by_row():
    before = {"parties": [{"initiative": "x", "party": "aa", "role": "member"}, {"initiative": "x", "party": "bb", "role": "member"}]}
    after = {"parties": [{"initiative": "x", "party": "aa", "role": "member"}, {"initiative": "x", "party": "bb", "role": "proposer"}]}

    ((label, left, right),) = told(before, after, Initiative)

    assert "aa" not in left + right
    assert "bb" in left
    assert "<del>" in left
    assert "<ins>" in right
    assert "1 entry stays as it is." in right
    assert label


def test_added_and_removed_rows_stand_on_their_side():
    ((_label, left, right),) = told({"names": []}, {"names": [{"language": "tr", "text": "Uydurma", "kind": "usual"}]})
    assert (left, "Uydurma" in right) == ("–", True)
    ((_label, left, right),) = told({"themes": ["digital", "space"]}, {"themes": ["digital"]}, Initiative)
    assert ("<del>space</del>" in left, "<del>" in right) == (True, False)


def test_nothing_and_an_empty_text_are_the_same():
    assert told({"theme": None, "names": []}, {"theme": ""}) == []


def test_what_the_model_no_longer_has_is_shown_as_it_was():
    assert told({"old_field": "a"}, {"old_field": "b"}) == [("Old field", "<del>a</del>", "<ins>b</ins>")]
    assert told({"place": "a"}, {"place": "b"}, None) == [("Place", "<del>a</del>", "<ins>b</ins>")]


@pytest.mark.parametrize("value", ["2024-13", 7, True, ["x"], {"a": "b"}])
def test_a_value_that_cannot_be_is_shown_all_the_same(value):
    assert value_in_words(Meeting, "start", value)


def test_verbs_and_kinds_are_words():
    assert (verb_in_words("meeting.sent_back"), verb_in_words("meeting.made_up_verb")) == ("Sent back", "made up verb")
    assert (kind_in_words("meetings.meeting"), kind_in_words("gone.model")) == ("Meeting", "gone.model")


@pytest.mark.django_db
def test_boxes_of_a_form_that_is_gone_are_told_by_their_labels():
    typed = {"place": "Newtown", "format": "online", "start_0": "2024", "names-TOTAL_FORMS": "1", "names-0-text": "Uydurma", "x-0-y": "?"}

    told = boxes_in_words(Meeting, typed)

    assert [text for _label, text in told] == ["Newtown", "online", "2024", "Uydurma"]
    assert [label for label, _text in told][:3] == ["Place", "Format", "Start"]
