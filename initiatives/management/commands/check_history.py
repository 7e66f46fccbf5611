from django.core.management.base import BaseCommand, CommandError

from initiatives.models import Initiative, StatusUpdate, derived_fields, standing_of


class Command(BaseCommand):
    help = "Prove that the stored status of every initiative follows from its history."

    def handle(self, *, verbosity, **options):
        faults = [fault for initiative in Initiative.objects.order_by("pk") for fault in self.faults(initiative)]
        unproven = StatusUpdate.objects.filter(state="published", citations__isnull=True)
        faults += [f"{update.code}: published without a citation" for update in unproven]
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} fault(s) found.", returncode=1)
        if verbosity:
            self.stdout.write(f"{Initiative.objects.count()} initiatives: every stored status follows from its history.")

    def faults(self, initiative):
        """One sentence for each stored answer that differs from what the history says."""
        found = standing_of(initiative)
        for name, value in derived_fields(initiative, found).items():
            stored = getattr(initiative, name)
            if stored != value:
                yield f"{initiative.slug}: {name} is stored as “{stored}”, but the history says “{value}”"
        steps = [(step.update.pk, str(step.status), step.since) for step in found.steps]
        if steps != list(initiative.steps.order_by("position").values_list("update_id", "status", "since")):
            yield f"{initiative.slug}: the stored steps are not those of its history"
        off = [row.code for row in initiative.updates.all() if row.status and row.status not in row.initiative_statuses()]
        if off:
            yield f"{initiative.slug}: rows off the ladder of its kind: {', '.join(off)}"
