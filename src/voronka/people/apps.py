"""The room's registration with Django."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Room `people`."""

    name = "voronka.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
