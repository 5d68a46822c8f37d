"""The project's settings, minus what only costs time in tests."""

from leadqual.settings import *  # noqa: F403 - the point of this module
from leadqual.settings import DATABASES as _DATABASES
from leadqual.settings import MIDDLEWARE as _MIDDLEWARE
from tests.schema import TEMPLATE

DATABASES = {"default": _DATABASES["default"] | {"TEST": {"TEMPLATE": TEMPLATE}}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# whitenoise scans every static file again for each test client: 31 s against 5 s.
MIDDLEWARE = [each for each in _MIDDLEWARE if not each.startswith("whitenoise.")]
SITES_READ_EVERY = 0.0  # a test changes a website and looks at once
