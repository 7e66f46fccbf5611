"""The rows of the page that cuts a text into provisions: read as typed, joined, cut and put in order, and never lost."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from editorial.desk.forms import is_number
from initiatives.models import Initiative, ProvisionLink
from initiatives.provisions import Draft
from meetings.cutting import Piece, free_code, marks_of, suggest
from meetings.models import Provision
from reference.names import fold

STEP = 10  # between two rows, so that 25 goes between 20 and 30
BOXES = ("order", "number", "letter", "heading", "code", "verb", "force", "summary", "text")
# An empty line in a text, or one of dashes only, is where it should be cut.
_CUT_HERE = re.compile(r"\s*(?:-{3,}\s*)?")
_BULLETS = re.compile(r"[^\w().,§/ -]|(?<!\w)[–—-](?!\w)")
_NAMED = re.compile(r"\[([\w-]+)\]\s*$")
_MOST_GUESSES = 5


@dataclass
class Row:
    """One row as it stands in the browser: everything is text, right or wrong."""

    order: str = ""
    number: str = ""
    letter: str = ""
    heading: str = ""
    code: str = ""
    verb: str = ""
    force: str = Provision.Force.STATEMENT
    summary: str = ""
    text: str = ""
    keep: bool = True
    join: bool = False
    links: list[tuple[str, str]] = field(default_factory=list)  # an initiative as typed, and the relation
    errors: dict[str, list[str]] = field(default_factory=dict)
    same_as: str = ""

    @classmethod
    def of(cls, piece: Piece) -> Row:
        return cls(**{name: getattr(piece, name) for name in BOXES if name not in ("order", "summary")})

    @classmethod
    def typed(cls, sent: QueryDict, place: int) -> Row:
        boxes = {name: as_typed(sent.get(f"{place}-{name}", "")) for name in BOXES}
        named = map(as_typed, sent.getlist(f"{place}-initiative"))
        links = [link for link in zip(named, sent.getlist(f"{place}-relation"), strict=False) if link[0].strip()]
        return cls(**boxes, keep=f"{place}-keep" in sent, join=f"{place}-join" in sent, links=links)

    @property
    def boxes_of_links(self) -> list[tuple[str, str]]:
        """Those typed, and an empty one for the next."""
        return [*self.links, ("", ProvisionLink.LinkKind.TOUCHED)]

    @property
    def locator(self) -> str:
        """Where in the document it stands, as a citation says it: “12. a)” is 12 a), and a bullet is nowhere."""
        number, letter = (_BULLETS.sub("", part).strip() for part in (self.number, self.letter))
        return f"{number.rstrip('.:–— -')} {letter}".strip()

    def wrong(self, name: str, sentence: str) -> None:
        self.errors.setdefault(name, []).append(sentence)

    def draft(self, links: list[tuple[Initiative, str]]) -> Draft:
        return Draft(self.code.strip(), self.verb, self.force, self.summary, self.text, self.locator, links)


def as_typed(text: str) -> str:
    """With the line ends of this side, and without the one character that PostgreSQL does not store."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", " ")


def rows_sent(sent: QueryDict, most: int) -> list[Row]:
    """The rows of the form, as far as they go; never more than were shown."""
    rows = []
    while len(rows) < most and f"{len(rows)}-text" in sent:
        rows.append(Row.typed(sent, len(rows)))
    return rows


def rearranged(rows: list[Row], taken: Iterable[str]) -> tuple[list[Row], bool]:
    """Joined, cut and put in order as marked; and whether any was joined or cut."""
    joined = _joined(rows)
    cut = list(_cut(joined, {*taken, *(row.code for row in rows)}))
    return renumbered(_in_order(cut)), len(joined) != len(rows) or len(cut) != len(joined)


def renumbered(rows: list[Row]) -> list[Row]:
    for place, row in enumerate(rows, start=1):
        if "order" not in row.errors:
            row.order = str(place * STEP)
    return rows


def _in_order(rows: list[Row]) -> list[Row]:
    """By the number typed; a row without a readable one stays behind the row before it."""
    keys, last = [], 0
    for row in rows:
        if is_number(row.order.strip()):
            last = int(row.order)
        else:
            row.wrong("order", _("Write a whole number, such as %(number)d.") % {"number": last + STEP // 2})
        keys.append(last)
    return [row for _key, row in sorted(zip(keys, rows, strict=True), key=lambda pair: pair[0])]


def _joined(rows: list[Row]) -> list[Row]:
    found: list[Row] = []
    for row in rows:
        if row.join and found:
            found[-1] = _together(found[-1], row)
        else:
            found.append(replace(row, join=False))
    return found


def _together(above: Row, below: Row) -> Row:
    """Two rows in one. What stood before the lower text goes into the text, so that nothing is lost."""
    number = below.number if below.number != above.number else ""
    heading = f"{below.heading}\n" if below.heading != above.heading else ""
    text = f"{heading}{' '.join(filter(None, [number, below.letter, below.text]))}"
    ended = re.search(r"[.;:!?…][)\]»”\"'’]*$", above.text.rstrip())
    return replace(
        above,
        text=f"{above.text.rstrip()}{chr(10) if ended or heading else ' '}{text}".strip(),
        verb=above.verb or below.verb,
        force=above.force if above.verb else below.force,
        summary=" ".join(filter(None, [above.summary.strip(), below.summary.strip()])),
        keep=above.keep or below.keep,
        links=list(dict.fromkeys([*above.links, *below.links])),
    )


def _cut(rows: Iterable[Row], taken: set[str]) -> Iterator[Row]:
    for row in rows:
        groups = groupby(row.text.split("\n"), key=lambda line: bool(_CUT_HERE.fullmatch(line)))
        first, *others = ["\n".join(lines) for is_cut, lines in groups if not is_cut] or [row.text]
        yield replace(row, text=first)
        for part in others:
            number, letter, text = marks_of(part)
            found = suggest(text)
            code = free_code(re.sub(r"[^a-z0-9_-]", "", row.code) or "p", taken)
            taken.add(code)
            yield Row(
                order=row.order,
                number=number or row.number,
                letter=letter,
                heading=row.heading,
                code=code,
                verb=found.verb if found else "",
                force=found.force if found else Provision.Force.STATEMENT,
                text=text,
                keep=row.keep,
            )


class Initiatives:
    """Finds the initiatives that an editor named: by the list's own words, a permanent name, or a name in any language."""

    def __init__(self):
        self.all = list(Initiative.objects.exclude(state="withdrawn").only("slug", "name", "i18n", "sort_name").order_by("sort_name", "id"))
        self.by_slug = {initiative.slug: initiative for initiative in self.all}

    def labels(self) -> list[str]:
        return [label(initiative) for initiative in self.all]

    def of(self, row: Row) -> list[tuple[Initiative, str]]:
        """Those of a row; what is not found is said in the row's errors, with what comes near."""
        found = []
        for typed, relation in row.links:
            match = _NAMED.search(typed)
            initiative = self.by_slug.get(match.group(1) if match else typed.strip()) or self._by_name(typed)
            if initiative is not None:
                found.append((initiative, relation))
                continue
            near = ", ".join(map(label, self._like(typed)[:_MOST_GUESSES]))
            if near:
                row.wrong("links", _("No single initiative is called “%(typed)s”. Perhaps: %(near)s.") % {"typed": typed, "near": near})
            else:
                row.wrong("links", _("No initiative is called “%(typed)s”.") % {"typed": typed})
        return found

    def _by_name(self, typed: str) -> Initiative | None:
        named = self._named(Q(sort_name=fold(typed)) | Q(names__folded=fold(typed)))
        return named[0] if len(named) == 1 else None

    def _like(self, typed: str) -> list[Initiative]:
        words = fold(typed)
        return self._named(Q(sort_name__contains=words) | Q(names__folded__contains=words)) if words else []

    def _named(self, condition: Q) -> list[Initiative]:
        return list(Initiative.objects.exclude(state="withdrawn").filter(condition).distinct().order_by("sort_name", "id"))


def label(initiative: Initiative) -> str:
    """The initiative as the list of the browser offers it, and as it is understood when it comes back."""
    return f"{initiative} [{initiative.slug}]"
