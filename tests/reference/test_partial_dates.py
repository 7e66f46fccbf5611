"""Dates as well as they are known: one value type in Python, in forms and in SQL."""

import datetime

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import translation
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from reference.models import Source
from reference.partial_dates import FIRST_YEAR, LAST_YEAR, UNKNOWN, Basis, PartialDate, PartialDateFormField
from tests.factories import SourceFactory

days = st.dates(datetime.date(FIRST_YEAR, 1, 1), datetime.date(LAST_YEAR, 12, 31))
values = st.one_of(
    st.just(""),
    days.map(lambda day: day.isoformat()),
    days.map(lambda day: day.isoformat()[:7]),
    days.map(lambda day: day.isoformat()[:4]),
    st.tuples(days, st.sampled_from(["H1", "H2"])).map(lambda pair: f"{pair[0].isoformat()[:4]}-{pair[1]}"),
)
dates = st.builds(PartialDate, values, st.sampled_from(Basis.values))
in_database = hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class TestTheValue:
    @given(dates)
    def test_it_comes_back_from_its_column_as_it_went_in(self, date):
        assert PartialDate.from_column(date.as_column()) == date

    @given(dates)
    def test_it_comes_back_from_its_own_text(self, date):
        assert PartialDate.parse(date.value, date.basis) == date

    @given(dates.filter(bool))
    def test_its_first_day_is_never_after_its_last(self, date):
        assert date.first <= date.last

    @given(dates.filter(bool), dates.filter(bool))
    def test_it_sorts_by_its_first_possible_day(self, one, other):
        if one.first < other.first:
            assert one.sort_key < other.sort_key

    @given(days)
    def test_the_vaguer_date_comes_before_the_finer_ones_that_begin_with_it(self, day):
        fine = PartialDate(day.isoformat())
        for vague in (day.isoformat()[:7], day.isoformat()[:4]):
            assert PartialDate(vague).sort_key < fine.sort_key
            assert fine.within(PartialDate(vague))

    @given(dates.filter(bool))
    def test_an_unknown_date_comes_last_and_overlaps_nothing(self, date):
        assert date.sort_key < UNKNOWN.sort_key
        assert not date.overlaps(UNKNOWN)
        assert not UNKNOWN.overlaps(date)

    @given(dates, dates)
    def test_overlapping_works_both_ways_and_being_within_implies_it(self, one, other):
        assert one.overlaps(other) == other.overlaps(one)
        assert not one.within(other) or one.overlaps(other)

    @given(st.text(max_size=12))
    def test_whatever_is_typed_is_either_kept_exactly_or_refused(self, text):
        try:
            date = PartialDate.parse(text)
        except ValidationError:
            return
        assert date.value in (text.strip(), text.strip().replace("-h", "-H"), "")

    @pytest.mark.parametrize(
        ("text", "precision", "first", "last"),
        [
            ("2024", "year", "2024-01-01", "2024-12-31"),
            ("2024-H1", "half", "2024-01-01", "2024-06-30"),
            ("2024-h2", "half", "2024-07-01", "2024-12-31"),
            ("2024-02", "month", "2024-02-01", "2024-02-29"),
            (" 2024-05-17 ", "day", "2024-05-17", "2024-05-17"),
        ],
    )
    def test_each_precision_covers_its_days(self, text, precision, first, last):
        date = PartialDate.parse(text)
        assert (date.precision, date.first.isoformat(), date.last.isoformat()) == (precision, first, last)

    @pytest.mark.parametrize("text", ["", "unknown", "Unknown", None])
    def test_nothing_and_the_word_unknown_are_unknown(self, text):
        assert PartialDate.parse(text) == UNKNOWN
        assert UNKNOWN.precision == "unknown"
        assert UNKNOWN.first is None
        assert UNKNOWN.last is None

    @pytest.mark.parametrize(
        "text",
        [
            "24",
            "2024-5",
            "2024-13",
            "2024-00",
            "2024-02-30",
            "2024-H3",
            "24.10.2025",
            "2024/05",
            "0000",
            "1850",
            "9999",
            "20245",
            "2024\x00",
            "２０２４",
            2024,
            1.5,
        ],
    )
    def test_anything_else_is_refused_with_what_is_allowed(self, text):
        with pytest.raises(ValidationError, match="2024, 2024-H2, 2024-05 or 2024-05-17"):
            PartialDate.parse(text)

    def test_an_unknown_date_is_one_value_whatever_its_basis(self):
        assert PartialDate("", "inferred") == UNKNOWN

    def test_a_refusal_quotes_what_was_typed(self):
        with pytest.raises(ValidationError, match="“soon”"):
            PartialDate.parse("soon")

    def test_a_basis_nobody_knows_is_refused(self):
        with pytest.raises(ValidationError, match="stated, page_date, resolved_relative, inferred"):
            PartialDate("2024", "guessed")

    def test_its_json_form_is_that_of_the_contract(self):
        assert PartialDate("2025-10").as_json() == {
            "value": "2025-10",
            "precision": "month",
            "basis": "stated",
            "display": "October 2025",
        }
        assert UNKNOWN.as_json() is None

    @pytest.mark.parametrize(
        ("language", "value", "words"),
        [
            ("en", "2024", "2024"),
            ("en", "2024-05", "May 2024"),
            ("en", "2025-10-24", "24 October 2025"),
            ("en", "2024-H2", "second half of 2024"),
            ("ru", "2025-10-24", "24 октября 2025 г."),
            ("tr", "2025-10-24", "24 Ekim 2025"),
            ("hu", "2025-10-24", "2025. október 24."),
        ],
    )
    def test_it_is_shown_in_the_readers_language(self, language, value, words):
        with translation.override(language):
            assert str(PartialDate(value)) == words

    @pytest.mark.parametrize("language", ["en", "az", "kk", "ky", "tr", "uz", "ru", "hu"])
    @pytest.mark.parametrize("value", ["2024", "2024-H1", "2024-H2", "2024-09"])
    def test_a_vague_date_never_shows_a_day(self, language, value):
        with translation.override(language):
            words = str(PartialDate(value)).replace("2024", "")
        assert "1" not in words.replace("I", "")
        assert "01" not in words


class TestInTheDatabase:
    @given(date=dates)
    @in_database
    def test_sql_and_python_agree_on_every_date(self, db, date):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT partial_date_is_valid(d), partial_date_first(d), partial_date_last(d), partial_date_sort(d) "
                "FROM (SELECT %s::text AS d) AS given",
                [date.as_column()],
            )
            assert cursor.fetchone() == (True, date.first, date.last, date.sort_key)

    @pytest.mark.parametrize(
        "text", ["24", "2024-13", "2024-02-30", "2024-H3", "1850", "2024~guessed", "~inferred", "2024 ", "2024-05-17T00"]
    )
    def test_the_database_refuses_a_malformed_date_by_the_name_of_the_rule(self, db, text):
        source = SourceFactory()
        with (
            pytest.raises(DatabaseError, match="source_published_shape"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("UPDATE reference_source SET published = %s WHERE id = %s", [text, source.pk])

    def test_a_record_keeps_the_basis_with_the_date(self, db):
        source = SourceFactory(published=PartialDate("2025", "inferred"))
        assert Source.objects.get(pk=source.pk).published == PartialDate("2025", "inferred")

    def test_text_set_on_a_record_reads_as_a_partial_date_at_once(self, db):
        assert SourceFactory.build(published="2024-05").published == PartialDate("2024-05")

    def test_queries_can_compare_and_order_by_it(self, db):
        made = [SourceFactory(published=value) for value in ("2025-10", "2024", "", "2025-10-03", "2024-H2")]
        values = [str(source.published.value) for source in Source.objects.order_by("published__sort")]
        assert values == ["2024", "2024-H2", "2025-10", "2025-10-03", ""]
        assert Source.objects.filter(published__last__lt=datetime.date(2025, 1, 1)).count() == 2
        assert len(made) == 5


class TestTheFormField:
    class Form(forms.Form):
        date = PartialDateFormField(required=True)

    def test_it_takes_a_date_and_its_basis(self):
        form = self.Form({"date_0": "2025-H2", "date_1": "inferred"})
        assert form.is_valid()
        assert form.cleaned_data["date"] == PartialDate("2025-H2", "inferred")

    def test_it_refuses_a_malformed_date_and_keeps_what_was_typed(self):
        form = self.Form({"date_0": "24.10.2025", "date_1": "stated"})
        assert "is not a date that can be kept" in form.errors["date"][0]
        assert 'value="24.10.2025"' in str(form["date"])

    def test_it_refuses_to_be_left_empty_when_required(self):
        assert "date" in self.Form({"date_0": "", "date_1": "stated"}).errors

    def test_it_notices_a_change_of_basis_alone(self):
        field = PartialDateFormField()
        assert not field.has_changed(PartialDate("2025"), ["2025", "stated"])
        assert field.has_changed(PartialDate("2025"), ["2025", "inferred"])
        assert field.has_changed(PartialDate("2025"), ["rubbish", "stated"])
