"""The form field of a partial date: two small boxes, the date and how it is known."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .value import UNKNOWN, Basis, PartialDate


class PartialDateFormField(forms.MultiValueField):
    """A date as text and its basis; refuses a malformed one with the allowed shapes and keeps what was typed."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.pop("max_length", None)
        kwargs.pop("empty_value", None)
        required = kwargs.pop("required", False)
        super().__init__(
            fields=(forms.CharField(required=required, strip=True), forms.ChoiceField(choices=Basis.choices, required=False)),
            widget=kwargs.pop("widget", None) or PartialDateWidget(),
            require_all_fields=False,
            required=required,
            **kwargs,
        )

    def compress(self, data_list: list[str]) -> PartialDate:
        if not data_list:
            return UNKNOWN
        return PartialDate.parse(data_list[0], data_list[1] or Basis.STATED.value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            now = self.compress([*(data or []), "", ""][:2])
        except ValidationError:
            return True
        return now != (PartialDate.parse(initial) if initial else UNKNOWN)


class PartialDateWidget(forms.MultiWidget):
    """Two small boxes: the date as known, and how it is known."""

    use_fieldset = False

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            widgets=(
                forms.TextInput(attrs={"placeholder": "2024-05-17", "size": 12, "autocomplete": "off"}),
                forms.Select(choices=Basis.choices, attrs={"aria-label": _("How the date is known")}),
            ),
            attrs=attrs,
        )

    def id_for_label(self, id_: str, index: str = "0") -> str:
        """The label of the field is that of its first box; the second names itself."""
        return f"{id_}_{index}" if id_ else ""

    def decompress(self, value: PartialDate | str | None) -> list[str]:
        date = PartialDate.parse(value) if value else UNKNOWN
        return [date.value, date.basis]
