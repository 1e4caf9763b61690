"""The room's registration with Django."""

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    """Room `foundation`: the job queue's tables live here."""

    name = "voronka.foundation"
    label = "foundation"
    default_auto_field = "django.db.models.BigAutoField"
