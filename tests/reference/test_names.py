"""Names fold to one plain form, whatever alphabet, case and accents they are typed in."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from reference.models import Party
from reference.names import fold
from tests.factories import InitiativeFactory, PartyFactory, PartyNameFactory, SourceFactory


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Türkiye", "TURKIYE"),
        ("İstanbul", "istanbul"),
        ("Ümumtürk Patent Təşkilatı", "umumturk patent teskilati"),
        ("Oʻzbekiston", "OZBEKISTON"),
        ("  two   words ", "two words"),
        ("Ёлка", "елка"),
    ],
)
def test_spellings_of_one_word_fold_to_the_same(one, other):
    assert fold(one) == fold(other)


@given(st.text(max_size=50))
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


def test_the_sort_key_follows_the_name_at_every_save(db):
    party = PartyFactory(name="Özbekistan")
    assert party.sort_name == "ozbekistan"
    party.name = "Åland"
    party.version += 1
    party.save()
    assert Party.objects.get(pk=party.pk).sort_name == "aland"


def test_a_party_is_found_by_any_of_its_names(db):
    party = PartyFactory(name="Made-up Chamber")
    PartyNameFactory(parent=party, text="Uydurma Odası")
    PartyFactory()
    assert list(Party.objects.called("odasi")) == [party]
    assert list(Party.objects.called("CHAMBER")) == [party]


@pytest.mark.parametrize("slug", ["UPPER", "with space", "umlaut-ü", "-leading", "double--hyphen", "123"])
def test_a_malformed_slug_is_refused(db, slug):
    with pytest.raises(ValidationError):
        InitiativeFactory.build(slug=slug).full_clean()


@pytest.mark.parametrize("slug", ["ptpo", "24kg_civil", "rdi-fund", "isti-2"])
def test_the_slugs_of_the_research_notes_are_accepted(db, slug):
    SourceFactory.build(slug=slug).full_clean()
