"""Year first, as Kyrgyz has it; Django's own order is the Russian one."""

DATE_FORMAT = "Y-ж., j-E"
YEAR_MONTH_FORMAT = "Y-ж., F"
MONTH_DAY_FORMAT = "j-E"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "Y-ж., j-E, H:i"
DECIMAL_SEPARATOR = ","
