"""What changed since: the ledger as partners read it to keep a copy in step."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from api.parameters import LIMIT, Parameter
from editorial.models import Change

from .addresses import RESOURCES, WORDS, list_path
from .fields import Instant, ShapedField
from .resources import LARGEST_ID, ReadOnlyView

AFTER = Parameter(
    "after",
    "Only changes with a larger serial; 0 for all. Take it from `next_after`.",
    {"type": "integer", "minimum": 0, "maximum": LARGEST_ID, "default": 0},
)
# Columns of the tables under the names they have here; None is a matter of the editors.
_NAMES = {
    "state": None,
    "is_public": None,
    "created_by": None,
    "published_at": None,
    "phase": "state",
    "status_since": "status",
    "status_meeting": "status",
    "evidence_sources": "evidence",
    "last_heard": "schedule",
}
_NAMES_OF = {
    "status-update": {"role": "meeting_role"},
    "source": {"url": "address"},
}
# A record that nobody could see before: all of it is news.
_APPEARS = (".published", ".restored")
_GOES = (".withdrawn", ".deleted")


class UrlOfChanged(ShapedField):
    """The record, or the one it is read within; null where there is no such address."""

    def shape(self):
        return {"type": ["string", "null"], "format": "uri"}

    def to_representation(self, change):
        word, shot = WORDS.get(change.type, ""), change.after or change.before
        if word in RESOURCES:
            name = change.slug
        else:
            word, name = {
                "participant": ("meeting", shot.get("meeting")),
                "membership": ("party", shot.get("member")),
            }.get(word, ("", None))
        return f"{self.context['base']}{list_path(word)}{name}/" if name else None


class IsGone(ShapedField):
    def shape(self):
        return {"type": "boolean"}

    def to_representation(self, change):
        return change.verb.endswith(_GOES)


class ChangedFields(ShapedField):
    def shape(self):
        return {"type": "array", "items": {"type": "string"}}

    def to_representation(self, change):
        return changed_fields(change)


class Word(ShapedField):
    def shape(self):
        return {"type": "string", "enum": sorted(WORDS.values())}

    def to_representation(self, value):
        return WORDS.get(value, value)


class ChangeSerializer(serializers.Serializer):
    """One public change. Fetch `url` for the record as it is now."""

    serial = serializers.IntegerField(read_only=True, min_value=1)
    at = Instant()
    verb = serializers.CharField(read_only=True, help_text="What was done: `initiative.published`, `meeting.renamed`, ...")
    type = Word(help_text="What sort of record.")
    slug = serializers.CharField(read_only=True, help_text="Slug or code the record had after the change.")
    url = UrlOfChanged(source="*", help_text="The record, or the one it is read within; null where there is no such address.")
    deleted = IsGone(source="*", help_text="It is public no more, nor is what belongs to it: remove it from your copy.")
    fields = ChangedFields(source="*", help_text="Fields that changed; all that hold something when the record became public.")


class ChangePage(serializers.Serializer):
    """A run of changes and where the next one begins."""

    results = ChangeSerializer(many=True, read_only=True)
    next_after = serializers.IntegerField(read_only=True, help_text="What to give as `after` next time.")
    has_more = serializers.BooleanField(read_only=True, help_text="Whether to ask again at once.")


def changed_fields(change: Change) -> list[str]:
    """Names of the changed fields as this API calls them."""
    word = WORDS.get(change.type, "")
    before = {} if change.verb.endswith(_APPEARS) else change.before
    names = set()
    for column in {*before, *change.after}:
        old, new = before.get(column), change.after.get(column)
        if old == new or not (old or new):
            continue
        if column == "i18n":
            names |= _translated(old or {}, new or {})
        elif name := (_NAMES | _NAMES_OF.get(word, {})).get(column, column):
            names.add(name)
    return sorted(names)


def _translated(old: dict[str, str], new: dict[str, str]) -> set[str]:
    """`name_tr` → `name`: the field whose translation changed."""
    return {key.rpartition("_")[0] for key in {*old, *new} if old.get(key) != new.get(key)}


class ChangesView(ReadOnlyView):
    """Public changes in the order in which they became true, without a gap: poll with `after`, forget nothing.

    Serials rise strictly; numbers that are missing belong to drafts. A change
    that was once given never changes, and none is ever inserted before one you
    have seen.
    """

    own_parameters = (AFTER, LIMIT)

    @extend_schema(operation_id="changes", responses=ChangePage)
    def get(self, request):
        after, limit = self.asked.after, self.asked.limit
        found = list(Change.objects.public().filter(serial__gt=after).order_by("serial")[: limit + 1])
        rows = found[:limit]
        context = {"base": request.build_absolute_uri("/")[:-1]}
        return Response(
            {
                "results": ChangeSerializer(rows, many=True, context=context).data,
                "next_after": rows[-1].serial if rows else after,
                "has_more": len(found) > limit,
            }
        )
