"""The database: one metadata, one engine, migrations."""
