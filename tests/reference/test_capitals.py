"""Capital letters as the reader's language writes them."""

import pytest
from django.template import engines
from django.utils import translation
from django.utils.safestring import mark_safe


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


def test_markup_stays_markup():
    template = engines["django"].from_string("{{ word|capfirst }}")
    assert template.render({"word": mark_safe("<b>word</b>")}) == "<b>word</b>"
    assert template.render({"word": "<b>word</b>"}) == "&lt;b&gt;word&lt;/b&gt;"
