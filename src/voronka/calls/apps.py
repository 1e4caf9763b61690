"""The room's registration with Django."""

from django.apps import AppConfig


class CallsConfig(AppConfig):
    """Room `calls`."""

    name = "voronka.calls"
    label = "calls"
    default_auto_field = "django.db.models.BigAutoField"
