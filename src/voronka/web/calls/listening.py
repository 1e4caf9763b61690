"""What to hear: talks that the head had better listen to, and why each of them."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from voronka.calls.day_sums import rules_of
from voronka.calls.listening import ToHear, worth_hearing
from voronka.people.queries import directory
from voronka.people.settings import calendar as calendar_of
from voronka.web import formats
from voronka.web.pages import HEADS, open_to, settings_of, viewer
from voronka.web.shell import now, render


@open_to(HEADS)
def to_hear(request: HttpRequest) -> HttpResponse:
    """Show the talks worth hearing; three queries of its own."""
    at, known = now(), settings_of(request)
    rules = rules_of(known, calendar_of(known))
    found = worth_hearing(
        viewer=viewer(request), now=at, calendar=rules.calendar, norms=rules.norms
    )
    context = {
        "now": at,
        "lines": [(one, reason(one)) for one in found],
        "fresh": sum(not one.is_heard for one in found),
        "names": {one.id: one.name for one in directory()},
    }
    return render(request, "calls/to_hear.html", context, here="calls")


def reason(one: ToHear) -> str:
    """Say in a sentence why a talk is worth hearing."""
    if one.why == "lost":
        after = formats.duration(one.lost_after_seconds)
        return _("Отказ через %(time)s после разговора") % {"time": after}
    if one.why == "short":
        talk = formats.duration(one.talk_seconds)
        return _("Крупная сделка, а говорили %(time)s") % {"time": talk}
    return {
        "unnoted": _("Итог не записан"),
        "new": _("Новый сотрудник, первые недели"),
        "longest": _("Самый долгий за неделю"),
    }.get(one.why, _("Случайный выбор дня"))
