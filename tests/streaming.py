"""The product as it is served, by uvicorn: for tests of what Django's own test server cannot do, which is to stream."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import uvicorn
from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler
from django.core.asgi import get_asgi_application
from django.db import connections
from django.test.utils import override_settings

from frame.live import EventStreams


@dataclass(frozen=True)
class Served:
    """What pytest-django asks of a live server."""

    url: str
    _live_server_modified_settings: override_settings


@pytest.fixture(scope="module")
def live_server(django_db_setup: None) -> Iterator[Served]:
    """Takes the place of pytest-django's in a module that imports it."""
    # As in the web process: its threads keep no connection.
    kept = connections.settings["default"]["CONN_MAX_AGE"]
    connections.settings["default"]["CONN_MAX_AGE"] = 0
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        application = EventStreams(ASGIStaticFilesHandler(get_asgi_application()))
        config = uvicorn.Config(application, lifespan="off", log_level="error", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [chosen]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield Served(f"http://127.0.0.1:{chosen.getsockname()[1]}", override_settings(ALLOWED_HOSTS=["*"]))
        server.should_exit = True
        thread.join(5)
    connections.settings["default"]["CONN_MAX_AGE"] = kept
