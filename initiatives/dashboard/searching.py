"""“Checked, nothing new”: where somebody searched, named once and remembered."""

from __future__ import annotations

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from django.utils.translation import gettext_lazy as _

from editorial.desk.forms import keep_readable
from initiatives.models import StatusCitation
from reference.models import Source

# In the session: whoever searches one site for many initiatives chooses it once, and then clicks.
REMEMBERED = "source_searched"


class SearchForm(forms.Form):
    """The source in which nothing new was found."""

    # The browser's own complaint would point at a box that the autocomplete has hidden.
    use_required_attribute = False

    source = forms.ModelChoiceField(
        label=_("Source searched"),
        queryset=Source.objects.all(),
        error_messages={"required": _("Source searched: say where you looked; a check needs its source, too.")},
        help_text=_("Where you looked; remembered for the next ones."),
    )

    def __init__(self, desk, data=None):
        known = Source.objects.filter(pk=desk.request.session.get(REMEMBERED)).first()
        super().__init__(data, initial={"source": known})
        source = self.fields["source"]
        source.widget = AutocompleteSelect(StatusCitation._meta.get_field("source"), desk.site)
        source.widget.choices = source.choices
        source.label_from_instance = desk.site._registry[Source].in_autocomplete
        keep_readable(self.fields.values())
