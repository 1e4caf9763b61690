"""Teams as a tree of paths: making one, and moving a branch."""

from datetime import datetime

from django.db import transaction

from voronka.foundation.recent import changed
from voronka.journal import actions as journal
from voronka.journal.kinds import PersonChanged
from voronka.journal.viewer import Viewer
from voronka.people.accounts import BadPersonError, demand_right
from voronka.people.models import Team


@transaction.atomic
def put_team(
    *, team_id: int | None, name: str, parent_id: int | None, by: Viewer, at: datetime
) -> Team:
    """Make a team or move it in the tree; everybody's reach follows at the next request.

    Raises: PermissionError, BadPersonError for an empty name or a loop.
    Records: PersonChanged.
    """
    demand_right(by)
    parent = Team.objects.get(pk=parent_id) if parent_id else None
    team = Team.objects.get(pk=team_id) if team_id else Team(path="")
    if not name.strip() or (team.pk and parent and parent.path.startswith(team.path)):
        raise BadPersonError
    old_path = team.path
    team.name, team.parent = name.strip()[:120], parent
    team.save()
    team.path = f"{parent.path if parent else '/'}{team.pk}/"
    team.save(update_fields=["path"])
    for child in Team.objects.filter(path__startswith=old_path).exclude(pk=team.pk):
        if old_path:
            child.path = team.path + child.path.removeprefix(old_path)
            child.save(update_fields=["path"])
    changed()
    body = PersonChanged(name=team.name, what="team")
    about = journal.About(case=f"team:{team.pk}", team_id=team.pk)
    journal.record(body, about=about, by_id=by.by_id, at=at)
    return team
