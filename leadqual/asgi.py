"""The web process: `uvicorn leadqual.asgi:application`."""

import os
import warnings

os.environ["LEADQUAL_ROLE"] = "web"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadqual.settings")

from django.core.asgi import get_asgi_application

# whitenoise reads its small files the blocking way; Django would say so for each process.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")

application = get_asgi_application()
