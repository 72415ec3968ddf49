"""The pages of production, by address."""

urlpatterns: list = []
