"""The web process: `uvicorn leadqual.asgi:application`."""

import os
import warnings

os.environ["LEADQUAL_ROLE"] = "web"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadqual.settings")

from django.conf import settings
from django.core.asgi import get_asgi_application

from frame.live import EventStreams
from web.bodies import BodyLimit

# whitenoise reads its small files the blocking way; Django would say so for each process.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")

MEGABYTE = 1024 * 1024
django_application = get_asgi_application()

from intake.tracking.door import BeaconDoor  # noqa: E402 - reads models

application = BodyLimit(
    BeaconDoor(EventStreams(django_application)),
    # Around a file stand the other fields of its form.
    limits=[("/imports/new/", (settings.MAX_IMPORT_MEGABYTES + 1) * MEGABYTE), ("/api/", settings.MAX_API_BODY)],
    otherwise=settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
    unknown=MEGABYTE,
)
