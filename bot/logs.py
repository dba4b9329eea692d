"""What is logged: never what people write, nor the tokens of their interactions."""

import logging

OURS = ("bot", "cogs", "playground")

# Below these levels they log what they send and receive: requests, events, statements and their
# values. With SQLAlchemy that begins at INFO.
LIBRARIES = {
    "aiohttp": logging.INFO,
    "aiosqlite": logging.INFO,
    "asyncpg": logging.INFO,
    "discord": logging.INFO,
    "sqlalchemy": logging.WARNING,
}


def configure(level: str) -> None:
    """Log to standard error: our own code at this level, libraries no more than INFO."""
    root = max(logging.getLevelNamesMapping()[level], logging.INFO)
    logging.basicConfig(level=root, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    quieten_libraries()


def quieten_libraries() -> None:
    """Whatever the level of the root logger, which anyone may set."""
    for name, level in LIBRARIES.items():
        logger = logging.getLogger(name)
        logger.setLevel(max(level, logger.level))
