"""Settings: read from the environment and the data folder; closed by default."""

import os
import secrets
from pathlib import Path

from voronka.config.databases import database_settings
from voronka.config.object_stores import store_settings

HOME = Path(os.environ.get("VORONKA_HOME") or Path(__file__).resolve().parents[3] / ".voronka")
PACKAGE = Path(__file__).resolve().parents[1]


def _secret_key() -> str:
    """Read the installation's own secret, making it at the first start (mode 0600)."""
    HOME.mkdir(parents=True, exist_ok=True)
    file = HOME / "secret.key"
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text()
    with os.fdopen(handle, "w") as out:
        out.write(secret := secrets.token_urlsafe(50))
    return secret


SECRET_KEY = _secret_key()
DEBUG = False
IS_DEMO = os.environ.get("VORONKA_MODE") == "demo"
TELEGRAM_URL = os.environ.get("VORONKA_TELEGRAM_URL", "https://api.telegram.org").rstrip("/")
ALLOWED_HOSTS = [
    "127.0.0.1",
    "localhost",
    "[::1]",
    *os.environ.get("VORONKA_HOSTS", "").split(),
]
CSRF_TRUSTED_ORIGINS = os.environ.get("VORONKA_ORIGINS", "").split()
ROOT_URLCONF = "voronka.config.addresses"
ASGI_APPLICATION = "voronka.config.asgi.application"
AUTH_USER_MODEL = "people.Person"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "voronka.foundation",
    "voronka.journal",
    "voronka.people",
    "voronka.clients",
    "voronka.deals",
    "voronka.agenda",
    "voronka.inquiries",
    "voronka.calls",
    "voronka.letters",
    "voronka.control",
    "voronka.discovery",
    "voronka.importing",
    "voronka.web",
]

MIDDLEWARE = [
    "voronka.web.middleware.security_headers",
    "servestatic.middleware.ServeStaticMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "voronka.web.middleware.personal_language",
    "voronka.web.middleware.gate",
    "voronka.web.middleware.slips_follow",
    "voronka.web.middleware.refusals_in_words",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "voronka.web.templating.environment"},
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    },
]

DATABASES = {"default": database_settings(os.environ.get("VORONKA_DATABASE_URL", ""), HOME)}

OBJECT_STORE = store_settings(os.environ)

AUTHENTICATION_BACKENDS = ["voronka.people.backend.StampedBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/signin/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "voronka.web.signin.adapter.ClosedAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/signin/"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
MFA_TOTP_ISSUER = "Voronka"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = bool(os.environ.get("VORONKA_HTTPS"))
CSRF_COOKIE_HTTPONLY = False
CSRF_FAILURE_VIEW = "voronka.web.errors.stale"
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", "Русский"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "web" / "locale"]

STATIC_URL = "/static/"
STATICFILES_DIRS: list[Path] = []
STATIC_ROOT = PACKAGE / "web" / "static"
SERVESTATIC_MAX_AGE = 31536000

DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
TASKS = {"default": {"BACKEND": "voronka.foundation.job_backend.LeaseBackend"}}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
