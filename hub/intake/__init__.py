"""The doors in: webhooks, polling, by hand. Many doors, one corridor."""
