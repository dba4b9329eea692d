"""Durable timers: what is due, when, claimed by whom."""
