"""Everything the environment may say, read in one place. A leaf: any module may import it."""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

# Name -> (type, default). docs/operations.md explains each; docker-compose.yml may pass only these.
VARIABLES: dict[str, tuple[Any, Any]] = {
    "DATABASE_URL": (str, ""),
    "REDIS_URL": (str, ""),
    "LEADQUAL_VAR": (str, str(BASE_DIR / "var")),
    "LEADQUAL_SECRET_KEY": (str, ""),
    "LEADQUAL_SECRET_KEY_FALLBACKS": (list, []),
    "LEADQUAL_DEBUG": (bool, False),
    "LEADQUAL_DEMO": (bool, False),
    "LEADQUAL_ALLOWED_HOSTS": (list, []),
    "LEADQUAL_TRUSTED_PROXIES": (int, 0),
    "LEADQUAL_API_PER_MINUTE": (int, 1_200),
    "LEADQUAL_OUTGOING_ALLOW": (list, []),
    "LEADQUAL_EMAIL_URL": (str, ""),
    "LEADQUAL_BASE_URL": (str, "http://localhost:8000"),
    "LEADQUAL_LANGUAGE": (str, "ja"),
    "LEADQUAL_FISCAL_YEAR_MONTH": (int, 4),
    "LEADQUAL_FROM_EMAIL": (str, "leadqual <leadqual@localhost>"),
    "LEADQUAL_SETUP_CODE": (str, ""),
    "LEADQUAL_ADMIN_NAME": (str, ""),
    "LEADQUAL_ADMIN_EMAIL": (str, ""),
    "LEADQUAL_ADMIN_PASSWORD": (str, ""),
    "LEADQUAL_ROLE": (str, "worker"),
    "LEADQUAL_PREVIEW_SECONDS": (int, 3),
}
env = environ.Env(**VARIABLES)

# PostgreSQL gives up on a statement or a lock after this long, by role of the process (0: never).
TIMEOUTS = {
    "web": {"statement_timeout": "5s", "lock_timeout": "2s"},
    "worker": {"statement_timeout": "30s", "lock_timeout": "10s"},
    "command": {"statement_timeout": "0", "lock_timeout": "0"},
}


def var_directory() -> Path:
    """The directory of everything this installation writes: data of the embedded servers, uploads, the demo's key."""
    return Path(env("LEADQUAL_VAR")).resolve()


def demo() -> bool:
    """Whether this is the demo (`make run`), which alone may do without a secret key of its own."""
    return bool(env("LEADQUAL_DEMO"))


def debug() -> bool:
    """Django's DEBUG, refused outside the demo."""
    if env("LEADQUAL_DEBUG") and not demo():
        raise ImproperlyConfigured("LEADQUAL_DEBUG shows secrets to visitors: it needs LEADQUAL_DEMO=1.")
    return bool(env("LEADQUAL_DEBUG"))


def role() -> str:
    """`web`, `worker` or `command`: asgi.py, wsgi.py and manage.py say what they are, the rest are workers."""
    name = str(env("LEADQUAL_ROLE"))
    if name not in TIMEOUTS:
        raise ImproperlyConfigured(f"LEADQUAL_ROLE is {name!r}; it is one of {', '.join(TIMEOUTS)}.")
    return name


def preview_timeout() -> str:
    """How long a look at all leads under a draft may take while a page waits for it; elsewhere as for any statement."""
    seconds = int(env("LEADQUAL_PREVIEW_SECONDS"))
    return f"{seconds}s" if role() == "web" and seconds > 0 else TIMEOUTS[role()]["statement_timeout"]


def secret_key() -> str:
    """The installation's key; the demo makes its own once and keeps it in var/."""
    key = str(env("LEADQUAL_SECRET_KEY"))
    if len(key) >= 50 and len(set(key)) >= 5 and not key.startswith("django-insecure-"):
        return key
    if key:
        raise ImproperlyConfigured("LEADQUAL_SECRET_KEY is too weak: use 50 random characters or more.")
    if demo():
        return _demo_key(var_directory() / "secret_key")
    raise ImproperlyConfigured("Set LEADQUAL_SECRET_KEY to 50 random characters or more (or LEADQUAL_DEMO=1 to try).")


def _demo_key(path: Path) -> str:
    """The key in this file, which is made where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    if key := path.read_text():
        return key
    path.unlink()  # the process that made the file was killed before it wrote
    return _demo_key(path)


def allowed_hosts() -> list[str]:
    """Host names the site answers to; always this machine's own, where health checks come from."""
    return [*env("LEADQUAL_ALLOWED_HOSTS"), "localhost", "127.0.0.1", "[::1]"]


def trusted_proxies() -> int:
    """How many proxies of one's own stand before the site; each adds a client's address to `X-Forwarded-For`."""
    count = int(env("LEADQUAL_TRUSTED_PROXIES"))
    if not 0 <= count <= 10:
        raise ImproperlyConfigured(f"LEADQUAL_TRUSTED_PROXIES is {count}; it is a number from 0 to 10.")
    return count


def api_requests_per_minute() -> int:
    """How many requests one API key may send in a minute."""
    count = int(env("LEADQUAL_API_PER_MINUTE"))
    if count < 1:
        raise ImproperlyConfigured(f"LEADQUAL_API_PER_MINUTE is {count}; it is 1 or more.")
    return count


def outgoing_allow() -> list[str]:
    """Hosts, some with a port, that notifications may go to inside this network and without TLS."""
    return [str(host).strip().lower() for host in env("LEADQUAL_OUTGOING_ALLOW") if str(host).strip()]


def base_url() -> str:
    """The address people use, for links in mails; without a slash at its end."""
    return str(env("LEADQUAL_BASE_URL")).rstrip("/")


def setup_code() -> str:
    """What the set-up page asks for while there is nobody; "" for the code made of the secret key."""
    code = str(env("LEADQUAL_SETUP_CODE"))
    if code and len(code) < 16:
        raise ImproperlyConfigured("LEADQUAL_SETUP_CODE is too short: use 16 random characters or more.")
    return code


def first_administrator() -> dict[str, str]:
    """Name, e-mail and password for `manage.py init`, as far as the environment gives them."""
    return {name: str(env(f"LEADQUAL_ADMIN_{name.upper()}")) for name in ("name", "email", "password")}


def language() -> str:
    """What the installation speaks to whoever has not chosen a language: mails, sign-in, commands."""
    code = str(env("LEADQUAL_LANGUAGE"))
    if code not in ("ja", "en"):
        raise ImproperlyConfigured(f"LEADQUAL_LANGUAGE is {code!r}; it is ja or en.")
    return code


def fiscal_year_month() -> int:
    """The month with which the company's year begins, 1 to 12; quarters are counted from it."""
    month = int(env("LEADQUAL_FISCAL_YEAR_MONTH"))
    if not 1 <= month <= 12:
        raise ImproperlyConfigured(f"LEADQUAL_FISCAL_YEAR_MONTH is {month}; it is a month from 1 to 12.")
    return month


def mailbox() -> str:
    """Where the demo keeps its mails to show them; "" where they are sent or printed."""
    return str(var_directory() / "mail") if demo() and not env("LEADQUAL_EMAIL_URL") else ""


def email() -> dict[str, Any]:
    """Django's EMAIL_* settings."""
    if mailbox():
        return {"EMAIL_BACKEND": "notices.mailbox.MailboxBackend"}
    return dict(env.email_url_config(env("LEADQUAL_EMAIL_URL") or "consolemail://"))


def from_email() -> str:
    """The sender of the mails."""
    return str(env("LEADQUAL_FROM_EMAIL"))


def static_storage() -> str:
    """Hashed and compressed file names, once `collectstatic` has made them; the demo serves the files as they are."""
    if demo():
        return "django.contrib.staticfiles.storage.StaticFilesStorage"
    return "whitenoise.storage.CompressedManifestStaticFilesStorage"


def database() -> dict[str, Any]:
    """Django's `DATABASES["default"]`: pooled in the web process, persistent and checked elsewhere."""
    settings = dict(env.db_url_config(env("DATABASE_URL") or postgres_url(var_directory())))
    options = settings.setdefault("OPTIONS", {})
    # Each of our triggers asks whether it is to be ignored; not finding the answer costs an exception, ten times the
    # price of writing the row.
    parameters = TIMEOUTS[role()] | {"pgtrigger.ignore": "{}"}
    options["options"] = " ".join(f"-c {name}={value}" for name, value in parameters.items())
    options["application_name"] = f"leadqual-{role()}"
    if role() == "web":
        options["pool"] = {"min_size": 2, "max_size": 12, "timeout": 10}
    return settings | {"CONN_MAX_AGE": 0 if role() == "web" else 300, "CONN_HEALTH_CHECKS": True}


def redis_url() -> str:
    """The cache and pub/sub server, in the form redis-py and Django read."""
    return str(env("REDIS_URL")) or valkey_url(var_directory())


def broker_url() -> str:
    """The same server in the form Celery reads."""
    url = redis_url()
    if not url.startswith("unix://"):
        return url
    path, _, query = url.removeprefix("unix://").partition("?")
    number = query.partition("db=")[2]
    return f"redis+socket://{path}" + (f"?virtual_host={number}" if number else "")


# Where the embedded servers of a var/ directory listen: by rule, so that nobody has to tell anybody.


def postgres_home(var: Path) -> Path:
    """The embedded PostgreSQL's directory. Run by root it drops to an account that cannot enter a private var/."""
    home = var / "postgres"
    is_reachable = all(not parent.exists() or parent.stat().st_mode & stat.S_IXOTH for parent in home.parents)
    if os.geteuid() == 0 and not is_reachable:
        return Path("/var/lib/leadqual") / _short(home)
    return home


def valkey_home(var: Path) -> Path:
    """The embedded Valkey's directory."""
    return var / "valkey"


def socket_directory(home: Path) -> Path:
    """A server's socket lies in its home, or in a short place where that path is too long for a socket (107 bytes)."""
    return home if len(str(home)) <= 80 else Path(tempfile.gettempdir()) / f"lq-{_short(home)}"


def postgres_url(var: Path, name: str = "leadqual") -> str:
    """DATABASE_URL of the embedded PostgreSQL."""
    return f"postgresql://leadqual@/{name}?host={quote(str(socket_directory(postgres_home(var))))}"


def valkey_url(var: Path) -> str:
    """REDIS_URL of the embedded Valkey."""
    return f"unix://{socket_directory(valkey_home(var)) / 'valkey.sock'}"


def _short(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:10]
