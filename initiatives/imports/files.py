"""From the bytes of a file to rows: encodings, separators, and every way in which a spreadsheet leaves a table."""

from __future__ import annotations

import csv
import difflib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from editorial.desk.cells import original

from .cells import tidy
from .report import Line, Refusal
from .resource import ByType, Resource

# A plan is made, shown and applied at one go; more than this is cut into several files.
MOST_ROWS = 20_000
# More columns than any kind of record has by far: the file is something else.
MOST_COLUMNS = 200
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}


@dataclass(frozen=True)
class Broken:
    """A cell that cannot be read, with what is wrong with it: told with the other mistakes of its row."""

    messages: list[str]


@dataclass
class Reading:
    """What a file says: its rows, what cannot be read of it, and how it was understood."""

    lines: list[Line] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    encoding: str = "utf-8"
    separator: str = "json"


class _Reader:
    """Collects the rows of one file; each is one record, and none says who it is twice."""

    def __init__(self, resource: Resource | ByType, file: str, *, most: int | None = None) -> None:
        self.resource, self.file, self.most, self.reading = resource, file, most, Reading()
        self.seen: dict[Any, int] = {}

    def refuse(self, message: str, *, line: int = 0, field: str = "") -> None:
        self.reading.refusals.append(Refusal(self.file, line, field, message))

    def add(self, number: int, row: dict[str, Any]) -> None:
        said = self.resource.identity(row)
        identity = said or tuple(sorted((key, str(value)) for key, value in row.items()))
        if identity in self.seen:
            name = " / ".join(said) or _("The same row")
            message = _("“%(name)s” stands in line %(line)d already.") % {"name": name, "line": self.seen[identity]}
            self.refuse(message, line=number, field=self.resource.key[-1])
            return
        self.seen[identity] = number
        self.reading.lines.append(Line(number, row))

    def _is_full(self) -> bool:
        """Whether the file holds more than can be taken at one go; the first that is too many is told."""
        full = self.most is not None and len(self.reading.lines) + len(self.reading.refusals) >= self.most
        if full:
            self.refuse(_("The file holds more than %(most)d records; cut it into several.") % {"most": self.most})
        return full

    # Lines of JSON, or one list

    def read_lines_of_json(self, text: str) -> None:
        # Not splitlines(): it also splits at U+2028 and its like, which may stand inside a JSON string.
        for number, line in enumerate(text.split("\n"), start=1):
            if self._is_full():
                return
            if line.strip():
                self._add_json(number, line)

    def read_list_of_json(self, text: str) -> None:
        try:
            rows = _loaded(text)
        except (ValueError, RecursionError) as error:
            self.refuse(_("This file is not JSON: %(error)s.") % {"error": error})
            return
        for number, row in enumerate(rows, start=1):
            if self._is_full():
                return
            self._add_row(number, row)

    def _add_json(self, number: int, line: str) -> None:
        try:
            row = _loaded(line)
        except (ValueError, RecursionError) as error:
            self.refuse(_("This line is not JSON: %(error)s.") % {"error": error}, line=number)
            return
        self._add_row(number, row)

    def _add_row(self, number: int, row: Any) -> None:
        try:
            if not isinstance(row, dict):
                raise ValueError
            row = _tidied(row)
        except (ValueError, RecursionError):
            self.refuse(_("A line is one record in braces, without NUL characters."), line=number)
            return
        self.add(number, row)

    # Tables

    def read_table(self, text: str) -> None:
        separator = self._separator(text)
        self.reading.separator = SEPARATORS[separator]
        columns: list[str | None] = []
        for number, cells in self._rows(text, separator):
            if not columns:
                columns = self._columns(number, cells)
                if not columns:
                    return
            elif self._is_full():
                return
            elif len(cells) > len(columns):
                self.refuse(_too_long(len(cells), len(columns), separator), line=number)
            else:
                self._add_cells(number, columns, cells)

    def _separator(self, text: str) -> str:
        """The one that finds most column names in the first row."""

        def found(separator: str) -> int:
            names = next((cells for _number, cells in self._rows(text, separator, tell=False)), [])
            return len({name.casefold() for name in names} & set(self.resource.keys))

        return max(SEPARATORS, key=found)

    def _rows(self, text: str, separator: str, *, tell: bool = True) -> Iterator[tuple[int, list[str]]]:
        """Every row that holds something, with its number in a spreadsheet, without the empty cells at its end."""
        reader, number = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), 0
        while True:
            number += 1
            try:
                cells = [tidy(original(cell)) for cell in next(reader)]
            except StopIteration:
                return
            except csv.Error as error:
                if tell:
                    self.refuse(_wrong_marks(error), line=number)
                continue
            while cells and not cells[-1]:
                cells.pop()
            if cells:
                yield number, cells

    def _columns(self, number: int, cells: list[str]) -> list[str | None]:
        """The key of each column, None for one that is refused; nothing when the rows cannot be understood."""
        known = self.resource.keys
        names = [cell.casefold() for cell in cells[:MOST_COLUMNS]]
        if len(cells) > MOST_COLUMNS or not set(names) & set(known):
            self.refuse(
                _("The first row names no column of this kind of records; it takes: %(known)s.") % {"known": ", ".join(known)}, line=number
            )
            return []
        columns: list[str | None] = []
        for position, name in enumerate(names, start=1):
            columns.append(name if name in known and name not in columns else None)
            if not name:
                self.refuse(_("Column %(position)d has no name.") % {"position": position}, line=number)
            elif name in known and columns[-1] is None:
                self.refuse(_("This column stands here twice."), line=number, field=name)
            elif name not in known:
                message = _("There is no such column here; known are: %(known)s.") % {"known": ", ".join(known)}
                if near := difflib.get_close_matches(name, known, n=1):
                    message += " " + _("Did you mean “%(near)s”?") % {"near": near[0]}
                self.refuse(message, line=number, field=cells[position - 1][:80])
        missing = [key for key in self.resource.key if key not in columns and not self.resource.nameless]
        for key in missing:
            self.refuse(_("This column is missing: it says which record a row is about."), line=number, field=key)
        return [] if missing else columns

    def _add_cells(self, number: int, columns: list[str | None], cells: list[str]) -> None:
        row: dict[str, Any] = {}
        by_key = self.resource.by_key()
        for position, key in enumerate(columns):
            if key is None:
                continue
            try:
                row[key] = by_key[key].from_cell(cells[position] if position < len(cells) else "")
            except ValidationError as error:
                row[key] = Broken(error.messages)
        self.add(number, row)


def read_ndjson(content: bytes, resource: Resource | ByType, file: str) -> Reading:
    """The rows of one file of an exchange folder, which is UTF-8."""
    reader = _Reader(resource, file)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        reader.refuse(_("This file is not written in UTF-8."))
        return reader.reading
    reader.read_lines_of_json(text)
    return reader.reading


def read_upload(content: bytes, resource: Resource | ByType, file: str) -> Reading:
    """The rows of whatever an editor has: a table or JSON, in one of the encodings that spreadsheets write."""
    reader = _Reader(resource, file, most=MOST_ROWS)
    try:
        text, reader.reading.encoding = _decoded(content)
    except ValidationError as error:
        reader.refuse(error.messages[0])
        return reader.reading
    begin = text.lstrip()[:1]
    if begin == "[":
        reader.read_list_of_json(text)
    elif begin == "{":
        reader.read_lines_of_json(text)
    else:
        reader.read_table(text)
    if not reader.reading.lines and not reader.reading.refusals:
        reader.refuse(_("The file holds no records."))
    return reader.reading


def _decoded(content: bytes) -> tuple[str, str]:
    if content.startswith(b"PK\x03\x04"):
        raise ValidationError(_("This is a workbook and not a table: save it as “CSV UTF-8” and choose that file."))
    # Nearly every text in another encoding breaks the rules of UTF-8, so what keeps them is UTF-8.
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ["utf-16"] if wide else ["utf-8-sig", "windows-1251"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise ValidationError(_("The file holds NUL characters, which no text has: save it as “CSV UTF-8” and choose that file."))
        return text, encoding.removesuffix("-sig")
    raise ValidationError(_("The file is written neither in UTF-8 nor in Windows-1251: save it as “CSV UTF-8” and choose that file."))


def _loaded(text: str) -> Any:
    row = json.loads(text, object_pairs_hook=_said_once)
    _refuse_half_characters(row)
    return row


def _said_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for key, value in pairs:
        if key in row:
            raise ValueError(f"“{key[:80]}” stands in it twice".replace("\0", "�"))
        row[key] = value
    return row


def _refuse_half_characters(row: Any) -> None:
    """A surrogate without its other half ("\\ud800") passes as JSON, and no database can store it."""
    try:
        json.dumps(row, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        half = ord(error.object[error.start])
        raise ValueError(f"\\u{half:04x} is half a character") from None


def _tidied(value: Any) -> Any:
    if isinstance(value, str):
        if "\0" in value:
            raise ValueError
        return tidy(value)
    if isinstance(value, list):
        return [_tidied(one) for one in value]
    if isinstance(value, dict):
        if any("\0" in key for key in value):
            raise ValueError
        return {key: _tidied(one) for key, one in value.items()}
    return value


def _wrong_marks(error: csv.Error) -> str:
    if "end of data" in str(error):
        return _("A quotation mark is opened in this row and never closed, so nothing below it could be read.")
    if "field limit" in str(error):
        return _("A cell of this row is longer than any text here may be. Is a quotation mark left open?")
    return _("The quotation marks in this row do not fit: a cell that begins with one also ends with one, and has those inside it doubled.")


def _too_long(cells: int, columns: int, separator: str) -> str:
    message = _(
        "This row has %(cells)d cells, and the first row names %(columns)d columns. "
        "Does a text hold “%(mark)s” without quotation marks around it?"
    )
    return message % {"cells": cells, "columns": columns, "mark": separator}
