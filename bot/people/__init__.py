"""Persons, the names they were last seen with, time zones; a server's settings."""
