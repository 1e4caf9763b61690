"""The room's registration with Django."""

from django.apps import AppConfig


class InquiriesConfig(AppConfig):
    """Room `inquiries`."""

    name = "voronka.inquiries"
    label = "inquiries"
    default_auto_field = "django.db.models.BigAutoField"
