"""The room's registration with Django."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """Room `journal`."""

    name = "voronka.journal"
    label = "journal"
    default_auto_field = "django.db.models.BigAutoField"
