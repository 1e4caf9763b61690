"""What a call is about, for the journal."""

from voronka.calls.models import Call
from voronka.journal import actions as journal
from voronka.people.models import Person


def about_call(call: Call, owner_id: int | None) -> journal.About:
    """Name what a call is about for the journal, its people's team included."""
    team = Person.objects.filter(pk=owner_id or 0).values_list("team_id", flat=True).first()
    return journal.About(
        case=f"call:{call.pk}",
        client_id=call.client_id,
        deal_id=call.deal_id,
        funnel_id=call.deal.funnel_id if call.deal else None,
        stage_id=call.stage_id,
        owner_id=owner_id,
        team_id=team,
    )
