"""For servers that speak only WSGI; live updates then fall back to polling."""

import os

os.environ["LEADQUAL_ROLE"] = "web"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadqual.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
