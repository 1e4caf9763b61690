"""People and teams: who is there, what their role opens, inviting and dismissing."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voronka.people import accounts, invitations, team_tree
from voronka.people.queries import people as all_people
from voronka.people.queries import teams
from voronka.people.rights import BUSINESS, Role, span
from voronka.web.pages import HEADS, RULERS, open_to, viewer
from voronka.web.shell import now, render

SHOWN_RIGHTS = (*BUSINESS, "export", "person", "settings", "import")


@open_to(HEADS)
def people(request: HttpRequest) -> HttpResponse:
    """Show people by team, and what each role may see and change."""
    by = viewer(request)
    context = {
        "people": all_people(viewer=by),
        "teams": teams(),
        "roles": list(Role),
        "rights": [(kind, [_reach(role, kind) for role in Role]) for kind in SHOWN_RIGHTS],
        "may_change": by.may("person", "change"),
        "me": by.person_id,
        "link": request.session.pop("invitation", None),
    }
    return render(request, "people/people.html", context, here="people")


@require_POST
@open_to(RULERS)
def invite(request: HttpRequest) -> HttpResponse:
    """Make an account and show its link once."""
    form, team = request.POST, request.POST.get("team", "")
    person, token = invitations.invite_person(
        name=form.get("name", ""),
        email=form.get("email", ""),
        role=form.get("role", ""),
        team_id=int(team) if team.isdecimal() else None,
        by=viewer(request),
        at=now(),
    )
    return _with_link(request, person.name, token)


@require_POST
@open_to(RULERS)
def change(request: HttpRequest, person_id: int) -> HttpResponse:
    """Change a person, give a new link, dismiss or return."""
    form, by, at = request.POST, viewer(request), now()
    what = form.get("what", "")
    if what == "link":
        token = invitations.renew_invitation(person_id=person_id, by=by, at=at)
        return _with_link(request, "", token)
    if what == "dismiss":
        accounts.dismiss_person(person_id=person_id, by=by, at=at)
        messages.success(request, _("Вход закрыт, сеансы завершены. История осталась."))
    elif what == "return":
        accounts.return_person(person_id=person_id, by=by, at=at)
        messages.success(request, _("Вход снова открыт"))
    else:
        team = form.get("team", "")
        accounts.change_person(
            person_id=person_id,
            name=form.get("name", ""),
            role=form.get("role", ""),
            team_id=int(team) if team.isdecimal() else None,
            extension=form.get("extension"),
            by=by,
            at=at,
        )
        messages.success(request, _("Записано"))
    return HttpResponseRedirect(reverse("people"), status=303)


@require_POST
@open_to(RULERS)
def team(request: HttpRequest) -> HttpResponse:
    """Add a team or move one."""
    form: Any = request.POST
    pk, parent = form.get("team", ""), form.get("parent", "")
    team_tree.put_team(
        team_id=int(pk) if pk.isdecimal() else None,
        name=form.get("name", ""),
        parent_id=int(parent) if parent.isdecimal() else None,
        by=viewer(request),
        at=now(),
    )
    return HttpResponseRedirect(reverse("people"), status=303)


def _reach(role: Role, kind: str) -> tuple[str, str]:
    return span(role, kind, "read").value, span(role, kind, "change").value


def _with_link(request: HttpRequest, name: str, token: str) -> HttpResponse:
    address = request.build_absolute_uri(reverse("invitation", args=[token]))
    request.session["invitation"] = {"name": name, "address": address}
    return HttpResponseRedirect(reverse("people"), status=303)
