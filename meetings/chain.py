"""A series in the order of its meetings, with the gaps in its numbering."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any


@dataclass(frozen=True)
class Gap:
    """Numbers of a series, from `first` to `last`, of which no meeting is recorded."""

    first: int
    last: int


def gaps(numbers: Iterable[int | None]) -> list[Gap]:
    """The runs of numbers missing below the highest one that is there."""
    known = {number for number in numbers if number}
    missing = [number for number in range(1, max(known, default=0)) if number not in known]
    runs = groupby(enumerate(missing), key=lambda pair: pair[1] - pair[0])
    return [Gap(run[0][1], run[-1][1]) for run in (list(pairs) for _run, pairs in runs)]


def links(meetings: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """The meetings in the order given, each gap standing before the first meeting with a higher number."""
    meetings = list(meetings)
    left = gaps(meeting.ordinal for meeting in meetings)
    for meeting in meetings:
        while left and meeting.ordinal and meeting.ordinal > left[0].last:
            yield {"gap": left.pop(0)}
        yield {"meeting": meeting}
