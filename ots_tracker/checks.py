"""Checks of our own, beside those of Django: run by every `migrate` and by `make check`."""
