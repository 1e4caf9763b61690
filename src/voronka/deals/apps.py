"""The room's registration with Django."""

from django.apps import AppConfig


class DealsConfig(AppConfig):
    """Room `deals`."""

    name = "voronka.deals"
    label = "deals"
    default_auto_field = "django.db.models.BigAutoField"
