"""How dates and numbers read in each language, where Django has it differently from its readers.

Hungarian needs nothing. A month alone is `F`, a month after a day is `E`:
Russian declines it ("октябрь", "24 октября").

Django's catalogs begin the months with a capital letter, which is right for a
calendar's heading and wrong within a date in Azerbaijani, Kazakh, Kyrgyz,
Uzbek and Russian. The catalogs in `locale/` come first, so they say the months
again; this list makes `makemessages` ask for them.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# Translators: with the initial a month has in the middle of a date ("oktyabr", but Turkish "Ekim").
MONTHS = [
    _("January"),
    _("February"),
    _("March"),
    _("April"),
    _("May"),
    _("June"),
    _("July"),
    _("August"),
    _("September"),
    _("October"),
    _("November"),
    _("December"),
]
# Translators: as a month stands after the day ("24 октября").
MONTHS_AFTER_A_DAY = [
    pgettext_lazy("alt. month", "January"),
    pgettext_lazy("alt. month", "February"),
    pgettext_lazy("alt. month", "March"),
    pgettext_lazy("alt. month", "April"),
    pgettext_lazy("alt. month", "May"),
    pgettext_lazy("alt. month", "June"),
    pgettext_lazy("alt. month", "July"),
    pgettext_lazy("alt. month", "August"),
    pgettext_lazy("alt. month", "September"),
    pgettext_lazy("alt. month", "October"),
    pgettext_lazy("alt. month", "November"),
    pgettext_lazy("alt. month", "December"),
]
