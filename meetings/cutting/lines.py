"""From what was pasted to paragraphs: lines broken by a PDF come together, and page numbers are set aside."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property

from .marks import Company, Mark, candidates
from .words import suggest

# Signs without a width, ligatures of fonts, and the many spaces and line ends of the Unicode standard.
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl"}
_LINE_ENDS = dict.fromkeys(map(ord, "\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"), "\n")
_PAGE = r"page|стр\.?|страница|sayfa|səhifə|бет|bet|oldal"
_PAGE_NUMBER = re.compile(
    rf"[-–—\s]*\d{{1,3}}[-–—\s]*|\d{{1,3}}\s*(?:/|\||of|из)\s*\d{{1,3}}"
    rf"|(?:{_PAGE})\s*\|?\s*\d{{1,3}}(?:\s*(?:/|of|из)\s*\d{{1,3}})?|\d{{1,3}}\s*\|?\s*(?:{_PAGE})",
    re.IGNORECASE,
)
_END = re.compile(r"[.;:!?…][)\]»”\"'’]*$")
_PAUSE = re.compile(r"[.;:!?…,][)\]»”\"'’]*$")
_BROKEN_WORD = re.compile(r"(?<![^\W\d_])([^\W\d_]+)[-‐]$")
_FULL, _SHORT = 0.8, 0.6  # of the width of a line


@dataclass
class Line:
    """One line and what stood before it: nothing, empty lines, or the end of a page."""

    text: str
    gap: str = ""


@dataclass
class Paragraph:
    """One paragraph: its marks, and the parts in which its words were found, spaces included."""

    marks: list[Mark] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    @cached_property
    def text(self) -> str:
        """Its words in one piece; asked for when no line is added any more."""
        return "".join(self.parts).strip()


def paragraphs(pasted: str) -> tuple[list[Paragraph], list[str]]:
    """The paragraphs of a pasted text, and the page numbers that were left out of them."""
    lines, left_out = _lines(_plain(pasted))
    return _Joiner(lines).paragraphs(), left_out


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).translate(_INVISIBLE | _LIGATURES | _LINE_ENDS)
    text = re.sub("\u00ad[^\\S\n]*\n\\s*|\u00ad", "", text)
    # What is left of control characters separates words at most.
    return "".join(" " if letter != "\n" and unicodedata.category(letter) == "Cc" else letter for letter in text)


def _lines(text: str) -> tuple[list[Line], list[str]]:
    lines: list[Line] = []
    left_out: list[str] = []
    gap = ""
    for words in (" ".join(line.split()) for line in text.split("\n")):
        if not words:
            gap = gap or "empty"
        elif _PAGE_NUMBER.fullmatch(words):
            left_out.append(words)
            gap = "page"
        else:
            lines.append(Line(words, gap))
            gap = ""
    return lines, left_out


def is_capitals(text: str) -> bool:
    """Whether it is written as a heading is: in capitals throughout, and not the end of a sentence."""
    letters = [letter for letter in text if letter.isalpha()]
    return len(letters) >= 4 and all(not letter.islower() for letter in letters) and not re.search(r"[.;,!?]$", text)


def _whole_words(lines: list[Line]) -> set[str]:
    """Every word of the text that is not broken at the end of a line."""
    found: set[str] = set()
    broken = False
    for line in lines:
        words = re.findall(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*", line.text.lower().replace("‐", "-"))
        broken, was_broken = bool(_BROKEN_WORD.search(line.text)), broken
        found.update(words[was_broken : len(words) - broken])
    return found


class _Joiner:
    """Decides line by line whether a paragraph goes on."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self.company = Company(line.text for line in lines)
        self.words = _whole_words(lines)
        self.beginnings = {word.split("-")[0] for word in self.words if "-" in word}
        lengths = sorted(len(line.text) for line in lines) or [0]
        self.width = lengths[int(len(lengths) * 0.85)]
        self._close_up()
        self.wrapped = self._share_of_broken("") >= 0.2

    def _share_of_broken(self, gap: str) -> float:
        """How many of the lines after such a gap go on in the middle of a sentence."""
        pairs = [
            (before.text, line.text)
            for before, line in zip(self.lines, self.lines[1:], strict=False)
            if line.gap == gap and next(candidates(line.text), None) is None
        ]
        return sum(1 for before, text in pairs if not _END.search(before) and text[0].islower()) / len(pairs) if pairs else 0

    def _close_up(self) -> None:
        """Some PDFs give an empty line after every line: then it means nothing."""
        empty = sum(line.gap == "empty" for line in self.lines)
        if empty >= max(5, 0.8 * (len(self.lines) - 1)) and self._share_of_broken("empty") >= 0.25:
            for line in self.lines:
                line.gap = "" if line.gap == "empty" else line.gap

    def paragraphs(self) -> list[Paragraph]:
        found: list[Paragraph] = []
        before, counted = None, None
        for line in self.lines:
            mark = self._mark(line, before, counted)
            if mark is not None:
                counted = mark if mark.kind == "number" else counted
                found.append(self._marked(line.text, mark))
            elif before is None or self._begins(line, before, found[-1]):
                found.append(Paragraph([], [line.text]))
            else:
                self._add(found[-1].parts, line.text)
            before = line.text
        return found

    def _marked(self, text: str, mark: Mark) -> Paragraph:
        rest = text[len(mark.raw) :].strip()
        second = next((more for more in candidates(rest) if mark.kind == "number" and more.kind == "letter" and not more.letter), None)
        if second is None:
            return Paragraph([mark], [rest] if rest else [])
        rest = rest[len(second.raw) :].strip()
        return Paragraph([mark, second], [rest] if rest else [])

    def _mark(self, line: Line, before: str | None, counted: Mark | None) -> Mark | None:
        """The mark of the line, unless the line is the middle of a sentence that happens to look like one."""
        mark = self.company.mark_of(line.text)
        if mark is None or before is None or self._is_fresh(line, before):
            return mark
        is_plain = mark.kind == "bullet" and not mark.is_dash
        is_item = is_plain or (mark.is_dash and _PAUSE.search(before)) or (mark.kind == "letter" and not mark.letter)
        return mark if is_item or mark.follows(counted) else None

    def _is_fresh(self, line: Line, before: str) -> bool:
        """Whether a new paragraph may well begin here."""
        if _END.search(before) or is_capitals(before):
            return True
        if line.gap == "page":
            return not self.wrapped
        return bool(line.gap) or not self.wrapped or len(before) < _SHORT * self.width

    def _begins(self, line: Line, before: str, paragraph: Paragraph) -> bool:
        """Whether an unmarked line begins a paragraph of its own."""
        if paragraph.marks and not paragraph.parts:  # the number stood on a line of its own
            return paragraph.marks[0].kind == "article"
        ended, goes_on = _END.search(before), line.text[0].islower()
        if _BROKEN_WORD.search(before) and goes_on:
            return False
        if line.gap == "page":
            return bool(ended) or not (goes_on or (self.wrapped and len(before) >= _SHORT * self.width))
        if line.gap:
            return not goes_on or bool(_PAUSE.search(before))
        if goes_on and not ended:
            return False
        if not self.wrapped:
            return True
        return self._breaks(line.text, before, bool(ended))

    def _breaks(self, text: str, before: str, ended: bool) -> bool:
        """Whether a paragraph ends between two lines of a text whose lines are all broken."""
        if is_capitals(before) != is_capitals(text) and (ended or is_capitals(before)):
            return True
        if before.endswith(";"):
            return True
        first = text.split()[0]
        found = suggest(text) if ended or (len(first) > 3 and first.isupper()) else None
        if found is not None and found.opens and not text[0].islower():
            return True
        return len(before) < (_FULL if ended else _SHORT) * self.width

    def _add(self, parts: list[str], more: str) -> None:
        """One more line; a word broken at the end of the last one comes together, and keeps its hyphen if it had one."""
        broken = _BROKEN_WORD.search(parts[-1]) if parts else None
        if broken is None or not more[0].islower():
            parts.append(f" {more}")
            return
        first, second = broken.group(1).lower(), re.split(r"[\W\d_]", more.lower(), maxsplit=1)[0]
        known = f"{first}-{second}" in self.words or first in self.beginnings or {first, second} <= self.words
        parts[-1] = parts[-1] if known else parts[-1][:-1]
        parts.append(more)
