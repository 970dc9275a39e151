"""Every address of the hub."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from hub import health
from hub.admin import reports
from hub.admin.login import connect_action
from hub.intake.webhooks import receive_webhook

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/reports/", include(reports.urls)),
    path("admin/", admin.site.urls),
    path("webhooks/<slug:name>/", receive_webhook, name="webhook"),
    path("connect/<slug:connection>/<slug:action>/", connect_action, name="connect"),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
]
