"""A date reads in each language as its newspapers write it."""

from datetime import date, time

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format, number_format, time_format

READS = {
    "en": ("24 October 2025", "October 2025", "24 October"),
    "az": ("24 oktyabr 2025", "oktyabr 2025", "24 oktyabr"),
    "kk": ("2025 ж. 24 қазан", "2025 ж. қазан", "24 қазан"),
    "ky": ("2025-ж., 24-октябрь", "2025-ж., октябрь", "24-октябрь"),
    "tr": ("24 Ekim 2025", "Ekim 2025", "24 Ekim"),
    "uz": ("2025-yil 24-oktabr", "2025-yil oktabr", "24-oktabr"),
    "ru": ("24 октября 2025 г.", "октябрь 2025 г.", "24 октября"),
    "hu": ("2025. október 24.", "2025. október", "október 24."),
}


# The small initials come from our catalogs; Django's begin every month with a capital.
LANGUAGES = [
    pytest.param(
        language,
        marks=pytest.mark.skipif(language != "en" and not (settings.BASE_DIR / "locale" / language).exists(), reason="not translated yet"),
    )
    for language in READS
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_date_a_month_and_a_day_read_right(language):
    day = date(2025, 10, 24)

    with translation.override(language):
        read = tuple(date_format(day, name) for name in ("DATE_FORMAT", "YEAR_MONTH_FORMAT", "MONTH_DAY_FORMAT"))

    assert read == READS[language]


@pytest.mark.parametrize("language", READS)
def test_hours_run_to_twenty_four(language):
    with translation.override(language):
        assert time_format(time(15, 5), "TIME_FORMAT") == "15:05"


@pytest.mark.parametrize("language", [language for language in READS if language != "en"])
def test_decimals_follow_a_comma(language):
    with translation.override(language):
        assert number_format(0.5, 1) == "0,5"
