"""The web process for servers that speak only WSGI: `gunicorn leadqual.wsgi`."""

import os

os.environ["LEADQUAL_ROLE"] = "web"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadqual.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
