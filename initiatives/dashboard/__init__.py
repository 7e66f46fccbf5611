"""The first page of the desk: what needs doing, list by list, each line leading to the form that mends it."""

from .desk import Desk
from .searching import REMEMBERED, SearchForm
from .section import Pages

__all__ = ["REMEMBERED", "Desk", "Pages", "SearchForm"]
