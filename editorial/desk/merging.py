"""Two people changed one form: what each of them did, put together.

Pure functions on what the boxes held when the form was opened (`base`), what
I send (`mine`) and what the record holds now (`theirs`), by the names under
which a browser sends them. Where only one side touched a box its text is
taken, where both did the same there is nothing to say, and where they differ
mine stays and the other is told beside it. Rows of a list are matched by their
`id`, not by their place, as places shift when somebody adds or deletes a row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

Value = str | list[str]
Boxes = dict[str, Value]

TOTAL, INITIAL = "TOTAL_FORMS", "INITIAL_FORMS"
LIMITS = {"MIN_NUM_FORMS", "MAX_NUM_FORMS"}
ID, DELETE = "id", "DELETE"


@dataclass
class Merge:
    """The form put together, and what has to be told about it, by the names of its boxes and rows."""

    boxes: Boxes = field(default_factory=dict)
    taken: Boxes = field(default_factory=dict)  # boxes that are theirs now, and what they held before
    conflicts: Boxes = field(default_factory=dict)  # boxes that are still mine, and what theirs hold
    added: list[str] = field(default_factory=list)  # rows of theirs that were put in
    deleted: list[str] = field(default_factory=list)  # lists from which they deleted a row I had not touched
    revived: list[str] = field(default_factory=list)  # rows that they deleted and I had changed: new rows of mine now

    @property
    def is_quiet(self) -> bool:
        """Nothing of theirs has come into the form, so there is nothing to look at."""
        return not (self.taken or self.conflicts or self.added or self.deleted or self.revived)


def canonical(value: Value | None) -> tuple[str, ...]:
    """A value as two who send the same agree on it: line ends alike, choices in one order, nothing is nothing."""
    texts = value if isinstance(value, list) else [value or ""]
    return tuple(sorted(text.replace("\r\n", "\n").replace("\r", "\n") for text in texts if text))


def merge(base: Boxes | None, mine: Boxes, theirs: Boxes, *, together: Collection[str] = ()) -> Merge:
    """Put mine and theirs together, given what both began from.

    `base` is None when that is not known: every difference is then a conflict.
    `together` names what is sent in parts (`date_0`, `date_1`) and is one
    thing; in a row of a list without the row's number (`citations-date`).
    """
    merged = Merge()
    lists = sorted((name.removesuffix(f"-{TOTAL}") for name in theirs if name.endswith(f"-{TOTAL}")), key=len, reverse=True)
    was, my_form, their_form = None if base is None else _Form(base, lists), _Form(mine, lists), _Form(theirs, lists)
    _merge_boxes(was.loose if was else None, my_form.loose, their_form.loose, prefix="", parts=_parts(together), into=merged)
    for name in sorted(lists):
        before = was.rows[name] if was else None
        _merge_list(name, before, my_form.rows[name], their_form.rows[name], parts=_parts(together, name), into=merged)
        merged.boxes |= their_form.limits[name]
    return merged


class _Form:
    """Boxes sorted into those of the record itself and the rows of each list."""

    def __init__(self, boxes: Boxes, lists: list[str]):
        self.loose: Boxes = {}
        self.limits: dict[str, Boxes] = {name: {} for name in lists}
        numbered: dict[str, dict[int, Boxes]] = {name: {} for name in lists}
        for name, value in boxes.items():
            # The longest name first, so that the rows of `names-2` are not taken for those of `names`.
            owner = next((one for one in lists if name.startswith(f"{one}-")), None)
            rest = name.removeprefix(f"{owner}-")
            if owner is None:
                self.loose[name] = value
            elif rest in LIMITS:
                self.limits[owner][name] = value
            elif found := re.fullmatch(r"([0-9]{1,5})-(.+)", rest):
                numbered[owner].setdefault(int(found[1]), {})[found[2]] = value
        self.rows = {name: [rows[number] for number in sorted(rows)] for name, rows in numbered.items()}


def read_rows(boxes: Boxes, list_name: str) -> list[Boxes]:
    """The rows of one list, each by the names of its boxes."""
    lists = sorted((name.removesuffix(f"-{TOTAL}") for name in boxes if name.endswith(f"-{TOTAL}")), key=len, reverse=True)
    return _Form(boxes, lists).rows[list_name]


def _parts(together: Collection[str], list_name: str = "") -> set[str]:
    start = f"{list_name}-" if list_name else ""
    return {name.removeprefix(start) for name in together if name.startswith(start)}


def _units(names: Iterable[str], parts: set[str]) -> list[list[str]]:
    """The names, those of one thing together."""
    found: dict[str, list[str]] = {}
    for name in dict.fromkeys(names):
        whole, _mark, number = name.rpartition("_")
        found.setdefault(whole if number.isdigit() and whole in parts else name, []).append(name)
    return list(found.values())


def _same(one: Mapping[str, Value], other: Mapping[str, Value], names: Collection[str] | None = None) -> bool:
    """Whether two hold the same; in all but their number when no names are given."""
    names = {*one, *other} - {ID} if names is None else names
    return all(canonical(one.get(name)) == canonical(other.get(name)) for name in names)


def _merge_boxes(base: Boxes | None, mine: Boxes, theirs: Boxes, *, prefix: str, parts: set[str], into: Merge) -> None:
    for names in _units([*theirs, *mine, *(base or {})], parts):
        they_touched = base is None or not _same(base, theirs, names)
        chosen = mine
        if they_touched and not _same(mine, theirs, names):
            if base is None or not _same(base, mine, names):
                into.conflicts |= {prefix + name: theirs.get(name, "") for name in names}
            else:
                chosen = theirs
                into.taken |= {prefix + name: mine.get(name, "") for name in names}
        into.boxes |= {prefix + name: chosen[name] for name in names if name in chosen}


@dataclass
class _Row:
    """One row as each side has it; None where that side has not."""

    base: Boxes | None
    mine: Boxes | None
    theirs: Boxes | None


def _merge_list(name: str, base: list[Boxes] | None, mine: list[Boxes], theirs: list[Boxes], *, parts: set[str], into: Merge) -> None:
    """The rows of one list: saved ones first, as Django counts them, then the new ones."""
    if base is None:
        rows = _rows_without_base(mine, theirs)
    else:
        rows = _rows(base, mine, theirs)
        into.deleted += [name for row in rows if row.theirs is None and row.base and not _is_gone(row) and not _keeps_mine(row)]
    rows = [row for row in rows if not _is_gone(row) and (row.theirs is not None or _keeps_mine(row))]
    rows.sort(key=lambda row: (not _number(row.theirs), row.theirs is None))
    for number, row in enumerate(rows):
        _merge_row(f"{name}-{number}", row, known=base is not None, parts=parts, into=into)
    into.boxes[f"{name}-{TOTAL}"] = str(len(rows))
    into.boxes[f"{name}-{INITIAL}"] = str(sum(1 for row in rows if _number(row.theirs)))


def _is_gone(row: _Row) -> bool:
    """I took it out, as can be done with a row not saved yet, and they left it as it was; or it is gone on both sides."""
    if row.mine is None:
        return row.base is not None and not _number(row.base) and (row.theirs is None or _same(row.base, row.theirs))
    return row.theirs is None and DELETE in row.mine


def _keeps_mine(row: _Row) -> bool:
    """Of the rows that only I have: those I wrote or changed."""
    return row.mine is not None and (row.base is None or not _same(row.base, row.mine))


def _merge_row(name: str, row: _Row, *, known: bool, parts: set[str], into: Merge) -> None:
    prefix = f"{name}-"
    if row.theirs is None:
        if _number(row.mine):
            into.revived.append(name)
        into.boxes |= {prefix + key: "" if key == ID else value for key, value in (row.mine or {}).items()}
    elif row.mine is None:
        if row.base is None or not _same(row.base, row.theirs):
            into.added.append(name)
        into.boxes |= {prefix + key: value for key, value in row.theirs.items()}
    else:
        number = {ID: row.theirs[ID]} if ID in row.theirs else {}
        base = row.base if row.base is None else row.base | number
        if base is None and known:  # both wrote it
            base = row.theirs
        _merge_boxes(base, row.mine | number, row.theirs, prefix=prefix, parts=parts, into=into)
        if base is None:
            return
        if DELETE in row.mine and DELETE not in row.theirs and not _same(base, row.theirs):
            into.conflicts[prefix + DELETE] = ""
        elif prefix + DELETE in into.taken and DELETE in row.theirs and not _same(base, row.mine | number):
            # A change that waits ticks rows off instead of leaving them out; what I typed into such a row stays, as in one that is gone.
            del into.taken[prefix + DELETE], into.boxes[prefix + DELETE]
            into.conflicts[prefix + DELETE] = row.theirs[DELETE]


def _rows_without_base(mine: list[Boxes], theirs: list[Boxes]) -> list[_Row]:
    pairs = _matched(mine, theirs, anew=False)
    back = {number: origin for origin, number in pairs.items()}
    rows = [_Row(None, mine[back[number]] if number in back else None, row) for number, row in enumerate(theirs)]
    return rows + [_Row(None, row, None) for number, row in enumerate(mine) if number not in pairs]


def _rows(base: list[Boxes], mine: list[Boxes], theirs: list[Boxes]) -> list[_Row]:
    """Every row that any side has, once."""
    to_mine, to_theirs = _matched(base, mine), _matched(base, theirs)
    rows = [
        _Row(row, mine[to_mine[number]] if number in to_mine else None, theirs[to_theirs[number]] if number in to_theirs else None)
        for number, row in enumerate(base)
    ]
    # As they stand in the record now.
    order = {id(row): number for number, row in enumerate(theirs)}
    added_by_me = [row for number, row in enumerate(mine) if number not in to_mine.values()]
    for number, row in enumerate(theirs):
        if number not in to_theirs.values():
            same = next((other for other in added_by_me if _same(row, other)), None)
            added_by_me = [other for other in added_by_me if other is not same]
            rows.append(_Row(None, same, row))
    rows.sort(key=lambda row: order.get(id(row.theirs), len(theirs)))
    return rows + [_Row(None, row, None) for row in added_by_me]


def _number(row: Boxes | None) -> str:
    return "".join(canonical((row or {}).get(ID)))


def _matched(base: list[Boxes], other: list[Boxes], *, anew: bool = True) -> dict[int, int]:
    """Which row of one is which of the other: by number, then by what it says, then new rows by their order."""
    free = list(range(len(other)))
    found: dict[int, int] = {}

    def pair(are_one: Callable[[Boxes, Boxes], bool]) -> None:
        for origin, row in enumerate(base):
            if origin not in found and (match := next((number for number in free if are_one(row, other[number])), None)) is not None:
                found[origin] = match
                free.remove(match)

    pair(lambda row, candidate: bool(_number(row)) and _number(row) == _number(candidate))
    if anew:
        # Rows are sometimes written again under new numbers, when one of their list changes; and a new row gets one when saved.
        numbers = {_number(row) for row in base} - {""}
        pair(lambda row, candidate: _number(candidate) not in numbers and _same(row, candidate))
        pair(lambda row, candidate: not _number(row) and not _number(candidate))
    return found
