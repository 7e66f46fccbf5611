"""The wiring of the tracker: settings, addresses, server. Nothing imports it."""
