"""Year first, as in "2025-yil 24-oktabr"; Django puts it last, which reads as a translation."""

DATE_FORMAT = r"Y-\y\i\l j-E"
YEAR_MONTH_FORMAT = r"Y-\y\i\l F"
MONTH_DAY_FORMAT = "j-E"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = r"Y-\y\i\l j-E, H:i"
