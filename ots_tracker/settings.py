"""Settings. What differs between machines comes from the environment (`.env.example`); the rest is decided here."""

from pathlib import Path
from urllib.parse import urlsplit

from ots_tracker import env

BASE_DIR = Path(__file__).resolve().parent.parent
env.read_file(BASE_DIR / ".env")

# Where it runs

HOST = env.text("HOST", "127.0.0.1")
PORT = env.integer("PORT", 8000, low=1, high=65535)
WORKERS = env.integer("WORKERS", 2, low=1, high=256)
THREADS = 4  # per worker; each may hold a connection of the pool
OTS_DATA_DIR = env.folder("OTS_DATA_DIR", BASE_DIR / "var")
SITE_URL = env.url("SITE_URL", f"http://localhost:{PORT}", schemes={"http", "https"}, like="https://tracker.example.org")
SECURITY_CONTACT = env.contact("SECURITY_CONTACT")

_site = urlsplit(SITE_URL)
LOCAL_NAMES = ["localhost", "127.0.0.1", "[::1]"]
IS_LOCAL = _site.hostname in {"localhost", "127.0.0.1", "::1"}
IS_SECURE = _site.scheme == "https"

ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", [*LOCAL_NAMES, *([] if IS_LOCAL else [_site.hostname])])

DEBUG = False  # The same everywhere: what is developed is what is served.

ROOT_URLCONF = "ots_tracker.urls"
WSGI_APPLICATION = "ots_tracker.wsgi.application"

# Database

_DATABASE_KEPT = {
    "ATOMIC_REQUESTS": False,  # Verbs are atomic; pages only read.
    "CONN_MAX_AGE": 0,  # The pool keeps the connections.
    "CONN_HEALTH_CHECKS": True,  # A restart of PostgreSQL then costs one error at most.
}
_POOL = {"min_size": 1, "max_size": 2 * THREADS, "timeout": 10}

_own_database = env.database("DATABASE_URL", "Leave it out to use the built-in database.")
DATABASES = {
    "default": (
        _own_database
        or {
            "ENGINE": "ots_tracker.embedded_postgres",
            "NAME": "ots_tracker",
            "USER": "ots_tracker",
            "HOST": str(OTS_DATA_DIR),
            "OPTIONS": {},
        }
    )
    | _DATABASE_KEPT
}
DATABASES["default"]["OPTIONS"]["pool"] = _POOL

if _replica := env.database("DATABASE_REPLICA_URL", "Leave it out to read from the main database."):
    DATABASES["replica"] = _replica | _DATABASE_KEPT | {"TEST": {"MIRROR": "default"}}
    DATABASES["replica"]["OPTIONS"]["pool"] = _POOL

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Secrets: none has a default

SECRET_KEY = env.text("SECRET_KEY")
if not SECRET_KEY and _own_database:
    raise SystemExit(
        "SECRET_KEY: required when DATABASE_URL is set, so that all servers of the site share one; "
        'make one with `python -c "import secrets; print(secrets.token_urlsafe(64))"`.'
    )
SECRET_KEY = SECRET_KEY or env.kept_secret(OTS_DATA_DIR / "secret_key")

# Redis only where several processes or machines must share what they count and remember.
REDIS_URL = env.url("REDIS_URL", schemes={"redis", "rediss"}, like="redis://host:6379/0")
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

# Applications

INSTALLED_APPS = [
    "modeltrans",
    "pgtrigger",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "ots_tracker.apps.TrackerAdminConfig",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "csp",
    "reference",
    "editorial",
    "meetings",
    "initiatives",
    "api",
    "ots_tracker",
]

MIDDLEWARE = [
    "api.middleware.ApiMiddleware",  # outermost: what anything below refuses under /api/ leaves as JSON
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "ots_tracker.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "ots_tracker.middleware.ContentPolicyMiddleware",
    "ots_tracker.middleware.NoNullBytesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["reference.templatetags.capitals"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ots_tracker.context.page",
            ],
        },
    },
]

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# Languages and time

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", "English"),
    ("az", "Azərbaycanca"),
    ("kk", "Қазақша"),
    ("ky", "Кыргызча"),
    ("tr", "Türkçe"),
    ("uz", "Oʻzbekcha"),
    ("ru", "Русский"),
    ("hu", "Magyar"),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["ots_tracker.formats"]

MODELTRANS_AVAILABLE_LANGUAGES = [code for code, name in LANGUAGES]
MODELTRANS_FALLBACK = {"default": (LANGUAGE_CODE,)}

USE_TZ = True
TIME_ZONE = "UTC"

# Files

STATIC_URL = "/static/"
STATIC_ROOT = OTS_DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # whitenoise warns of a missing one; `serve` fills it
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = OTS_DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# A declaration of 150 paragraphs is one form of a dozen boxes each.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

# Security

SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
# Pages load nothing foreign and nothing inline; see ots_tracker.middleware for the admin.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_SECURE
if IS_SECURE:
    # granian speaks plain HTTP: whatever ends TLS before it must set this header itself.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked by machines, on the inside
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    CSRF_TRUSTED_ORIGINS = [SITE_URL]
    # HSTS for subdomains and the browsers' built-in list: whether every name below
    # this one speaks HTTPS is for the owner of the domain to say, not for the tracker.
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
elif IS_LOCAL:
    # HSTS, the redirect to HTTPS and secure cookies: on one's own machine there is no HTTPS.
    SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016"]

# The API

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],  # reading is open
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_FILTER_BACKENDS": ["api.parameters.FilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "api.pagination.KeysetPagination",
    "DEFAULT_SCHEMA_CLASS": "api.v1.schema.TrackerSchema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "api.errors.handle",
    "URL_FORMAT_OVERRIDE": None,  # `format` would be a parameter that means nothing
}
SPECTACULAR_SETTINGS = {
    "TITLE": "OTS tracker",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "DESCRIPTION": (
        "Of what was promised at a meeting of the Organization of Turkic States (OTS), what came of it, and how do we know? "
        "Everything here can be read without a key."
    ),
    "LICENSE": {"name": "MIT"},
    "SERVERS": [{"url": "/"}],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": ["api.v1.schema.add_shared_parts"],
}

# Logs: one line per event, to stderr

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    # Django's own handlers print nothing without DEBUG and send mail to nobody.
    "loggers": {"django": {"handlers": [], "level": "INFO", "propagate": True}},
}
