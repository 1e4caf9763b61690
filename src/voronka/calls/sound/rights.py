"""Who may listen to which recordings: a setting for each role, never more than calls seen."""

from collections.abc import Mapping
from datetime import datetime

from voronka.calls.models import Call
from voronka.foundation.errors import RefusalError
from voronka.journal.viewer import Viewer
from voronka.people.queries import directory
from voronka.people.rights import Role
from voronka.people.settings import all_settings, change_setting

SPANS = ("nothing", "own", "team", "all")


class BadSpanError(RefusalError):
    """There is no such role or span. details: role, span."""

    code = "bad_listening"


def listeners() -> dict[str, str]:
    """Give how far each role may listen: nothing, own, team, all."""
    kept: Mapping[str, str] = all_settings()["listening"]
    return {role.value: kept.get(role.value, "nothing") for role in Role}


def set_listener(*, role: str, span: str, by: Viewer, at: datetime) -> None:
    """Say how far a role may listen. The same again changes nothing.

    Raises: PermissionError, BadSpanError. Records: SettingChanged.
    """
    if role not in {one.value for one in Role} or span not in SPANS:
        raise BadSpanError(role=role, span=span)
    change_setting(name="listening", value=listeners() | {role: span}, by=by, at=at)


def may_listen(call: Call, viewer: Viewer) -> bool:
    """Tell whether a person may hear a call that they may see.

    own: they are its manager or talked in it; team: so is somebody of their team or below.
    """
    span = listeners().get(viewer.role, "nothing")
    if span == "all":
        return True
    if span == "nothing":
        return False
    who = {viewer.person_id} | (_team_of(viewer.person_id) if span == "team" else set())
    if call.manager_id in who:
        return True
    return call.legs.filter(person_id__in=who, outcome="talked").exists()


def _team_of(person_id: int) -> set[int]:
    everybody = directory()
    path = next((one.team_path for one in everybody if one.id == person_id), "")
    return {one.id for one in everybody if path and one.team_path.startswith(path)}
