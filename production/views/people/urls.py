"""Addresses of the pages in this room."""

from django.urls import path

from production.views.people import (
    automation,
    digest,
    flow,
    people,
    publishing,
    tokens,
    webhooks,
    workspace,
)

urlpatterns = [
    path("", workspace.settings, name="settings"),
    path("workspace/", workspace.workspace, name="settings-workspace"),
    path("workspace/address/", workspace.address, name="settings-address"),
    path("automation/", automation.policy, name="settings-automation"),
    path("digest/", digest.digest, name="settings-digest"),
    path("flow/", flow.flow, name="settings-flow"),
    path("publishing/", publishing.publishing, name="settings-publishing"),
    path("people/", people.overview, name="settings-people"),
    path("people/invite/", people.invite, name="settings-invite"),
    path("people/leave/", people.leave, name="settings-leave"),
    path("people/<str:public_id>/", people.change, name="settings-member"),
    path("people/<str:public_id>/remove/", people.remove, name="settings-member-remove"),
    path("invitations/<str:public_id>/revoke/", people.revoke, name="settings-invitation-revoke"),
    path("tokens/", tokens.overview, name="settings-tokens"),
    path("tokens/<str:public_id>/revoke/", tokens.revoke, name="settings-token-revoke"),
    path("webhooks/", webhooks.overview, name="settings-webhooks"),
    path("webhooks/<str:public_id>/", webhooks.one, name="settings-webhook"),
    path("webhooks/<str:public_id>/log/", webhooks.log, name="settings-webhook-log"),
    path("webhooks/<str:public_id>/rotate/", webhooks.rotate, name="settings-webhook-rotate"),
    path("webhooks/<str:public_id>/test/", webhooks.test, name="settings-webhook-test"),
    path("webhooks/<str:public_id>/switch/", webhooks.switch, name="settings-webhook-switch"),
    path("webhooks/<str:public_id>/remove/", webhooks.remove, name="settings-webhook-remove"),
    path("webhooks/<str:public_id>/replay/", webhooks.replay, name="settings-webhook-replay"),
    path("workspace/delete/", workspace.delete, name="settings-delete"),
]
