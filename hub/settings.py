"""Everything comes from the environment; a fresh clone needs none of it. See README, "In production"."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
VAR = Path(env.str("COUNTINGHOUSE_VAR", default=str(BASE_DIR / "var")))
VAR.mkdir(parents=True, exist_ok=True)


def _kept_secret(name: str) -> str:
    """A secret that is made once and kept in a 0600 file, for machines where nobody has set one."""
    path = VAR / name
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or _kept_secret("secret.key")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000")
"""Where the vendors reach this hub; shown as the webhook address."""

# Data --------------------------------------------------------------------------------------------
DATABASES: dict[str, Any] = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR / 'countinghouse.sqlite3'}")
}
SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
if SQLITE:
    DATABASES["default"] |= {
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            # FULL: a power cut must not lose a webhook that we have acknowledged.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
        # A file, since threads of an in-memory database fight over table locks that no real database has.
        "TEST": {"NAME": str(VAR / "test.sqlite3")},
    }
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": 300, "CONN_HEALTH_CHECKS": True}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

FIELD_KEYS = env.list("COUNTINGHOUSE_FIELD_KEYS", default=[])
FIELD_KEY_FILE = VAR / "field.keys"
if not SQLITE and not FIELD_KEYS:
    raise ImproperlyConfigured(
        "With PostgreSQL, set COUNTINGHOUSE_FIELD_KEYS to one or more Fernet keys, newest first."
    )

_redis = env.str("REDIS_URL", default="")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": _redis}
    if _redis
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "hub_cache"}
}

# Work --------------------------------------------------------------------------------------------
DOUBT_DELAY = env.float("COUNTINGHOUSE_DOUBT_DELAY", default=30.0)
"""Seconds after sending before a doubtful effect is looked for."""
LEASE_SECONDS = env.float("COUNTINGHOUSE_LEASE", default=60.0)
THREADS = env.int("COUNTINGHOUSE_THREADS", default=8 if not SQLITE else 4)
"""Records that one worker process works on at once."""
POLL_SECONDS = env.int("COUNTINGHOUSE_POLL_SECONDS", default=300)
COMPLETENESS_DAYS = env.int("COUNTINGHOUSE_COMPLETENESS_DAYS", default=7)
"""How far the nightly count looks back for what neither a webhook nor a poll has told."""
COMPLETENESS_HOUR = env.int("COUNTINGHOUSE_COMPLETENESS_HOUR", default=3)
"""When the count begins, in TIME_ZONE."""
PAYMENT_MATCH_CONFIDENCE = env.int("COUNTINGHOUSE_PAYMENT_MATCH_CONFIDENCE", default=90)
"""How sure (0 to 100) a reconciliation must be that a payment without a reference is the one that a store tells of,
before it takes it for that without asking."""
SILENCE_ALARM = env.bool("COUNTINGHOUSE_SILENCE_ALARM", default=True)
WEBHOOK_SIZE_LIMIT = 1024 * 1024
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=["127.0.0.1", "::1"])
Q_CLUSTER: dict[str, Any] = {
    "name": "hub",
    "orm": "default",
    "label": "Background jobs",
    "timeout": 90,
    "retry": 480,
    "ack_failures": True,
    "max_attempts": 1,  # retries are ours
    "save_limit": -1,
    "guard_cycle": 0.5,
    "catch_up": False,
    "recycle": 500,
    "max_rss": 400_000,
    "bulk": 1,
    "workers": env.int("COUNTINGHOUSE_WORKERS", default=2 if SQLITE else 4),
    "queue_limit": 2 if SQLITE else 4,
    "broker_class": "hub.queue.Doorbell",
}

# The web -----------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "unfold.contrib.import_export",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "rest_framework",
    "django_q",
    "connectors",
    "mappings",
    "hub",
    "import_export",  # after hub, whose command `export` takes the place of its own
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "hub.intake.webhooks.straight_to_the_door",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "hub.urls"
WSGI_APPLICATION = "hub.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LANGUAGE_CODE = "en-us"
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
WHITENOISE_USE_FINDERS = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_TLS_PROXY", default=False) else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
IMPORT_EXPORT_TMP_STORAGE_CLASS = "import_export.tmp_storages.CacheStorage"

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Countinghouse",
    "SITE_HEADER": "Countinghouse",
    "SITE_URL": "/admin/",
    "SITE_SYMBOL": "account_balance",
    "SHOW_HISTORY": True,
    "SHOW_BACK_BUTTON": True,
    "DASHBOARD_CALLBACK": "hub.admin.home.dashboard",
    "STYLES": ["hub.admin.sidebar.style"],
    "SCRIPTS": ["hub.admin.sidebar.script"],
    "COLORS": {
        "primary": {
            "50": "oklch(97% .014 254.604)",
            "100": "oklch(93.2% .032 255.585)",
            "200": "oklch(88.2% .059 254.128)",
            "300": "oklch(80.9% .105 251.813)",
            "400": "oklch(70.7% .165 254.624)",
            "500": "oklch(62.3% .214 259.815)",
            "600": "oklch(50% .19 260)",
            "700": "oklch(44% .17 261)",
            "800": "oklch(38% .14 262)",
            "900": "oklch(34% .11 264)",
            "950": "oklch(28% .091 267.935)",
        }
    },
    "SIDEBAR": {"navigation": "hub.admin.sidebar.navigation"},
    "TABS": "hub.admin.sidebar.tabs",
}

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    # django-q adds a handler of its own unless its logger has one.
    "loggers": {"django-q": {"handlers": ["console"], "level": "WARNING", "propagate": False}},
}
