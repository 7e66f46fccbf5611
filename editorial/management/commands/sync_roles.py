from django.core.management.base import BaseCommand

from editorial import roles


class Command(BaseCommand):
    """The roles of the database follow those of the code; safe to run as often as you like."""

    help = "Create the groups Editor, Reviewer and Administrator and give them the permissions of editorial/roles.py."

    def handle(self, *, verbosity, **options):
        changed = roles.sync()
        if verbosity:
            self.stdout.write(f"Brought up to date: {', '.join(changed)}." if changed else "The roles are up to date.")
