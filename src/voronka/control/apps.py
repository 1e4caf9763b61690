"""The room's registration with Django."""

from django.apps import AppConfig


class ControlConfig(AppConfig):
    """Room `control`."""

    name = "voronka.control"
    label = "control"
    default_auto_field = "django.db.models.BigAutoField"
