"""The room's registration with Django."""

from django.apps import AppConfig


class AgendaConfig(AppConfig):
    """Room `agenda`."""

    name = "voronka.agenda"
    label = "agenda"
    default_auto_field = "django.db.models.BigAutoField"
