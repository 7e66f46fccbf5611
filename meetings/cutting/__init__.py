"""Cutting the text of a declaration into provisions; text in, pieces out, no database.

A suggestion for the editor, who joins, cuts and orders the pieces before any
of them is saved. Whatever it gets wrong, it loses nothing: headings, marks
and texts of all pieces, with the page numbers left out, are what was pasted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace

from reference.names import fold

from .lines import Paragraph, is_capitals, paragraphs
from .marks import Mark
from .words import Force, Suggestion, suggest

__all__ = ["Cut", "Piece", "cut", "free_code", "marks_of", "suggest"]

_LONGEST_HEADING = 9  # words of a line without capitals that may yet be a heading
_LONGEST_TITLE = 30  # words of the first line of all
_GOES_ON = re.compile(r"\b(?:and|that|to|и|ve|və|және|жана|va|ва|és)$", re.IGNORECASE)
_MOST_HEADINGS = 3  # more short lines in a row are a list
_CYRILLIC = str.maketrans("абвгдеёжзийклмнопрстуфхц", "abvgdeejziiklmnoprstufhc")


@dataclass(frozen=True)
class Piece:
    """One provision as suggested.

    `heading` is what it stands under, `above` those lines of it that stand
    directly over this piece. `number` is that of its paragraph, also when only
    the paragraph's opening words carry it; `mark` is what stands before the
    text itself.
    """

    text: str
    heading: str = ""
    above: str = ""
    number: str = ""
    letter: str = ""
    mark: str = ""
    code: str = ""
    verb: str = ""
    force: str = Force.STATEMENT


@dataclass(frozen=True)
class Cut:
    """What became of a text: its pieces in order, and the page numbers that were left out."""

    pieces: list[Piece]
    left_out: list[str]


def cut(pasted: str, *, taken: Iterable[str] = ()) -> Cut:
    """Cut a pasted text into pieces; no piece gets a code that is taken."""
    found, left_out = paragraphs(pasted)
    return Cut(list(_with_codes(_with_verbs(_pieces(found)), set(taken))), left_out)


def marks_of(text: str) -> tuple[str, str, str]:
    """Number, letter and the rest of a piece that an editor cut off: it may begin with marks of its own."""
    found, _left_out = paragraphs(text)
    first = found[0] if found else Paragraph()
    number = " ".join(mark.raw for mark in first.marks if not mark.is_letter)
    letter = " ".join(mark.raw for mark in first.marks if mark.is_letter)
    rest = text.strip()
    for mark in first.marks:
        rest = rest.removeprefix(mark.raw).lstrip()
    return (number, letter, rest) if rest else ("", "", text.strip())


# Headings


def _headings(found: list[Paragraph]) -> set[int]:
    """Which paragraphs are headings, by their place."""
    places = {place for place, paragraph in enumerate(found) if _is_strong(paragraph)}
    place = 0
    while place < len(found):
        run = place
        while run < len(found) and run not in places and _is_weak(found, run):
            run += 1
        leads = place > 0 and place - 1 not in places and found[place - 1].text.endswith(":")
        if 0 < run - place <= _MOST_HEADINGS and run < len(found) and not leads:
            places |= set(range(place, run))
        place = max(run, place + 1)
    return places


def _is_strong(paragraph: Paragraph) -> bool:
    """In capitals, or an article's number on a line of its own; a lone REAFFIRM begins a paragraph instead."""
    if any(mark.kind == "article" for mark in paragraph.marks) and not paragraph.text:
        return True
    found = suggest(paragraph.text)
    is_verb = found is not None and found.opens and len(paragraph.text.split()) <= len(found.verb.split()) + 1
    return is_capitals(paragraph.text) and not is_verb and not any(mark.is_letter for mark in paragraph.marks)


def _is_weak(found: list[Paragraph], place: int) -> bool:
    """A short line that is no sentence; or the title, which may be longer."""
    paragraph, text = found[place], found[place].text
    longest = _LONGEST_TITLE if place == 0 and not paragraph.marks else _LONGEST_HEADING
    if not text or text[0].islower() or re.search(r"[.;,!?…]$", text) or _GOES_ON.search(text):
        return False
    if len(text.split()) > longest or suggest(text):
        return False
    if any(mark.is_letter or mark.kind == "number" for mark in paragraph.marks):
        after = found[place + 1].marks[0] if place + 1 < len(found) and found[place + 1].marks else None
        return paragraph.marks[-1].kind == "number" and after is not None and _is_deeper(after, paragraph.marks[-1])
    return True


def _is_deeper(mark: Mark, above: Mark) -> bool:
    """1.1 below 1."""
    return mark.kind == "number" and len(mark.value) > len(above.value) and mark.value[: len(above.value)] == above.value


# Pieces


def _pieces(found: list[Paragraph]) -> Iterator[Piece]:
    headings = _headings(found)
    above: list[str] = []
    heading = number = article = ""
    for place, paragraph in enumerate(found):
        mark = " ".join(one.raw for one in paragraph.marks)
        if place in headings:
            if not above:
                number = article = ""
            article = next((one.raw for one in paragraph.marks if one.kind == "article"), article)
            above.append(f"{mark} {paragraph.text}".strip())
            continue
        heading = " / ".join(above) or heading
        own = " ".join(one.raw for one in paragraph.marks if not one.is_letter)
        letter = " ".join(one.raw for one in paragraph.marks if one.is_letter)
        if own:
            number = f"{article.rstrip('.:')}, {own}" if article else own
        yield Piece(
            text=paragraph.text,
            heading=heading,
            above="\n".join(above),
            number=number if own or letter else article,
            letter=letter,
            mark=mark,
        )
        above = []
    if above:
        yield Piece(text="\n".join(above), heading=heading)


def _with_verbs(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Verb and force of each; points of a list take those of the words that lead to it."""
    lead: Suggestion | None = None
    for piece in pieces:
        found = suggest(piece.text)
        if not piece.letter:
            lead = None
        if piece.letter and lead and not (found and found.opens):
            found = lead
        if piece.text.endswith(":"):
            lead = found or lead
        yield replace(piece, verb=found.verb, force=found.force) if found else piece


# Codes


def _with_codes(pieces: Iterable[Piece], taken: set[str]) -> Iterator[Piece]:
    pieces = list(pieces)
    numbered = any(piece.number for piece in pieces)
    used: Counter[str] = Counter()
    last = ""
    for place, piece in enumerate(pieces, start=1):
        last = _of_number(piece.number) or last
        if not numbered:
            base = f"p{place}{_of_letter(piece.letter)}"
        elif last:
            base = f"p{last}{_of_letter(piece.letter)}"
        else:
            base = "preamble"
        code = free_code(base, taken, count=used[base])
        taken.add(code)
        used[base] += 1
        yield replace(piece, code=code)


def _of_number(number: str) -> str:
    """“12.” is 12, “Article 3, 1.” is 3-1, “IV.” is iv."""
    return "-".join(re.findall(r"\d+", number)) or "".join(re.findall(r"\b[IVXLC]+\b", number)).lower()


def _of_letter(letter: str) -> str:
    return re.sub(r"[^a-z]", "", fold(letter.translate(_CYRILLIC)))


def free_code(base: str, taken: Container[str], *, count: int = 0) -> str:
    """The code itself, or with the first number that makes it one of its own; `count` are known to be taken."""
    code = base if count < 1 else f"{base}-{count + 1}"
    while code in taken:
        count += 1
        code = f"{base}-{count + 1}"
    return code
