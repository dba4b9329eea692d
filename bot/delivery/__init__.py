"""The outbox: messages that must be posted once, and what sends them."""
