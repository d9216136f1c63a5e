"""The same things as the documentation of Django, Channels and DRF shows them: stock layer, ORM, select_for_update."""
