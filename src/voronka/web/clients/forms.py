"""Reading a client's form."""

from collections.abc import Mapping
from typing import Any

from voronka.clients.cards import TEXT_FIELDS, NewClient


def new_client_of(form: Mapping[str, str]) -> NewClient:
    """Read a new card; empty numbers are left out."""
    manager = form.get("manager", "")
    return NewClient(
        name=form.get("name", ""),
        kind=form.get("kind", "company"),
        fields={k: form[k] for k in TEXT_FIELDS if k in form and k not in ("name", "kind")},
        phones=[form["phone"]] if form.get("phone", "").strip() else [],
        mails=[form["mail"]] if form.get("mail", "").strip() else [],
        contact_name=form.get("contact_name", ""),
        contact_post=form.get("contact_post", ""),
        source=form.get("source", ""),
        manager_id=int(manager) if manager.isdecimal() else None,
        custom=custom_of(form),
    )


def changes_of(form: Mapping[str, str]) -> dict[str, str]:
    """Read the plain fields that the form carries."""
    return {name: form[name] for name in TEXT_FIELDS if name in form}


def custom_of(form: Mapping[str, Any]) -> dict[str, str]:
    """Read the custom fields: f12=…"""
    return {key: str(form[key]) for key in form if key[:1] == "f" and key[1:].isdigit()}
