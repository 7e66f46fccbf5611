"""Two people's changes of one form put together. All texts are made up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editorial.desk.merging import canonical, merge


def form(rows=(), **boxes):
    """A form with one list, `names`, whose rows have an id (or none: new) and a text."""
    sent = dict(boxes) | {"names-TOTAL_FORMS": str(len(rows)), "names-INITIAL_FORMS": str(sum(1 for row in rows if row.get("id")))}
    sent |= {"names-MIN_NUM_FORMS": "0", "names-MAX_NUM_FORMS": "1000"}
    for number, row in enumerate(rows):
        sent |= {f"names-{number}-{name}": value for name, value in row.items()}
    return sent


def name(id, text, **more):
    return {"id": id, "text": text, **more}


def rows_of(boxes):
    count = int(boxes["names-TOTAL_FORMS"])
    return [(boxes.get(f"names-{number}-id", ""), boxes.get(f"names-{number}-text", "")) for number in range(count)]


# Boxes


def test_what_only_they_changed_is_taken_and_told():
    merged = merge({"place": "Oldtown", "theme": ""}, {"place": "Oldtown", "theme": "Mine"}, {"place": "Newtown", "theme": ""})

    assert merged.boxes == {"place": "Newtown", "theme": "Mine"}
    assert (merged.taken, merged.conflicts) == ({"place": "Oldtown"}, {})


def test_what_both_changed_differently_stays_mine_with_theirs_beside_it():
    merged = merge({"place": "Oldtown"}, {"place": "Mytown"}, {"place": "Theirtown"})

    assert merged.boxes == {"place": "Mytown"}
    assert merged.conflicts == {"place": "Theirtown"}


def test_what_both_changed_alike_is_no_conflict():
    assert merge({"place": "Oldtown"}, {"place": "Newtown"}, {"place": "Newtown"}).is_quiet


def test_line_ends_and_the_order_of_choices_are_no_change():
    merged = merge({"note": "a\nb", "themes": ["1", "2"]}, {"note": "a\r\nb", "themes": ["2", "1"]}, {"note": "c", "themes": ["3"]})

    assert not merged.conflicts
    assert merged.boxes == {"note": "c", "themes": ["3"]}


def test_a_box_that_is_not_sent_is_an_empty_one():
    merged = merge({"known": "on"}, {}, {"known": "on", "note": "Theirs"})

    assert merged.boxes == {"note": "Theirs"}
    assert merged.taken == {"note": ""}


def test_the_parts_of_a_date_are_one_thing():
    base = {"start_0": "2024", "start_1": "stated"}
    merged = merge(base, base | {"start_1": "inferred"}, base | {"start_0": "2025"}, together={"start"})

    assert merged.boxes == {"start_0": "2024", "start_1": "inferred"}
    assert merged.conflicts == {"start_0": "2025", "start_1": "stated"}


def test_without_knowing_what_was_opened_every_difference_is_told():
    merged = merge(None, form([name("1", "Mine")], place="A"), form([name("1", "Theirs"), name("2", "New")], place="B"))

    assert merged.conflicts == {"place": "B", "names-0-text": "Theirs"}
    assert merged.added == ["names-1"]


# Rows


def test_a_row_they_added_is_put_in_and_mine_follow():
    base = form([name("1", "One")])
    merged = merge(base, form([name("1", "One"), name("", "Mine")]), form([name("1", "One"), name("2", "Theirs")]))

    assert rows_of(merged.boxes) == [("1", "One"), ("2", "Theirs"), ("", "Mine")]
    assert (merged.boxes["names-TOTAL_FORMS"], merged.boxes["names-INITIAL_FORMS"]) == ("3", "2")
    assert merged.added == ["names-1"]


def test_a_row_both_added_is_there_once():
    merged = merge(form(), form([name("", "The same")]), form([name("7", "The same")]))

    assert rows_of(merged.boxes) == [("7", "The same")]
    assert merged.is_quiet


def test_a_row_they_deleted_goes_when_i_left_it_alone():
    base = form([name("1", "One"), name("2", "Two")])
    merged = merge(base, base | {"names-1-text": "Mine"}, form([name("2", "Two")]))

    assert rows_of(merged.boxes) == [("2", "Mine")]
    assert merged.deleted == ["names"]


def test_a_row_they_deleted_comes_back_as_a_new_one_when_i_had_changed_it():
    merged = merge(form([name("1", "One"), name("2", "Two")]), form([name("1", "Mine"), name("2", "Two")]), form([name("2", "Two")]))

    assert rows_of(merged.boxes) == [("2", "Two"), ("", "Mine")]
    assert merged.revived == ["names-1"]
    assert merged.boxes["names-INITIAL_FORMS"] == "1"


def test_a_row_that_both_deleted_is_gone():
    merged = merge(form([name("1", "One")]), form([name("1", "One", DELETE="on")]), form())

    assert rows_of(merged.boxes) == []
    assert merged.is_quiet


def test_to_delete_what_they_changed_is_asked_again():
    merged = merge(form([name("1", "One")]), form([name("1", "One", DELETE="on")]), form([name("1", "Theirs")]))

    assert merged.boxes["names-0-DELETE"] == "on"
    assert merged.boxes["names-0-text"] == "Theirs"
    assert "names-0-DELETE" in merged.conflicts


def test_a_row_they_ticked_off_stays_when_i_had_changed_it():
    merged = merge(form([name("1", "One")]), form([name("1", "Mine")]), form([name("1", "One", DELETE="on")]))

    assert merged.boxes["names-0-text"] == "Mine"
    assert "names-0-DELETE" not in merged.boxes
    assert (merged.conflicts, merged.taken) == ({"names-0-DELETE": "on"}, {})


def test_a_row_they_ticked_off_is_ticked_off_when_i_left_it_alone():
    merged = merge(form([name("1", "One")]), form([name("1", "One")]), form([name("1", "One", DELETE="on")]))

    assert merged.boxes["names-0-DELETE"] == "on"
    assert (merged.conflicts, merged.taken) == ({}, {"names-0-DELETE": ""})


def test_rows_written_anew_under_other_numbers_are_the_same_rows():
    merged = merge(
        form([name("1", "One"), name("2", "Two")]), form([name("1", "Mine"), name("2", "Two")]), form([name("8", "One"), name("9", "Two")])
    )

    assert rows_of(merged.boxes) == [("8", "Mine"), ("9", "Two")]
    assert merged.is_quiet


def test_a_new_row_of_theirs_that_is_not_saved_either_is_put_in():
    merged = merge(form(), form([name("", "Mine")]), form([name("", "Theirs")]))

    assert rows_of(merged.boxes) == [("", "Theirs"), ("", "Mine")]


def test_a_new_row_i_took_out_again_stays_out():
    base = form([name("", "One"), name("", "Two")])

    assert rows_of(merge(base, form([name("", "Two")]), base).boxes) == [("", "Two")]


def test_lists_with_like_names_are_kept_apart():
    sent = {"names-2-TOTAL_FORMS": "1", "names-2-INITIAL_FORMS": "0", "names-2-0-text": "Other"}

    merged = merge(form() | sent, form() | sent, form([name("1", "New")]) | sent)

    assert merged.boxes["names-2-0-text"] == "Other"
    assert rows_of(merged.boxes) == [("1", "New")]


# Whatever anybody types

texts = st.sampled_from(["", "a", "b", "c"])
loose = st.fixed_dictionaries(
    {}, optional={"place": texts, "theme": texts, "themes": st.lists(texts, max_size=2), "day_0": texts, "day_1": texts}
)


@st.composite
def three_forms(draw):
    """A form, and two that came of it as browsers make them: boxes typed over, rows ticked off, rows added at the end."""
    saved = [name(str(number), draw(texts)) for number in range(draw(st.integers(0, 3)))]

    def edited(saves):
        rows = []
        for row in saved:
            does = draw(st.sampled_from(["leaves", "types", "deletes"]))
            if does == "deletes" and saves:
                continue
            rows.append(row | ({"text": draw(texts)} if does == "types" else {"DELETE": "on"} if does == "deletes" else {}))
        new = [draw(st.sampled_from(["x", "y", "z"])) for _row in range(draw(st.integers(0, 2)))]
        rows += [name(f"{90 + number}" if saves else "", text) for number, text in enumerate(new)]
        return form(rows, **draw(loose))

    return form(saved, **draw(loose)), edited(saves=False), edited(saves=True)


@given(three_forms())
def test_nothing_of_theirs_leaves_my_form_as_it_is(forms):
    base, mine, _theirs = forms
    merged = merge(base, mine, base, together={"day"})

    assert merged.is_quiet
    assert {box: canonical(value) for box, value in merged.boxes.items()} == {box: canonical(value) for box, value in mine.items()}


@given(three_forms())
def test_nothing_of_mine_gives_their_form(forms):
    base, _mine, theirs = forms
    merged = merge(base, base, theirs, together={"day"})

    assert not merged.conflicts
    assert not merged.revived
    assert {box: canonical(value) for box, value in merged.boxes.items() if canonical(value)} == {
        box: canonical(value) for box, value in theirs.items() if canonical(value)
    }


@given(three_forms())
def test_every_box_holds_what_one_of_the_two_wants_and_every_loss_is_told(forms):
    base, mine, theirs = forms
    merged = merge(base, mine, theirs, together={"day"})

    for box in ("place", "theme", "themes"):
        now, i, they, was = (canonical(held.get(box)) for held in (merged.boxes, mine, theirs, base))
        assert now == (i if i != was else they)
        assert (box in merged.conflicts) == (i != was and they not in (was, i))
        assert (box in merged.taken) == (i == was and they != was)


@given(three_forms())
def test_no_row_is_lost_and_the_counts_are_right(forms):
    base, mine, theirs = forms
    merged = merge(base, mine, theirs)

    now = rows_of(merged.boxes)
    numbers = [id for id, _text in now if id]
    assert [id for id, _text in now] == [*numbers, *[""] * (len(now) - len(numbers))]  # saved rows first
    assert numbers == [id for id, _text in rows_of(theirs)]
    assert int(merged.boxes["names-INITIAL_FORMS"]) == len(numbers)
    texts = [text for _id, text in now]
    for id, text in rows_of(mine):
        was = dict(rows_of(base)).get(id)
        number = [row[0] for row in rows_of(mine)].index(id) if id else -1
        if not id or (text != was and f"names-{number}-DELETE" not in mine):
            assert text in texts


@given(three_forms())
def test_looking_again_finds_nothing_new(forms):
    base, mine, theirs = forms
    once = merge(base, mine, theirs, together={"day"})

    again = merge(theirs, once.boxes, theirs, together={"day"})

    assert again.is_quiet
    assert {box: canonical(value) for box, value in again.boxes.items()} == {box: canonical(value) for box, value in once.boxes.items()}


@pytest.mark.parametrize("value", [None, "", [], [""]])
def test_nothing_is_nothing(value):
    assert canonical(value) == ()
