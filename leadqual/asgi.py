"""The web process: `uvicorn leadqual.asgi:application`."""

import os

os.environ["LEADQUAL_ROLE"] = "web"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadqual.settings")

from django.core.asgi import get_asgi_application  # noqa: E402 - the role must be known before the settings are read

application = get_asgi_application()
