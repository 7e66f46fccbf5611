"""The WSGI door, for granian (`manage.py serve`) or any other WSGI server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ots_tracker.settings")

application = get_wsgi_application()
