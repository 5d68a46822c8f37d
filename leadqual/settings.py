"""Django's settings. What may differ between installations is read from the environment by `leadqual.env`."""

from __future__ import annotations

import pghistory
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from redis.backoff import NoBackoff
from redis.retry import Retry

from leadqual import env
from leadqual.logs import LOGGING as LOGGING

BASE_DIR = env.BASE_DIR
DEMO = env.demo()
DEBUG = env.debug()
SECRET_KEY = env.secret_key()
SECRET_KEY_FALLBACKS = env.env("LEADQUAL_SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env.allowed_hosts()
BASE_URL = env.base_url()
SETUP_CODE = env.setup_code()

INSTALLED_APPS = [
    "leadqual",
    "devserver",
    "web",
    "background",
    "accounts",
    "frame",
    "notices",
    "leads",
    "intake",
    "scoring",
    "studio",
    "handoff",
    "insights",
    "allauth",
    "allauth.account",
    "django_cotton",
    "lucide",
    "pgtrigger",
    "pghistory",
    "rest_framework",
    "drf_spectacular",
    "django_structlog",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "web.public.PublicMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "accounts.middleware.PrivacyMiddleware",
    "accounts.middleware.PreferenceMiddleware",
    "frame.errors.BodyLimitMiddleware",
    "accounts.middleware.PolicyMiddleware",
    "accounts.middleware.SetupMiddleware",
    "accounts.middleware.DraftMiddleware",
    "frame.errors.PatienceMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "leadqual.requests.RequestLogMiddleware",
    "pghistory.middleware.HistoryMiddleware",
]

ROOT_URLCONF = "leadqual.urls"
PUBLIC_URLCONF = "leadqual.public"  # without session
WSGI_APPLICATION = "leadqual.wsgi.application"
ASGI_APPLICATION = "leadqual.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "frame.navigation.frame",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django_cotton.templatetags.cotton",
                "lucide.templatetags.lucide",
                "web.templatetags.formats",
                "frame.templatetags.lq",
            ],
        },
    }
]
COTTON_DIR = "ui"
COTTON_ISOLATE_BY_DEFAULT = True  # a component sees what it is given, not the variables of the page around it

DATABASES = {"default": env.database()}
PREVIEW_TIMEOUT = env.preview_timeout()
FORM_RENDERER = "web.widgets.Renderer"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "background.cache.FallbackCache",
        "LOCATION": env.redis_url(),
        # A server that hangs must not hang a request: what it holds may be lost at any time.
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1, "retry": Retry(NoBackoff(), 0)},
    }
}

# Who changed what, written by triggers. Context lies in the event row itself, so that nothing is updated afterwards.
PGHISTORY_APPEND_ONLY = True
PGHISTORY_DEFAULT_TRACKERS = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(related_name="history")

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "accounts.passwords.UnlikeItsOwner"},
    {"NAME": "accounts.passwords.NotCommon"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_FORMS = {
    "change_password": "accounts.password_forms.ChangePasswordForm",
    "reset_password_from_key": "accounts.password_forms.ResetPasswordKeyForm",
    "set_password": "accounts.password_forms.SetPasswordForm",
}
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = True
# Wrong passwords are counted for an account and the network they come from (`AccountAdapter`): nobody is locked out by
# somebody elsewhere, and a whole office behind one address not by one of its own.
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "5/5m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = env.trusted_proxies()

SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "frame.errors.csrf_failure"
if not DEMO:
    # The demo is served without TLS on this machine only; everything else is behind TLS.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = env.language()
FISCAL_YEAR_MONTH = env.fiscal_year_month()
LANGUAGES = [("ja", _("Japanese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "staticfiles"  # part of the installed program, not of its data
WHITENOISE_USE_FINDERS = DEMO  # without collectstatic
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": env.static_storage()},
}

for _name, _value in env.email().items():
    globals()[_name] = _value
DEFAULT_FROM_EMAIL = env.from_email()
MAILBOX = env.mailbox()

# A CSV of a million rows fits; the import checks its own limit and answers in words.
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_API_BODY = 10 * 1024 * 1024
MAX_IMPORT_MEGABYTES = 50
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

OUTGOING_ALLOW = env.outgoing_allow()
API_REQUESTS_PER_MINUTE = env.api_requests_per_minute()  # of one key
SITES_READ_EVERY = 5.0  # seconds that a process keeps what it knows of websites
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "EXCEPTION_HANDLER": "frame.api.problems.answer_problem",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "leadqual",
    "DESCRIPTION": "Send activities and leads, read scores and why they are what they are.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "StageEnum": "leads.enums.Stage",
        "BandEnum": "scoring.enums.Band",
        "TemperatureEnum": "scoring.enums.Temperature",
        "OutcomeResultEnum": "handoff.enums.OutcomeResult",
        "HandoffResultEnum": "handoff.enums.Result",
        "HandoffStateEnum": "handoff.enums.HandoffState",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "frame.api.schema.with_conventions",
    ],
}
