"""Django's, with the genitive also for a day without its year ("24 октября", not "24 октябрь")."""

MONTH_DAY_FORMAT = "j E"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j E Y г., H:i"
