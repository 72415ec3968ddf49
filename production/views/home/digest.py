"""Where the link in a digest leads that ends the digests."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from production import digestmail, members


# A mail program posts here by itself (RFC 8058), with no page, session or cookie of ours: the
# signed link is the permission, and all it permits is this.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def off(request: HttpRequest, token: str) -> HttpResponse:
    """Asks, then ends the digests of one workspace to one member; nobody has to sign in."""
    membership = digestmail.membership_of(token)
    if membership is None:
        raise Http404
    if not request.user.is_authenticated:
        translation.activate(membership.user.language)
    if request.method == "POST":
        members.stop_digest(membership)
    about = {"membership": membership, "is_off": request.method == "POST"}
    return render(request, "production/home/digest_off.html", about)
