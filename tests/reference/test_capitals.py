"""Capital letters as the reader's language writes them."""

import pytest
from django.template import engines
from django.utils import translation


@pytest.mark.parametrize(
    ("language", "word", "capital"),
    [
        ("tr", "imzalandı", "İmzalandı"),
        ("az", "iştirakçı", "İştirakçı"),
        ("en", "in force", "In force"),
        ("ru", "проект", "Проект"),
        ("tr", "", ""),
    ],
)
def test_a_word_gets_its_capital_in_every_template(language, word, capital):
    with translation.override(language):
        assert engines["django"].from_string("{{ word|capfirst }}").render({"word": word}) == capital
