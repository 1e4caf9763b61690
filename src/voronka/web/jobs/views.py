"""The administrator's page of background work: what waits, what failed, what is planned."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voronka.foundation import job_queries, worker
from voronka.web.pages import ADMINISTRATORS, open_to
from voronka.web.shell import now, render


@open_to(ADMINISTRATORS)
def jobs(request: HttpRequest) -> HttpResponse:
    """Show the queue, dead jobs first, and the clock's table."""
    context = {
        "now": now(),
        "counts": job_queries.job_counts(),
        "dead": job_queries.jobs(state="dead"),
        "recent": job_queries.jobs(limit=30),
        "lines": job_queries.clock_lines(),
    }
    return render(request, "jobs/jobs.html", context, here="jobs")


@require_POST
@open_to(ADMINISTRATORS)
def retry(request: HttpRequest, job_id: int) -> HttpResponse:
    """Let a dead job run again."""
    if worker.retry(job_id, now=now()):
        messages.success(request, _("Поставлено в очередь"))
    return HttpResponseRedirect(reverse("jobs"), status=303)
