"""The KPI table as one stable CSV address for a spreadsheet or a dashboard tool (R93)."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_safe

from experiments.api.kpis.answers import line_data
from experiments.kpis import table
from production import limits, tokens
from production.api.csvout import table as csv_table
from production.permissions import Seat

LONGEST = 200
READ = "content:read"


@require_safe
@never_cache
@sensitive_variables("plain")
def kpis_csv(request: HttpRequest) -> HttpResponse:
    """For a token in the `Authorization` header; in the address only one that may but read.

    What stands in an address is kept by proxies and in histories, so a token that may do more is
    not taken from there.
    """
    now = timezone.now()
    scheme, _space, plain = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    in_address = not scheme
    plain = request.GET.get("token", "") if in_address else plain.strip()
    seat = tokens.find(plain, now) if plain.isascii() and 0 < len(plain) <= LONGEST else None
    if seat is None or (scheme and scheme.lower() != "bearer"):
        answer = HttpResponse(status=401)
        answer["WWW-Authenticate"] = 'Bearer realm="putki"'
        return answer
    if not _may_read(seat, only=in_address):
        return HttpResponse(status=403)
    name = hashlib.sha256(plain.encode()).hexdigest()[:24]
    allowance = limits.take(f"tok:{name}", writes=False)
    if allowance and not allowance.allowed:
        answer = HttpResponse(status=429)
    else:
        rows = [line_data(each) for each in table.read(seat.workspace, now)]
        answer = HttpResponse(csv_table(rows), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="kpis.csv"'
    for header, value in allowance.headers.items() if allowance else ():
        answer[header] = value
    return answer


def _may_read(seat: Seat, *, only: bool) -> bool:
    scopes = set(seat.scopes or ())
    if READ not in scopes or not seat.may("metric.see"):
        return False
    return not only or all(scope.endswith(":read") for scope in scopes)
