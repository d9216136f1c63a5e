"""All settings of Handoff Studio. Importing this module starts and writes nothing."""

import secrets
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url

from studio.embedded import addresses
from studio.environment import (
    env_choice,
    env_flag,
    env_list,
    env_mail_address,
    env_mail_server,
    env_networks,
    env_number,
    env_text,
    env_url,
)
from studio.logs import logging_settings

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env_text("STUDIO_VAR", str(BASE_DIR / "var"))).absolute()

# --- identity and exposure -------------------------------------------------------------------

SECRET_KEY_FILE = VAR_DIR / "secret.key"


def _secret_key() -> str:
    """The configured key, the generated one, or one for this process only (`doctor` complains about that)."""
    if configured := env_text("SECRET_KEY"):
        return configured
    if SECRET_KEY_FILE.exists():
        return SECRET_KEY_FILE.read_text(encoding="utf-8").strip()
    return secrets.token_urlsafe(50)


DEBUG = env_flag("DEBUG", default=False)
SECRET_KEY = _secret_key()
SECRET_KEY_IS_KEPT = bool(env_text("SECRET_KEY")) or SECRET_KEY_FILE.exists()
PORT = env_number("PORT", 8000, least=1, most=65535)
BASE_URL = env_url("BASE_URL", f"http://127.0.0.1:{PORT}", schemes=("http", "https")).rstrip("/")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", ("127.0.0.1", "localhost", "[::1]", urlsplit(BASE_URL).hostname or ""))
CSRF_TRUSTED_ORIGINS = [BASE_URL]
BEHIND_TLS = BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
TRUST_PROXY = env_flag("TRUST_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUST_PROXY else None
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
X_FRAME_OPTIONS = "DENY"

# --- parts -----------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "channels",
    "corsheaders",
    "csp",
    "conversations",
    "handoffs",
    "integrations",
    "studio",
]
MIDDLEWARE = [
    "studio.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "studio.bodies.refuse_bodies",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "studio.urls"
ASGI_APPLICATION = "studio.asgi.application"
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
            ],
        },
    },
]

# --- data ------------------------------------------------------------------------------------

DATABASE_URL = env_url("DATABASE_URL", addresses.database_url(VAR_DIR), schemes=("postgresql", "postgres"))
REDIS_URL = env_url("REDIS_URL", addresses.redis_url(VAR_DIR), schemes=("redis", "rediss"))
DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=0, conn_health_checks=True)}
DATABASES["default"]["OPTIONS"] = {
    **DATABASES["default"].get("OPTIONS", {}),
    "pool": {"min_size": 1, "max_size": env_number("DATABASE_POOL_SIZE", 6, least=1, most=200), "timeout": 5},
}
# The event append and the sockets' reads go through an asynchronous pool of their own (one per process).
ASYNC_POOL_SIZE = env_number("DATABASE_ASYNC_POOL_SIZE", 6, least=1, most=200)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "conversations.User"
# Redis pub/sub ignores database numbers: installations that share a server need a prefix each.
BUS_PREFIX = env_text("BUS_PREFIX", f"studio:{urlsplit(REDIS_URL).path.strip('/') or 0}")

# --- people ----------------------------------------------------------------------------------

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

# Links that set a password: long enough for a mail that arrives late, short enough for a lost one.
PASSWORD_RESET_TIMEOUT = 24 * 3600

# --- e-mail ----------------------------------------------------------------------------------

EMAIL_SERVER = env_mail_server("EMAIL_URL")
# Without a server nothing is sent and the console says so; where things are developed, mails are printed.
EMAIL_IS_SET_UP = EMAIL_SERVER is not None or DEBUG
EMAIL_BACKEND = "django.core.mail.backends." + (
    "smtp.EmailBackend" if EMAIL_SERVER else "console.EmailBackend" if DEBUG else "dummy.EmailBackend"
)
EMAIL_HOST = EMAIL_SERVER.host if EMAIL_SERVER else ""
EMAIL_PORT = EMAIL_SERVER.port if EMAIL_SERVER else 25
EMAIL_HOST_USER = EMAIL_SERVER.user if EMAIL_SERVER else ""
EMAIL_HOST_PASSWORD = EMAIL_SERVER.password if EMAIL_SERVER else ""
EMAIL_USE_TLS = EMAIL_SERVER is not None and EMAIL_SERVER.security == "starttls"
EMAIL_USE_SSL = EMAIL_SERVER is not None and EMAIL_SERVER.security == "tls"
# A page waits for the server's answer this long at each step, and then says that there was none.
EMAIL_TIMEOUT = 5
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env_mail_address(
    "DEFAULT_FROM_EMAIL", f"Handoff Studio <no-reply@{urlsplit(BASE_URL).hostname or 'localhost'}>"
)

# --- language and time -----------------------------------------------------------------------

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

# --- static files ----------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = VAR_DIR / "media"

# --- browser policy --------------------------------------------------------------------------

SELF, NONE = "'self'", "'none'"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}

# The widget runs on other people's pages. What it may do hangs on its token, which is bound to hosts, never on a
# cookie; so any origin may ask, on these paths only.
CORS_URLS_REGEX = r"^/api/v1/(access-token|sessions)"
CORS_ALLOW_ALL_ORIGINS = True
CORS_ALLOW_HEADERS = ["authorization", "content-type", "x-host", "x-polyai-correlation-id", "x-token"]
CORS_EXPOSE_HEADERS = ["Retry-After", "X-PolyAI-Correlation-Id"]

# --- HTTP APIs -------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["conversations.api.json_bodies.StrictJSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "UNAUTHENTICATED_USER": None,
    "EXCEPTION_HANDLER": "conversations.api.errors.answer_error",
    "DEFAULT_SCHEMA_CLASS": "conversations.api.schemas.base.InterfaceSchema",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Handoff Studio",
    "DESCRIPTION": "Messaging over HTTP, Chat, Handoff, Conversations, Outcomes and Desk APIs.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "PREPROCESSING_HOOKS": ["studio.openapi.keep_interfaces"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "studio.openapi.add_security",
        "studio.openapi.add_links",
    ],
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "LifecycleState": "handoffs.api.schemas.handoff.LIFECYCLE_STATES",
        "InboxState": "handoffs.api.schemas.desk_answers.ROW_STATES",
        "PresenceState": "handoffs.models.Presence.STATES",
        "OwnerKind": "handoffs.api.schemas.desk_answers.OWNER_KINDS",
        "Environment": "handoffs.api.schemas.desk_answers.ENVIRONMENTS",
        "HandoffChannel": "handoffs.api.handoff_bodies.CHANNEL_NAMES",
        "ChatChannel": "handoffs.api.chat.CHANNELS",
        "HandoffResult": "handoffs.api.handoff_bodies.RESULTS",
        "PublishedChannel": "conversations.api.conversation_bodies.CHANNEL_NAMES.values",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "displayRequestDuration": True},
}
# Of one key of a project, together on all its calls; 0: as many as it likes.
API_CALLS_PER_MINUTE = env_number("API_CALLS_PER_MINUTE", 1200, least=0, most=1_000_000)
MESSAGE_MAX_BYTES = 131_072  # published limit of the Messaging API
# Frames of one session, of all its sockets in a process together: so many at once, then so many a second (0: any).
CUSTOMER_FRAMES_BURST = env_number("CUSTOMER_FRAMES_BURST", 20, least=1)
CUSTOMER_FRAMES_PER_SECOND = env_number("CUSTOMER_FRAMES_PER_SECOND", 5, least=0)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * MESSAGE_MAX_BYTES

# --- outgoing HTTP ---------------------------------------------------------------------------

# Private networks that webhooks and connections may reach all the same; empty: the public internet only.
OUTGOING_ALLOWED_NETWORKS = env_networks("OUTGOING_ALLOWED_NETWORKS")

# --- workers ---------------------------------------------------------------------------------

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = "work"
# Every task must end well inside this: a message not acknowledged by then is handed out a second time.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 120,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
}
# What an append kicks after commit; a name, so that no app imports upward.
OUTBOX_KICK_TASK = "integrations.tasks.drain_outbox"

# --- logs ------------------------------------------------------------------------------------

LOG_FORMAT = env_choice("LOG_FORMAT", "", choices=("", "json", "text"))
LOG_LEVEL = env_choice("LOG_LEVEL", "INFO", choices=("DEBUG", "INFO", "WARNING", "ERROR"))
LOGGING_CONFIG = "studio.logs.configure"
LOGGING = logging_settings(log_format=LOG_FORMAT, level=LOG_LEVEL)
