"""What stands before a paragraph: its number, its article, its letter, a bullet.

A number at the start of a line is only a mark in company: “12. Zirve” (the
12th Summit) in a text without an 11th or a 13th paragraph is a part of the
sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyz",
    "abcçdeəfgğhxıijkqlmnoöprsştuüvyz",
    "abcçdefgğhıijklmnoöprsştuüvyz",
    "aábcdeéfghiíjklmnoóöőpqrstuúüűvwxyz",
    "абвгдежзийклмнопрстуфхцчшщэюя",
    "абвгдежзиклмнопрстуфхцчшщэюя",
    "аәбвгғдежзийкқлмнңоөпрстуұүфхһцчшщыіэюя",
    "абвгдежзийклмнңоөпрстуүфхцчшщыэюя",
)
_LETTER = r"[a-zçəğıöşüáéíóőúűа-яёәғқңөұүһіўҳ]"
_WORDS_BEFORE = r"article|art\.|section|paragraph|clause|статья|ст\.|пункт|раздел|madde|maddə|modda|модда"
_WORDS_AFTER = r"бап|берене|статья|тармақ|пункт|modda|модда|maddə|madde|cikkely|cikk"
# What may follow such a word when it is a mark: nothing, a stop, a dash or a new sentence. “Article 5 of the Charter” is prose.
_END = r"(?:\s*[.:)]|\s+[–—-](?=\s)|(?=\s*$)|(?=\s+[«“\"(]?[^\W\d_a-zçəğıöşüа-яёәғқңөұүһі]))"
_ARTICLE = re.compile(
    rf"(?:(?i:{_WORDS_BEFORE})\s*(?:№\s*)?(?:\d{{1,3}}(?:\.\d{{1,3}})*|[IVXLC]{{1,6}})|§\s*\d{{1,3}}(?:\.\d{{1,3}})*"
    rf"|\d{{1,3}}\.?(?:\s?[-‐‑–]\s?(?:c[iıuü]\s)?|\s)(?i:{_WORDS_AFTER})\b){_END}"
)
_SIGN = re.compile(r"§\s*\d{1,3}(?:\.\d{1,3})*[.)]?(?=\s)")
_NUMBER = re.compile(r"(?P<value>\d{1,3}(?:\.\d{1,3}){0,3})(?P<style>\.?\)|\.)(?=\s|$|[^\W\d_])")
_IN_BRACKETS = re.compile(r"\((?P<value>\d{1,3})\)(?=\s|$|[^\W\d_])")
_LEVELS = re.compile(r"(?P<value>\d{1,2}(?:\.\d{1,2}){1,3})(?=\s)")
_DASHED = re.compile(r"(?P<value>\d{1,3})\s?(?P<style>[-–—])\s+(?=[^\W\d_])")
_ROMAN = re.compile(r"(?P<value>[IVXLC]{1,6})(?P<style>[.)])(?=\s|$)")
_CLOSED_LETTER = re.compile(rf"\(?(?:[ivx]{{2,4}}|{_LETTER})\)")
_OPEN_LETTER = re.compile(rf"(?P<value>{_LETTER}|[A-Z])(?P<style>[.)])(?=\s|$)")
_BULLET = re.compile(r"(?:[•▪●■◦‣⁃∙·➢✓►\uf0b7\uf0a7]|[–—*-](?=\s))")
_DASHES = "–—-*"


@dataclass(frozen=True)
class Mark:
    """One mark as the document writes it. Its style and value tell which marks keep each other company."""

    raw: str
    kind: str
    style: str = ""
    value: tuple[int, ...] = ()
    letter: str = ""  # of letters that need company: “a.” may be an initial, “a)” may not

    @property
    def is_letter(self) -> bool:
        return self.kind in ("letter", "bullet")

    @property
    def is_dash(self) -> bool:
        return self.raw in _DASHES

    def follows(self, other: Mark | None) -> bool:
        """Whether it counts on from the other: 13 after 12."""
        if other is None or not self.kind == other.kind == "number":
            return False
        return self.style == other.style and self.value == (*other.value[:-1], other.value[-1] + 1)


def candidates(line: str) -> Iterator[Mark]:
    """Every reading of what the line begins with, the likeliest first."""
    for pattern in (_ARTICLE, _SIGN):
        if match := pattern.match(line):
            yield Mark(match.group(), "article")
    for pattern in (_NUMBER, _IN_BRACKETS, _LEVELS, _DASHED):
        if match := pattern.match(line):
            style = match.groupdict().get("style", pattern.pattern[:2])
            yield Mark(match.group().strip(), "number", style, tuple(map(int, match["value"].split("."))))
    if match := _ROMAN.match(line):
        yield Mark(match.group(), "roman", match["style"], (_roman(match["value"]),))
    if match := _CLOSED_LETTER.match(line):
        yield Mark(match.group(), "letter", ")")
    if match := _OPEN_LETTER.match(line):
        style = match["style"] + ("A" if match["value"].isupper() else "")
        yield Mark(match.group(), "letter", style, letter=match["value"].lower())
    if match := _BULLET.match(line):
        yield Mark(match.group(), "bullet")


def _roman(text: str) -> int:
    worth = [{"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}[letter] for letter in text]
    return sum(-one if one < after else one for one, after in zip(worth, [*worth[1:], 0], strict=True))


class Company:
    """All marks that the lines of one text may begin with: says which of them are marks indeed."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.present = {(mark.kind, mark.style, mark.value, mark.letter) for line in lines for mark in candidates(line)}

    def mark_of(self, line: str) -> Mark | None:
        """The mark that the line begins with, if it keeps company."""
        return next((mark for mark in candidates(line) if self._admits(mark)), None)

    def _admits(self, mark: Mark) -> bool:
        if mark.kind == "number":
            *above, last = mark.value
            beside = any(self._has(mark, (*above, last + step)) for step in (-1, 1))
            return beside or (last == 1 and (not above or self._has(mark, tuple(above))))
        if mark.kind == "roman":
            return any(self._has(mark, (mark.value[0] + step,)) for step in (-1, 1))
        return not mark.letter or any(self._in_order(mark, alphabet) for alphabet in _ALPHABETS)

    def _in_order(self, mark: Mark, alphabet: str) -> bool:
        """Initials are no letters of a list: a list has a first one, and a neighbour."""
        place = alphabet.find(mark.letter)
        beside = [alphabet[near] for near in (place - 1, place + 1) if 0 <= near < len(alphabet)]
        return place >= 0 and self._has(mark, (), alphabet[0]) and any(self._has(mark, (), letter) for letter in beside)

    def _has(self, mark: Mark, value: tuple[int, ...], letter: str = "") -> bool:
        return (mark.kind, mark.style, value, letter) in self.present
