"""Addresses of the pages in this room."""

from django.urls import path

from production.views.people import digest, flow, people, tokens, workspace

urlpatterns = [
    path("", workspace.settings, name="settings"),
    path("workspace/", workspace.workspace, name="settings-workspace"),
    path("workspace/address/", workspace.address, name="settings-address"),
    path("digest/", digest.digest, name="settings-digest"),
    path("flow/", flow.flow, name="settings-flow"),
    path("people/", people.overview, name="settings-people"),
    path("people/invite/", people.invite, name="settings-invite"),
    path("people/leave/", people.leave, name="settings-leave"),
    path("people/<str:public_id>/", people.change, name="settings-member"),
    path("people/<str:public_id>/remove/", people.remove, name="settings-member-remove"),
    path("invitations/<str:public_id>/revoke/", people.revoke, name="settings-invitation-revoke"),
    path("tokens/", tokens.overview, name="settings-tokens"),
    path("tokens/<str:public_id>/revoke/", tokens.revoke, name="settings-token-revoke"),
    path("workspace/delete/", workspace.delete, name="settings-delete"),
]
