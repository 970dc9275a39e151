"""Keeping processes alive: django-q2's cluster has ways to die that it does not notice itself."""
