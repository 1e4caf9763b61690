"""The room's registration with Django."""

from django.apps import AppConfig


class ImportingConfig(AppConfig):
    """Room `importing`."""

    name = "voronka.importing"
    label = "importing"
    default_auto_field = "django.db.models.BigAutoField"
