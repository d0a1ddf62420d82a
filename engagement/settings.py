"""Settings: what differs between two installations comes from the environment (.env.example explains each variable)."""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.conf import locale
from django.utils.translation import gettext_lazy, gettext_noop

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- The installation -------------------------------------------------------------------------------------------------
SECRET_KEY = env.str("SECRET_KEY")
DEBUG = env.bool("DEBUG", default=False)
# Mails and passkeys use this address, never the Host header of a request.
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
SITE_HOST = urlsplit(SITE_URL).hostname
IS_HTTPS = SITE_URL.startswith("https:")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[SITE_HOST])
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# Shown above every public page: for many people calling is easier than writing.
HELP_PHONE = env.str("HELP_PHONE", default="")
HELP_HOURS = env.str("HELP_HOURS", default="")
# Who runs the site, whom people ask about their data and tell about barriers, and the folder of the texts for that.
OPERATOR = env.str("OPERATOR", default="")
PRIVACY_EMAIL = env.str("PRIVACY_EMAIL", default="")
FEEDBACK_EMAIL = env.str("FEEDBACK_EMAIL", default="")
OPERATOR_TEXTS = env.str("OPERATOR_TEXTS", default=str(BASE_DIR / "operator"))
# Whether every page says that the site is being looked after.
MAINTENANCE = env.bool("MAINTENANCE", default=False)

# --- The house --------------------------------------------------------------------------------------------------------
ROOT_URLCONF = "engagement.urls"
WSGI_APPLICATION = "engagement.wsgi.application"
INSTALLED_APPS = [
    "engagement",
    "volunteers",
    "organisations",
    "matching",
    "engagement.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
MIDDLEWARE = [
    # A redirect of LocaleMiddleware only carries the headers of those who stand before it: security comes first.
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages for small phones; it hides their true length, so that nobody guesses a secret from it.
    "django.middleware.gzip.GZipMiddleware",
    "engagement.middleware.Maintenance",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "engagement.middleware.RememberedLanguage",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "engagement.middleware.LanguageOfTheAccount",
    "engagement.middleware.NoStoreForSignedIn",
]
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
                "engagement.context.site",
            ],
        },
    },
]
FORM_RENDERER = "engagement.forms.HouseRenderer"
# Who looks at the board of opportunities, as a floor knows them of which the board knows nothing.
BOARD_READER = "matching.readers.Reader"

# --- PostgreSQL -------------------------------------------------------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL")}
DATABASES["default"].update(
    {
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 3, **DATABASES["default"].get("OPTIONS", {})},
    }
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- The Redis-protocol server: broker and cache ----------------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL")
CACHES = {"default": {"BACKEND": "engagement.cache.ForgivingRedisCache", "LOCATION": REDIS_URL}}
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=", 1)
# Domain rows hold every result.
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A page tries once to wake the worker; without "max_retries" it would wait six seconds for a broker that is away.
CELERY_BROKER_TRANSPORT_OPTIONS = {"max_retries": 0, "socket_connect_timeout": 2, "visibility_timeout": 3600}
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "Europe/Berlin"
CELERY_BEAT_SCHEDULE = {
    "deliver what is due": {"task": "engagement.tasks.sweep_outbox", "schedule": 10.0, "options": {"expires": 10}},
    # Each search is told once a day, by whichever of these sweeps comes first; nobody is woken at night.
    "tell what is new in saved searches": {
        "task": "organisations.tasks.sweep_saved_searches",
        "schedule": crontab(hour="7-19"),
        "options": {"expires": 60},
    },
    "forget files that nobody took over": {"task": "engagement.tasks.forget_uploads", "schedule": crontab(minute=20)},
    "rescore what was missed": {"task": "matching.tasks.sweep_rescorings", "schedule": 10.0},
    "rescore everything": {"task": "matching.tasks.rescore_all", "schedule": crontab(hour=3, minute=10)},
    "forget what is old": {"task": "matching.personal.tasks.forget_old", "schedule": crontab(hour=2, minute=30)},
    "keep the figures of the night": {"task": "matching.tasks.keep_figures", "schedule": crontab(hour=6, minute=0)},
}

# --- Accounts ---------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "engagement.User"
# One backend: a second one would hash every wrong password twice.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "matching:my_page"
ACCOUNT_ADAPTER = "engagement.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
# The same answer for known and unknown addresses: only the mail tells the difference.
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "organisations:browse_opportunities"
ACCOUNT_SESSION_REMEMBER = True
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Engagement"
# Passkeys need a secure context; localhost over http counts as one.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_HTTPS
# "required": staff set up a passkey or an authenticator app before they enter the desk. "offered": they may.
STAFF_SECOND_FACTOR = env.str("STAFF_SECOND_FACTOR", default="required")
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)

# --- Mail -------------------------------------------------------------------------------------------------------------
vars().update(env.email("EMAIL_URL", default="smtp://localhost:25"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"Engagement <noreply@{SITE_HOST}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 15

# --- Languages --------------------------------------------------------------------------------------------------------
# "simple" is the registered BCP 47 variant for Einfache Sprache.
locale.LANG_INFO["de-simple"] = {
    "bidi": False,
    "code": "de-simple",
    "name": gettext_noop("Simple German"),
    "name_local": "Einfache Sprache",
}
LANGUAGE_CODE = "de"
# Django's own catalogues translate the names of the languages; ours need not.
LANGUAGES = [
    (code, gettext_lazy(locale.LANG_INFO[code]["name"]))
    for code in ["de", "de-simple", "en", "tr", "ar", "uk", "ru", "fa", "fr", "pl", "ro", "bg"]
]
# The sentences of the desk are translated into these only; whoever works there reads one of them.
DESK_LANGUAGES = ["de", "en", "ar"]
LOCALE_PATHS = [BASE_DIR / "engagement" / "locale"]
TIME_ZONE = "Europe/Berlin"
USE_TZ = True

# --- Static files -----------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Security ---------------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_HSTS_PRELOAD = IS_HTTPS
if env.int("TRUSTED_PROXY_COUNT", default=0):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_NAME = "__Host-session" if IS_HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_HTTPS else "csrf"
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 31_536_000
LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
# Files of opportunities and of neighbourhoods, at the desk.
IMPORT_MAX_MEGABYTES = env.int("IMPORT_MAX_MEGABYTES", default=10)

# --- Logs: one line an event, on standard error, no personal data -----------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"one line": {"()": "engagement.health.OneLineWhileAway"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["one line"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"django.server": {"handlers": ["console"], "propagate": False}},
}
