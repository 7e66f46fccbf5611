"""The list of initiatives and the page of one."""

from django.utils import timezone
from django.views.generic import DetailView, ListView

from editorial.views import PublicRecordMixin

from .filters import InitiativeFilter
from .models import Initiative, put_back


class InitiativeList(ListView):
    """Initiatives, filtered and sorted as the address asks, today or as they stood on a day."""

    template_name = "initiatives/initiative_list.html"
    paginate_by = 50

    def get_queryset(self):
        found = Initiative.objects.public().for_list()
        self.filter = InitiativeFilter(self.request.GET, queryset=found, request=self.request, today=timezone.localdate())
        return self.filter.qs

    def get_context_data(self, **kwargs):
        context = super().get_context_data(
            filter=self.filter, as_of=self.filter.as_of_day, today=self.filter.as_of_day or self.filter.today, **kwargs
        )
        if self.filter.as_of_day:
            put_back(context["object_list"], self.filter.then)
        return context


class InitiativeDetail(PublicRecordMixin, DetailView):
    """One initiative: the answer first, then its history, newest row first.

    Readers come to learn how it stands now; what it grew from is further down.
    """

    model = Initiative
    template_name = "initiatives/initiative_detail.html"

    def get_queryset(self):
        return Initiative.objects.public().for_detail()

    def get_context_data(self, **kwargs):
        day = timezone.localdate()
        return super().get_context_data(
            schedule=self.object.schedule(on=day),
            is_stale=self.object.is_stale(on=day),
            history=self.object.timeline[::-1],
            changing={step.update_id for step in self.object.steps.all()},
            today=day,
            **kwargs,
        )
